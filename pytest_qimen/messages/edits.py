"""Edits of message trees: the closed vocabulary of what a case may change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from pytest_qimen.phrases import say
from pytest_qimen.spec import Message


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: `op` is a key of OPERATIONS, `path` where, `value` what (its meaning depends on `op`)."""

    op: str
    path: str = ""
    value: str = ""


def apply(message: Message, root: xml.Element, edit: Edit) -> None:
    """Edit `root` in place; UsageError names the legal operations."""
    if edit.op not in OPERATIONS:
        raise UsageError(say("unknown-change", op=edit.op, operations=", ".join(OPERATIONS)))
    OPERATIONS[edit.op](message, root, edit)


def _put(message: Message, root: xml.Element, edit: Edit) -> None:
    """Give the field this value; a group that has to be made for it gets what it must hold."""
    ensure_groups(message, root, edit.path)
    xml.put(root, edit.path, edit.value)


def _ensure(message: Message, root: xml.Element, edit: Edit) -> None:
    """Make the groups above the field, with what they must hold."""
    ensure_groups(message, root, edit.path)


def _drop(message: Message, root: xml.Element, edit: Edit) -> None:
    xml.drop(root, edit.path)


def _empty(message: Message, root: xml.Element, edit: Edit) -> None:
    """Leave the element standing with nothing in it; `value` "open" has it written with two tags."""
    ensure_groups(message, root, edit.path)
    for element in xml.find(root, edit.path) or [xml.ensure(root, edit.path)]:
        xml.clear(element, "" if edit.value == "open" else None)


def _repeat(message: Message, root: xml.Element, edit: Edit) -> None:
    """Make the list so long; where it was not there, of elements that hold what they must."""
    ensure_groups(message, root, f"{edit.path}.x")
    row = message.by_path.get(xml.schematic(edit.path))
    for number, element in enumerate(xml.repeat(root, edit.path, int(edit.value)), 1):
        if row and row.leaf and not element.text:
            element.text = row.example if number == 1 else f"{row.example}-{number}"


def _duplicate(message: Message, root: xml.Element, edit: Edit) -> None:
    """Write the element a second time beside itself."""
    for element in xml.find(root, edit.path)[:1]:
        element.addnext(xml.copy(element))


def _reverse(message: Message, root: xml.Element, edit: Edit) -> None:
    """Turn the order of the children round in every group; equal names keep their order."""
    xml.reorder(root, lambda names: list(reversed(names)))


def _shuffle(message: Message, root: xml.Element, edit: Edit) -> None:
    """Write every second child of every group first; equal names keep their order."""
    xml.reorder(root, lambda names: names[1::2] + names[::2])


def _insert(message: Message, root: xml.Element, edit: Edit) -> None:
    """Add the XML fragment `value` below the first element at `path`."""
    ensure_groups(message, root, f"{edit.path}.x" if edit.path else "x")
    parent = xml.find(root, edit.path)[0]
    parent.insert(0, xml.parse(edit.value.encode()))


def _as_is(message: Message, root: xml.Element, edit: Edit) -> None:
    """Leave the tree alone: whoever composes the message repairs it here (mend), or not at all (as-is)."""


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
    "mend": _as_is,
    "as-is": _as_is,
}


def ensure_groups(message: Message, root: xml.Element, path: str) -> None:
    """Make the groups above `path` that are missing, each with its demanded and usual fields."""
    parent = path.rpartition(".")[0]
    if not parent or xml.find(root, parent):
        return
    ensure_groups(message, root, parent)
    samples.fill(xml.ensure(root, parent), message, xml.schematic(parent))
