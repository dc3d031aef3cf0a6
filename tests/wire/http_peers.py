"""Requests read from bytes, and a server that says what it heard, for the tests of the HTTP server."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pytest_qimen.wire.framing import Reader
from pytest_qimen.wire.http import Incoming, Reply
from pytest_qimen.wire.limits import Budget, Limits
from pytest_qimen.wire.server import Server

QUICK = Limits(idle=5, head_time=5, body_time=5)


def read_all(data: bytes, limits: Limits = QUICK) -> list[Incoming]:
    """Return the requests in `data`, after which the client says no more; raise what Reader raises."""
    return list(_read([data], limits))


def read_parts(parts: Iterable[bytes], limits: Limits = QUICK) -> list[Incoming]:
    """Return the requests in `parts`, each of which arrives in a packet of its own."""
    return list(_read(parts, limits))


class _Packets:
    """What a Reader needs of a socket: gives out one packet after the other."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts, self.sent = [part for part in parts if part], b""

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def recv_into(self, view: memoryview) -> int:
        if not self.parts:
            return 0
        part, self.parts[0] = self.parts[0][: len(view)], self.parts[0][len(view) :]
        if not self.parts[0]:
            del self.parts[0]
        view[: len(part)] = part
        return len(part)

    def sendall(self, data: bytes) -> None:
        self.sent += data


def _read(parts: Iterable[bytes], limits: Limits) -> Iterator[Incoming]:
    reader = Reader(_Packets(parts), limits, Budget(limits.bodies))  # type: ignore[arg-type]
    while incoming := reader.request():
        yield incoming
        reader.release()


@dataclass
class Heard:
    """What reached the callbacks of a server."""

    port: int = 0
    requests: list[Incoming] = field(default_factory=list)
    bad: list[tuple[bytes, str]] = field(default_factory=list)

    def ask(self, data: bytes, *, half: bool = True) -> bytes:
        """Send bytes, say no more (unless not `half`), and return all that comes until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            if half:
                connection.shutdown(socket.SHUT_WR)
            return until_closed(connection)


def until_closed(connection: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


@contextmanager
def serving(
    answer: Callable[[Incoming], Reply] | None = None, limits: Limits = QUICK, **settings: object
) -> Iterator[Heard]:
    """A running server that answers with the length of the body, and what it hears."""
    heard = Heard()

    def note(incoming: Incoming) -> Reply:
        heard.requests.append(incoming)
        return answer(incoming) if answer else Reply(b"%d" % len(incoming.body))

    server = Server(
        note,
        limits=limits,
        on_bad=lambda raw, reason: heard.bad.append((raw, reason)),
        **settings,  # type: ignore[arg-type]
    )
    heard.port = server.port
    try:
        yield heard
    finally:
        server.stop()
