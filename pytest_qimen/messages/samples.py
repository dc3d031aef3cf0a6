"""A Message in, its example messages out: the smallest one and the one with every field filled."""

from collections.abc import Callable

from pytest_qimen import xml
from pytest_qimen.spec import Field, Message


def minimal(message: Message, root: str = "") -> xml.Element:
    """Return the smallest message that every receiver should take, with one element a list."""
    return _build(message, root, lambda row: row.need == "must" or row.usual)


def bare(message: Message) -> xml.Element:
    """Return the message with nothing but what its table demands."""
    return _build(message, "", lambda row: row.need == "must")


def full(message: Message, root: str = "") -> xml.Element:
    """Return the message with every field, one element a list; its values add up."""
    return _build(message, root, lambda row: True)


def fill(element: xml.Element, message: Message, path: str) -> None:
    """Give a group at `path` its demanded and usual fields."""
    _fill(element, message, path, lambda row: row.need == "must" or row.usual)


def _build(message: Message, root: str, wanted: Callable[[Field], bool]) -> xml.Element:
    element = xml.new(root or message.direction)
    _fill(element, message, "", wanted)
    return element


def _fill(element: xml.Element, message: Message, path: str, wanted: Callable[[Field], bool]) -> None:
    for row in message.children(path):
        if not wanted(row):
            continue
        child = xml.ensure(element, row.name)
        if row.leaf:
            child.text = row.example
        elif row.type == "map" and not message.children(row.path):
            xml.put(child, "key1", "value1")
        else:
            _fill(child, message, row.path, wanted)
