"""A broken rule and the row it belongs to in, the words for what was expected and what came out."""

from pytest_qimen import xml
from pytest_qimen.schema.types import BOOLEAN
from pytest_qimen.spec import Field

_TYPES = {
    "group": "elements, no text",
    "map": "elements or text",
    "string": "a text",
    "int": "a whole number from -2147483648 to 2147483647",
    "long": "a whole number of 64 bits",
    "decimal": "a decimal number",
    "number": "a number",
    "boolean": " or ".join(BOOLEAN.split("|")[:2]),
}
_FORMATS = {
    "date": "yyyy-MM-dd, a day of the calendar",
    "datetime": "yyyy-MM-dd HH:mm:ss, a moment of the calendar",
    "time": "HH:mm:ss, a time of the day",
    "alphanumeric": "letters and digits only",
}
_SHOWN = 60  # characters of a value that a sentence quotes


def expected_words(rule: str, row: Field) -> str:
    """What the documents demand, without a verb: `at most 50 characters`."""
    match rule:
        case "need":
            return "an element with a value" if row.leaf else "a group that is not empty"
        case "length":
            return _length(row)
        case "digits" if row.digits:
            return f"at most {row.digits[0]} digits, {row.digits[1]} of them after the point"
        case "format" if row.format:
            return _FORMATS[row.format]
        case "codes" if row.codes:
            joined = ", ".join(row.codes.codes)
            return f"codes joined by {row.separator!r} from {joined}" if row.separator else f"one of {joined}"
        case "limit":
            return f"at most {row.limit}"
        case "range":
            return " and ".join(_bounds(row))
        case "duplicate":
            return "one only"
        case _:
            return _TYPES[row.type]


def _length(row: Field) -> str:
    if row.max is None:
        return f"at least {row.min} characters"
    return f"{row.min} to {row.max} characters" if row.min else f"at most {row.max} characters"


def _bounds(row: Field) -> list[str]:
    least = [f"at least {row.least}"] if row.least is not None else []
    return least + ([f"at most {row.most}"] if row.most is not None else [])


def actual_words(rule: str, row: Field, element: xml.Element) -> str:
    """What the element holds: its text quoted, with its count where the count is the fault."""
    text = xml.text(element)
    shown = repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
    if rule == "length":
        return f"{len(text)}: {shown}"
    if rule == "limit" and row.separator:
        return f"{text.count(row.separator) + 1}: {shown}"
    return shown
