"""An HTTP/1.1 server, a thread per connection: strict in what it reads, bounded in what it holds."""

import contextlib
import logging
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.wire.cores import beside_others
from pytest_qimen.wire.framing import BadRequest, Reader
from pytest_qimen.wire.http import Incoming, Reply, plain
from pytest_qimen.wire.limits import Budget, Limits, Overload
from pytest_qimen.wire.port import BACKLOG, kept, knock, listening

_LOG = logging.getLogger(__name__)
_LINGER = 2.0, 1 << 20  # seconds and bytes for which a refused client may go on writing
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER that makes close() send RST
_FULL = "too many connections"
_HANDSHAKE = b"\x16"  # the first byte of every TLS connection


class _Connection:
    """One connection: its thread, and since when it has been waiting for a request (None: it answers one)."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.thread: threading.Thread
        self.waiting: float | None = time.monotonic()
        self.evicted = False

    def shut(self, how: int) -> None:
        """Shut the socket down without touching its TLS state, which its own thread still uses."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, how)


class Server:
    """Gives every request that arrives on a port to `answer`; a thread per connection.

    `on_answered` is told of every request after its answer went out, and whether all of it did. What is no
    HTTP is given to `on_bad` (the bytes that arrived, and the reason) and answered with status 400 (408 when
    it did not arrive in time); then the connection is closed. When all connections are in use, the one that
    has waited longest for its client is closed, with status 503 in the middle of a request. `settled`: its
    threads share a core with others. Raises UsageError, with the remedy, where it cannot listen.
    """

    def __init__(
        self,
        answer: Callable[[Incoming], Reply],
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        tls: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        on_bad: Callable[[bytes, str], None] | None = None,
        on_answered: Callable[[Incoming, Reply, bool], None] | None = None,
        settled: bool = False,
    ) -> None:
        self._answer, self._tls, self._on_bad, self._on_answered = answer, tls, on_bad, on_answered
        self._limits, self._settled = limits or Limits(), settled
        self._budget = Budget(self._limits.bodies)
        self._listener = listening(host, port)
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._open: set[_Connection] = set()
        self._stopped = threading.Event()
        self._closing = 0.0  # seconds for which nobody is to listen
        self._away = threading.Event()  # nobody listens now
        self._thread = threading.Thread(target=self._accept, name=f"qimen-{self.port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection; its threads are gone when it returns."""
        self._stopped.set()
        knock(self._listener)
        self._thread.join()
        self._listener.close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            connection.shut(socket.SHUT_RDWR)
        for connection in left:
            connection.thread.join()

    def close_for(self, seconds: float) -> None:
        """Close the port and the connections that wait; listen again on the same port after so many seconds.

        It is closed when this returns. A call that is being answered gets its answer.
        """
        self._closing = seconds
        knock(self._listener)
        self._away.wait(_LINGER[0])

    @property
    def is_open(self) -> bool:
        """Return True while somebody listens on the port."""
        return self._thread.is_alive() and not self._closing and not self._away.is_set()

    # ---- accepting

    def _stay_away(self) -> None:
        """Listen to nobody for as long as was asked, with the port kept."""
        self._listener = kept(self._listener)
        self._away.set()
        with self._lock:
            for connection in self._open:
                if connection.waiting is not None:
                    connection.shut(socket.SHUT_RDWR)
        self._stopped.wait(self._closing)
        self._listener.listen(BACKLOG)
        self._closing = 0.0
        self._away.clear()

    def _accept(self) -> None:
        if self._settled:
            beside_others()
        while not self._stopped.is_set():
            try:
                accepted, _ = self._listener.accept()
            except OSError:  # out of file descriptors, or reset before it was taken
                if self._stopped.wait(0.01):
                    return
                continue
            if self._stopped.is_set():
                accepted.close()
                return
            if self._closing:
                accepted.close()
                self._stay_away()
                continue
            with contextlib.suppress(OSError):
                self._start(accepted)

    def _start(self, accepted: socket.socket) -> None:
        """Begin to serve a connection, if there is room for it or room can be made."""
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(accepted)
        connection.thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
        with self._lock:
            held = [one for one in self._open if not one.evicted]
            if len(held) >= self._limits.connections and not _evict(held):
                connection.evicted = True  # its thread only says so
            if len(self._open) - len(held) < self._limits.connections:
                self._open.add(connection)
        if connection not in self._open:
            accepted.close()
            return
        try:
            connection.thread.start()
        except RuntimeError:  # the system has no thread left
            with self._lock:
                self._open.discard(connection)
            accepted.close()

    # ---- one connection

    def _serve(self, connection: _Connection) -> None:
        try:
            with contextlib.suppress(OSError):
                if self._tls is None or self._secure(connection, self._tls):
                    reader = Reader(connection.socket, self._limits, self._budget)
                    if connection.evicted:
                        self._end(connection, reader, plain(503, _FULL))
                    while not connection.evicted and self._one(connection, reader):
                        pass
        except Exception:
            _LOG.exception("a connection ended in an error")
        finally:
            connection.socket.close()
            with self._lock:
                self._open.discard(connection)

    def _secure(self, connection: _Connection, tls: ssl.SSLContext) -> bool:
        """Do the TLS handshake; return False where the client does not speak TLS, or not with us."""
        plain_socket = connection.socket
        plain_socket.settimeout(self._limits.head_time)
        start = plain_socket.recv(1, socket.MSG_PEEK)
        if start and start != _HANDSHAKE:
            raw = plain_socket.recv(1 << 12)
            reader = Reader(plain_socket, self._limits, self._budget)
            bad = BadRequest("plain HTTP on a port that speaks TLS: use https://", raw)
            self._refuse(connection, reader, bad)
            return False
        try:
            connection.socket = tls.wrap_socket(plain_socket, server_side=True)
        except OSError as error:
            if start and not connection.evicted and not self._stopped.is_set():
                why = getattr(error, "reason", None) or type(error).__name__
                self._tell(b"", f"the TLS handshake failed: {why}")
            return False
        return True

    def _one(self, connection: _Connection, reader: Reader) -> bool:
        """Answer one request; return True if another may follow."""
        with self._lock:  # the port is closed after this, and this one with it, or was before
            if self._away.is_set():
                return False
            connection.waiting = time.monotonic()
        incoming: Incoming | BadRequest | Overload | None
        try:
            incoming = reader.request()
        except (BadRequest, Overload) as error:
            incoming = error.with_traceback(None)  # its frames hold what arrived of the body
        finally:
            connection.waiting = None
        if isinstance(incoming, BadRequest):
            self._refuse(connection, reader, incoming)
            return False
        if isinstance(incoming, Overload):
            self._end(connection, reader, plain(503, str(incoming)))
            return False
        if incoming is None:
            return False
        try:
            stays = self._deliver(connection.socket, reader, incoming)
        finally:
            reader.release()
        if incoming.unread:
            self._linger(connection, reader)
        return stays

    def _deliver(self, connection: socket.socket, reader: Reader, incoming: Incoming) -> bool:
        """Make and send the answer, then tell of it; return True if the connection stays."""
        reply, sent = self._reply(incoming), False
        try:
            stays = self._send(connection, reader, incoming, reply)
            sent = reply.cut is None and not reply.reset
        finally:
            if self._on_answered:
                self._on_answered(incoming, reply, sent)
        return stays

    def _reply(self, incoming: Incoming) -> Reply:
        try:
            return self._answer(incoming)
        except Exception:
            _LOG.exception("a request was not answered")
            return plain(500, "internal error")

    def _send(self, connection: socket.socket, reader: Reader, incoming: Incoming, reply: Reply) -> bool:
        """Send an answer, or what its faults leave of it; return True if the connection stays."""
        if reply.delay and self._stopped.wait(reply.delay):
            return False
        if reply.on_ready:
            reply.on_ready()
        close = reply.close or reply.parts is not None or not incoming.keeps_alive
        if reply.cut != -1 and not (reply.reset and reply.cut is None):
            reader.let_write()
            connection.sendall(reply.encode_for(incoming, close))
            for part in reply.parts or ():
                connection.sendall(part)
        if reply.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        if reply.on_sent:
            reply.on_sent()
        return not close and reply.cut is None and not reply.reset

    # ---- refusing

    def _refuse(self, connection: _Connection, reader: Reader, error: BadRequest) -> None:
        """Tell of a bad request and answer it, unless it only broke off because we closed it."""
        if connection.evicted or self._stopped.is_set():
            self._end(connection, reader, plain(503, _FULL))
        else:
            self._tell(error.raw, str(error))
            self._end(connection, reader, plain(error.status, str(error)))

    def _tell(self, raw: bytes, reason: str) -> None:
        _LOG.debug("bad request: %s", reason)
        if self._on_bad:
            try:
                self._on_bad(raw, reason)
            except Exception:
                _LOG.exception("a bad request was not judged")

    def _end(self, connection: _Connection, reader: Reader, reply: Reply) -> None:
        """Send the last answer of a connection."""
        reader.release()
        connection.socket.settimeout(_LINGER[0])
        connection.socket.sendall(reply.encode(close=True))
        self._linger(connection, reader)

    @staticmethod
    def _linger(connection: _Connection, reader: Reader) -> None:
        """Close our half and hear the client out, so that what it still sends resets no answer on its way."""
        connection.shut(socket.SHUT_WR)
        reader.drain(*_LINGER)


def _evict(held: list[_Connection]) -> bool:
    """Close the connection that has waited longest for its client; return False if all are being answered."""
    waiting = [(one.waiting, one) for one in held if one.waiting is not None]
    if not waiting:
        return False
    oldest = min(waiting, key=lambda pair: pair[0])[1]
    oldest.evicted = True
    oldest.shut(socket.SHUT_RD)
    return True


def tls_context(certificate: str | os.PathLike[str], key: str | os.PathLike[str]) -> ssl.SSLContext:
    """Return the TLS context for a certificate (with its chain) and its key, both PEM; or UsageError."""
    for path in (certificate, key):
        if not os.path.isfile(path):
            raise UsageError(say("no-such-file", path=os.fspath(path)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (ssl.SSLError, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or str(error)
        told = say("no-pem", certificate=os.fspath(certificate), key=os.fspath(key), why=why)
        raise UsageError(told) from None
    return context
