"""Message trees in, nested values out, and back: what the domain modules read, store and answer with."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from pytest_qimen import xml
from pytest_qimen.spec import Field, Message


class Data(dict[str, Any]):
    """A group: leaves as text, groups as Data, repeated elements as lists; what is empty is absent.

    Reading never raises, so that a fault may let broken messages through to the domain modules.
    """

    def text(self, path: str, default: str = "") -> str:
        """Return the leaf at a dotted path, or `default`."""
        value: Any = self
        for step in path.split("."):
            if isinstance(value, list):
                value = value[0] if value else None
            value = value.get(step) if isinstance(value, Data) else None
        if isinstance(value, list):
            value = value[0] if value else None
        return value if isinstance(value, str) and value else default

    def group(self, path: str) -> "Data":
        """Return the group at a dotted path; an empty one where there is none."""
        value: Any = self
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Data) else None
            if isinstance(value, list):
                value = value[0] if value else None
        return value if isinstance(value, Data) else Data()

    def rows(self, path: str) -> "list[Data]":
        """Return the groups at a dotted path; only its last step may repeat."""
        return [value for value in self._all(path) if isinstance(value, Data)]

    def texts(self, path: str) -> list[str]:
        """Return the leaves at a dotted path; only its last step may repeat."""
        return [value for value in self._all(path) if isinstance(value, str)]

    def _all(self, path: str) -> list[Any]:
        parent, _, name = path.rpartition(".")
        value = (self.group(parent) if parent else self).get(name, [])
        return value if isinstance(value, list) else [value]

    def number(self, path: str, default: int = 0) -> int:
        """Return the whole number at a dotted path; `default` without one that SQLite can hold."""
        try:
            found = int(self.text(path)[:_DIGITS])
        except ValueError:
            return default
        return found if -_LARGEST <= found < _LARGEST else default

    def decimal(self, path: str) -> Decimal:
        """Return the decimal at a dotted path; 0 where there is none."""
        try:
            value = Decimal(self.text(path))
        except InvalidOperation:
            return Decimal(0)
        return value if value.is_finite() else Decimal(0)

    def only(self, *names: str) -> "Data":
        """Return the named children that are there."""
        return Data({name: self[name] for name in names if name in self})


_LARGEST, _DIGITS = 2**63, 30
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Shape: TypeAlias = Mapping[
    str, tuple[bool, "Shape"]
]  # a child's name: (whether it repeats, its own children)


def shape(message: Message, path: str = "") -> Shape:
    """Return what a reader must know of a message: which elements repeat."""
    return {row.name: (row.repeated, shape(message, row.path)) for row in message.children(path)}


_NOTHING: tuple[bool, Shape] = (False, {})


def read(element: xml.Element, known: Shape) -> Data:
    """Return the group that `element` is; what is empty is left out."""
    found = Data()
    for child in element:
        tag = xml.name(child) if "{" in str(child.tag) else str(child.tag)
        repeats, below = known.get(tag, _NOTHING)
        value: Any = read(child, below) if below or len(child) else child.text
        if not value:
            continue
        if repeats:
            found.setdefault(tag, []).append(value)
        else:
            found[tag] = value
    return found


def build(root: str, data: Mapping[str, Any]) -> xml.Element:
    """Return the element `root` that holds `data`."""
    element = xml.new(root)
    _fill(element, data)
    return element


def _fill(element: xml.Element, data: Mapping[str, Any]) -> None:
    for tag, value in data.items():
        for one in value if isinstance(value, list) else (value,):
            child = xml.append(element, tag)
            if isinstance(one, Mapping):
                _fill(child, one)
            else:
                child.text = str(one)


def project(message: Message, path: str, *sources: Mapping[str, Any]) -> Data:
    """Return the children of `path` that the message declares, each from the first source that has it.

    An optional code that the answer's list does not know (orders have types that queries lack) is left out.
    """
    found = Data()
    for row in message.children(path):
        value = next((source[row.name] for source in sources if row.name in source), None)
        if not value or (row.codes and row.need != "must" and not _legal(row, value)):
            continue
        if row.leaf or row.type == "map":
            found[row.name] = value
        elif groups := [group for group in _projected(message, row.path, value) if group]:
            found[row.name] = groups if row.repeated else groups[0]
    return found


def _legal(row: Field, value: Any) -> bool:
    codes = str(value).split(row.separator) if row.separator else [value]
    return row.codes is None or all(code in row.codes.codes for code in codes)


def _projected(message: Message, path: str, value: Any) -> Iterator[Data]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield project(message, path, one)


def dump(data: Mapping[str, Any]) -> str:
    """Return `data` as the text that the store keeps."""
    return _ENCODE(data)


def load(text: str) -> Data:
    """Return what `dump` wrote."""
    found = json.loads(text, object_hook=Data)
    return found if isinstance(found, Data) else Data()
