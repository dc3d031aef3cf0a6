"""Requests read from a connection, by the letter of HTTP/1.1 (RFC 9112) and within limits.

Not h11: it takes 50 µs for a request and its answer where this takes 10, a twelfth of all the time that a
certification spends on one, and it accepts what a strict server must not: lines that end with LF alone,
folded lines, a body with two kinds of length. tests/wire/test_against_h11.py compares the two.
"""

import io
import re
import socket
import time
from collections.abc import Iterator
from typing import NoReturn

from pytest_qimen.wire.http import Incoming
from pytest_qimen.wire.limits import Budget, Limits

_BUFFER = 1 << 15
_PART = 1 << 16  # a larger body is read, and charged to the budget, in parts of this size
_CHUNK_LINE = 1 << 12
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
# Bytes above 0x7f are no legal target, but what wrote them into the URL can be read, and told.
_LINE = rb"(" + _TOKEN + rb") ([\x21-\x7e\x80-\xff]+) (HTTP/1\.\d)\r\n"
_FIELD = _TOKEN + rb":[\t\x20-\x7e\x80-\xff]*+\r\n"
_REQUEST_LINE, _HEADER_LINE = re.compile(_LINE), re.compile(_FIELD)
_HEAD = re.compile(_LINE + rb"((?:" + _FIELD + rb")*+)\r\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_START = re.compile(rb"[\r\n!#$%&'*+\-.^_`|~0-9A-Za-z]")
_ONCE = ("content-length", "transfer-encoding", "host")


class BadRequest(Exception):
    """What arrived is no HTTP request, or not in time; str() is the reason, `raw` what arrived of it."""

    def __init__(self, reason: str, raw: bytes = b"", status: int = 400) -> None:
        super().__init__(reason)
        self.raw, self.status = raw, status


class _Source(io.RawIOBase):
    """The bytes of a connection until a deadline; after it `late` is set, and it reads as ended."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection, self.late = connection, False
        self._deadline = self._fresh = self._timeout = 0.0

    def allow(self, seconds: float) -> None:
        """Set the deadline for what is read from now on."""
        self._deadline = time.monotonic() + seconds
        self._fresh = seconds

    def wait(self, seconds: float) -> None:
        """Set the socket's own timeout: a system call, so only where it changes."""
        if seconds != self._timeout:
            self._connection.settimeout(seconds)
            self._timeout = seconds

    def readable(self) -> bool:
        return True

    def readinto(self, view: "bytearray | memoryview") -> int:  # type: ignore[override]
        left = self._fresh or self._deadline - time.monotonic()
        self._fresh = 0.0
        try:
            if left > 0:
                self.wait(left)
                return self._connection.recv_into(view)
        except TimeoutError:
            pass
        self.late = True
        return 0


class Reader:
    """Reads one request after the other from a connection."""

    def __init__(self, connection: socket.socket, limits: Limits, budget: Budget) -> None:
        self._connection, self._limits, self._budget = connection, limits, budget
        self._source = _Source(connection)
        self._stream = io.BufferedReader(self._source, _BUFFER)
        self._seen: list[bytes] = []  # the lines of the head so far
        self._left = 0  # bytes that the head may still have
        self._charged = 0

    def request(self) -> Incoming | None:
        """Read the next request; return None if the client has closed, or was silent for too long.

        Raises BadRequest for what is no HTTP, Overload if there is no room for its body. What the body took
        of the budget is kept until `release`.
        """
        self._source.allow(self._limits.idle)
        start = self._stream.peek(1)
        if not start:
            return None
        self._source.allow(self._limits.head_time)
        self._seen, self._left = [], self._limits.head
        size = start.find(b"\r\n\r\n") + 4
        found = _HEAD.fullmatch(start, 0, size) if 4 < size <= self._left else None
        if found:  # the whole head is here and good, as nearly always
            head = self._stream.read(size)
            self._seen.append(head)
        elif head := self._head_by_lines(start):
            found = _HEAD.fullmatch(head)
            assert found
        else:
            return None
        target = found[2].decode("utf-8", "surrogateescape")
        incoming = Incoming(found[1].decode(), target, found[3].decode(), self._fields(found[4]))
        incoming.head, incoming.ahead = head, max(0, len(start) - len(head))
        self._body(incoming)
        return incoming

    def release(self) -> None:
        """Give back what the last body took of the budget."""
        if self._charged:
            self._budget.give(self._charged)
            self._charged = 0

    def let_write(self) -> None:
        """Give what is written next the time that a connection may be idle."""
        self._source.wait(self._limits.idle)

    def drain(self, seconds: float, size: int) -> None:
        """Read and drop what still comes, so that closing does not destroy an answer on its way."""
        self._source.allow(seconds)
        while size > 0 and (part := self._stream.read1(_PART)):
            size -= len(part)

    # ---- the head

    def _line(self) -> bytes:
        """Read one line of the head or trailer, its end included."""
        line = self._stream.readline(self._left + 1)
        self._left -= len(line)
        self._seen.append(line)
        if line[-2:] != b"\r\n" or self._left < 0:
            self._refuse_end(line)
        return line

    def _head_by_lines(self, start: bytes) -> bytes:
        """Read a head that comes in parts or is bad, which its first bad line tells; b"" if none comes."""
        if not _START.match(start):
            self._refuse_start(start)
        line = self._line()
        while line == b"\r\n":  # RFC 9112 2.2: blank lines before a request are skipped
            self._seen.clear()
            self._source.allow(self._limits.idle)
            if not self._stream.peek(1):
                return b""
            self._source.allow(self._limits.head_time)
            line = self._line()
        if not _REQUEST_LINE.fullmatch(line):
            self._refuse_line(line)
        self._field_lines()
        return b"".join(self._seen)

    def _field_lines(self) -> None:
        """Read the lines of fields up to and with the blank line after them."""
        while (line := self._line()) != b"\r\n":
            if not _HEADER_LINE.fullmatch(line):
                self._refuse_field(line)

    def _fields(self, lines: bytes) -> dict[str, str]:
        """Return the fields by their names in lower case."""
        found: dict[str, str] = {}
        for line in lines.decode("latin-1").split("\r\n")[:-1]:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip(" \t")
            if name not in found:
                found[name] = value
            elif name in _ONCE:
                self._refuse(f"the header {name} stands twice")
            else:
                found[name] += f", {value}"
        return found

    def _refuse(self, reason: str, more: bytes = b"", status: int = 400) -> NoReturn:
        if self._source.late:
            reason, status = "the request did not arrive in time", 408
        raise BadRequest(reason, (b"".join(self._seen) + more)[: self._limits.head + _CHUNK_LINE], status)

    def _refuse_start(self, start: bytes) -> NoReturn:
        if start[:1] == b"\x16":  # the first byte of every TLS connection
            self._refuse("a TLS handshake on a port that speaks plain HTTP: use http://", start)
        self._refuse(f"no HTTP: it begins with {start[:20]!r}", start)

    def _refuse_line(self, line: bytes) -> NoReturn:
        """Say what is wrong with a request line."""
        words = line.split()
        if line.startswith(b"PRI * HTTP/2"):
            self._refuse("HTTP/2 on a port that speaks HTTP/1.1")
        if len(words) == 2 and words[0].isalpha():
            self._refuse("HTTP/0.9, or a request line without a version")
        if len(words) == 3 and re.fullmatch(rb"HTTP/\d\.\d", words[2]) and words[2][5:6] != b"1":
            self._refuse(f"{words[2].decode()} on a port that speaks HTTP/1.1")
        self._refuse(f"not a request line: {line[:80]!r}")

    def _refuse_end(self, line: bytes) -> NoReturn:
        """Say why a line does not end as it must."""
        if self._left < 0:
            self._refuse(f"the head is longer than {self._limits.head} bytes")
        if line[-1:] == b"\n":
            self._refuse("a line of the head ends with LF alone, not with CR LF")
        self._refuse("the connection was closed in the middle of the head")

    def _refuse_field(self, line: bytes) -> NoReturn:
        """Say what is wrong with a header line."""
        name, colon, _ = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            self._refuse("a header line is folded: it begins with a blank")
        if not colon:
            self._refuse(f"a header line without a colon: {line[:80]!r}")
        if name != name.rstrip():
            self._refuse(f"a blank between the header {name.rstrip()[:40]!r} and its colon")
        if not re.fullmatch(_TOKEN, name):
            self._refuse(f"not a header name: {name[:40]!r}")
        self._refuse(f"a control character in the header {name[:40]!r}")

    # ---- the body

    def _body(self, incoming: Incoming) -> None:
        """Read the body; one beyond the limit is read, thrown away and marked `oversize`."""
        headers, length = incoming.headers, 0
        if "host" not in headers and incoming.version != "HTTP/1.0":
            self._refuse("no Host header, which HTTP/1.1 demands")
        chunked = "transfer-encoding" in headers
        if chunked:
            self._check_coding(incoming)
        elif "content-length" in headers:
            text = headers["content-length"]
            if not (text.isascii() and text.isdigit() and len(text) < 19):
                self._refuse(f"not a Content-Length: {text[:40]!r}")
            length = int(text)
        if not (chunked or length):
            return
        self._source.allow(self._limits.body_time)
        if incoming.headers.get("expect", "").lower() == "100-continue" and incoming.version != "HTTP/1.0":
            if length > self._limits.body:
                incoming.oversize = incoming.unread = True
                return
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if 0 < length <= min(_PART, self._limits.body):
            incoming.body = self._exactly(length)
        else:
            self._collect(incoming, self._chunks(incoming) if chunked else self._parts(length))

    def _check_coding(self, incoming: Incoming) -> None:
        coding = incoming.headers["transfer-encoding"]
        if "content-length" in incoming.headers:
            self._refuse("both Content-Length and Transfer-Encoding")
        if coding.lower() != "chunked":
            self._refuse(f"a Transfer-Encoding other than chunked: {coding[:40]!r}")
        if incoming.version == "HTTP/1.0":
            self._refuse("Transfer-Encoding in HTTP/1.0")

    def _collect(self, incoming: Incoming, parts: Iterator[bytes]) -> None:
        body = bytearray()
        for part in parts:
            if incoming.oversize:
                continue
            if len(body) + len(part) > self._limits.body:
                incoming.oversize = True
                body.clear()
                self.release()
                continue
            body += part
            while len(body) > self._charged + _PART:  # the first part is free: most bodies are no longer
                self._budget.take(_PART)
                self._charged += _PART
        incoming.body = bytes(body)

    def _parts(self, size: int) -> Iterator[bytes]:
        while size:
            part = self._exactly(min(size, _PART))
            size -= len(part)
            yield part

    def _exactly(self, size: int) -> bytes:
        part = self._stream.read(size)
        if len(part) < size:
            self._refuse("the connection was closed in the middle of the body")
        return part

    def _chunks(self, incoming: Incoming) -> Iterator[bytes]:
        while size := self._chunk_size():
            yield from self._parts(size)
            if (end := self._exactly(2)) != b"\r\n":
                self._refuse(f"a chunk is not as long as its size says: {end!r} after it", end)
        before, self._left = len(self._seen), self._limits.head
        self._field_lines()
        incoming.trailer = b"".join(self._seen[before:])

    def _chunk_size(self) -> int:
        line = self._stream.readline(_CHUNK_LINE)
        found = _CHUNK.fullmatch(line)
        if not found:
            self._refuse(f"not the size of a chunk: {line[:40]!r}", line)
        return int(found[1], 16)
