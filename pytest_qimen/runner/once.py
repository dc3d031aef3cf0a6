"""Values by key, each made once: by the first thread that asks, for all."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Once(Generic[K, V]):
    """A cache whose values are made once each; what makes one may ask for others."""

    def __init__(self) -> None:
        self._kept: dict[K, Future[V]] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the value of `key`, waited for where another thread makes it; raises what `make` raises."""
        if done := self._kept.get(key):
            return done.result()
        with self._lock:
            mine = key not in self._kept
            kept = self._kept.setdefault(key, Future())
        if mine:
            try:
                kept.set_result(make())
            except BaseException as error:  # who waits hears of it; who asks later tries again
                with self._lock:
                    del self._kept[key]
                kept.set_exception(error)
        return kept.result()
