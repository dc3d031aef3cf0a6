"""An Api and what a target's profile says of its fields in, the Api as that target takes it out.

A profile calls a field by its name, its path, or `method:path`; where it says several things of one field,
the last of these decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from pytest_qimen.phrases import say
from pytest_qimen.schema import problems
from pytest_qimen.schema.shape import message_of, root_name
from pytest_qimen.spec import Api, Field, Pins
from pytest_qimen.toml import Reader

Given = Mapping[str, str | Sequence[str]]  # name, path or method:path -> its value or values
LONGEST_REMARK = 500  # characters, below a group where the document prints none (design.md 6.6)
_T = TypeVar("_T")


def names(api: Api, row: Field) -> tuple[str, str, str]:
    """Return what a profile may call the field, from what means most fields to what means this one."""
    return row.name, row.path, f"{api.method}:{row.path}"


def said(api: Api, row: Field, table: Mapping[str, _T]) -> tuple[str, _T] | None:
    """Return the key and value of the table that concern the field."""
    return next(((key, table[key]) for key in reversed(names(api, row)) if key in table), None)


@dataclass(frozen=True, slots=True)
class Pin:
    """What a profile pins a field to: its `key`, the field, the legal values, why others are none."""

    key: str
    row: Field
    values: tuple[str, ...]
    why: str


def pins_of(api: Api, direction: str, given: Given) -> Iterator[Pin]:
    """Yield every pin that concerns a leaf of the message.

    A field's mere name pins what a message speaks of, not what it makes: an item that the endpoint knows is
    not synchronised under its code again and again.
    """
    for row in message_of(api, direction).leaves:
        pin = said(api, row, given)
        if pin and not (pin[0] == row.name and _makes(api, row)):
            values = [pin[1]] if isinstance(pin[1], str) else pin[1]
            reasons = {one: list(_reasons(api, direction, row, one)) for one in values}
            why = "; ".join(reason for each in reasons.values() for reason in each) or "none given"
            yield Pin(pin[0], row, tuple(one for one in values if not reasons[one]), why)


def _makes(api: Api, row: Field) -> bool:
    """Return True when the message makes the thing that the field calls by its code."""
    return row.key and not api.readonly and row.path not in api.foreign


def resolve(api: Api, direction: str, given: Given) -> Pins:
    """The legal ones of the pinned values, by schematic path; UsageError names a pin that no field takes."""
    found = list(pins_of(api, direction, given))
    used = {pin.key for pin in found if pin.values}
    for pin in found:
        if pin.key not in used:
            raise UsageError(say("pin-no-value", key=pin.key, api=api.method, why=pin.why))
    return {pin.row.path: pin.values for pin in found if pin.values}


def _reasons(api: Api, direction: str, row: Field, value: str) -> Iterator[str]:
    """Yield why the field may not have the value."""
    if not value or not xml.is_legal_text(value):
        yield f"{row.path}: XML cannot carry {value!r}" if value else f"{row.path}: an empty value is none"
        return
    root = samples.full(message_of(api, direction), root_name(api, direction))
    xml.put(root, row.path, value)
    yield from (problem.text for problem in problems(api, direction, root) if problem.field == row.path)


def measure(row: Field) -> str:
    """Return the word of the row that a smaller limit tightens; empty where nothing of it can be smaller."""
    if row.repeated or (row.separator and row.limit):
        return "limit"
    if row.type in ("int", "long", "number") and not row.codes and not row.key:
        return "most"
    free = row.type == "string" and not row.codes and row.format in (None, "alphanumeric") and not row.signed
    return "max" if free else ""


def limited(api: Api, limits: Mapping[str, int]) -> Api:
    """Return the Api whose request holds no more than the limits say, where the documents allow more."""
    return _limited(api, tuple(limits.items())) if limits else api


@cache
def _limited(api: Api, limits: tuple[tuple[str, int], ...]) -> Api:
    table = dict(limits)
    return _with_fields(
        api,
        (
            _tightened(row, limit[1]) if (limit := said(api, row, table)) else row
            for row in api.request.fields
        ),
    )


def _tightened(row: Field, limit: int) -> Field:
    word = measure(row)
    stated = getattr(row, word) if word else 0
    if stated is not None and stated <= limit:
        return row
    example = row.example
    if word == "max":
        example = example[:limit]
    elif word == "most":
        example = str(min(int(example), limit))
    elif row.separator:
        example = row.separator.join(example.split(row.separator)[:limit])
    return replace(row, example=example, **{word: limit})  # type: ignore[arg-type]  # a word of measure


def assigned(api: Api, ids: Sequence[str]) -> Api:
    """Return the Api whose request must name the ids that its receiver assigned (design.md 6.7)."""
    return _assigned(api, tuple(ids)) if ids else api


@cache
def _assigned(api: Api, ids: tuple[str, ...]) -> Api:
    changed = {row.path for row in assignable(api) if set(ids).intersection(names(api, row))}
    return _with_fields(
        api, (replace(row, need="must") if row.path in changed else row for row in api.request.fields)
    )


def assignable(api: Api) -> Iterator[Field]:
    """The fields that the request needs when the receiver assigned them, as no rule says when it does."""
    ruled = {f"{rule.prefix}{rule.terms['field']}" for rule in api.rules if rule.conditional}
    return (row for row in api.request.leaves if row.need == "conditional" and row.path not in ruled)


def _with_fields(api: Api, rows: Iterable[Field]) -> Api:
    fields = tuple(rows)
    return api if fields == api.request.fields else replace(api, request=replace(api.request, fields=fields))


def canary_of(head: Reader) -> str:
    """Return the address under which the endpoint reaches this machine, `off`, or nothing."""
    value: str = head.string("canary", "")
    try:
        return canary_address(value)
    except UsageError as error:
        raise head.fail("canary", error.said) from None


def canary_address(text: str) -> str:
    """Return `http://host:port` for that or `host:port`, `off` and nothing as they are; else UsageError."""
    if text in ("", "off"):
        return text
    found = re.fullmatch(r"(?:http://)?([^/?#@\s]+):([1-9]\d{0,4})", text, re.ASCII)
    if not found or int(found[2]) > 65535:
        raise UsageError(say("want-canary", text=text))
    return f"http://{found[1]}:{found[2]}"
