"""A SignedRequest in, an Exchange out: kept connections, time-outs, a size limit and a rate.

httpx reads addresses and makes the TLS context; redirects, cookies and proxies are nothing that a test adds.
"""

import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import httpx

from pytest_qimen.client.connection import Failed, Place, head_of
from pytest_qimen.client.delivery import framing
from pytest_qimen.client.pool import Pool
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.response import Headers, headers_of
from pytest_qimen.phrases import Said, say
from pytest_qimen.reasons import Network
from pytest_qimen.target.model import NO_TLS, Target, Tls

MAX_ANSWER: Final = 16 * 1024 * 1024
CLOSE: Final = ("Connection", "close")
HEADERS: Final = (
    ("Accept-Encoding", "gzip"),
    ("Connection", "keep-alive"),
    ("User-Agent", "pytest-qimen"),
)
LAST_HEADERS: Final = tuple(CLOSE if name == CLOSE[0] else (name, value) for name, value in HEADERS)
LAST: Final = ("expect-continue", "http-1.0", "own-connection")  # deliveries that end their connection
PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile("[!-~]*")
Address = tuple[Place, bytes, bytes]  # where it leads, the host as it is sent, the path with its query


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back: status, headers and body, or `error` instead.

    `error.word` is connect, tls, timeout, reset, protocol or too-large; `seconds` is the time from sending to
    the last byte.
    """

    request: SignedRequest
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float
    error: Network | None = None

    def header(self, name: str) -> str:
        """Return a header of the answer, empty when it is missing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Rate:
    """At most so many requests a second, evenly spaced; 0 for no limit. Shared by threads."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may go."""
        if not self._gap:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._next)
            self._next = start + self._gap
        if start > now:
            self._sleep(start - now)


class Transport:
    """One pool of connections for a whole session; safe for several threads."""

    def __init__(
        self,
        *,
        connect_timeout: float = 15.0,
        read_timeout: float = 30.0,
        rate: float = 0.0,
        max_answer: int = MAX_ANSWER,
        tls: Tls = NO_TLS,
    ) -> None:
        """Times are in seconds, `rate` in requests a second (0 for no limit), `max_answer` in bytes."""
        self._pool = Pool(connect_timeout, read_timeout, lambda: self._context)
        self._deadline = connect_timeout + read_timeout
        self._rate = Rate(rate)
        self._max = max_answer
        self._tls = tls
        self._addresses: dict[str, Address] = {}

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return tls_context(self._tls)

    @classmethod
    def to(cls, target: Target, workers: int = 1) -> Self:
        """Return one with the target's time-outs and certificates, and this worker's share of its rate."""
        return cls(
            connect_timeout=target.connect_timeout,
            read_timeout=target.read_timeout,
            rate=target.rate / workers,
            tls=target.tls,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def send(self, request: SignedRequest) -> Exchange:
        """Send it and read the whole answer; never raises for what the network or the endpoint does.

        Where a kept connection closes without an answer, a request that only asks goes out again on a new
        one. Any other is never sent twice: the endpoint may have carried it out.
        """
        self._rate.wait()
        start = time.perf_counter()
        while True:
            try:
                return self._send(request, start)
            except Failed as failed:
                if failed.stale and request.idempotent:
                    continue
                reason = say("not-sent-again", reason=failed.reason) if failed.stale else failed.reason
                return _failed(request, start, failed.word, reason)
            except (httpx.InvalidURL, ValueError, OSError) as error:
                return _failed(request, start, "protocol", str(error) or type(error).__name__)

    def _send(self, request: SignedRequest, start: float) -> Exchange:
        place, host, target = self._address(request.url)
        last = _is_last(request)
        data = _head(request, host, target, LAST_HEADERS if last else HEADERS)
        pool = self._pool
        connection = pool.connect(place) if request.delivery else pool.take(place)  # no kept one to blame
        answer = connection.send(request, data, start + self._deadline)
        try:
            body, error = self._read(connection.parts(answer), start)
        finally:
            pool.give(place, connection, answer.will_close or last)
        seconds = time.perf_counter() - start
        return Exchange(request, answer.status, headers_of(answer), body, seconds, error)

    def _address(self, url: str) -> Address:
        """Return the address, parsed once, with the query exactly as it was signed."""
        head, mark, query = url.partition("?")
        if not _PLAIN.fullmatch(query):
            return _parsed(url)
        if head not in self._addresses:
            self._addresses[head] = _parsed(head)
        place, host, path = self._addresses[head]
        return place, host, path + (mark + query).encode()

    def _read(self, incoming: Iterator[bytes], start: float) -> tuple[bytes, Network | None]:
        """Return the body, or as much of it as was wanted and why no more."""
        parts: list[bytes] = []
        size = 0
        for part in incoming:
            parts.append(part)
            size += len(part)
            if size > self._max:
                return b"".join(parts)[: self._max], Network("too-large", say("more-than", size=self._max))
            if time.perf_counter() - start >= self._deadline:
                break
        if time.perf_counter() - start >= self._deadline:
            return b"".join(parts), Network("timeout", say("late-after", seconds=f"{self._deadline:g}"))
        return b"".join(parts), None

    def abandon(self, request: SignedRequest) -> None:
        """Send it over a new connection and hang up without reading, as a client does that times out.

        Raises OSError where it cannot be sent.
        """
        place, host, target = self._address(request.url)
        try:
            connection = self._pool.connect(place)
        except Failed as failed:
            raise OSError(str(failed)) from None
        connection.deadline = time.perf_counter() + self._deadline
        with closing(connection.socket):
            connection.write(_head(request, host, target, (CLOSE,)) + request.body)


def tls_context(tls: Tls) -> ssl.SSLContext:
    """Return a context that trusts SSL_CERT_FILE or certifi, and the target's own authority."""
    context = httpx.create_ssl_context()
    if tls.authority:
        context.load_verify_locations(tls.authority)
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key or None)
    return context


def _parsed(address: str) -> Address:
    """Return where the address leads; ValueError for one that no request can be sent to."""
    url = httpx.URL(address)
    if not url.scheme:
        raise ValueError("Request URL is missing an 'http://' or 'https://' protocol.")
    if url.scheme not in PORTS:
        raise ValueError(f"Request URL has an unsupported protocol '{url.scheme}://'.")
    return Place(url.scheme, url.host, url.port or PORTS[url.scheme]), url.netloc, url.raw_path


def _head(request: SignedRequest, host: bytes, target: bytes, headers: Headers) -> bytes:
    """Return the head of the request, with the framing of its delivery."""
    version = "1.0" if request.delivery == "http-1.0" else "1.1"
    added = framing(request.delivery, request.body)
    return head_of(request.http_method, target, host, (*headers, *request.headers, *added), version)


def _is_last(request: SignedRequest) -> bool:
    """Return whether its connection ends with it: many servers leave the body unread of what is no POST."""
    return request.http_method != "POST" or request.delivery in LAST


def _failed(request: SignedRequest, start: float, word: str, reason: Said) -> Exchange:
    return Exchange(request, None, (), b"", time.perf_counter() - start, Network(word, reason))
