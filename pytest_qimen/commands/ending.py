"""Signals in, a KeyboardInterrupt in the block that they are to end, out."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def terminated() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does; and SIGINT, which a script's background job would ignore."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    old = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
