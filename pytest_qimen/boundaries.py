"""An Api in, its Boundary values out: per constraint of the request one just inside it and one just outside.

Every field type has one function that yields its scenarios; scenario names are closed and stand in case ids.
What the documents leave open (a negative quantity, a field written twice) is `may`: sent and recorded only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_qimen.change import Change
from pytest_qimen.spec import Api, Field, Rule

FILLERS = {"": "x", "-chinese": "测", "-emoji": "😀"}
EXTENSION = "<extendProps><键一>值一</键一><json>{&quot;a&quot;:[1]}</json><none>null</none></extendProps>"


@dataclass(frozen=True, slots=True)
class Boundary:
    """One scenario on one constraint.

    `steps` holds the changes of each request, `expect` is success, failure or any, `level` that of the
    verdict, `family` the kind of constraint, `requirement` the id of the sentence in requirements.toml.
    """

    path: str
    scenario: str
    family: str
    expect: str
    level: str
    requirement: str
    steps: tuple[tuple[Change, ...], ...]


def boundaries(api: Api) -> Iterator[Boundary]:
    """Every boundary of the method's request, in the order of its fields."""
    for row in api.request.fields:
        yield from _need(row)
        if row.leaf:
            found = _value(api, row)
            yield from map(_observed, found) if row.doubt else found
        if row.repeated:
            yield from _list(row)
        if not row.leaf and row.type == "group":
            yield from _open_content(api, row)
    yield from _structure(api)
    yield from _rules(api)


def _one(row: Field, scenario: str, family: str, expect: str, level: str, *changes: Change) -> Boundary:
    """A boundary of one request; what must be accepted is always must, unless it has to fit other data."""
    if expect == "success":
        level = "may" if row.refers else "must"
    expect = "any" if level == "may" else expect
    return Boundary(row.path, scenario, family, expect, level, f"request.{family}", (changes,))


def _put(row: Field, scenario: str, family: str, expect: str, level: str, value: str) -> Boundary:
    return _one(row, scenario, family, expect, level, Change("put", row.path, value))


def _observed(bound: Boundary) -> Boundary:
    """The same, recorded only: the documents contradict themselves about the constraint."""
    return replace(bound, expect="any", level="may")


def _need(row: Field) -> Iterator[Boundary]:
    if row.need == "must":
        lacking = Change("ensure", row.path), Change("drop", row.path)
        yield _one(row, "absent", "need", "failure", "must", *lacking)
        yield _empty(row, "failure")
        if row.leaf:
            yield _put(row, "blank", "need", "any", "may", "   ")
    elif row.need == "conditional" and row.leaf:
        yield _one(row, "absent", "need", "any", "may", Change("drop", row.path))
    elif row.leaf and not row.usual:
        yield _empty(row, "success")
    elif row.usual:
        yield _one(row, "absent", "need", "any", "may", Change("drop", row.path))


def _empty(row: Field, expect: str) -> Boundary:
    """The element with nothing in it, written with one tag and with two."""
    one = _one(row, "empty", "need", expect, "must")
    return replace(one, steps=tuple((Change("empty", row.path, form),) for form in ("", "open")))


def _value(api: Api, row: Field) -> Iterator[Boundary]:
    if row.codes:
        yield from _codes(api, row)
    elif row.format in _TIMES:
        yield from _times(row)
    elif row.type in ("int", "long", "number"):
        yield from _whole(row)
    elif row.type == "decimal":
        yield from _decimal(row)
    elif row.type == "boolean":
        yield _put(row, "true", "type", "success", "must", "true")
        yield _put(row, "false", "type", "success", "must", "false")
        yield _put(row, "not-a-boolean", "type", "failure", "should", "perhaps")
    elif row.max:
        yield from _length(row)
    if row.separator and row.limit:
        yield from _separated(row, row.separator, row.limit)


def _separated(row: Field, separator: str, limit: int) -> Iterator[Boundary]:
    """A list that is written in one text."""
    for scenario, count, expect in (("at-limit", limit, "success"), ("over-limit", limit + 1, "failure")):
        value = separator.join(f"QM{number:06}" for number in range(1, count + 1))
        yield _put(row, scenario, "limit", expect, "must", value)


def _length(row: Field) -> Iterator[Boundary]:
    assert row.max
    plain = row.key or row.format == "alphanumeric"
    level = "must" if row.min else "should"
    if not plain:
        yield _put(row, "one-character", "length", "success", "must", "x")
    for suffix, filler in FILLERS.items():
        if plain and suffix:
            continue
        yield _put(
            row,
            f"longest{suffix}",
            "length",
            "success",
            "must",
            f"@new:{row.max}" if plain else filler * row.max,
        )
    yield _put(
        row, "too-long", "length", "failure", level, f"@new:{row.max + 1}" if plain else "x" * (row.max + 1)
    )
    if row.min:
        yield _put(row, "shortest", "length", "success", "must", f"@new:{row.min}")
        yield _put(row, "too-short", "length", "failure", "must", f"@new:{row.min - 1}")
    if row.format == "alphanumeric":
        yield _put(row, "other-characters", "length", "failure", "must", f"@new:{row.max - 1}#")


def _codes(api: Api, row: Field) -> Iterator[Boundary]:
    assert row.codes
    codes = tuple(code for code in row.codes.codes if not _needs_another(api, row, code))
    level = "may" if row.refers else "must"
    yield Boundary(
        row.path,
        "every-code",
        "codes",
        "any" if row.refers else "success",
        level,
        "request.codes",
        tuple((Change("put", row.path, code),) for code in codes),
    )
    if row.separator and len(codes) > 1:
        yield _put(row, "two-codes", "codes", "success", "must", row.separator.join(codes[:2]))
    yield _put(
        row, "not-in-code-list", "codes", "failure", "should", "QMNONE" if row.type == "string" else "987"
    )
    if (other := codes[0].swapcase()) not in codes and not row.separator:
        yield _put(row, "other-case", "codes", "failure", "should", other)


def _needs_another(api: Api, row: Field, code: str) -> bool:
    """Whether a rule wants a field beside this code that speaks of something the receiver must have."""
    for rule in api.rules:
        scope = f"{rule.terms['scope']}." if rule.terms.get("scope") else ""
        if rule.kind == "required-if" and api.request.by_path[f"{scope}{rule.terms['field']}"].refers:
            wanted = {f"{scope}{path}": value for path, value in rule.terms["when"].items()}.get(row.path, ())
            if code in ([wanted] if isinstance(wanted, str) else wanted):
                return True
    return False


_AHEAD = re.compile(r"expire|expect|schedule|plan|end|shipping|receiving", re.IGNORECASE)
_TIMES = {
    "date": {
        "leap-day": "2024-02-29",
        "no-such-day": "2023-02-30",
        "slashes": "2016/2/16",
        "unpadded": "2016-7-1",
        "compact": "20180918",
    },
    "datetime": {
        "leap-day": "2024-02-29 23:59:59",
        "midnight": "2024-05-01 00:00:00",
        "no-such-day": "2023-02-30 10:00:00",
        "no-such-time": "2016-05-01 25:61:61",
        "slashes": "2016/2/16 10:26:39",
        "unpadded": "2016-7-11 9:30:44",
        "compact": "20180918175016",
        "midnight-24": "2016-05-01 24:00:00",
    },
    "time": {
        "last-second": "23:59:59",
        "no-such-time": "25:61:61",
        "unpadded": "9:30:44",
        "compact": "093044",
    },
}


def _times(row: Field) -> Iterator[Boundary]:
    for scenario, value in _TIMES[row.format or ""].items():
        if scenario in ("leap-day", "midnight", "last-second"):
            value = value.replace("2024", "2028") if _AHEAD.search(row.name) else value
            yield _put(row, scenario, "format", "success", "must", value)
        elif scenario == "midnight-24":
            yield _put(row, scenario, "format", "any", "may", value)
        else:
            yield _put(row, scenario, "format", "failure", "should", value)


def _whole(row: Field) -> Iterator[Boundary]:
    if not row.key:
        yield _put(row, "one", "type", "success", "must", "1")
    yield _put(row, "not-a-number", "type", "failure", "should", "abc")
    if row.type != "number":
        yield _put(row, "fraction", "type", "failure", "should", "1.5")
        yield _put(row, "too-large", "type", "any", "may", "9" * 20)
    if row.least is not None:
        yield _put(row, "below-least", "type", "failure", "should", str(row.least - 1))
    elif row.signed:
        yield _put(row, "negative", "type", "success", "must", "-1")
        yield _put(row, "zero", "type", "success", "must", "0")
    else:
        for scenario, value in (
            ("zero", "0"),
            ("negative", "-1"),
            ("leading-zero", "01"),
            ("plus-sign", "+1"),
            ("exponent", "1e3"),
            ("decimal-point", "1.0"),
        ):
            yield _put(row, scenario, "type", "any", "may", value)
    if row.least is not None:
        yield _put(row, "at-least", "limit", "success", "must", str(row.least))
    if row.most is not None:
        yield _put(row, "at-most", "limit", "success", "must", str(row.most))
        yield _put(row, "over-most", "limit", "failure", "must", str(row.most + 1))


def _decimal(row: Field) -> Iterator[Boundary]:
    yield _put(row, "not-a-number", "type", "failure", "should", "abc")
    if row.digits:
        whole, fraction = row.digits[0] - row.digits[1], row.digits[1]
        nines = "9" * fraction
        yield _put(row, "most-digits", "digits", "success", "must", f"{'9' * whole}.{nines}")
        yield _put(row, "whole-number", "digits", "success", "must", "1")
        yield _put(row, "one-more-fraction-digit", "digits", "failure", "should", f"1.{nines}9")
        yield _put(row, "one-more-digit", "digits", "failure", "should", f"{'9' * (whole + 1)}.{nines}")
    yield _put(row, "negative", "type", "any", "may", "-1.00")
    yield _put(row, "exponent", "type", "any", "may", "1e3")


def _list(row: Field) -> Iterator[Boundary]:
    yield _one(row, "two", "list", "success", "must", Change("repeat", row.path, "2"))
    if row.limit:
        yield _one(row, "at-limit", "limit", "success", "must", Change("repeat", row.path, str(row.limit)))
        yield _one(
            row, "over-limit", "limit", "failure", "must", Change("repeat", row.path, str(row.limit + 1))
        )


def _open_content(api: Api, row: Field) -> Iterator[Boundary]:
    """remark and extendProps are legal below every non-leaf (000 section 2.1, note 5; 003 note)."""
    if api.protocol == "top":
        return
    names = {child.name for child in api.request.children(row.path)}
    if "remark" not in names:
        yield _one(
            row,
            "remark-below",
            "open-content",
            "success",
            "must",
            Change("put", f"{row.path}.remark", "备" * 500),
        )
        yield _one(
            row,
            "long-remark-below",
            "open-content",
            "failure",
            "should",
            Change("put", f"{row.path}.remark", "备" * 501),
        )
    yield _one(
        row,
        "extend-props-below",
        "open-content",
        "success",
        "must",
        *([Change("drop", f"{row.path}.extendProps")] if "extendProps" in names else []),
        Change("insert", row.path, EXTENSION),
    )


_WHOLE = Field("", type="string")


def _structure(api: Api) -> Iterator[Boundary]:
    if api.protocol == "top":
        return
    for scenario, base in (("reversed-order", "reverse"), ("shuffled-order", "shuffle")):
        yield Boundary("", scenario, "order", "success", "must", "request.order", ((Change(base),),))
    yield _one(_WHOLE, "remark-below", "open-content", "success", "must", Change("put", "remark", "备" * 500))
    yield _one(
        _WHOLE,
        "extend-props-below",
        "open-content",
        "success",
        "must",
        Change("drop", "extendProps"),
        Change("insert", "", EXTENSION),
    )
    yield Boundary(
        "",
        "unknown-element",
        "open-content",
        "success",
        "should",
        "request.unknown",
        ((Change("insert", "", "<vendorField>x</vendorField>"),),),
    )
    first = next((row for row in api.request.leaves if row.need == "must" and not row.repeated), None)
    if first:
        yield _one(first, "duplicate", "order", "any", "may", Change("duplicate", first.path))


def _rules(api: Api) -> Iterator[Boundary]:
    for rule in api.rules:
        if rule.direction == "request" and rule.kind in ("required-if", "sum"):
            scope = f"{rule.terms['scope']}." if rule.terms.get("scope") else ""
            kept, broken = (
                _condition(api, rule, scope) if rule.kind == "required-if" else _sum(scope, rule.terms)
            )
            field = api.request.by_path.get(f"{scope}{rule.terms.get('field')}")
            row = Field(f"rule.{rule.id}", type="string", refers=bool(field and field.refers))
            level = rule.level
            yield _one(row, "kept", "rule", "success", "must", *kept)
            yield _one(row, "broken", "rule", "failure", level, *broken)


def _condition(api: Api, rule: Rule, scope: str) -> tuple[list[Change], list[Change]]:
    """The condition alone, which is repaired; and the condition with all that it demands but this field."""
    put = [
        Change("put", f"{scope}{path}", value if isinstance(value, str) else value[0])
        for path, value in rule.terms["when"].items()
    ]
    demanded = [
        f"{scope}{other.terms['field']}"
        for other in api.rules
        if other.kind == "required-if" and {**other.terms, "field": ""} == {**rule.terms, "field": ""}
    ]
    beside = [Change("put", path, api.request.by_path[path].example) for path in demanded]
    return put, [*put, *beside, Change("as-is"), Change("drop", f"{scope}{rule.terms['field']}")]


def _sum(scope: str, terms: Mapping[str, Any]) -> tuple[list[Change], list[Change]]:
    part = f"{scope}{terms['parts']}"
    group = part.rpartition(".")[0]
    two = [Change("put", part, "2"), Change("repeat", group, "2")]
    return two, [*two, Change("as-is"), Change("put", f"{scope}{terms['total']}", "3")]
