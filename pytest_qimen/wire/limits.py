"""How much an HTTP server takes, and what the bodies of all its connections may take together."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a server takes: sizes in bytes, times in seconds.

    `bodies` is what the bodies of all connections may take together while they are read and answered.
    `idle` is how long a kept connection may be silent; a head and a body must have arrived whole within
    `head_time` and `body_time` of their beginning.
    """

    head: int = 64 * 1024
    body: int = 20 * 1024 * 1024
    bodies: int = 256 * 1024 * 1024
    connections: int = 512
    idle: float = 60.0
    head_time: float = 20.0
    body_time: float = 60.0


class Overload(Exception):
    """The server has no room for this request; the caller is not to blame."""


class Budget:
    """Counts the bytes of large bodies over all connections."""

    def __init__(self, limit: int) -> None:
        self._left, self._lock = limit, threading.Lock()

    def take(self, size: int) -> None:
        """Take `size` bytes; raise Overload if so many are not left."""
        with self._lock:
            if size > self._left:
                raise Overload("too many large bodies at once")
            self._left -= size

    def give(self, size: int) -> None:
        """Give them back."""
        with self._lock:
            self._left += size
