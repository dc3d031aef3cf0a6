"""Nothing of the other side moves the cursor, hides, colours or turns what a terminal shows."""

import io
import json

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.console import Console, json_of, plain, shown

EVIL = "\x1b]0;PWNED\x07\x1b[2J\x9b31m\u202eTXT\u2066\r\u200b\u2028\udc80\x7f"


def is_clean(text: str) -> bool:
    """Whether the text holds nothing but letters, blanks, line breaks and tabs."""
    return all(one.isprintable() or one in "\n\t" for one in text)


def test_plain_is_one_line_and_shown_keeps_lines() -> None:
    assert plain("a\n\x1b[31mb\t") == "a<U+000A><U+001B>[31mb<U+0009>"
    assert shown("a\n\x1b[31mb\t") == "a\n<U+001B>[31mb\t"
    assert is_clean(plain(EVIL))
    assert plain("订单 é 😀") == "订单 é 😀"


def test_json_is_escaped_and_means_the_same() -> None:
    found = {"target": EVIL.replace("\udc80", ""), "name": "订单"}
    text = json_of(found)
    assert is_clean(text)
    assert json.loads(text) == found
    assert "订单" in text


def test_whatever_is_printed_goes_through_the_console() -> None:
    stream = io.StringIO()
    print(EVIL, "x", file=Console(stream))  # type: ignore[call-overload]
    assert is_clean(stream.getvalue())
    assert Console(stream).getvalue() == stream.getvalue()


def test_the_command_line_cannot_write_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", f"no-such-{EVIL}"]) == 2
    assert is_clean("".join(capsys.readouterr()))
