"""Answered calls in, from several threads; out in the order in which their answers began to be sent."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Queue(Generic[T]):
    """Gives what is brought to `put`, one at a time.

    A caller sends its next call as soon as it has an answer, which may be before the thread that sent the
    answer goes on: that call must not come first. So each is announced before its answer is sent.
    """

    def __init__(self, put: Callable[[T], None]) -> None:
        self._put = put
        self._lock = threading.Lock()
        self._announced: dict[int, T | None] = {}  # in order; None until it is brought

    def announce(self, key: int) -> None:
        """Keep a place for what is brought under this key."""
        with self._lock:
            self._announced[key] = None

    def bring(self, key: int, item: T) -> None:
        """Take what was announced under the key, or was not, and then waits for nothing."""
        with self._lock:
            if key not in self._announced:
                self._put(item)
                return
            self._announced[key] = item
            while self._announced:
                first = next(iter(self._announced))
                ready = self._announced[first]
                if ready is None:
                    return
                del self._announced[first]
                self._put(ready)
