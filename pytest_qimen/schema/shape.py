"""A Message in, its groups out: which element may stand where, how often, and in what kind of XSD group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pytest_qimen.spec import Api, Field, Message

Form = Literal["all", "list", "sequence"]

ENVELOPE = ("flag", "code", "message")
OPEN_NAMES = ("remark", "extendProps")  # legal below every non-leaf of Qimen XML (design.md 6.6)


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a group: its row, its place in the document's order, how often it may stand."""

    row: Field
    order: int
    needed: bool
    many: bool
    group: "Group | None"  # None for a value and for extendProps


@dataclass(frozen=True, slots=True)
class Group:
    """An element that holds elements.

    `all`: every child once, in any order; `list`: one repeated child with remark and extendProps among it;
    `sequence`: a repeated child beside others, in the document's order (XSD 1.0 has no repeats in xs:all).
    """

    path: str
    form: Form
    parts: Mapping[Any, Part]  # by name; whatever else a tag may be finds nothing


def message_of(api: Api, direction: str) -> Message:
    """Return the request or the answer."""
    return api.request if direction == "request" else api.response


def root_name(api: Api, direction: str) -> str:
    """Return the name of the message's root element; a TOP request is a tree below `request`, too."""
    return "request" if direction == "request" else api.root


def shape(api: Api, direction: str) -> Group:
    """Return the root group of a message with all groups below it."""
    return _group(message_of(api, direction), api.protocol == "qimen", "")


def _group(message: Message, is_open: bool, path: str) -> Group:
    rows = message.children(path)
    own = [row for row in rows if row.name not in OPEN_NAMES]
    form: Form = "all"
    if any(row.repeated for row in own):
        form = "list" if len(own) == 1 else "sequence"
    parts = {}
    for order, row in enumerate([*rows, *(_open_rows(rows, path) if is_open else ())]):
        parts[row.name] = Part(
            row=row,
            order=order,
            needed=_needed(message, row),
            many=row.repeated or (form == "list" and row.name in OPEN_NAMES),
            group=_group(message, is_open, row.path) if row.type == "group" else None,
        )
    return Group(path, form, parts)


def _open_rows(rows: tuple[Field, ...], path: str) -> Iterator[Field]:
    """Yield remark and extendProps where the document does not print them."""
    printed = {row.name for row in rows}
    prefix = f"{path}." if path else ""
    if "remark" not in printed:
        yield Field(f"{prefix}remark", type="string", max=500)
    if "extendProps" not in printed:
        yield Field(f"{prefix}extendProps", type="map")


def _needed(message: Message, row: Field) -> bool:
    """Return True when the schema demands the row: an answer that says failure carries the envelope alone."""
    if message.direction == "response" and not row.parent and row.name not in ENVELOPE:
        return False
    return row.need == "must"
