"""A leaf in, the Boundaries of its value out: one function for each type of field."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.boundaries.model import Boundary, one, put
from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import Api, Field, rule_paths

FILLERS = {"": "x", "-chinese": "测", "-emoji": "😀"}
_LARGEST = {"int": 2**31 - 1, "long": 2**63 - 1}
_AHEAD = re.compile(r"expire|expect|schedule|plan|end|shipping|receiving", re.IGNORECASE)
_TIMES = {
    "date": {
        "leap-day": "2024-02-29",
        "no-such-day": "2023-02-30",
        "slashes": "2016/2/16",
        "unpadded": "2016-7-1",
        "compact": "20180918",
    },
    "datetime": {
        "leap-day": "2024-02-29 23:59:59",
        "midnight": "2024-05-01 00:00:00",
        "no-such-day": "2023-02-30 10:00:00",
        "no-such-time": "2016-05-01 25:61:61",
        "slashes": "2016/2/16 10:26:39",
        "unpadded": "2016-7-11 9:30:44",
        "compact": "20180918175016",
        "date-only": "2016-05-01",
        "midnight-24": "2016-05-01 24:00:00",
    },
    "time": {
        "last-second": "23:59:59",
        "no-such-time": "25:61:61",
        "midnight-24": "24:00:00",
        "unpadded": "9:30:44",
        "compact": "093044",
    },
}


def values(api: Api, row: Field) -> Iterator[Boundary]:
    """What the type, length, format and codes of a leaf allow and what they do not."""
    if row.codes:
        yield from _codes(api, row)
    elif row.format in _TIMES:
        yield from _times(row)
    elif row.type in ("int", "long", "number"):
        yield from _whole(row)
    elif row.type == "decimal":
        yield from _decimal(row)
    elif row.type == "boolean":
        yield put(row, "true", "type", "success", "must", "true")
        yield put(row, "false", "type", "success", "must", "false")
        yield put(row, "not-a-boolean", "type", "failure", "should", "perhaps")
    elif row.max:
        yield from _length(row)
    if row.separator and row.limit:
        yield from _separated(row, row.separator, row.limit)
    if row.type in _LARGEST and not row.codes:
        yield from _size(api, row, _LARGEST[row.type])


def _size(api: Api, row: Field, largest: int) -> Iterator[Boundary]:
    """The largest number of the type, unless it were added to another, and blanks where nothing is needed."""
    tied = {
        path for rule in api.rules if rule.kind in ("equation", "not-above") for _, path in rule_paths(rule)
    }
    if row.most is None and not (row.key or row.counts or row.path in tied):
        yield put(row, "largest", "type", "success", "must", str(largest))
    if row.need != "must":
        yield put(row, "blank", "type", "any", "may", "   ")


def _separated(row: Field, separator: str, limit: int) -> Iterator[Boundary]:
    """A list that is written in one text."""
    for scenario, count, expect in (("at-limit", limit, "success"), ("over-limit", limit + 1, "failure")):
        value = separator.join(f"QM{number:06}" for number in range(1, count + 1))
        yield put(row, scenario, "limit", expect, "must", value)


def _length(row: Field) -> Iterator[Boundary]:
    assert row.max
    plain = row.key or row.format == "alphanumeric"
    level = "must" if row.min else "should"
    fillers = {"": "x"} if plain else FILLERS
    if not plain:
        yield put(row, "one-character", "length", "success", "must", "x")
    for suffix, filler in fillers.items():
        yield put(row, f"longest{suffix}", "length", "success", "must", _text(row, filler, row.max))
    longer = [(Edit("put", row.path, _text(row, filler, row.max + 1)),) for filler in fillers.values()]
    yield replace(one(row, "too-long", "length", "failure", level), steps=tuple(longer))
    if row.min:
        yield put(row, "shortest", "length", "success", "must", f"@new:{row.min}")
        yield put(row, "too-short", "length", "failure", "must", f"@new:{row.min - 1}")
    if row.format == "alphanumeric":
        yield put(row, "other-characters", "length", "failure", "must", f"@new:{row.max - 1}#")


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
    yield put(
        row, "not-in-code-list", "codes", "failure", "should", "QMNONE" if row.type == "string" else "987"
    )
    if (other := codes[0].swapcase()) not in codes and not row.separator:
        yield put(row, "other-case", "codes", "failure", "should", other)


def _needs_another(api: Api, row: Field, code: str) -> bool:
    """Whether a rule wants a field beside this code that speaks of something the receiver must have."""
    return any(path == row.path and code in wanted for path, wanted in api.referring)


def _times(row: Field) -> Iterator[Boundary]:
    for scenario, value in _TIMES[row.format or ""].items():
        if scenario in ("leap-day", "midnight", "last-second"):
            value = value.replace("2024", "2028") if _AHEAD.search(row.name) else value
            yield put(row, scenario, "format", "success", "must", value)
        elif scenario == "midnight-24":
            yield put(row, scenario, "format", "any", "may", value)
        else:
            yield put(row, scenario, "format", "failure", "should", value)


def _whole(row: Field) -> Iterator[Boundary]:
    if not row.key:
        yield put(row, "one", "type", "success", "must", "1")
    yield put(row, "not-a-number", "type", "failure", "should", "abc")
    if row.type != "number":
        yield put(row, "fraction", "type", "failure", "should", "1.5")
        yield put(row, "too-large", "type", "any", "may", "9" * 20)
    if row.least is not None:
        yield put(row, "below-least", "type", "failure", "should", str(row.least - 1))
    elif row.signed:
        yield put(row, "negative", "type", "success", "must", "-1")
        yield put(row, "zero", "type", "success", "must", "0")
    else:
        for scenario, value in (
            ("zero", "0"),
            ("negative", "-1"),
            ("leading-zero", "01"),
            ("plus-sign", "+1"),
            ("exponent", "1e3"),
            ("decimal-point", "1.0"),
        ):
            yield put(row, scenario, "type", "any", "may", value)
    if row.least is not None:
        yield put(row, "at-least", "limit", "success", "must", str(row.least))
    if row.most is not None:
        yield put(row, "at-most", "limit", "success", "must", str(row.most))
        yield put(row, "over-most", "limit", "failure", "must", str(row.most + 1))


def _decimal(row: Field) -> Iterator[Boundary]:
    yield put(row, "not-a-number", "type", "failure", "should", "abc")
    if row.digits:
        whole, fraction = row.digits[0] - row.digits[1], row.digits[1]
        nines = "9" * fraction
        yield put(row, "most-digits", "digits", "success", "must", f"{'9' * whole}.{nines}")
        yield put(row, "whole-number", "digits", "success", "must", "1")
        yield put(row, "one-more-fraction-digit", "digits", "failure", "should", f"1.{nines}9")
        yield put(row, "one-more-digit", "digits", "failure", "should", f"{'9' * (whole + 1)}.{nines}")
    yield put(row, "negative", "type", "any", "may", "-1.00")
    yield put(row, "exponent", "type", "any", "may", "1e3")
