"""A Plan in, a strategy of messages that break exactly one must or should of the documents out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_qimen import xml
from pytest_qimen.messages.outside import outside
from pytest_qimen.rules.judge import broken
from pytest_qimen.schema import problems
from pytest_qimen.spec import Field, Rule, rule_paths
from pytest_qimen.strategies.draft import Draft, child
from pytest_qimen.strategies.legal import legal_messages
from pytest_qimen.strategies.plan import Plan
from pytest_qimen.strategies.repair import find, part_keys

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
    against = [fault for fault in broken(plan.api, plan.direction, root) if fault.rule.level in JUDGED]
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
        if rule.level in JUDGED and rule.kind in _RULES:
            yield from _RULES[rule.kind](plan, rule)


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
        part_keys(plan.message, plan.pins, element.getroottree().getroot())

    return aim, hit


def _climbed(element: xml.Element, path: str) -> xml.Element:
    """The element from which `path` leads to `element`."""
    for _ in path.split("."):
        parent = element.getparent()
        assert parent is not None
        element = parent
    return element


def _broken_condition(plan: Plan, rule: Rule) -> Iterator[Spoil]:
    """The condition holds and the field is missing."""
    wanted = {f"{rule.prefix}{path}": values for path, values in rule.when.items()}
    choices = {
        path: [one for one in values if one in plan.pins.get(path, values)] for path, values in wanted.items()
    }
    if not all(choices.values()):
        return

    def aim(draft: Draft) -> xml.Element:
        for path, values in choices.items():
            element = draft.one(draft.among(plan.message.by_path[path]))
            element.text = draft.draw(st.sampled_from(values))
            draft.held.add(element)
        return _climbed(element, path.removeprefix(rule.prefix))

    yield Spoil(rule.id, rule.level, "", aim, lambda scope: _remove(find(scope, rule.terms["field"])[0]))


def _broken_sum(plan: Plan, rule: Rule) -> Iterator[Spoil]:
    """The total is one more than its parts."""
    parts, total = (plan.message.by_path[f"{rule.prefix}{rule.terms[word]}"] for word in ("parts", "total"))
    if total.path in plan.pins:
        return

    def aim(draft: Draft) -> xml.Element:
        part = draft.one(draft.among(parts))
        group = _climbed(part, rule.terms["parts"])
        found = group.find(total.name)
        return draft.make(group, total) if found is None else found

    def hit(element: xml.Element) -> None:
        element.text = str(int(element.text or 0) + 1)

    yield Spoil(rule.id, rule.level, "", aim, hit)


_RULES = {"required-if": _broken_condition, "sum": _broken_sum}
