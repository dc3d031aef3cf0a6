"""A request in, the same request passed on to one address, and that address's own answer out.

Nothing of either is changed or added, but: `Host` names the address (not with `keep_host`), the path is the
address's where it has one, and the chunks of a chunked body become one.
"""

import io
import re
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from ipaddress import ip_address
from socket import SHUT_RDWR, getaddrinfo, socket
from typing import Any
from urllib.parse import urlsplit

from pytest_qimen.client.connection import PART, Connection, Failed, Place
from pytest_qimen.client.content import CodingError, decoded
from pytest_qimen.client.response import Response
from pytest_qimen.client.transport import PORTS, tls_context
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.target.model import NO_TLS, Tls
from pytest_qimen.wire.http import Incoming, Reply, plain, without_origin
from pytest_qimen.wire.limits import Budget, Overload

CONNECT, READ = 15.0, 300.0  # seconds; how long an answer may take is the caller's affair
KEPT = 1.0  # seconds for which a connection may wait for its next call
LARGEST, ROOM = 20 * 1024 * 1024, 256 * 1024 * 1024  # bytes of an answer, and of all at one time
_HOST = re.compile(rb"(?im)^host:[^\r\n]*")


class Forward:
    """Passes calls on to one address and to no other; safe for several threads."""

    def __init__(self, url: str, *, tls: Tls = NO_TLS, keep_host: bool = False) -> None:
        """`tls` names an authority to trust besides the usual ones. UsageError for what is no address."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in PORTS or not parts.hostname or port == -1 or parts.query or parts.username:
            raise UsageError(say("listen-forward-url", url=url))
        self._place = Place(parts.scheme, parts.hostname, port or PORTS[parts.scheme])
        self._netloc, self._path = parts.netloc.encode("idna"), parts.path.encode()
        self._keep_host = keep_host
        self._context: ssl.SSLContext | None = tls_context(tls) if parts.scheme == "https" else None
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._closed = False
        self._room = Budget(ROOM)

    def close(self) -> None:
        """Close what waits, and break off what is under way: its callers are answered 502."""
        self._closed = True
        while self._idle:
            self._idle.pop().socket.close()
        for connection in self._busy.copy():
            with suppress(OSError):
                socket.shutdown(connection.socket, SHUT_RDWR)  # leaves TLS to the thread that reads

    def answer(self, incoming: Incoming) -> Reply:
        """Return the endpoint's own answer (`raw`), or, where none came, 502 in our words without `raw`."""
        if incoming.oversize:
            return plain(413, "the body is longer than what is passed on")
        try:
            connection = self._take()
        except Failed as failed:
            return plain(502, f"not passed on: {failed}")
        self._busy.add(connection)
        try:
            if self._closed:
                raise OSError("the session has ended")
            return self._passed_on(connection, incoming)
        except (OSError, HTTPException, ValueError, Overload) as error:
            connection.socket.close()
            return plain(502, f"passed on, and no answer came: {str(error) or type(error).__name__}")
        finally:
            self._busy.discard(connection)

    def _take(self) -> Connection:
        while self._idle:
            try:
                kept = self._idle.pop()
            except IndexError:
                break
            if time.monotonic() - kept.used < KEPT and kept.is_open():
                return kept
            kept.socket.close()
        return Connection(self._place, self._context, CONNECT, READ)

    def _passed_on(self, connection: Connection, incoming: Incoming) -> Reply:
        connection.deadline = time.perf_counter() + READ
        connection.write(self._head(incoming) + _body(incoming))
        tape = _Tape(connection)
        response = Response(tape, method=incoming.verb)  # type: ignore[arg-type]  # wants makefile()
        response.begin()
        while 100 <= response.status < 200:
            tape.forget_head()
            response.begin()
        parts = self._read(response)
        size, whole = sum(map(len, parts)), not response.length
        connection.used = time.monotonic()
        if response.will_close or not whole:
            connection.socket.close()
        else:
            self._idle.append(connection)
        headers = dict(response.headers.items())
        body = _plain(parts, response.headers.get("Content-Encoding", ""))
        close = response.will_close
        return Reply(body, response.status, headers, close=close, cut=None if whole else size, raw=tape.bytes)

    def _read(self, response: Response) -> list[bytes]:
        """Return the body as it came; ValueError for one of more than LARGEST, Overload for too many."""
        parts: list[bytes] = []
        size = 0
        try:
            while part := response.read1(PART):
                self._room.take(len(part))
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise ValueError(f"an answer of more than {LARGEST} bytes")
            return parts
        finally:
            self._room.give(size)

    def _head(self, incoming: Incoming) -> bytes:
        """Return the head as it came, sent to this address."""
        line, _, rest = incoming.head.lstrip(b"\r\n").partition(b"\r\n")
        verb, target, version = line.split(b" ")
        target = without_origin(target.decode("latin-1")).encode("latin-1") or b"/"
        if self._path.strip(b"/"):
            target = self._path + target[len(re.split(rb"[?#]", target, maxsplit=1)[0]) :]
        if not self._keep_host:
            rest = _HOST.sub(lambda found: found[0][:5] + b" " + self._netloc, rest, count=1)
        return b" ".join((verb, target, version)) + b"\r\n" + rest


def _body(incoming: Incoming) -> bytes:
    if "transfer-encoding" not in incoming.headers:
        return incoming.body
    body = incoming.body
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return chunk + b"0\r\n" + incoming.trailer


def _plain(parts: Sequence[bytes], coding: str) -> bytes:
    """Return the body as it was before it was compressed, for the judge: no more of it than LARGEST."""
    found: list[bytes] = []
    size = 0
    try:
        for part in decoded(iter(parts), coding):
            found.append(part)
            size += len(part)
            if size > LARGEST:
                break
        return b"".join(found)
    except CodingError:
        return b"".join(parts)


class _Tape:
    """What http.client reads from a connection, and every byte of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._parts: list[bytes] = []

    @property
    def bytes(self) -> bytes:
        """Return what arrived since the last informational head."""
        return b"".join(self._parts)

    def forget_head(self) -> None:
        """Drop the first head: an informational answer, which the caller has had from us."""
        self._parts[:] = [self.bytes.partition(b"\r\n\r\n")[2]]

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what http.client reads from."""
        return io.BufferedReader(_Source(self._connection, self._parts.append), PART)


class _Source(io.RawIOBase):
    def __init__(self, connection: Connection, keep: Any) -> None:
        self._connection, self._keep = connection, keep

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._connection.receive(buffer)
        self._keep(bytes(buffer[:size]))
        return size


def is_own(url: str, host: str, port: int) -> bool:
    """Return True when the address is the one that is listened at."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    try:
        if (parts.port or PORTS.get(parts.scheme, 0)) != port:
            return False
        found = {ip_address(str(one[4][0]).partition("%")[0]) for one in getaddrinfo(name, port)}
    except (OSError, ValueError):
        return name == host
    return name == host or any(one.is_loopback or one.is_unspecified for one in found)
