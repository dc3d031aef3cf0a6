"""A leaf in, two legal values out that tell one document from another when they come back."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from pytest_qimen.messages.lists import LINE_NUMBER
from pytest_qimen.spec import Field

# Texts that a receiver may look up, dial or write to: only what the documents print is surely legal in them.
_PRINTED = re.compile(
    r"(?:status|itemsource|shopnick|countrycode|region|province|city|area|town|tel|mobile|fax|zipcode|email)$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?:qty|quantity|count)$", re.IGNORECASE)
# Texts that a person writes, whatever stands in them.
_FREE = re.compile(
    r"(?:name|title|remark|reason|description|detailaddress|originaddress|property)$", re.IGNORECASE
)
_LENGTH = 20  # of a text made up
_FORMS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%d %H:%M:%S", "time": "%H:%M:%S"}
_AHEAD = re.compile(r"expire|expect|schedule|plan|end|shipping|receiving", re.IGNORECASE)


def has_length(row: Field) -> bool:
    """Return True for a text of any letters with a printed length, which nobody looks up, dials or counts."""
    plain = row.type == "string" and not (row.codes or row.format or row.separator)
    return bool(plain and row.max) and not (_PRINTED.search(row.name) or is_amount(row))


def is_free(row: Field) -> bool:
    """Return True for a text of a person's, in which any character is legal."""
    return (
        row.type == "string"
        and not (row.codes or row.format or row.key or row.refers)
        and bool(_FREE.search(row.name))
        and (row.max or _LENGTH) >= _LENGTH
    )


def is_amount(row: Field) -> bool:
    """Return True where two ways of writing one number say the same, though the row may be a text."""
    return row.type not in ("string", "boolean") or bool(_AMOUNT.search(row.name))


def is_fresh(row: Field) -> bool:
    """Return True for a text of the sender's own, which nobody else has when it is made up."""
    return row.type == "string" and not row.refers and two_values(row, row)[0].startswith("@")


def two_values(row: Field, shown: Field) -> tuple[str, str]:
    """Return two values (or expressions, see cases/README.md) that `row` takes and `shown` can hold."""
    if row.codes:
        return _codes(row, shown)
    if row.type == "boolean":
        return "true", "false"
    if row.format in _FORMS:
        return _moments(row)
    if is_amount(row):
        return _amounts(row)
    if row.name == LINE_NUMBER:
        return "7", "8"
    if _PRINTED.search(row.name):
        return row.example, row.example
    more = f"{row.separator}6902" if row.separator else ""  # a list of two
    made = f"@new:{min((row.max or _LENGTH) - len(more), _LENGTH)}{more}"
    return made, made


def _codes(row: Field, shown: Field) -> tuple[str, str]:
    """Return the example and another code that both lists print; the example twice where there is none."""
    assert row.codes
    others = shown.codes.codes if shown.codes else row.codes.codes
    both = [code for code in row.codes.codes if code in others and code != row.example]
    return row.example, both[-1] if both else row.example


def _moments(row: Field) -> tuple[str, str]:
    """Return two moments; a day in the past, or ahead where the name says that it is still to come."""
    form = _FORMS[row.format or ""]
    first = datetime(2028 if _AHEAD.search(row.name) else 2024, 2, 29, 9, 1)
    if row.format == "time":
        first = datetime.strptime(row.example, form)
    return tuple((first + timedelta(days=days, minutes=days)).strftime(form) for days in (0, 1))  # type: ignore[return-value]


def _amounts(row: Field) -> tuple[str, str]:
    """Return numbers near the example, which agrees with the other examples."""
    number = Decimal(row.example)
    step = Decimal("1.25") if row.digits and row.digits[1] > 1 else Decimal(1)
    return str(number + step), str(number + 2 * step)
