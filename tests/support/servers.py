"""Servers on 127.0.0.1 whose every byte the test decides, on ports that the system picks."""

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from pytest_qimen import xml

XML = b"Content-Type: text/xml;charset=utf-8\r\n"


class Peer:
    """The server's end of one connection; `number` counts the connections from 1."""

    def __init__(self, connection: socket.socket, number: int, stopping: threading.Event) -> None:
        self.socket, self.number, self.stopping = connection, number, stopping
        self._buffer = b""

    def request(self) -> "Request | None":
        """The next request on the connection; None when the client has hung up."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if "transfer-encoding" in headers:
            return self._chunked(first, headers)
        length = int(headers.get("content-length", 0))
        while len(self._buffer) < length:
            if not self._more():
                return None
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        verb, target, _ = first.split(" ")
        return Request(verb, target, headers, body, self.number)

    def _chunked(self, first: str, headers: dict[str, str]) -> "Request | None":
        while b"\r\n0\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        chunks, _, self._buffer = self._buffer.partition(b"\r\n0\r\n\r\n")
        verb, target, _ = first.split(" ")
        return Request(verb, target, headers, b"".join(chunks.split(b"\r\n")[1::2]), self.number)

    def _more(self) -> bool:
        try:
            found = self.socket.recv(1 << 16)
        except OSError:
            found = b""
        self._buffer += found
        return bool(found)

    def send(self, data: bytes) -> None:
        """All of `data`, as far as the client wants it."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()

    def until_hung_up(self) -> None:
        """Wait until the client (or the test) ends the connection."""
        while self._more():
            pass


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived."""

    verb: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int = 0
    params: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        pairs = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
        object.__setattr__(self, "params", dict(pairs))

    @property
    def method(self) -> str:
        """The Qimen or TOP method without its prefix."""
        return self.params.get("method", "").removeprefix("taobao.qimen.")

    @property
    def root(self) -> xml.Element:
        """The message."""
        return xml.parse(self.body)


Script = Callable[[Peer], object]


@contextmanager
def raw(script: Script) -> Iterator[str]:
    """Gives every connection to `script`, each in its own thread; yields the URL."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    stopping, lock = threading.Event(), threading.Lock()
    peers: list[Peer] = []
    threads: list[threading.Thread] = []

    def serve(peer: Peer) -> None:
        try:
            script(peer)
        finally:
            peer.socket.close()

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if stopping.is_set():
                connection.close()
                return
            with lock:
                peer = Peer(connection, len(peers) + 1, stopping)
                peers.append(peer)
                threads.append(threading.Thread(target=serve, args=(peer,)))
                threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    port = listener.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/qimen"
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        acceptor.join()
        listener.close()
        for peer in peers:
            with contextlib.suppress(OSError):
                peer.socket.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def answer(
    body: bytes | str, status: str = "200 OK", headers: bytes = XML, length: int | None = None
) -> bytes:
    """An HTTP answer with its length."""
    data = body.encode() if isinstance(body, str) else body
    size = len(data) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n".encode() + headers + b"\r\n" + data


def response(
    flag: str = "success", code: str | None = "0", message: str | None = "ok", more: str = ""
) -> str:
    """A Qimen answer."""
    parts = [("flag", flag), ("code", code), ("message", message)]
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts if value is not None)
    return f"<response>{inner}{more}</response>"


@dataclass
class Endpoint:
    """A keep-alive endpoint: `reply` gives the answer to each request (a body, or all of its bytes).

    `requests` keeps what arrived; an answer of None ends the connection without a byte.
    """

    reply: Callable[[Request], bytes | str | None]
    url: str = ""
    requests: list[Request] = field(default_factory=list)

    def script(self, peer: Peer) -> None:
        """Serve one connection."""
        while (request := peer.request()) is not None:
            self.requests.append(request)
            found = self.reply(request)
            if found is None:
                return
            whole = isinstance(found, bytes) and found.startswith(b"HTTP/")
            peer.send(found if isinstance(found, bytes) and whole else answer(found))

    @property
    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [request.method for request in self.requests]


@contextmanager
def endpoint(reply: Callable[[Request], bytes | str | None]) -> Iterator[Endpoint]:
    """An Endpoint that runs as long as the block."""
    made = Endpoint(reply)
    with raw(made.script) as made.url:
        yield made


def free_port() -> int:
    """A port on which nobody listens, now or later: the system picks higher ones for whoever names none."""
    while True:
        port = secrets.randbelow(12_000) + 20_000
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
