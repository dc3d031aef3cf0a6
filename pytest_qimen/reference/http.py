"""Bytes in, Incoming requests out, and Replies back: HTTP/1.1 with keep-alive, a thread per connection."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, cast

BODY_LIMIT = 20 * 1024 * 1024
HEAD_LIMIT = 64 * 1024
IDLE = 60.0  # seconds that a connection may stay silent
_CHUNK = 1 << 16
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(slots=True)
class Incoming:
    """One request as it arrived: header names in lower case, `arrived` on the monotonic clock."""

    verb: str
    target: str
    version: str
    headers: dict[str, str]
    body: bytes = b""
    oversize: bool = False
    arrived: float = field(default_factory=time.monotonic)

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants the connection to stay open."""
        wish = self.headers.get("connection", "").lower()
        return "keep-alive" in wish if self.version == "HTTP/1.0" else "close" not in wish


@dataclass(slots=True)
class Reply:
    """One answer: `cut` sends only so many bytes of the body and closes, -1 closes without a byte."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml;charset=utf-8"})
    version: str = "HTTP/1.1"
    close: bool = False
    chunked: bool = False
    cut: int | None = None
    delay: float = 0.0

    def encode(self, close: bool) -> bytes:
        """The whole answer, head and body, for one write."""
        head = [f"{self.version} {self.status} {_PHRASES.get(self.status, 'Unknown')}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        body = self.body
        if self.chunked:
            head.append("Transfer-Encoding: chunked")
            body = b"".join(_chunks(body))
        else:
            head.append(f"Content-Length: {len(body)}")
        if close:
            head.append("Connection: close")
        if self.cut is not None:
            body = body[: self.cut]
        return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def _chunks(body: bytes) -> Iterator[bytes]:
    step = max(1, len(body) // 3)
    for start in range(0, len(body), step):
        part = body[start : start + step]
        yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


class BadRequest(Exception):
    """What arrived is no HTTP request; str() is the reason."""


class Server:
    """Listens on 127.0.0.1 and gives every request to `answer`; a thread per connection."""

    def __init__(self, answer: Callable[[Incoming], Reply], port: int = 0) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._accept, name=f"qimen-{self.port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection; threads are gone when it returns."""
        self._stopping = True
        with contextlib.suppress(OSError):  # wakes accept() on every platform
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._thread.join()
        self._listener.close()
        with self._lock:
            left = dict(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in left.values():
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # out of file descriptors, or reset before it was taken
                if self._stopping:
                    return
                time.sleep(0.01)
                continue
            if self._stopping:
                connection.close()
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(IDLE)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb", _CHUNK) as stream, contextlib.suppress(OSError):
                while self._one(connection, cast(IO[bytes], stream)):
                    pass
        finally:
            with self._lock:
                self._open.pop(connection, None)

    def _one(self, connection: socket.socket, stream: IO[bytes]) -> bool:
        """Answer one request; whether another may follow."""
        try:
            incoming = _read(stream, connection)
        except BadRequest as error:
            connection.sendall(Reply(f"{error}\n".encode(), 400, {"Content-Type": "text/plain"}).encode(True))
            return False
        if incoming is None:
            return False
        reply = self._answer(incoming)
        if reply.delay:
            time.sleep(reply.delay)
        close = reply.close or not incoming.keeps_alive
        if reply.cut != -1:
            connection.sendall(reply.encode(close))
        return not close and reply.cut is None


def _read(stream: IO[bytes], connection: socket.socket) -> Incoming | None:
    """The next request; None where the client has hung up."""
    line = stream.readline(HEAD_LIMIT)
    while line in (b"\r\n", b"\n"):  # RFC 9112 2.2: blank lines before a request are skipped
        line = stream.readline(HEAD_LIMIT)
    if not line:
        return None
    parts = line.decode("utf-8", "surrogateescape").split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest("not an HTTP/1.x request line")
    incoming = Incoming(parts[0], parts[1], parts[2], _headers(stream))
    if incoming.headers.get("expect", "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    _read_body(stream, incoming)
    return incoming


def _headers(stream: IO[bytes]) -> dict[str, str]:
    found: dict[str, str] = {}
    size = 0
    while (line := stream.readline(HEAD_LIMIT)) not in (b"\r\n", b"\n"):
        size += len(line)
        if not line.endswith(b"\n") or size > HEAD_LIMIT:
            raise BadRequest("the head is cut off or too long")
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise BadRequest("a header without a colon")
        found[name.strip().lower()] = value.strip()
    return found


def _read_body(stream: IO[bytes], incoming: Incoming) -> None:
    """Read the body; beyond the limit it is read, thrown away and marked `oversize`."""
    parts: list[bytes] = []
    size = 0
    for part in _parts(stream, incoming.headers):
        size += len(part)
        if size <= BODY_LIMIT:
            parts.append(part)
    incoming.oversize = size > BODY_LIMIT
    incoming.body = b"".join(parts)


def _parts(stream: IO[bytes], headers: dict[str, str]) -> Iterator[bytes]:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        while size := _number(stream.readline(HEAD_LIMIT).split(b";")[0].strip(), 16):
            yield from _take(stream, size)
            stream.readline(HEAD_LIMIT)
        _headers(stream)  # the trailer
    elif "content-length" in headers:
        yield from _take(stream, _number(headers["content-length"].encode("latin-1"), 10))


def _number(text: bytes, base: int) -> int:
    try:
        if text.isalnum():
            return int(text, base)
    except ValueError:
        pass
    raise BadRequest(f"not a length: {text[:40]!r}")


def _take(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        part = stream.read(min(size, 1 << 20))
        if not part:
            raise BadRequest("the body ends early")
        size -= len(part)
        yield part
