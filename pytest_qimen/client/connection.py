"""One kept connection, plain or TLS: the bytes of a request go out, http.client reads the answer.

One deadline covers the handshake's answer, informational answers, the head and the body, so that an endpoint
that drips bytes cannot hold a run up. http.client costs a third of what httpx does.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from typing import Any, Final, NamedTuple

from pytest_qimen.client.content import CodingError, decoded
from pytest_qimen.client.delivery import deliver
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.response import Response, Whole, whole
from pytest_qimen.errors import of_foreign
from pytest_qimen.phrases import Said, say

PART: Final = 1 << 16
KEPT: Final = 3.0  # seconds: servers begin to close idle connections after five
PROBE: Final = 0.2  # seconds to see whether a server closes a connection that it did not say it would close
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\x00\r\n]*")


class Place(NamedTuple):
    """Where a connection leads."""

    scheme: str
    host: str
    port: int


class Failed(Exception):
    """No answer, or none to its end: `word` is one of connect, tls, timeout, reset, protocol.

    The text is the reason. `stale` says that a kept connection closed before any byte of the answer came: the
    endpoint may have carried the request out or not.
    """

    def __init__(self, word: str, reason: Said, stale: bool = False) -> None:
        super().__init__(reason)
        self.word, self.reason, self.stale = word, reason, stale


class Connection:
    """A socket to one place; `fresh` until its first answer was read, `done` once the last one was."""

    def __init__(self, place: Place, context: ssl.SSLContext | None, connect: float, read: float) -> None:
        """Connect within `connect` seconds; no single read waits longer than `read`. Raises Failed."""
        try:
            self.socket = socket.create_connection((place.host, place.port), connect)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise Failed("connect", _words(error)) from None
        if context:
            try:
                self.socket = context.wrap_socket(self.socket, server_hostname=place.host)
            except (OSError, ValueError) as error:
                self.socket.close()
                raise Failed("connect" if isinstance(error, TimeoutError) else "tls", _words(error)) from None
        self.read_timeout = read
        self.deadline = self.used = 0.0
        self.fresh, self.done = True, False
        self._heard = False
        self._buffer = memoryview(bytearray(PART))
        self._waits = -1.0  # seconds that the socket was told to wait
        self._first: bytes | None = None  # of an answer, not yet read

    def send(self, request: SignedRequest, head: bytes, deadline: float) -> HTTPResponse | Whole:
        """Send a whole request and read the head of its answer; raises Failed."""
        self.deadline, self.done, self._heard = deadline, False, False
        try:
            deliver(self, head, request.body, request.delivery)
            first = bytes(self._buffer[: self._receive(self._buffer)])
            if request.http_method != "HEAD" and (answer := whole(first)):
                return answer
            self._first = first
            response = Response(self, method=request.http_method)  # type: ignore[arg-type]  # wants makefile()
            response.begin()
            while 100 <= response.status < 200:  # informational: the answer is still to come
                response.begin()
        except (OSError, HTTPException, ValueError) as error:
            self.socket.close()
            raise self._failure(error) from None
        return response

    def write(self, data: bytes) -> None:
        """Send `data`, at most until the deadline; raises OSError."""
        for start in range(0, len(data), PART):
            self._limit()
            self.socket.sendall(data[start : start + PART])

    def _limit(self) -> None:
        """Let the next read or write wait no longer than its time-out, nor beyond the deadline."""
        left = self.deadline - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        self._wait(min(self.read_timeout, left))

    def _wait(self, seconds: float) -> None:
        if seconds != self._waits:  # telling the socket is a system call
            self._waits = seconds
            self.socket.settimeout(seconds)

    def _failure(self, error: Exception) -> Failed:
        stale = not self.fresh and not self._heard
        if isinstance(error, TimeoutError):
            late = time.perf_counter() >= self.deadline
            return Failed("timeout", say("late") if late else str(error))
        if isinstance(error, RemoteDisconnected):
            return Failed("protocol", say("disconnected"), stale)
        if isinstance(error, OSError):
            return Failed("reset", _words(error), stale)
        return Failed("protocol", _words(error))

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what http.client reads from."""
        return io.BufferedReader(_Incoming(self), PART)

    def receive(self, buffer: Any) -> int:
        """Read the next bytes into `buffer`; raises OSError, TimeoutError at the deadline."""
        if self._first is None:
            return self._receive(buffer)
        first, rest = self._first[: len(buffer)], self._first[len(buffer) :]
        buffer[: len(first)], self._first = first, rest or None
        return len(first)

    def _receive(self, buffer: Any) -> int:
        self._limit()
        size = self.socket.recv_into(buffer)
        self._heard = self._heard or size > 0
        return size

    def parts(self, response: HTTPResponse | Whole) -> Iterator[bytes]:
        """Yield the decoded body in pieces, at most until the deadline; raises Failed where it breaks off."""
        try:
            if isinstance(response, Whole):
                yield response.body
            else:
                yield from decoded(self._read(response), response.headers.get("Content-Encoding", ""))
        except TimeoutError as error:
            if time.perf_counter() >= self.deadline:
                return
            raise Failed("timeout", str(error)) from None
        except OSError as error:
            raise Failed("reset", _words(error)) from None
        except (HTTPException, CodingError) as error:
            raise Failed("protocol", _words(error)) from None
        self.fresh, self.done, self.used = False, True, time.monotonic()

    def _read(self, response: HTTPResponse) -> Iterator[bytes]:
        wanted = response.length
        while part := response.read1(PART):
            yield part
        if wanted is not None and response.length:
            raise IncompleteRead(bytes(wanted - response.length), response.length)

    def is_open(self, wait: float = 0.0) -> bool:
        """Return False when the other side has closed the connection, or closes it within `wait` seconds."""
        try:
            self._wait(wait)
            self.socket.recv(1)  # bytes that nobody asked for make it as useless as its end does
        except (BlockingIOError, TimeoutError, ssl.SSLWantReadError):
            return True
        except OSError:
            pass
        return False


class _Incoming(io.RawIOBase):
    """What arrives on a connection, for a BufferedReader."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes; raises TimeoutError."""
        return self._connection.receive(buffer)


def _words(error: Exception) -> Said:
    """Return the error in one line, in the words that other HTTP clients use."""
    if isinstance(error, IncompleteRead):
        size = len(error.partial)
        if not error.expected:
            return say("incomplete-chunks")
        return say("incomplete-body", received=size, expected=size + error.expected)
    if type(error).__name__ == "BadStatusLine":
        return say("status-line", line=str(error).strip())
    return of_foreign(error)


def head_of(
    verb: str, target: bytes, host: bytes, headers: Sequence[tuple[str, str]], version: str = "1.1"
) -> bytes:
    """Return the head of a request; ValueError for a verb or a header that cannot be sent."""
    if not _NAME.fullmatch(verb.encode("ascii")):
        raise ValueError(f"Illegal method {verb[:60]!r}")
    first = b"%s %s HTTP/%s" % (verb.encode("ascii"), target, version.encode())
    return b"\r\n".join((first, b"Host: " + host, *(_line(*one) for one in headers), b"", b""))


@lru_cache(256)  # the same in most requests
def _line(name: str, value: str) -> bytes:
    key, text = name.encode("ascii"), value.encode("ascii")
    if not _NAME.fullmatch(key) or not _VALUE.fullmatch(text):
        raise ValueError(f"Illegal header value {text!r}")
    return key + b": " + text
