"""Text of anybody in, the same text as a terminal may have it out: nothing in it moves, hides or colours.

Every command writes through a Console; the plugin gives pytest what `shown` returns.
"""

import json
import re
from typing import Any, TextIO

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
