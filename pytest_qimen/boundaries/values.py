"""A leaf in, the Boundaries of its value out: inside, outside, and left open."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.boundaries.model import Boundary, observed, one, put
from pytest_qimen.boundaries.structure import in_last
from pytest_qimen.messages.edits import Edit
from pytest_qimen.messages.outside import FILLERS, NEW_FILLERS, WHOLE, Wrong, open_values, parts, wrong_values
from pytest_qimen.spec import Api, Field

_LARGEST = {"int": 2**31 - 1, "long": 2**63 - 1}
_AHEAD = re.compile(r"expire|expect|schedule|plan|end|shipping|receiving", re.IGNORECASE)
# The family of those scenarios whose broken rule is called otherwise.
_FAMILIES = {"below-least": "type", "over-most": "limit", "other-characters": "length"}
_MOMENTS = {
    "date": {"leap-day": "2024-02-29"},
    "datetime": {"leap-day": "2024-02-29 23:59:59", "midnight": "2024-05-01 00:00:00"},
    "time": {"last-second": "23:59:59"},
}


def values(api: Api, row: Field) -> Iterator[Boundary]:
    """Yield what the constraints of a leaf allow, what they do not, and what they leave open."""
    yield from _inside(api, row)
    yield from _outside(api, row)
    for scenario, value in open_values(row):
        family = "format" if row.format else "type"
        yield replace(put(row, scenario, family, "any", "may", value), steps=(_with(api, row, value),))
    if row.type in _LARGEST and not row.codes and row.need != "must":
        yield put(row, "blank", "type", "any", "may", "   ")


def _inside(api: Api, row: Field) -> Iterator[Boundary]:
    if row.codes:
        yield from _codes(api, row)
    elif row.format in _MOMENTS:
        yield from _moments(row)
    elif row.type in WHOLE:
        yield from _whole(api, row)
    elif row.type == "decimal":
        yield from _decimal(row)
    elif row.type == "boolean":
        for value in ("true", "false"):
            yield put(row, value, "type", "success", "must", value)
    elif row.max:
        yield from map(observed, _length(api, row)) if row.figure else _length(api, row)
    if row.separator and row.limit:
        yield put(row, "at-limit", "limit", "success", "must", parts(row.separator, row.limit))


def _outside(api: Api, row: Field) -> Iterator[Boundary]:
    """Yield a boundary for each scenario of the wrong values, one step a value."""
    scenarios: dict[str, list[Wrong]] = {}
    for wrong in wrong_values(row, lambda length: _text(row, "x", length)):
        scenarios.setdefault(wrong.scenario, []).append(wrong)
    for scenario, found in scenarios.items():
        family = _FAMILIES.get(scenario, found[0].rule)
        bound = one(row, scenario, family, "failure", found[0].level)
        steps = [_with(api, row, wrong.value) for wrong in found]
        if scenario == next(iter(scenarios)):  # one is enough to see whether later lines are looked at
            steps += in_last(api, row, found[0].value)
        yield replace(bound, steps=tuple(steps))


def _with(api: Api, row: Field, value: str) -> tuple[Edit, ...]:
    """Return the edits that give the field a value.

    A part of a sum stands twice: the total of two halves is a whole number, so that the part alone is wrong.
    """
    put_it = Edit("put", row.path, value)
    return (put_it, Edit("repeat", row.parent, "2")) if row.path in api.parts else (put_it,)


def _length(api: Api, row: Field) -> Iterator[Boundary]:
    assert row.max
    fillers = NEW_FILLERS if api.introduces(row) else FILLERS
    plain = row.key or row.format == "alphanumeric"
    if not plain:
        one = put(row, "one-character", "length", "success", "must", fillers[""])
        zero = (Edit("put", row.path, "0"),)  # which careless code takes for nothing
        yield replace(one, steps=(*one.steps, zero)) if row.need == "must" else one
    for suffix, filler in fillers.items():
        if not suffix or not plain:
            bound = put(row, f"longest{suffix}", "length", "success", "must", _text(row, filler, row.max))
            escaped = (Edit("put", row.path, f"{filler * (row.max - 1)}&"),)  # one character, written as five
            yield bound if suffix or plain else replace(bound, steps=(*bound.steps, escaped))
    if row.min:
        yield put(row, "shortest", "length", "success", "must", f"@new:{row.min}")


def _text(row: Field, filler: str, length: int) -> str:
    return f"@new:{length}" if row.key or row.format == "alphanumeric" else filler * length


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
        tuple((Edit("put", row.path, code),) for code in codes),
    )
    if row.separator and len(codes) > 1:
        yield put(row, "two-codes", "codes", "success", "must", row.separator.join(codes[:2]))


def _needs_another(api: Api, row: Field, code: str) -> bool:
    """Return whether a rule wants a field beside this code whose value the receiver has to know."""
    return any(path == row.path and code in wanted for path, wanted in api.referring)


def _moments(row: Field) -> Iterator[Boundary]:
    for scenario, value in _MOMENTS[row.format or ""].items():
        value = value.replace("2024", "2028") if _AHEAD.search(row.name) else value
        yield put(row, scenario, "format", "success", "must", value)


def _whole(api: Api, row: Field) -> Iterator[Boundary]:
    if not row.key:
        yield put(row, "one", "type", "success", "must", "1")
    if row.least is not None:
        yield put(row, "at-least", "limit", "success", "must", str(row.least))
    elif row.signed:
        yield put(row, "negative", "type", "success", "must", "-1")
        yield put(row, "zero", "type", "any", "may", "0")  # neither more nor less: no document prints it
    if row.most is not None:
        yield put(row, "at-most", "limit", "success", "must", str(row.most))
    elif row.type in _LARGEST and not (row.key or row.counts or row.path in api.tied):
        yield put(row, "largest", "type", "success", "must", str(_LARGEST[row.type]))


def _decimal(row: Field) -> Iterator[Boundary]:
    if row.digits:
        whole, fraction = row.digits[0] - row.digits[1], row.digits[1]
        value = f"{'9' * whole}.{'9' * fraction}"
        yield put(row, "most-digits", "digits", "success", "must", value)
        yield put(row, "whole-number", "digits", "success", "must", "1")
