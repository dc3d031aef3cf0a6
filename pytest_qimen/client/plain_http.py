"""The bytes of a plain HTTP request in, its answer out: http.client's reading over kept sockets.

It costs a third of what httpx does, and its deadline covers the head of an answer, too: one that drips in
byte by byte ends in time.
"""

import io
import re
import socket
import time
import zlib
from collections.abc import Iterator, Sequence
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from typing import Any, Final

PART: Final = 1 << 16
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\x00\r\n]*")
Headers = tuple[tuple[str, str], ...]


class Failed(Exception):
    """No answer, or none to its end: `word` is one of connect, timeout, reset, protocol; the text the reason.

    `stale` says that a kept connection had been closed before anything came back, which is nobody's fault.
    """

    def __init__(self, word: str, reason: str, stale: bool = False) -> None:
        super().__init__(reason)
        self.word, self.stale = word, stale


class Connection:
    """A socket to one place; `fresh` until its first answer was read, `done` once the last one was."""

    def __init__(self, host: str, port: int, connect_timeout: float, read_timeout: float) -> None:
        try:
            self.socket = socket.create_connection((host, port), connect_timeout)
        except OSError as error:
            raise Failed("connect", str(error)) from None
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read_timeout = read_timeout
        self.deadline = 0.0
        self.fresh, self.done = True, False

    def send(self, data: bytes, verb: str, deadline: float) -> HTTPResponse:
        """Send a whole request and read the head of its answer; raises Failed."""
        self.deadline, self.done = deadline, False
        response = HTTPResponse(self, method=verb)  # type: ignore[arg-type]  # it only wants makefile()
        try:
            self.socket.settimeout(self.read_timeout)
            self.socket.sendall(data)
            response.begin()
            while 100 <= response.status < 200:  # a word in advance: the answer is still to come
                response.headers = None  # type: ignore[assignment]  # else it has begun already
                response.begin()
        except (OSError, HTTPException, ValueError) as error:
            self.socket.close()
            raise self._failure(error) from None
        return response

    def _failure(self, error: Exception) -> Failed:
        if isinstance(error, TimeoutError):
            late = time.perf_counter() >= self.deadline
            return Failed("timeout", "the answer was not complete in time" if late else str(error))
        if isinstance(error, RemoteDisconnected):
            return Failed("protocol", "Server disconnected without sending a response.", not self.fresh)
        if isinstance(error, OSError):
            return Failed("reset", str(error), not self.fresh)
        return Failed("protocol", f"{_words(error)}")

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client reads from."""
        return io.BufferedReader(_Incoming(self), PART)

    def parts(self, response: HTTPResponse) -> Iterator[bytes]:
        """The decoded body piece by piece, at most until the deadline; raises Failed where it breaks off."""
        try:
            yield from _decoded(self._read(response), response.headers.get("Content-Encoding", ""))
        except TimeoutError as error:
            if time.perf_counter() >= self.deadline:
                return
            raise Failed("timeout", str(error)) from None
        except OSError as error:
            raise Failed("reset", str(error)) from None
        except (HTTPException, zlib.error) as error:
            raise Failed("protocol", _words(error)) from None
        self.fresh, self.done = False, True

    def _read(self, response: HTTPResponse) -> Iterator[bytes]:
        wanted = response.length
        while part := response.read1(PART):
            yield part
        if wanted is not None and response.length:
            raise IncompleteRead(bytes(wanted - response.length), response.length)


class _Incoming(io.RawIOBase):
    """What arrives on a connection; no read waits longer than its time-out or beyond the deadline."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; raises TimeoutError."""
        left = self._connection.deadline - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        self._connection.socket.settimeout(min(self._connection.read_timeout, left))
        return self._connection.socket.recv_into(buffer)


def _words(error: Exception) -> str:
    """The error in the words of every other HTTP client."""
    if isinstance(error, IncompleteRead):
        size = len(error.partial)
        detail = (
            f"received {size} bytes, expected {size + error.expected}"
            if error.expected
            else "incomplete chunked read"
        )
        return f"peer closed connection without sending complete message body ({detail})"
    if type(error).__name__ == "BadStatusLine":
        return f"illegal status line: {str(error).strip()}"
    return str(error) or type(error).__name__


def _decoded(parts: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The parts as they were before they were compressed, never much at a time."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        yield from parts
        return
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for part in parts:
        while part:
            yield decoder.decompress(part, PART)
            part = decoder.unconsumed_tail


def head(verb: str, target: bytes, host: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """The head of a request; ValueError for a header that cannot be sent."""
    lines = [b"%s %s HTTP/1.1" % (verb.encode("ascii"), target), b"Host: " + host]
    for name, value in headers:
        key, text = name.encode("ascii"), value.encode("ascii")
        if not _NAME.fullmatch(key) or not _VALUE.fullmatch(text):
            raise ValueError(f"Illegal header value {text!r}")
        lines.append(key + b": " + text)
    return b"\r\n".join((*lines, b"", b""))


def headers_of(response: HTTPResponse) -> Headers:
    """Names in small letters; values as UTF-8 where they are that."""
    return tuple((name.lower(), _text(value)) for name, value in response.headers.raw_items())


def _text(value: str) -> str:
    raw = str(value).encode("latin-1", "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return str(value)


class Pool:
    """Connections that wait for their next request, by host and port; safe for several threads."""

    def __init__(self, connect_timeout: float, read_timeout: float) -> None:
        self._times = connect_timeout, read_timeout
        self._idle: dict[tuple[str, int], list[Connection]] = {}

    def take(self, host: str, port: int) -> Connection:
        """A kept connection, else a new one; raises Failed."""
        try:
            return self._idle[host, port].pop()
        except (KeyError, IndexError):
            return Connection(host, port, *self._times)

    def give(self, host: str, port: int, connection: Connection, last: bool) -> None:
        """Keep the connection if its answer was read to the end and was not to be its last."""
        if last or not connection.done:
            connection.socket.close()
        else:
            self._idle.setdefault((host, port), []).append(connection)

    def close(self) -> None:
        """Close what waits."""
        for kept in self._idle.values():
            while kept:
                kept.pop().socket.close()
