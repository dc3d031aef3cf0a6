"""A broken rule and the row it belongs to in, the words for what was expected and what came out."""

from pytest_qimen import xml
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.schema.types import BOOLEAN
from pytest_qimen.spec import Field

_TYPES = {
    "group": say("elements-only"),
    "map": say("elements-or-text"),
    "string": say("a-text"),
    "int": say("int"),
    "long": say("long"),
    "decimal": say("decimal"),
    "number": say("number"),
    "boolean": say("boolean", one=BOOLEAN.split("|")[0], other=BOOLEAN.split("|")[1]),
}
_FORMATS = {
    "date": say("date"),
    "datetime": say("datetime"),
    "time": say("time"),
    "alphanumeric": say("letters-and-digits"),
}
_SHOWN = 60  # characters of a value that a sentence quotes


def expected_words(rule: str, row: Field) -> Phrase:
    """Return what the documents demand, without a verb: `at most 50 characters`."""
    match rule:
        case "need":
            return say("element-with-value" if row.leaf else "filled-group")
        case "length":
            return _length(row)
        case "digits" if row.digits:
            return say("digits", digits=row.digits[0], fraction=row.digits[1])
        case "format" if row.format:
            return _FORMATS[row.format]
        case "codes" if row.codes and row.separator:
            return say("joined-codes", separator=row.separator, codes=tuple(row.codes.codes))
        case "codes" if row.codes:
            return say("one-of", values=tuple(row.codes.codes))
        case "limit" if row.limit is not None:
            return say("at-most", most=row.limit)
        case "range":
            return _bounds(row)
        case "duplicate":
            return say("one-only")
        case _:
            return _TYPES[row.type]


def _length(row: Field) -> Phrase:
    if row.max is None:
        return say("at-least-characters", least=row.min or 0)
    if row.min:
        return say("characters-between", least=row.min, most=row.max)
    return say("at-most-characters", most=row.max)


def _bounds(row: Field) -> Phrase:
    if row.least is not None and row.most is not None:
        return say("between", least=str(row.least), most=str(row.most))
    if row.least is not None:
        return say("at-least", least=str(row.least))
    return say("at-most", most=str(row.most))


def actual_words(rule: str, row: Field, element: xml.Element) -> str:
    """Return what the element holds: its text quoted, with its count where the count is the fault."""
    text = xml.text(element)
    shown = repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
    if rule == "length":
        return f"{len(text)}: {shown}"
    if rule == "limit" and row.separator:
        return f"{text.count(row.separator) + 1}: {shown}"
    return shown
