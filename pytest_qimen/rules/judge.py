"""A message (and the request it answers) in, the relations between its fields that it breaks out.

The kinds and their words are cases/README.md's. A rule is silent where its fields are absent or no legal
numbers or times: the schema speaks there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

from pytest_qimen import xml
from pytest_qimen.phrases import Said, say
from pytest_qimen.spec import Api, Rule

_NUMBER = re.compile(r"[ \t\r\n]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
_CUT = 50  # characters that an answer leaves of a code that was sent too long
_LONGEST = 60  # characters of a number; a longer one is nobody's amount
_EXACT = Context(prec=200)
_SHAPE = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a message breaks: where (concrete path), what the rule wants there, what stands there."""

    rule: Rule
    path: str
    expected: Said
    actual: Said


Fault = tuple[str, Said, Said]  # path, expected, actual


def broken(
    api: Api, direction: str, root: xml.Element, request: xml.Element | None = None
) -> tuple[Violation, ...]:
    """The rules of the direction that the message breaks, in the order of the file.

    `request` is the message that `root` answers; without it the rules that look back at it are silent.
    """
    return tuple(
        Violation(rule, *fault)
        for rule in api.rules
        if rule.direction == direction
        for scope in xml.find(root, rule.terms.get("scope", ""))
        for fault in _KINDS[rule.kind](rule, scope, request)
    )


def _filled(element: xml.Element) -> bool:
    """Whether any value stands in or below the element: an empty one is an absent one."""
    return any(xml.text(each) for each in element.iter() if not len(each))


def _required_if(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    for path, values in rule.when.items():
        if not set(values) & set(xml.values(scope, path)):
            return
    because = tuple(say("field-is", field=path, value=xml.get(scope, path) or "") for path in rule.when)
    for path in _missing(scope, xml.steps(rule.terms["field"])):
        yield path, say("because", conditions=because), say("nothing")


def _missing(element: xml.Element, steps: list[tuple[str, int | None]]) -> Iterator[str]:
    """The concrete paths where the field is missing: a list needs one element, and each needs the field."""
    (tag, number), *rest = steps
    found = [child for child in element if xml.name(child) == tag and _filled(child)]
    if not found:
        yield _join(xml.place(element), *(step for step, _ in steps))
    for child in found if number is None else found[:1]:
        if rest:
            yield from _missing(child, rest)


def _join(*parts: str) -> str:
    return ".".join(filter(None, parts))


def _sum(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    total = _number(xml.get(scope, rule.terms["total"]))
    parts = [_number(part) for part in xml.values(scope, rule.terms["parts"]) if part]
    yield from _compare(rule, scope, total, parts, say("the-sum", parts=rule.terms["parts"]))


def _equation(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    plus, minus = rule.terms["plus"], rule.terms["minus"]
    total = _number(xml.get(scope, rule.terms["total"]))
    parts = [_number(xml.get(scope, path)) for path in plus]
    parts += [None if part is None else -part for part in (_number(xml.get(scope, path)) for path in minus)]
    words = " + ".join(plus) + "".join(f" - {path}" for path in minus)
    yield from _compare(rule, scope, total, parts, words)


def _compare(
    rule: Rule, scope: xml.Element, total: Decimal | None, parts: list[Decimal | None], words: Said
) -> Iterator[Fault]:
    """A fault where the total is not the sum of its parts; silent where one of them is no number."""
    known = [part for part in parts if part is not None]
    if total is None or not known or len(known) < len(parts):
        return
    due = Decimal()
    for part in known:
        due = _EXACT.add(due, part)
    if due != total:
        yield _place(scope, rule.terms["total"]), say("due", due=f"{due:f}", terms=words), f"{total:f}"


def _order(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    first, second = (xml.get(scope, rule.terms[word]) or "" for word in ("first", "second"))
    if _SHAPE.sub("0", first) == _SHAPE.sub("0", second) and first > second:
        yield (
            _place(scope, rule.terms["first"]),
            say("not-after", field=rule.terms["second"], value=second),
            first,
        )


def _not_above(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    first, second = (_number(xml.get(scope, rule.terms[word])) for word in ("first", "second"))
    if first is not None and second is not None and first > second:
        yield (
            _place(scope, rule.terms["first"]),
            say("at-most-field", field=rule.terms["second"], value=f"{second:f}"),
            f"{first:f}",
        )


def _failed_are_sent(rule: Rule, scope: xml.Element, request: xml.Element | None) -> Iterator[Fault]:
    if request is None:
        return
    sent = {value.strip() for value in xml.values(request, rule.terms["sent"])}
    for element in xml.find(scope, rule.terms["failed"]):
        for name in names_in(xml.text(element)):
            if not _is_of(name, sent):
                yield xml.place(element), say("sent-as", field=rule.terms["sent"]), name


def names_in(text: str) -> list[str]:
    """The names between the commas, which may be Chinese ones; blanks around them do not count."""
    return [name for part in re.split("[,，]", text) if (name := part.strip())]


def _is_of(name: str, sent: Iterable[str]) -> bool:
    """Whether it was sent, or begins what was sent too long for the answer's own field."""
    return name in sent or any(len(one) > len(name) >= _CUT and one.startswith(name) for one in sent)


def _number(text: str | None) -> Decimal | None:
    """The number that the text writes, exactly; None for anything that xs:decimal would refuse."""
    if text is None or len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.strip())


def _place(scope: xml.Element, path: str) -> str:
    return next(xml.place(element) for element in xml.find(scope, path) if xml.text(element))


_KINDS: Mapping[str, Callable[[Rule, xml.Element, xml.Element | None], Iterator[Fault]]] = {
    "required-if": _required_if,
    "sum": _sum,
    "equation": _equation,
    "order": _order,
    "not-above": _not_above,
    "failed-are-sent": _failed_are_sent,
}
