"""What an HTTP server hears and says: one request as it arrived, one answer and what becomes of it."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_ORIGIN = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


def without_origin(url: str) -> str:
    """Return the target of a URL: what follows `http://host`, empty where nothing does."""
    return url if url[:1] == "/" else _ORIGIN.sub("", url)


def query_of(target: str) -> str:
    """Return the query of a target as it came, still encoded."""
    return target.partition("?")[2].partition("#")[0]


@dataclass(slots=True)
class Incoming:
    """One request as it arrived.

    `headers` has the names in lower case, values of one name joined with a comma; `head` and `trailer` are
    the bytes of the head and of a chunked body's trailer as they came; `ahead` is how many bytes came
    together with the head. `oversize` marks a body beyond the limit: it was thrown away. `unread` marks one
    that was not even read. `arrived` is on the monotonic clock.
    """

    verb: str
    target: str
    version: str
    headers: dict[str, str]
    body: bytes = b""
    oversize: bool = False
    unread: bool = False
    head: bytes = b""
    trailer: bytes = b""
    ahead: int = 0
    arrived: float = field(default_factory=time.monotonic)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return the header fields in the order and the spelling in which they came."""
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return tuple((name, value.strip(" \t")) for name, _, value in (line.partition(":") for line in lines))

    @property
    def keeps_alive(self) -> bool:
        """Return true if the client wants the connection to stay open."""
        if self.unread:
            return False
        wish = self.headers.get("connection")
        if wish is None:
            return self.version != "HTTP/1.0"
        words = [word.strip().lower() for word in wish.split(",")]
        return "close" not in words and (self.version != "HTTP/1.0" or "keep-alive" in words)

    @property
    def path(self) -> str:
        """Return the path of the target, without a proxy's `http://host` before it."""
        return without_origin(self.target).partition("?")[0].partition("#")[0]

    @property
    def query(self) -> str:
        """Return the query of the target as it came, still encoded."""
        return query_of(self.target)


@dataclass(slots=True)
class Reply:
    """One answer, and what becomes of it on its way.

    `delay` are seconds to wait before it. `cut` sends the head and only so many bytes of the body and then
    closes, -1 closes without a byte. `reset` breaks the connection off (RST): at once, or after what `cut`
    lets through. `on_ready` is called before the first byte, `on_sent` when all was done as planned. `raw`
    is the whole answer, head and framing included, where it goes out as it is. `parts` come behind the body,
    each as soon as it is there, until the connection is closed.
    """

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml;charset=utf-8"})
    version: str = "HTTP/1.1"
    close: bool = False
    chunked: bool = False
    cut: int | None = None
    delay: float = 0.0
    reset: bool = False
    on_ready: Callable[[], None] | None = None
    on_sent: Callable[[], None] | None = None
    raw: bytes = b""
    parts: Iterable[bytes] | None = None

    def encode(self, close: bool) -> bytes:
        """Return the whole answer, head and body, for one write."""
        if self.parts is not None:
            return self._head("", "close") + self.body
        body = b"".join(_chunks(self.body)) if self.chunked else self.body
        framing = "Transfer-Encoding: chunked" if self.chunked else f"Content-Length: {len(body)}"
        return self._head(framing, "close" if close else "") + (
            body if self.cut is None else body[: self.cut]
        )

    def encode_for(self, incoming: Incoming, close: bool) -> bytes:
        """Return it as this client reads it: no body after HEAD, and for HTTP/1.0 no chunks."""
        if self.raw:
            return self.raw
        if incoming.verb == "HEAD":
            return self._head(f"Content-Length: {len(self.body)}", "close" if close else "")
        if incoming.version != "HTTP/1.0":
            return self.encode(close)
        body = self.body if self.cut is None else self.body[: self.cut]
        return self._head(f"Content-Length: {len(self.body)}", "close" if close else "keep-alive") + body

    def _head(self, framing: str, connection: str) -> bytes:
        lines = [f"{self.version} {self.status} {_PHRASES.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [framing] if framing else []
        if connection:
            lines.append(f"Connection: {connection}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def plain(status: int, text: str) -> Reply:
    """Return an answer of one line of plain text."""
    return Reply(f"{text}\n".encode(), status, {"Content-Type": "text/plain; charset=utf-8"})


def _chunks(body: bytes) -> Iterator[bytes]:
    step = max(1, len(body) // 3)
    for start in range(0, len(body), step):
        part = body[start : start + step]
        yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"
