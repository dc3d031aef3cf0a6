"""Ways of URL encoding that mean the same as the plain one: each writes a query that was encoded anew."""

import re
from collections.abc import Callable, Mapping
from itertools import cycle


def _mixed_blanks(query: str) -> str:
    """The blanks are `%20` and `+` in turn."""
    first, *others = query.split("+")
    return first + "".join(way + part for way, part in zip(cycle(("%20", "+")), others, strict=False))


def _small_percent(query: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), query)


def _percent_letters(query: str) -> str:
    """Every letter and digit of timestamp and customerId is percent-encoded, too (RFC 3986 section 2.3)."""
    return re.sub("(?<=timestamp=)[^&]+|(?<=customerId=)[^&]+", lambda value: _coded(value[0]), query)


def _coded(text: str) -> str:
    return re.sub("%..|[A-Za-z0-9]", lambda one: one[0] if one[0][1:] else f"%{ord(one[0]):02X}", text)


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "mixed-blanks": _mixed_blanks,
    "small-percent": _small_percent,
    "percent-letters": _percent_letters,
}
