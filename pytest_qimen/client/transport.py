"""A SignedRequest in, an Exchange out: kept connections, time-outs, a size limit and a rate.

httpx sends it where there is TLS; where there is none, the lighter way of `connection` does.
"""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx

from pytest_qimen.client.plain_http import Failed, Headers, Pool, head, headers_of
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.target.model import Target

MAX_ANSWER: Final = 16 * 1024 * 1024
CLOSE: Final = ("Connection", "close")
HEADERS: Final = (
    ("Accept-Encoding", "gzip"),
    ("Connection", "keep-alive"),
    ("User-Agent", "pytest-qimen"),
)
LAST_HEADERS: Final = tuple(CLOSE if name == CLOSE[0] else (name, value) for name, value in HEADERS)
_PLAIN: Final = re.compile("[!-~]*")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back: status, headers and body, or `error` instead.

    `error` is one of connect, tls, timeout, reset, protocol, too-large, followed by a colon and the reason;
    `seconds` the time from sending to the last byte.
    """

    request: SignedRequest
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float
    error: str | None = None

    def header(self, name: str) -> str:
        """A header of the answer, empty when it is missing."""
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


class _Trace:
    """What httpx tells of one attempt: whether it opened a connection, whether anything came back."""

    def __init__(self) -> None:
        self.fresh = self.answered = False

    def __call__(self, event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            self.fresh = True
        elif event == "http11.receive_response_headers.complete":
            self.answered = True


class Transport:
    """One pool of connections for a whole session; safe for several threads.

    It is httpx without its Client: cookies, redirects and proxies are nothing that a test should add.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = 15.0,
        read_timeout: float = 30.0,
        rate: float = 0.0,
        max_answer: int = MAX_ANSWER,
        connections: int = 100,
    ) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._pool = httpx.HTTPTransport(limits=limits, trust_env=False)
        self._plain = Pool(connect_timeout, read_timeout)
        self._timeout = httpx.Timeout(read_timeout, connect=connect_timeout).as_dict()
        self._deadline = connect_timeout + read_timeout
        self._rate = Rate(rate)
        self._max = max_answer
        self._places: dict[str, httpx.URL] = {}

    @classmethod
    def to(cls, target: Target, workers: int = 1) -> Self:
        """With the target's time-outs and this worker's share of its rate."""
        return cls(
            connect_timeout=target.connect_timeout,
            read_timeout=target.read_timeout,
            rate=target.rate / workers,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
        self._plain.close()

    def send(self, request: SignedRequest) -> Exchange:
        """Send it and read the whole answer; never raises for what the network or the endpoint does.

        A kept connection that turns out to be closed is no fault: the request goes out again on the next.
        """
        self._rate.wait()
        start = time.perf_counter()
        while True:
            trace = _Trace()
            try:
                url, target = self._place(request.url)
                if url.scheme == "http":
                    return self._send_plain(request, start, url, target)
                return self._send(request, start, trace, url, target)
            except Failed as failed:
                if not failed.stale:
                    return _failed(request, start, failed.word, failed)
            except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
                if trace.fresh or trace.answered:
                    return _failed(request, start, _word(error), error)
            except httpx.HTTPError as error:
                return _failed(request, start, _word(error), error)
            except (httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
                return _failed(request, start, "protocol", error)

    def _send_plain(self, request: SignedRequest, start: float, url: httpx.URL, target: bytes) -> Exchange:
        place = url.host, url.port or 80
        data = _bytes(request, url, target, _headers(request))
        connection = self._plain.take(*place)
        answer = connection.send(data, request.http_method, start + self._deadline)
        try:
            body, error = self._read(connection.parts(answer), start)
        finally:
            self._plain.give(*place, connection, answer.will_close or _is_last(request))
        seconds = time.perf_counter() - start
        return Exchange(request, answer.status, headers_of(answer), body, seconds, error)

    def _send(
        self, request: SignedRequest, start: float, trace: _Trace, url: httpx.URL, target: bytes
    ) -> Exchange:
        prepared = httpx.Request(
            request.http_method,
            url,
            headers=[*_headers(request), *request.headers],
            content=request.body,
            extensions={"timeout": self._timeout, "trace": trace, "target": target},
        )
        answer = self._pool.handle_request(prepared)
        try:
            body, error = self._read(answer.iter_bytes(), start)
        finally:
            answer.close()
        return Exchange(
            request,
            answer.status_code,
            tuple(answer.headers.multi_items()),
            body,
            time.perf_counter() - start,
            error,
        )

    def _place(self, url: str) -> tuple[httpx.URL, bytes]:
        """The address, parsed once, and the path with the query exactly as it was signed."""
        head, mark, query = url.partition("?")
        if not _PLAIN.fullmatch(query):
            parsed = httpx.URL(url)
            return parsed, parsed.raw_path
        if head not in self._places:
            self._places[head] = httpx.URL(head)
        return self._places[head], self._places[head].raw_path + (mark + query).encode()

    def _read(self, incoming: Iterator[bytes], start: float) -> tuple[bytes, str | None]:
        """The body, or as much of it as was wanted and why no more."""
        parts: list[bytes] = []
        size = 0
        for part in incoming:
            parts.append(part)
            size += len(part)
            if size > self._max:
                return b"".join(parts)[: self._max], f"too-large: more than {self._max} bytes"
            if time.perf_counter() - start >= self._deadline:
                break
        if time.perf_counter() - start >= self._deadline:
            return b"".join(parts), f"timeout: the answer was not complete after {self._deadline:g} s"
        return b"".join(parts), None

    def abandon(self, request: SignedRequest) -> None:
        """Send it over a fresh connection and hang up without reading, as a client does that times out."""
        url, target = self._place(request.url)
        with _connection(url) as connection:
            connection.sendall(_bytes(request, url, target, (CLOSE,)))


def _bytes(request: SignedRequest, url: httpx.URL, target: bytes, headers: Headers) -> bytes:
    """The whole request."""
    length = ("Content-Length", str(len(request.body)))
    return head(request.http_method, target, url.netloc, (*headers, *request.headers, length)) + request.body


def _is_last(request: SignedRequest) -> bool:
    """Whether its connection ends with it: many servers leave the body unread of what is no POST."""
    return request.http_method != "POST"


def _headers(request: SignedRequest) -> Headers:
    return LAST_HEADERS if _is_last(request) else HEADERS


@contextmanager
def _connection(url: httpx.URL) -> Iterator[socket.socket]:
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    with socket.create_connection((url.host, port), timeout=15) as plain:
        if url.scheme == "https":
            with ssl.create_default_context().wrap_socket(plain, server_hostname=url.host) as secure:
                yield secure
        else:
            yield plain


def _word(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "connect"
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    if isinstance(error, httpx.ConnectError):
        return "tls" if "SSL" in str(error) or "certificate" in str(error).lower() else "connect"
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return "reset"
    return "protocol"


def _failed(request: SignedRequest, start: float, word: str, error: Exception) -> Exchange:
    reason = str(error) or type(error).__name__
    return Exchange(request, None, (), b"", time.perf_counter() - start, f"{word}: {reason}")
