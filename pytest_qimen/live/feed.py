"""Rows in, one at a time; what is new since a reader last asked, out: bounded, and safe for threads."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pytest_qimen.report.record import Json

ROWS = 2_000  # rows that are kept, the last ones
LARGEST = 32 * 1024 * 1024  # bytes that the messages behind them may take together


@dataclass(slots=True)
class _Kept:
    """A row, and the way to what lies behind it, which takes `size` bytes; None once it was let go."""

    row: Json
    size: int
    detail: Callable[[], Json] | None


class Feed:
    """What a live page shows: the last rows, and a state of which every part replaces its older one.

    A part that is a function is asked when somebody reads.
    """

    def __init__(self, state: Json, rows: int = ROWS, largest: int = LARGEST) -> None:
        self._state, self._version = state, 1
        self._kept: deque[_Kept] = deque(maxlen=rows)
        self._largest, self._size = largest, 0
        self._number = 0
        self._heavy: deque[_Kept] = deque()
        self._change = threading.Condition()
        self.closed = False

    def add(self, row: Json, size: int, detail: Callable[[], Json]) -> None:
        """Add a row; `detail` makes what is behind it when somebody asks, out of `size` bytes."""
        with self._change:
            self._number += 1
            kept = _Kept({"n": self._number, **row}, size, detail)
            if len(self._kept) == self._kept.maxlen:
                self._let_go(self._kept[0])
            self._kept.append(kept)
            self._heavy.append(kept)
            self._size += size
            while self._size > self._largest:
                self._let_go(self._heavy[0])
            self._change.notify_all()

    def _let_go(self, kept: _Kept) -> None:
        """Drop what is behind a row; rows go in the order in which they came."""
        if kept.detail is not None:
            kept.detail = None
            self._size -= kept.size
            self._heavy.popleft()

    def tell(self, **state: object) -> None:
        """Replace these parts of the state."""
        with self._change:
            self._state = self._state | state
            self._version += 1
            self._change.notify_all()

    def since(self, at: str, seconds: float = 0.0) -> Json | None:
        """Return the rows and the state that came after `at`, the place that the last answer named.

        Waits so many seconds for something new; None where nothing came. An empty or strange `at` is the
        beginning.
        """
        number, version = _place(at)
        with self._change:
            if number > self._number or version > self._version:  # a place in an earlier session
                number = version = 0
            self._change.wait_for(
                lambda: self._number > number or self._version > version or self.closed, seconds
            )
            if self._number == number and self._version == version:
                return None
            new = min(self._number - number, len(self._kept))
            rows = [self._kept[place].row for place in range(len(self._kept) - new, len(self._kept))]
            found: Json = {"at": f"{self._number}.{self._version}", "rows": rows}
            state = self._state if self._version > version else {}
        made = {name: part() if callable(part) else part for name, part in state.items()}
        return found | ({"state": made} if made else {})

    def detail(self, number: int) -> Json | None:
        """Return what is behind a row; None where it was let go, or there is no such row."""
        with self._change:
            make = next((one.detail for one in self._kept if one.row["n"] == number), None)
        return make() if make else None

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._change:
            self.closed = True
            self._change.notify_all()


def _place(at: str) -> tuple[int, int]:
    number, _, version = at.partition(".")
    known = all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (number, version))
    return (int(number), int(version)) if known else (0, 0)
