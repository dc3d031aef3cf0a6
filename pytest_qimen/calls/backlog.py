"""What arrives in, the same in the same order out, when there is time: in memory, the rest in a file."""

import pickle
import sqlite3
import threading
from collections import deque
from typing import Generic, TypeVar

_T = TypeVar("_T")
MOST = 2_000  # things that are held in memory
LARGEST = 32 * 1024 * 1024  # bytes that they may take together


class Backlog(Generic[_T]):
    """A queue that never blocks who puts in and loses nothing: what memory may not hold lies in SQLite.

    The file is a temporary one of SQLite's own, which nobody else can open. Safe for several threads that put
    in and one that takes out.
    """

    def __init__(self, most: int = MOST, largest: int = LARGEST) -> None:
        self._most, self._largest = most, largest
        self._first: deque[tuple[_T, int]] = deque()
        self._size = self._spilled = self._open = 0
        self._ended = False
        self._change = threading.Condition()
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096;"
            "CREATE TABLE later (number INTEGER PRIMARY KEY, size INTEGER, thing BLOB)"
        )

    def expect(self) -> None:
        """Say that a thing will be put in: it counts as open from now on."""
        with self._change:
            self._open += 1

    def put(self, thing: _T, size: int) -> None:
        """Add a thing that was expected, of so many bytes, behind all others."""
        with self._change:
            if self._spilled or len(self._first) >= self._most or self._size + size > self._largest:
                self._database.execute(
                    "INSERT INTO later (size, thing) VALUES (?, ?)", (size, pickle.dumps(thing))
                )
                self._spilled += 1
            else:
                self._first.append((thing, size))
                self._size += size
            self._change.notify_all()

    def take(self) -> _T | None:
        """Wait for the next thing and return it; None when the backlog has ended and is empty.

        The thing counts as open until `done`.
        """
        with self._change:
            while not self._first and not self._spilled:
                if self._ended:
                    return None
                self._change.wait()
            if not self._first:
                self._fetch()
            thing, size = self._first.popleft()
            self._size -= size
            return thing

    def _fetch(self) -> None:
        """Bring the oldest of what was put aside back into memory."""
        while self._spilled and len(self._first) < self._most and self._size < self._largest:
            row = self._database.execute(
                "SELECT number, size, thing FROM later ORDER BY number LIMIT 1"
            ).fetchone()
            self._database.execute("DELETE FROM later WHERE number = ?", row[:1])
            self._first.append((pickle.loads(row[2]), row[1]))  # what `put` wrote
            self._size += row[1]
            self._spilled -= 1

    def done(self) -> None:
        """Say that a thing that was taken is dealt with."""
        with self._change:
            self._open -= 1
            self._change.notify_all()

    @property
    def open(self) -> int:
        """Return how many things are expected or put in, and not dealt with."""
        return self._open

    def wait(self, seconds: float | None = None) -> bool:
        """Return when all is dealt with, True, or after so many seconds, False."""
        with self._change:
            return self._change.wait_for(lambda: not self._open, seconds)

    def end(self) -> None:
        """Let `take` return None once everything was taken."""
        with self._change:
            self._ended = True
            self._change.notify_all()

    def close(self) -> None:
        """Give the file back."""
        with self._change:
            self._database.close()
