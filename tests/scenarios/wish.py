"""What one message of the simulated systems should hold, and the time."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape


def now() -> str:
    """Return the time in China as the documents print it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600))


class Wish:
    """What one message should hold."""

    def __init__(self, key: str, want: Mapping[str, Any], known: Mapping[str, str]) -> None:
        self.key, self.want, self.known = key, want, known
        self.lines = int(want.get("lines", 1))
        self.text = escape(str(want.get("text", "")))
        self.quantity = int(want.get("quantity", 5))
        self.first = 1  # the number of the first line
        self.total = self.lines
        self.part = 0

    def rows(self, one: Callable[[int], str]) -> str:
        """Return the lines of the message."""
        return "".join(one(self.first + place) for place in range(self.lines))

    def item(self, number: int) -> str:
        """Return the code, and the id where the warehouse gave one, of the goods of a line."""
        code = f"SKU{number:05}" if self.total > 1 else self.known.get("itemCode", "SKU20160501")
        given = self.known.get("itemId", "") if code == self.known.get("itemCode") else ""
        return f"<itemCode>{code}</itemCode>" + (f"<itemId>{given}</itemId>" if given else "")

    def total_lines(self) -> str:
        """Return totalOrderLines where the document comes in parts."""
        return f"<totalOrderLines>{self.total}</totalOrderLines>" if self.total > self.lines else ""

    def remark(self) -> str:
        """Return the remark."""
        return f"<remark>{self.text}</remark>" if self.text else ""
