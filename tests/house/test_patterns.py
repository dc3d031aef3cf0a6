"""No pattern of the package takes longer than its text is long: its parse tree is read, no clock."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_qimen.checks.spellings import spelled
from tests.support.patterns import dangers

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"
MADE = ("client.flip", "report.personal", "wire.framing")  # modules that put patterns together
ONE_PLACE = "fullmatch: it begins at one place, and what follows takes nothing of it"
OURS = "meets the suite's own messages only"
ALLOWED = {  # pattern, at least its beginning -> why it is linear all the same
    r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+": "fullmatch of ids in our own files: each round begins with a dot",
    r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*": ONE_PLACE,
    r"[ \t\r\n]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*": ONE_PLACE,
    r"[0-9]+:[0-9]+:[A-Za-z0-9+/]*=*": ONE_PLACE,
    r"[^=]+=.*": ONE_PLACE,
    r"[a-z.]*[|][a-z.]*": ONE_PLACE,
    r"\d+\.\d+": ONE_PLACE,
    r"^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding": "anchored, and white space follows only the word",
    r"(?<=://)[^/]*(?=@)": "begins after :// only, and ends at the next /",
    r">([^<>]*[^<>\s][^<>]*)<": OURS,
    r">([^<>&]*[^<>&\s][^<>&]*)</": OURS,
    r"(</request\s*>).*\Z": OURS,
    r"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>": OURS,
    r"(<(?:[\w.-]+:)?(?:name|": "nothing follows the repetition: it never fails",
    r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:": "part of a head, matched at one place; its value is possessive",
}


def patterns() -> Iterator[tuple[str, str | bytes, int]]:
    """Module, text and flags of each pattern that stands in the package, or that a module of it has made."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re")), [ast.Constant(str() | bytes() as text), *_]):
                    yield path.relative_to(PACKAGE).as_posix(), text, 0
    for name in MADE:
        for found in vars(importlib.import_module(f"pytest_qimen.{name}")).values():
            if isinstance(found, re.Pattern):
                yield f"{name.replace('.', '/')}.py", found.pattern, found.flags


def _written(text: str | bytes) -> str:
    return text if isinstance(text, str) else ascii(text)[2:-1].replace("\\\\", "\\").replace("\\'", "'")


def test_patterns_are_linear_or_a_reason_says_why() -> None:
    found = {_written(text): place for place, text, flags in patterns() if list(dangers(text, flags))}
    strange = {text: place for text, place in found.items() if not text.startswith(tuple(ALLOWED))}
    assert strange == {}
    assert [one for one in ALLOWED if not any(text.startswith(one) for text in found)] == []


@pytest.mark.parametrize("secret", ["a<&>b c+\"d'e\\", "SeCrEtQq93xYz", "密钥密钥密钥"])
def test_the_patterns_of_a_secret_are_linear(secret: str) -> None:
    pattern = spelled(secret)
    assert pattern is not None
    assert list(dangers(pattern.pattern)) == []


BAD = [
    *(r"(a+)+b", r"(?:a*)*$", r"(?:a|ab)*c", r"\s*[+-]?(?:[0-9]+\.?[0-9]*)", r"\w+\d+x", r"a*x?a*b"),
    *(
        r"(?:\w+\s*)+!",
        r"[\w.]+\.[\w.]+@",
        r"\s+$",
        r"(?:(?:ab)+c?)+d",
        r"(?:,a+)+b",
        r"(?:a|b)*c",
        r"<!--.*?--",
    ),
]
GOOD = [
    *(r"<[^<>]*>", r"a{1,64}@a{1,64}", r"(?:[^<]*+<)*+", r"\[\d+\]", r"^\s*x", r"(?<!\w)\d{1,9}", r"a+"),
    *(r"^(?:,a+)+b", r"-a*-", r"x(?:a|b)*c"),
]


@pytest.mark.parametrize("pattern", BAD)
def test_what_backtracks_is_found(pattern: str) -> None:
    assert list(dangers(pattern))


@pytest.mark.parametrize("pattern", GOOD)
def test_what_does_not_is_left_alone(pattern: str) -> None:
    assert list(dangers(pattern)) == []
