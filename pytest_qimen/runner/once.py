"""A key and what makes its value in, the value out: made by the first thread that asks, shared by all."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

_T = TypeVar("_T")


class Once:
    """Values by key, each made once; what makes one may ask for others."""

    def __init__(self) -> None:
        self._kept: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def get(self, key: str, make: Callable[[], _T]) -> _T:
        """The value of `key`, waited for where another thread makes it; raises what `make` raises."""
        with self._lock:
            mine = key not in self._kept
            kept: Future[_T] = self._kept.setdefault(key, Future())
        if mine:
            try:
                kept.set_result(make())
            except BaseException as error:  # who waits hears of it; who asks later tries again
                with self._lock:
                    del self._kept[key]
                kept.set_exception(error)
        return kept.result()
