"""A Field in, the values just outside its constraints out; needs no Hypothesis.

Only what the documents decide: a negative or far too large number, a plus sign, midnight as 24:00:00 are left
open and stand with the boundaries.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_qimen.spec import Field

FILLERS = ("x", "测", "😀")  # one, three and four bytes a character
NO_CODE = "QMNONE"
NO_TIMES = {
    "date": ("2023-02-30", "2023-02-29", "2016/2/16", "2016-7-1", "20180918"),
    "datetime": (
        "2023-02-30 10:00:00",
        "2016-05-01 25:61:61",
        "2016/2/16 10:26:39",
        "2016-7-11 9:30:44",
        "20180918175016",
        "2016-05-01",
    ),
    "time": ("25:61:61", "9:30:44", "093044"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that breaks one constraint of a field; `rule` as in schema.Problem, `level` of the finding."""

    rule: str
    level: str
    value: str


def outside(row: Field) -> tuple[Wrong, ...]:
    """The wrong values of a leaf, the plainest first; none where its constraint is doubtful."""
    return () if row.doubt else tuple(_outside(row))


def _outside(row: Field) -> Iterator[Wrong]:
    if row.codes:
        yield from _codes(row)
    elif row.format == "alphanumeric":
        yield from _lengths(row, FILLERS[:1])
        yield Wrong("format", "must", "x" * (max(row.min or 1, 2) - 1) + "#")
    elif row.format:
        yield from (Wrong("format", "should", value) for value in NO_TIMES[row.format])
    elif row.type in ("int", "long", "decimal", "number"):
        yield from _numbers(row)
    elif row.type == "boolean":
        yield Wrong("type", "should", "perhaps")
    elif row.separator and row.limit:
        parts = (f"{FILLERS[0]}{number}" for number in range(row.limit + 1))
        yield Wrong("limit", "must", row.separator.join(parts))
    else:
        yield from _lengths(row, FILLERS)


def _lengths(row: Field, fillers: tuple[str, ...]) -> Iterator[Wrong]:
    level = "must" if row.min else "should"
    if row.max is not None:
        yield from (Wrong("length", level, filler * (row.max + 1)) for filler in fillers)
    if row.min is not None and row.min > 1:
        yield Wrong("length", level, "x" * (row.min - 1))


def _codes(row: Field) -> Iterator[Wrong]:
    """An unknown code, and a known one in the other case."""
    assert row.codes
    known = row.codes.codes
    yield Wrong("codes", "should", NO_CODE if row.type == "string" else "987")
    if not row.separator and row.type == "string" and (other := known[0].swapcase()) not in known:
        yield Wrong("codes", "should", other)


def _numbers(row: Field) -> Iterator[Wrong]:
    yield Wrong("type", "should", "abc")
    if row.type in ("int", "long"):
        yield Wrong("type", "should", "1.5")
    if row.most is not None:
        yield Wrong("range", "must", str(row.most + 1))
    if row.least is not None:
        yield Wrong("range", "should", str(row.least - 1))
    if row.digits:
        whole, nines = row.digits[0] - row.digits[1], "9" * row.digits[1]
        yield Wrong("digits", "should", f"1.{nines}9")
        yield Wrong("digits", "should", f"{'9' * (whole + 1)}.{nines}")
