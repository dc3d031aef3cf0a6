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
        self._announced: list[tuple[object, list[T]]] = []  # in order; what was brought for each

    def announce(self, mark: object) -> None:
        """Keep a place for what is brought under this very object."""
        with self._lock:
            self._announced.append((mark, []))

    def bring(self, mark: object, item: T) -> None:
        """Take what was announced under the object, or was not, and then waits for nothing."""
        with self._lock:
            places = [place for one, place in self._announced if one is mark]
            if not places:
                self._put(item)
                return
            places[-1].append(item)
            while self._announced and self._announced[0][1]:
                self._put(self._announced.pop(0)[1][0])
