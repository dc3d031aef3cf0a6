"""Text of anybody in, the same text as a terminal may have it out: nothing in it moves, hides or colours.

Every command writes through a Console; the plugin gives pytest what `shown` returns.
"""

import json
import os
import re
from collections.abc import Sequence
from typing import Any, TextIO
from unicodedata import combining, east_asian_width

from pytest_qimen.phrases import LANGUAGES, Phrase, say

_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_KEPT = "\n\t"  # what only parts a text into lines and columns


def plain(text: str) -> str:
    """Return the text in one line, with control characters and marks that hide or turn text as `<U+202E>`."""
    return _INVISIBLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def shown(text: str) -> str:
    """Return the text as `plain` does, its line breaks and tabs kept."""
    return _INVISIBLE.sub(lambda found: found[0] if found[0] in _KEPT else plain(found[0]), text)


def json_of(found: Any) -> str:
    """Return indented JSON, in which such characters are escaped: it means the same and can be printed."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    return _INVISIBLE.sub(lambda one: one[0] if one[0] in _KEPT else f"\\u{ord(one[0]):04x}", text)


def width_of(text: str) -> int:
    """Return how many columns a terminal needs for it: a Chinese character takes two, an accent none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)


def padded(text: str, width: int) -> str:
    """Return the text with blanks before it, so that it takes `width` columns."""
    return " " * (width - width_of(text)) + text


def language_of(words: Sequence[str]) -> str:
    """Return the language of a command line: of its last `--lang` or `--qimen-lang`, else of QIMEN_LANG."""
    wanted = _wanted(words)
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def odd_language(words: Sequence[str]) -> Phrase | None:
    """Return what is said of a QIMEN_LANG that names no language, unless the command line names one."""
    if not (wanted := _wanted(words)) or wanted in LANGUAGES or wanted != os.environ.get("QIMEN_LANG"):
        return None
    return say("language-odd", value=wanted[:40], languages=LANGUAGES)


def _wanted(words: Sequence[str]) -> str:
    wanted = os.environ.get("QIMEN_LANG", "")
    for word, value in zip(words, [*words[1:], ""], strict=False):
        name, mark, behind = word.partition("=")
        if name in ("--lang", "--qimen-lang"):
            wanted = behind if mark else value
    return wanted


class Console:
    """A stream in front of standard output or error: whatever is printed goes through `shown`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text as a terminal may have it."""
        self._stream.write(shown(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        """Return what else the stream can."""
        return getattr(self._stream, name)
