"""A message tree and a Edit in, the changed tree out: the closed vocabulary of edits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from pytest_qimen.spec import Api, Message, Pins, Rule


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: `op` is a key of OPERATIONS, `path` where, `value` what (its meaning depends on `op`)."""

    op: str
    path: str = ""
    value: str = ""


def apply(message: Message, root: xml.Element, change: Edit) -> None:
    """Edit `root` in place; UsageError names the legal operations."""
    if change.op not in OPERATIONS:
        raise UsageError(f"unknown change {change.op!r}; expected one of {', '.join(OPERATIONS)}")
    OPERATIONS[change.op](message, root, change)


def _put(message: Message, root: xml.Element, change: Edit) -> None:
    """Give the field this value; a group that has to be made for it gets what it must hold."""
    ensure_groups(message, root, change.path)
    xml.put(root, change.path, change.value)


def _ensure(message: Message, root: xml.Element, change: Edit) -> None:
    """Make the groups above the field, with what they must hold."""
    ensure_groups(message, root, change.path)


def _drop(message: Message, root: xml.Element, change: Edit) -> None:
    xml.drop(root, change.path)


def _empty(message: Message, root: xml.Element, change: Edit) -> None:
    """Leave the element standing with nothing in it; `value` "open" has it written with two tags."""
    ensure_groups(message, root, change.path)
    for element in xml.find(root, change.path) or [xml.ensure(root, change.path)]:
        xml.clear(element, "" if change.value == "open" else None)


def _repeat(message: Message, root: xml.Element, change: Edit) -> None:
    """Make the list so long; where it was not there, of elements that hold what they must."""
    ensure_groups(message, root, f"{change.path}.x")
    row = message.by_path.get(xml.schematic(change.path))
    for number, element in enumerate(xml.repeat(root, change.path, int(change.value)), 1):
        if row and row.leaf and not element.text:
            element.text = row.example if number == 1 else f"{row.example}-{number}"


def _duplicate(message: Message, root: xml.Element, change: Edit) -> None:
    """Write the element a second time beside itself."""
    for element in xml.find(root, change.path)[:1]:
        element.addnext(xml.copy(element))


def _reverse(message: Message, root: xml.Element, change: Edit) -> None:
    """Turn the order of the children round in every group; equal names keep their order."""
    xml.reorder(root, lambda names: list(reversed(names)))


def _shuffle(message: Message, root: xml.Element, change: Edit) -> None:
    """Write every second child of every group first; equal names keep their order."""
    xml.reorder(root, lambda names: names[1::2] + names[::2])


def _insert(message: Message, root: xml.Element, change: Edit) -> None:
    """Add the XML fragment `value` below the first element at `path`."""
    ensure_groups(message, root, f"{change.path}.x" if change.path else "x")
    parent = xml.find(root, change.path)[0]
    parent.insert(0, xml.parse(change.value.encode()))


def _as_is(message: Message, root: xml.Element, change: Edit) -> None:
    """Leaves the tree alone; says that what the changes broke is meant to stay broken (no repair)."""


OPERATIONS: Mapping[str, Callable[[Message, xml.Element, Edit], None]] = {
    "put": _put,
    "ensure": _ensure,
    "drop": _drop,
    "empty": _empty,
    "repeat": _repeat,
    "duplicate": _duplicate,
    "reverse": _reverse,
    "shuffle": _shuffle,
    "insert": _insert,
    "as-is": _as_is,
}


def ensure_groups(message: Message, root: xml.Element, path: str) -> None:
    """Make the groups above `path` that are missing, each with its demanded and usual fields."""
    parent = path.rpartition(".")[0]
    if not parent or xml.find(root, parent):
        return
    ensure_groups(message, root, parent)
    samples.fill(xml.ensure(root, parent), message, xml.schematic(parent))


def repair(api: Api, root: xml.Element, pins: Pins) -> None:
    """Bring what depends on other fields back into line after an edit: conditional fields and sums."""
    for rule in api.rules:
        if rule.direction == "request":
            for scope in xml.find(root, rule.terms.get("scope", "")):
                _REPAIRS.get(rule.kind, _leave)(api.request, rule, scope, pins)


def _leave(message: Message, rule: Rule, scope: xml.Element, pins: Pins) -> None:
    """Only demands are repaired; what merely explains a field is left alone."""


def _repair_condition(message: Message, rule: Rule, scope: xml.Element, pins: Pins) -> None:
    if not all(xml.get(scope, path) in values for path, values in rule.when.items()):
        return
    field = rule.terms["field"]
    path = f"{rule.prefix}{field}"
    if not any(xml.values(scope, field)):
        xml.put(scope, field, pins.get(path, [message.by_path[path].example])[0])


def _repair_sum(message: Message, rule: Rule, scope: xml.Element, pins: Pins) -> None:
    try:
        parts = [Decimal(text) for text in xml.values(scope, rule.terms["parts"]) if text]
    except InvalidOperation:
        return
    if parts:
        xml.put(scope, rule.terms["total"], str(sum(parts)))


_REPAIRS: Mapping[str, Callable[[Message, Rule, xml.Element, Pins], None]] = {
    "required-if": _repair_condition,
    "sum": _repair_sum,
}
