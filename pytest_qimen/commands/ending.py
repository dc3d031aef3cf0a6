"""Signals in, the end of what a command waits for, out."""

import math
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOKS_UP = 0.2  # seconds: a signal that comes while a wait begins does not interrupt it


class Ending:
    """What a signal sets and a command waits for.

    No exception is raised: it could come while a lock of Python's own is half released.
    """

    told = False

    def tell(self, *_: object) -> None:
        """End every wait; as a handler of signals, too."""
        self.told = True

    def wait(self, seconds: float | None = None) -> bool:
        """Return True when a signal has come, or comes within these seconds; None waits for one."""
        end = math.inf if seconds is None else time.monotonic() + seconds
        while not self.told and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOKS_UP))
        return self.told


def status(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process; return its exit status."""
    while True:
        try:
            return process.wait(_LOOKS_UP)
        except subprocess.TimeoutExpired:
            continue


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
