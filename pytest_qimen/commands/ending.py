"""Signals in, the end of what a command waits for, out."""

import signal
import threading
from collections.abc import Callable, Iterator
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
def handled(handler: Callable[..., object], *numbers: signal.Signals) -> Iterator[None]:
    """Let these signals call the handler within the block; a script's background job would ignore SIGINT."""
    old = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, before in old.items():
            signal.signal(number, before)


@contextmanager
def ending() -> Iterator[Ending]:
    """Yield what SIGTERM and SIGINT end."""
    found = Ending()
    with handled(found.tell, signal.SIGTERM, signal.SIGINT):
        yield found
