"""An Api and what a target's profile pins in, the Api whose every message holds what is pinned out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pytest_qimen.errors import DataError, closest
from pytest_qimen.phrases import say
from pytest_qimen.spec import Api, Field, Pins, load_all
from pytest_qimen.target.kinds import NAMES
from pytest_qimen.target.profile import names, said

SIZES = ("minimal", "typical")  # what a group may be pinned to: with what it must hold, or with what is usual
Data = Mapping[str, Sequence[str]]


def pinned_groups(api: Api, data: Data) -> Iterator[tuple[str, Field, str]]:
    """Yield the key, the group of the request and the size of every pinned group."""
    for row in api.request.fields:
        pin = None if row.leaf else said(api, row, data)
        if pin and len(pin[1]) == 1 and pin[1][0] in SIZES:
            yield pin[0], row, pin[1][0]


def added(api: Api, data: Data, pins: Pins) -> frozenset[str]:
    """Return the paths that pins add to every message: fields that no message would hold for itself.

    A path, or `method:path`, is there with the groups above it; a mere name only where its group is, and that
    of something that the receiver keeps (a warehouse, goods …) only where the message names it anyway.
    """
    found: set[str] = set()
    for row in api.request.leaves:
        pin = said(api, row, data) if row.path in pins else None
        if pin and pin[0] != row.name:
            found |= {row.path, *_above(row.path)}
        elif pin and row.name not in NAMES and not row.key:
            found.add(row.path)
    for _, row, size in pinned_groups(api, data):
        found |= {row.path, *_above(row.path), *_elements(api, row)}
        if size == "typical":
            found |= {one.path for one in api.request.below(row.path) if _is_usual(one)}
    rows = api.request.by_path
    return frozenset(path for path in found if rows[path].need != "must" and not rows[path].usual)


def overruled(api: Api, paths: Iterable[str], data: Data) -> bool:
    """Return True when a pin says what a setup would give: by its path, or what only the other side knows.

    Any other mere name leaves it to the setup.
    """
    pins = [(path, said(api, api.request.by_path[path], data)) for path in paths]
    rows = api.request.by_path
    return any(pin and (pin[0] != rows[path].name or path in api.foreign) for path, pin in pins)


def _is_usual(row: Field) -> bool:
    """Return True for what the typical message holds."""
    return row.need == "must" or row.usual or not (row.need == "conditional" or row.refers)


def _elements(api: Api, row: Field) -> Iterator[str]:
    """Yield the lists in a group that would be empty without them."""
    within = api.request.children(row.path)
    if not any(one.need == "must" or one.usual for one in within):
        yield from (one.path for one in within if one.repeated)


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition(".")[0]:
        yield path


@cache
def with_added(api: Api, paths: frozenset[str]) -> Api:
    """Return the Api in whose smallest message these fields belong."""
    if not paths:
        return api
    fields = tuple(replace(row, usual=True) if row.path in paths else row for row in api.request.fields)
    return replace(api, request=replace(api.request, fields=fields))


def read_pins(file: str, table: Mapping[str, Any]) -> Pins:
    """Return `[data]`: a text, number or list of them a field; DataError for one that no method has."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in table.items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(
            isinstance(one, str | int | float) and not isinstance(one, bool) for one in values
        ):
            raise DataError(file, f"data.{key}", say("want-values", value=value))
        found[key] = tuple(str(one) for one in values)
    rows = [(api, row) for api in load_all() if found for row in api.request.fields]
    leaves = {key for api, row in rows if row.leaf for key in names(api, row)}
    groups = {key for api, row in rows if not row.leaf for key in names(api, row)}
    for key, given in found.items():
        if key not in leaves | groups:
            near = closest(key, leaves | groups)
            raise DataError(file, f"data.{key}", say("no-such-field", near=near))
        if key not in leaves and (len(given) > 1 or given[0] not in SIZES):
            shown = ", ".join(given)
            raise DataError(file, f"data.{key}", say("want-sizes", sizes=" or ".join(SIZES), shown=shown))
    return found
