"""Who listens at the canary's address, and which of its nonces were fetched there."""

import contextlib
import re
from http.client import HTTPConnection, HTTPException
from typing import Final, Protocol

from pytest_qimen.checks.security import PLANTED
from pytest_qimen.wire.http import Incoming, Reply
from pytest_qimen.wire.limits import Limits
from pytest_qimen.wire.server import Server

ASKED: Final = "asked"  # the folder in which another worker of the run asks for a nonce
_LIMITS: Final = Limits(head=8192, body=8192, bodies=65536, connections=16, idle=5, head_time=5, body_time=5)
_NONCE: Final = re.compile(r"[0-9a-f]{32}")
_MOST: Final = 10_000  # nonces that are kept: the suite makes one for each message that leads here
_PATIENCE: Final = 5.0  # seconds for one fetch of our own


class Ear(Protocol):
    """Whoever knows which nonces were fetched."""

    port: int

    def heard(self, nonce: str) -> bool:
        """Return True when the address with this nonce was fetched."""

    def stop(self) -> None:
        """Listen no more."""


class Listener:
    """Listens at a port and keeps the nonces that are fetched; UsageError where it cannot listen."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self._fetched: set[str] = set()
        self._server = Server(self._answer, port, host, limits=_LIMITS)
        self.port = self._server.port

    def _answer(self, incoming: Incoming) -> Reply:
        """Note a fetch; what it brings is a harmless text, legal as an entity, a subset and a schema."""
        folder, _, name = incoming.path.strip("/").rpartition("/")
        if folder == ASKED:
            return Reply(b"yes" if self.heard(name) else b"no")
        if _NONCE.fullmatch(name) and len(self._fetched) < _MOST:
            self._fetched.add(name)
        return Reply(f"<!-- {PLANTED} -->".encode())

    def heard(self, nonce: str) -> bool:
        """Return True when the address with this nonce was fetched."""
        return nonce in self._fetched

    def stop(self) -> None:
        """Close the port."""
        self._server.stop()


class Neighbour:
    """Asks the process of this run that listens at the port, on this machine, for all its workers."""

    def __init__(self, port: int) -> None:
        self.port = port

    def heard(self, nonce: str) -> bool:
        """Return True when the address with this nonce was fetched there."""
        return fetch("127.0.0.1", self.port, f"/{ASKED}/{nonce}") == b"yes"

    def stop(self) -> None:
        """Leave it to the one that listens."""


def fetch(host: str, port: int, path: str) -> bytes:
    """Return the beginning of what a GET brings; nothing where nobody answers."""
    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException, UnicodeError):
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().read(1024)
    return b""
