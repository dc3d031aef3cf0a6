"""A Field in, the values just outside its constraints out: one table for boundaries and drawn messages.

Each value breaks one thing under every reading of the documents (cases/DECISIONS.md, values-outside). What
some careful reader takes for legal is in `open_values`: it is sent and recorded, never judged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pytest_qimen.spec import CodeList, Field

Text = Callable[[int], str]  # length in characters -> a text of letters and digits
FILLERS = {"": "x", "-chinese": "测", "-emoji": "😀"}  # one, three and four bytes a character
NEW_FILLERS = {"": "w", "-chinese": "验", "-emoji": "😁"}  # of who is introduced: he stays unknown to others
WHOLE = ("int", "long", "number")
# What is no letter of A to Z and no digit of 0 to 9.
_OTHER_CHARACTERS = (
    "#",
    "-",
    "_",
    " ",
    ".",
    "/",
    "é",
    "测",
    "１",
    "😀",
)

_DATES = {
    "no-such-day": ("2023-02-30", "2023-02-29", "2023-04-31", "2023-05-00", "2023-05-32"),
    "no-such-month": ("2023-13-01", "2023-00-01"),
    "slashes": ("2016/02/16",),
    "unpadded": ("2016-7-11", "2016-07-1"),
    "compact": ("20180918",),
    "other-forms": (
        "2016.02.16",
        "16-02-2016",
        "16-02-16",
        "2016-02",
        "2016年02月16日",
        "2016-02-16 10:26:39",
    ),
}
_CLOCKS = {
    "no-such-time": ("25:10:10", "10:60:10", "10:10:61"),
    "unpadded": ("9:30:44", "09:30:4"),
    "compact": ("093044",),
    "other-forms": ("09:30", "09.30.44", "09-30-44"),
}
_MOMENTS = {
    "no-such-day": tuple(f"{day} 10:00:00" for day in _DATES["no-such-day"]),
    "no-such-month": tuple(f"{day} 10:00:00" for day in _DATES["no-such-month"]),
    "no-such-time": tuple(f"2016-05-01 {clock}" for clock in _CLOCKS["no-such-time"]),
    "slashes": ("2016/02/16 10:26:39",),
    "unpadded": ("2016-7-11 10:30:44", "2016-07-1 10:30:44", "2016-07-11 9:30:44"),
    "compact": ("20180918175016",),
    "date-only": ("2016-05-01",),
    "letter-t": ("2016-05-01T10:00:00",),
    "other-forms": ("2016-05-01 10:00", "16-02-2016 10:26:39", "2016.02.16 10:26:39", "2016-02-16 102639"),
}
_NO_MOMENTS = {"date": _DATES, "time": _CLOCKS, "datetime": _MOMENTS}
_NO_NUMBERS = {
    "not-a-number": ("abc", "1.2.3", "."),
    "separators": ("1,000", "1 000", "1'000"),
    "other-notations": ("1-", "+-1", "--1", "0x1F", "5e-1", "1元"),
}
_NO_DECIMALS = {
    "not-a-number": ("abc", "1.2.3", "."),
    "separators": ("1,000.00", "1 000.00", "1,5"),
    "other-notations": ("1.00-", "+-1.00", "--1.00", "0x1F", "5e-9", "¥1.00"),
}
_OPEN_NUMBERS = {
    "zero": "0",
    "negative": "-1",
    "leading-zero": "01",
    "plus-sign": "+1",
    "exponent": "1e3",
    "decimal-point": "1.0",
}
_OPEN_DECIMALS = {"negative": "-1.00", "exponent": "1e3"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that breaks one constraint of a field.

    `scenario` names the way in which it does, `rule` is as in schema.Problem, `level` that of the finding.
    """

    scenario: str
    rule: str
    level: str
    value: str


def outside(row: Field) -> tuple[Wrong, ...]:
    """Return the wrong values of a leaf, the plainest first; none where its constraint is doubtful."""
    return () if row.doubt else tuple(wrong_values(row))


def wrong_values(row: Field, text: Text = lambda length: "x" * length) -> Iterator[Wrong]:
    """Yield every wrong value of a leaf by its printed constraints; `text` makes plain texts of a length."""
    if row.codes:
        yield from _codes(row, row.codes)
    elif row.format in _NO_MOMENTS:
        yield from _moments(row, _NO_MOMENTS[row.format])
    elif row.type in WHOLE:
        yield from _whole(row)
    elif row.type == "decimal":
        yield from _decimals(row)
    elif row.type == "boolean":
        yield from (Wrong("not-a-boolean", "type", "should", value) for value in ("perhaps", "2"))
    else:
        yield from _lengths(row, text)
    if row.separator and row.limit:
        yield Wrong("over-limit", "limit", "must", parts(row.separator, row.limit + 1))


def open_values(row: Field) -> Iterator[tuple[str, str]]:
    """Yield (scenario, value) of what some careful reader takes for legal and some other does not."""
    if row.codes:
        return
    if row.format in ("datetime", "time"):
        yield "midnight-24", "2016-05-01 24:00:00" if row.format == "datetime" else "24:00:00"
    elif row.type in WHOLE and not row.format:
        if row.type != "number":
            yield "too-large", "9" * 20
        if row.least is None and not row.signed:
            yield from _OPEN_NUMBERS.items()
    elif row.type == "decimal":
        yield from _OPEN_DECIMALS.items()


def parts(separator: str, count: int) -> str:
    """Return a list of so many different parts in one text."""
    return separator.join(f"QM{number:06}" for number in range(1, count + 1))


def _lengths(row: Field, text: Text) -> Iterator[Wrong]:
    level = "must" if row.min else "should"
    if row.max is not None:
        plain = row.key or row.format == "alphanumeric"
        for suffix, filler in FILLERS.items():
            if not suffix or not plain:
                value = filler * (row.max + 1) if suffix else text(row.max + 1)
                yield Wrong("too-long", "length", level, value)
    if row.min is not None and row.min > 1:
        yield Wrong("too-short", "length", level, text(row.min - 1))
    if row.format == "alphanumeric":
        size = row.max or max(row.min or 3, 3)
        for sign in _OTHER_CHARACTERS:
            yield Wrong("other-characters", "format", "must", f"{text(size - 2)}{sign}x")


def _codes(row: Field, codes: CodeList) -> Iterator[Wrong]:
    """Yield an unknown code, what merely begins or holds a known one, and a known one in the other case."""
    known, unknown = codes.codes, "QMNONE"[: row.max]
    taken = {code.lower() for code in known}
    if row.separator:
        others = [unknown, f"{known[0]}{row.separator}{unknown}"]
    elif row.type == "string":
        both = [",".join(known[:2])] if len(known) > 1 else []
        others = [unknown, f"{known[0]}X", known[0][:-1], *both]
    else:
        others = ["987", str(max(map(int, known)) + 1)]
    for value in others:
        if value and value.lower() not in taken and (row.max is None or len(value) <= row.max):
            yield Wrong("not-in-code-list", "codes", "should", value)
    if not row.separator and row.type == "string" and (other := known[0].swapcase()) not in known:
        yield Wrong("other-case", "codes", "should", other)


def _moments(row: Field, table: dict[str, tuple[str, ...]]) -> Iterator[Wrong]:
    """Yield what is no moment of the format; a value that is too long as well would break two constraints."""
    for scenario, values in table.items():
        for value in values:
            if row.max is None or len(value) <= row.max:
                yield Wrong(scenario, "format", "should", value)


def _whole(row: Field) -> Iterator[Wrong]:
    thousand = "000" if row.most is None or row.most >= 1000 else "0"  # within the bound for who reads it
    for scenario, values in _NO_NUMBERS.items():
        yield from (Wrong(scenario, "type", "should", value.replace("000", thousand)) for value in values)
    if row.type != "number":
        yield from (Wrong("fraction", "type", "should", value) for value in ("1.5", "2.5"))
    if row.least is not None:
        yield Wrong("below-least", "range", "should", str(row.least - 1))
    if row.most is not None:
        yield Wrong("over-most", "range", "must", str(row.most + 1))


def _decimals(row: Field) -> Iterator[Wrong]:
    for scenario, values in _NO_DECIMALS.items():
        yield from (Wrong(scenario, "type", "should", value) for value in values)
    if row.digits:
        whole, nines = row.digits[0] - row.digits[1], "9" * row.digits[1]
        yield Wrong("one-more-fraction-digit", "digits", "should", f"1.{nines}9")
        yield Wrong("one-more-digit", "digits", "should", f"{'9' * (whole + 1)}.{nines}")
