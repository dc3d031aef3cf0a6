"""A Field in, the XSD simple type of its value out."""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_qimen.spec import NO_TEXT, CodeList, Field
from pytest_qimen.toml import Text

_YEAR = "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_DAY = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_DATE = f"({_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MOMENTS = {"date": _DATE, "time": _TIME, "datetime": f"{_DATE} {_TIME}"}  # these fix the length, too
_PATTERNS = {"alphanumeric": "[0-9A-Za-z]+"}
BOOLEAN = "true|false|TRUE|FALSE|True|False"
_BASES = {"int": "xs:int", "long": "xs:long", "decimal": "xs:decimal", "number": "xs:decimal"}
_SEPARATORS = {"^": "caret", ";": "semicolon", ",": "comma"}


@dataclass(frozen=True, slots=True)
class Facet:
    """`<xs:kind value="…"/>`, with the label of a code."""

    kind: str
    value: str
    label: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A named restriction of a built-in type."""

    name: str
    base: str
    facets: tuple[Facet, ...] = ()


def simple_type(row: Field) -> SimpleType:
    """Return the type of the row's value; a name that starts with `xs:` needs no definition.

    A doubtful constraint leaves the bare type. An empty element is an absent one, so text is never empty.
    """
    base = _BASES.get(row.type, "xs:string")
    if row.type == "boolean":
        return SimpleType("boolean", base, (Facet("pattern", BOOLEAN),))
    if row.doubt:
        return SimpleType("string", base, (Facet("minLength", "1"),)) if row.type == "string" else _bare(base)
    if row.format in _MOMENTS:
        return SimpleType(row.format, base, (Facet("pattern", _MOMENTS[row.format]),))
    if row.codes and not row.separator:
        facets = tuple(Facet("enumeration", code, row.codes.labels[code]) for code in row.codes.codes)
        return SimpleType(f"code-{row.codes.id}" + _suffix(row, base), base, facets)
    facets = tuple(_text_facets(row) if base == "xs:string" else _number_facets(row))
    return SimpleType(_name(row), base, facets) if facets else _bare(base)


def _bare(base: str) -> SimpleType:
    return SimpleType(base, base)


def _suffix(row: Field, base: str) -> str:
    return "" if base == "xs:string" else f"-{row.type}"


def _text_facets(row: Field) -> Iterator[Facet]:
    if row.separator and row.codes:
        yield Facet("pattern", _codes_pattern(row.codes, row.separator, row.limit))
        return
    yield Facet("minLength", str(row.min or 1))
    if row.max is not None:
        yield Facet("maxLength", str(row.max))
    if row.separator and row.limit:
        mark = _escaped(row.separator)
        yield Facet("pattern", f"[^{mark}]*({mark}[^{mark}]*){{0,{row.limit - 1}}}")
    if row.format:
        yield Facet("pattern", _PATTERNS[row.format])


def _codes_pattern(codes: CodeList, separator: str, limit: int | None) -> str:
    one = rf"\s*({'|'.join(map(_escaped, codes.codes))})\s*"
    more = f"{{0,{limit - 1}}}" if limit else "*"
    return f"{one}({_escaped(separator)}{one}){more}"


def _escaped(text: str) -> str:
    """Return `text` with a backslash before what an XSD pattern would read otherwise."""
    return "".join(f"\\{sign}" if sign in r"\|.?*+(){}[]^" else sign for sign in text)


def _number_facets(row: Field) -> Iterator[Facet]:
    if row.least is not None:
        yield Facet("minInclusive", str(row.least))
    if row.most is not None:
        yield Facet("maxInclusive", str(row.most))
    if row.digits:
        yield Facet("totalDigits", str(row.digits[0]))
        yield Facet("fractionDigits", str(row.digits[1]))


def _name(row: Field) -> str:
    """Return a name that says what the facets say, so that equal types share one definition."""
    separator = _SEPARATORS.get(row.separator or "", f"u{ord(row.separator[0]):04x}" if row.separator else "")
    if row.codes:
        return f"codes-{row.codes.id}-{separator}" + (f"-{row.limit}" if row.limit else "")
    words = [row.format or row.type]
    words += [f"from-{row.min or row.least}"] if (row.min or 1) > 1 or row.least is not None else []
    words += [f"to-{row.most}"] if row.most is not None else []
    words += map(str, row.digits or ())
    words += [str(row.max)] if row.max is not None else []
    words += [f"{row.limit}-{separator}"] if row.separator and row.limit else []
    return "-".join(words)
