"""Signals in, the end of what a command waits for, out."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Ending:
    """What a signal sets and a command waits for.

    No exception is raised: it could come while a lock of Python's own is half released.
    """

    def __init__(self) -> None:
        self.told = False
        self._waits = threading.Lock()
        self._waits.acquire()

    def tell(self, *_: object) -> None:
        """End every wait; as a handler of signals, too."""
        self.told = True
        with suppress(RuntimeError):  # told before
            self._waits.release()

    def wait(self, seconds: float | None = None) -> bool:
        """Return True when a signal has come, or comes within these seconds; None waits for one."""
        if not self.told:
            self._waits.acquire(timeout=-1 if seconds is None else seconds)
        return self.told


@contextmanager
def ending() -> Iterator[Ending]:
    """Yield what SIGTERM and SIGINT end; a script's background job would ignore SIGINT."""
    found = Ending()
    old = {number: signal.signal(number, found.tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield found
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
