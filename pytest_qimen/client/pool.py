"""Connections that wait for their next request; safe for several threads."""

import os
import ssl
import time
from collections.abc import Callable

from pytest_qimen.client.connection import KEPT, PROBE, Connection, Place


class Pool:
    """Keeps connections by place.

    A connection is used again only while the other side has it open and for at most KEPT seconds, so that a
    server that closes idle connections hardly ever meets a request. A server that closes after every answer
    without saying so is found out at its first answer and gets a new connection each time. A process that is
    forked begins with none: two processes that write into one connection spoil both.
    """

    def __init__(self, connect: float, read: float, context: Callable[[], ssl.SSLContext]) -> None:
        self._times = connect, read
        self._context = context
        self._idle: dict[Place, list[Connection]] = {}
        self._keeps: dict[Place, bool] = {}
        self._process = os.getpid()

    def take(self, place: Place) -> Connection:
        """Return a kept connection, else a new one; raises Failed."""
        if self._process != os.getpid():
            self._idle, self._process = {}, os.getpid()
        while True:
            try:
                kept = self._idle[place].pop()
            except (KeyError, IndexError):
                return self.connect(place)
            if time.monotonic() - kept.used < KEPT and kept.is_open():
                return kept
            kept.socket.close()

    def connect(self, place: Place) -> Connection:
        """Return a new connection; raises Failed."""
        context = self._context() if place.scheme == "https" else None
        return Connection(place, context, *self._times)

    def give(self, place: Place, connection: Connection, last: bool) -> None:
        """Keep the connection if its answer was read to the end and was not to be its last."""
        if last or not connection.done or not self._is_kept(place, connection):
            connection.socket.close()
        else:
            self._idle.setdefault(place, []).append(connection)

    def _is_kept(self, place: Place, connection: Connection) -> bool:
        """Return whether the server keeps connections: seen once, at its first answer."""
        if place not in self._keeps:
            self._keeps[place] = connection.is_open(PROBE)
        return self._keeps[place]

    def close(self) -> None:
        """Close what waits."""
        for kept in self._idle.values():
            while kept:
                kept.pop().socket.close()
