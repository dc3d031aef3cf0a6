"""A Field in, a Hypothesis strategy of its legal values (texts) out: one function per field type.

Hypothesis pays per drawn node, not per character: every value costs one to three nodes, long texts are short
drawn ones padded. Drawn values keep clear of what the documents leave open: a number is positive unless its
field is signed, a text holds more than blanks.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_qimen.rules import decimal_text
from pytest_qimen.spec import Field

Texts = SearchStrategy[str]

SPECIMENS = "0aZ9é中文测试龘𠮷😀👩\u200d🚀<>&\"'%+\\;^,|{}[]\t\n\r \u3000\u202e\ufeff\u0085"
_CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n\r"]
LEGAL = st.characters(exclude_categories=["Cs"], exclude_characters=[*_CONTROLS, "\ufffe", "\uffff"])
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_NAME = "".join(sign for sign in _ALPHANUMERIC if sign.isalpha()) + "_键值扩展属性名é"
_DRAWN = 16  # characters at most that are drawn one by one
_UNBOUNDED = 50  # the longest text for a field without a stated length: what most others may have
_FIRST, _LAST = datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59)
_LEAP_DAYS = (date(2024, 2, 29), date(2000, 2, 29), date(2000, 12, 31), date(2099, 12, 31))
_MOST = {"int": 2**31 - 1, "long": 2**63 - 1, "number": 2**31 - 1}


def values_of(row: Field, ceiling: int | None = None) -> Texts:
    """Legal values of the leaf `row`; numbers stay at or below `ceiling`, so that some of them may be added.

    A field with `key` or `refers` gets values of its type, too; whether they make sense is another matter.
    """
    if row.codes:
        return codes(row)
    if row.format:
        return FORMATS[row.format](row)
    if row.separator:
        return separated(row)
    if row.type == "string" and row.signed:
        return decimals((12, 2), signed=True, ceiling=ceiling)
    if row.type == "decimal":
        return decimals(row.digits or (18, 2), signed=row.signed, ceiling=ceiling)
    if row.type in _MOST:
        most = _MOST[row.type] if row.most is None else row.most
        most = most if ceiling is None else min(most, ceiling)
        return whole_numbers(1 if row.least is None else row.least, most, signed=row.signed)
    if row.figure or row.doubt:  # what every reading allows
        return st.just(row.example)
    return booleans() if row.type == "boolean" else texts(row.min or 1, row.max)


def texts(least: int = 1, most: int | None = None, *, alphabet: str = "") -> Texts:
    """Return texts of `least` to `most` characters out of `alphabet`, else of all that XML can carry.

    A third of them has exactly `most` or `most - 1` characters, whatever these weigh in bytes.
    """
    most = _UNBOUNDED if most is None else most
    size = min(most, _DRAWN)
    signs = [st.text(alphabet, min_size=1, max_size=size)] if alphabet else _free_texts(size)
    return st.tuples(st.one_of(signs), st.integers(-most, 2 * most)).map(
        lambda drawn: _padded(drawn[0], drawn[1], least, most)
    )


@cache
def _free_texts(size: int) -> list[Texts]:
    return [st.text(LEGAL, min_size=1, max_size=size), st.text(SPECIMENS, min_size=1, max_size=size)]


def _padded(text: str, wish: int, least: int, most: int) -> str:
    """`text` brought to `wish` characters by its last one; a wish above `most` means just within it."""
    if not text.strip():
        text = "0" + text[1:]
    return text.ljust(max(least, most - wish % 2 if wish > most else wish), text[-1])[:most]


def alphanumerics(row: Field) -> Texts:
    """Return letters and digits of ASCII."""
    return texts(row.min or 1, row.max, alphabet=_ALPHANUMERIC)


def names() -> Texts:
    """Return names for elements below extendProps, ASCII and Chinese."""
    return st.text(_NAME, min_size=1, max_size=_DRAWN)


def whole_numbers(least: int, most: int, *, signed: bool = False) -> Texts:
    """Return `least` to `most`; when `signed` also -`most` - 1 to -1, but never 0."""
    if not signed:
        return st.integers(least, most).map(str)
    return st.integers(-most - 1, most - 1).map(lambda number: str(number + (number >= 0)))


def decimals(digits: tuple[int, int], *, signed: bool = False, ceiling: int | None = None) -> Texts:
    """Return decimals of at most `digits` (all, fraction); whole numbers come without a point."""
    scale = 10 ** digits[1]
    most = 10 ** digits[0] - 1
    most = most if ceiling is None else min(most, ceiling * scale)
    return st.integers(-most if signed else 0, most).map(lambda number: decimal_text(number, digits[1]))


def booleans() -> Texts:
    """Return the two ways everybody writes them."""
    return st.sampled_from(["true", "false"])


def dates() -> Texts:
    """Return days of the calendar from 2000 to 2099, leap days among them."""
    days = st.integers(0, (_LAST - _FIRST).days)
    return (days.map(lambda n: _FIRST.date() + timedelta(n)) | st.sampled_from(_LEAP_DAYS)).map(str)


def times() -> Texts:
    """Return times of the day, to the second."""
    return st.integers(0, 86399).map(lambda n: str((_FIRST + timedelta(seconds=n)).time()))


def datetimes() -> Texts:
    """Return moments from 2000 to 2099, leap days among them."""
    seconds = st.integers(0, int((_LAST - _FIRST).total_seconds()))
    moments = seconds.map(lambda n: str(_FIRST + timedelta(seconds=n)))
    return moments | st.sampled_from([f"{day} 23:59:59" for day in _LEAP_DAYS])


def codes(row: Field) -> Texts:
    """Return a code of the field's list; where a separator is named, up to four different ones."""
    assert row.codes
    known = row.codes.codes
    if not row.separator:
        return st.sampled_from(known)
    mark, ring = row.separator, known * 2
    numbers = st.integers(1, min(row.limit or 4, 4, len(known)))
    joined = st.tuples(st.integers(0, len(known) - 1), numbers).map(
        lambda drawn: mark.join(ring[drawn[0] : drawn[0] + drawn[1]])
    )
    return joined.map(lambda text: text if row.max is None or len(text) <= row.max else known[0])


def separated(row: Field) -> Texts:
    """One to four different parts joined by the field's separator."""
    assert row.separator
    mark, count = row.separator, st.integers(1, min(row.limit or 4, 4))
    most = 20 if row.max is None else max(1, row.max // 4 - 2)
    part = st.text(_ALPHANUMERIC, min_size=1, max_size=min(most, _DRAWN))
    return st.tuples(part, count).map(
        lambda drawn: mark.join([drawn[0], *(f"{drawn[0]}{number}" for number in range(2, drawn[1] + 1))])
    )


FORMATS: Mapping[str, Callable[[Field], Texts]] = {
    "date": lambda row: dates(),
    "time": lambda row: times(),
    "datetime": lambda row: datetimes(),
    "alphanumeric": alphanumerics,
}
