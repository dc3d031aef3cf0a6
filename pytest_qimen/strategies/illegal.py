"""A Plan in, a strategy of messages that break exactly one must or should of the documents out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_qimen import xml
from pytest_qimen.messages.edits import Edit, apply
from pytest_qimen.messages.lists import tell_apart
from pytest_qimen.messages.outside import outside
from pytest_qimen.rules import broken, just_breaks
from pytest_qimen.schema import problems
from pytest_qimen.spec import Field, Rule, rule_paths
from pytest_qimen.strategies.draft import Draft, child
from pytest_qimen.strategies.legal import legal_messages
from pytest_qimen.strategies.mend import part_keys
from pytest_qimen.strategies.plan import Plan

JUDGED = ("must", "should")


@dataclass(frozen=True, slots=True)
class Illegal:
    """A message that breaks one constraint and no other.

    `rule` is the rule of the one schema.Problem or the id of the one broken Rule, `path` its concrete path,
    `level` must or should, `why` what was expected and what stands there; `legal` is the same message without
    the offending edit.
    """

    message: xml.Element
    rule: str
    path: str
    level: str
    why: str
    legal: xml.Element


@dataclass(frozen=True, slots=True)
class Spoil:
    """One way to break a constraint: `aim` makes and picks what is legal still, `hit` breaks it."""

    rule: str
    level: str
    field: str
    aim: Callable[[Draft], xml.Element]
    hit: Callable[[xml.Element], None]


def illegal_messages(plan: Plan) -> SearchStrategy[Illegal]:
    """Messages with one fault each, every kind as often as another; nothing where nothing is demanded."""
    kinds: dict[str, list[Spoil]] = {}
    for spoil in spoils(plan):
        kinds.setdefault(spoil.rule, []).append(spoil)
    choices = st.sampled_from([st.sampled_from(found) for found in kinds.values()]) if kinds else st.nothing()
    return _drawn(plan, legal_messages(plan), choices)


@st.composite
def _drawn(
    draw: DrawFn,
    plan: Plan,
    legal: SearchStrategy[xml.Element],
    choices: SearchStrategy[SearchStrategy[Spoil]],
) -> Illegal:
    spoil, message = draw(draw(choices)), draw(legal)
    for root in (message, xml.copy(plan.least), xml.copy(plan.fullest)):
        if illegal := _spoilt(plan, plan.draft(root, draw), spoil):
            return illegal
    reject()


def _spoilt(plan: Plan, draft: Draft, spoil: Spoil) -> Illegal | None:
    """The draft with its one fault; None where the edits before make it another fault, or more than one."""
    root, target = draft.root, spoil.aim(draft)
    if not plan.mend(root, draft.held):
        return None
    legal = xml.copy(root)
    spoil.hit(target)
    wrong = problems(plan.api, plan.direction, root)
    against = broken(plan.api, plan.direction, root)  # the may rules, too: some reader takes them for demands
    if len(wrong) + len(against) != 1:
        return None
    if wrong:
        found, field, path, why = str(wrong[0].rule), wrong[0].field, wrong[0].path, wrong[0].text
    else:
        (fault,) = against
        found, field, path = fault.rule.id, "", fault.path
        why = f"{path}: expected {fault.expected}, got {fault.actual}"
    if (found, field) != (spoil.rule, spoil.field):
        return None
    return Illegal(root, found, path, spoil.level, why, legal)


def spoils(plan: Plan) -> Iterator[Spoil]:
    """Every way to break a must or should of the messages, in the order of the document.

    A pinned field keeps its value and a key is the runner's to write: they can be missing, not wrong.
    """
    added = {
        path
        for rule in plan.rules
        if rule.level in JUDGED
        for word, path in rule_paths(rule)
        if word == "parts"
    }
    for row in plan.documented.fields:
        yield from _needs(plan, row)
        if row.leaf and not row.key and row.path not in plan.pins:
            for wrong in outside(row):
                if not (row.path in added and wrong.value[0].isdigit()):  # it would break the sum, too
                    yield Spoil(wrong.rule, wrong.level, row.path, _at(row), _put(wrong.value))
        if row.repeated and row.limit:
            yield Spoil("limit", "must", row.path, *_too_many(plan, row, row.limit))
    if plan.api.protocol == "qimen":
        for path in plan.without("remark"):
            yield Spoil("length", "should", "", _remark(path), _put("备" * 501))
    for rule in plan.rules:
        if rule.level in JUDGED:
            yield from _breaking(plan, rule)


def _needs(plan: Plan, row: Field) -> Iterator[Spoil]:
    """The field is not there or has no value; a group that only held it has none, either."""
    if row.need != "must":
        return
    missing = row
    while missing.parent and len(plan.message.children(missing.parent)) == 1:
        missing = plan.message.by_path[missing.parent]
    if missing.need == "must":
        yield Spoil("need", plan.message.demand(missing), missing.path, _at(row), _remove)
        if row.leaf and row.path not in plan.pins:
            yield Spoil("need", "must", missing.path, _at(row), _clear)


def _at(row: Field) -> Callable[[Draft], xml.Element]:
    return lambda draft: draft.one(draft.among(row))


def _put(value: str) -> Callable[[xml.Element], None]:
    def hit(element: xml.Element) -> None:
        element.text = value

    return hit


def _clear(element: xml.Element) -> None:
    xml.clear(element)


def _remove(element: xml.Element) -> None:
    """Take out the element and all of its name beside it."""
    parent = element.getparent()
    assert parent is not None
    for each in parent.findall(xml.name(element)):
        parent.remove(each)


def _remark(path: str) -> Callable[[Draft], xml.Element]:
    def aim(draft: Draft) -> xml.Element:
        element = child(draft.group(path), "remark")
        element.text = "备"
        return element

    return aim


def _too_many(
    plan: Plan, row: Field, limit: int
) -> tuple[Callable[[Draft], xml.Element], Callable[[xml.Element], None]]:
    """A list as long as it may be, and one more."""

    def aim(draft: Draft) -> xml.Element:
        found = draft.among(row)
        for _ in range(limit - len(found)):
            found[0].addnext(xml.copy(found[0]))
        return found[0]

    def hit(element: xml.Element) -> None:
        element.addnext(xml.copy(element))
        root = element.getroottree().getroot()
        part_keys(plan.message, plan.pins, root)
        tell_apart(plan.message, root, row.path, [*plan.pins, *plan.api.given])

    return aim, hit


def _breaking(plan: Plan, rule: Rule) -> Iterator[Spoil]:
    """The rule is made to speak and to hold at a drawn place, then broken there."""

    def fitting(path: str, values: Sequence[str]) -> list[str]:
        return [value for value in values if value in plan.pins.get(f"{rule.prefix}{path}", values)]

    how = just_breaks(rule, plan.message)
    if how is None or not all(fitting(path, values) for path, values in _conditions(rule)):
        return
    if how.broken.op == "put" and f"{rule.prefix}{how.broken.path}" in plan.pins:
        return
    breaks = how.broken

    def aim(draft: Draft) -> xml.Element:
        scope = draft.group(rule.terms.get("scope", ""))
        made = just_breaks(
            rule, plan.message, lambda path, values: draft.draw(st.sampled_from(fitting(path, values)))
        )
        assert made is not None
        for edit in made.kept:
            draft.held.update(_edited(plan, rule, scope, edit))
        return scope

    def hit(scope: xml.Element) -> None:
        _edited(plan, rule, scope, breaks)

    yield Spoil(rule.id, rule.level, "", aim, hit)


def _conditions(rule: Rule) -> Iterable[tuple[str, Sequence[str]]]:
    return rule.when.items() if "when" in rule.terms else ()


def _edited(plan: Plan, rule: Rule, scope: xml.Element, edit: Edit) -> list[xml.Element]:
    """Make an edit whose path is relative to a scope of the rule; return what it gave a value."""
    root = scope.getroottree().getroot()
    path = ".".join(filter(None, (concrete(scope, rule.terms.get("scope", "")), edit.path)))
    apply(plan.message, root, replace(edit, path=path))
    return xml.find(root, path) if edit.op == "put" else []


def concrete(element: xml.Element, path: str) -> str:
    """Return the path of `element`, found at the schematic `path`, with the number of every list element."""
    steps = []
    for step in reversed(path.split(".") if path else []):
        parent = element.getparent()
        assert parent is not None
        name = step.removesuffix("[]")
        steps.append(step if name == step else f"{name}[{parent.findall(name).index(element) + 1}]")
        element = parent
    return ".".join(reversed(steps))
