"""The head of an answer, read without the parser of e-mail, which takes half the time of an exchange."""

import re
from dataclasses import dataclass
from email.parser import Parser
from functools import lru_cache
from http.client import HTTPException, HTTPMessage, HTTPResponse, LineTooLong, UnknownProtocol
from typing import Final

LONGEST_LINE: Final = 1 << 16
MOST_LINES: Final = 100
_FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)")
_CODED: Final = frozenset({"transfer-encoding", "content-encoding"})
_NO_BODY: Final = (204, 304)
_PLAIN: Final = re.compile(rb"HTTP/1\.1 (2(?!04)\d\d|3(?!04)\d\d|[45]\d\d)(?: [^\r\n]*)?")
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer of the plainest kind that came at once: of nearly all answers nothing else is read."""

    status: int
    headers: Headers
    body: bytes
    will_close: bool


def whole(data: bytes) -> Whole | None:
    """Return the answer that these bytes are from the first to the last; None where http.client must read it.

    That is all but HTTP/1.1 with one Content-Length and no coding.
    """
    head, end, body = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    status = _PLAIN.fullmatch(first)
    if not (end and status) or len(lines) > MOST_LINES:
        return None
    headers: list[tuple[str, str]] = []
    for line in lines:
        field = _field(line)
        if field is None:
            return None
        headers.append(field)
    told = dict(headers)
    fits = told.get("content-length") == str(len(body)) and _CODED.isdisjoint(told)
    if len(told) < len(headers) or not fits:
        return None
    return Whole(int(status[1]), tuple(headers), body, "close" in told.get("connection", "").lower())


@lru_cache(256)  # most of them come with every answer
def _field(line: bytes) -> tuple[str, str] | None:
    field = _FIELD.fullmatch(line)
    return (field[1].decode("ascii").lower(), _utf8(field[2])) if field else None


def headers_of(response: HTTPResponse | Whole) -> Headers:
    """Return the headers of an answer: names in small letters, values as UTF-8 where they are that."""
    if isinstance(response, Whole):
        return response.headers
    values = ((name, str(value).encode("latin-1", "replace")) for name, value in response.headers.raw_items())
    return tuple((name.lower(), _utf8(value)) for name, value in values)


def _utf8(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class Response(HTTPResponse):
    """An answer whose body http.client reads; an informational one (1xx) is an answer of its own."""

    def begin(self) -> None:
        """Read the head; raises HTTPException, OSError."""
        version, status, reason = self._read_status()  # type: ignore[attr-defined]
        if version != "HTTP/0.9" and not version.startswith("HTTP/1."):
            raise UnknownProtocol(version)
        self.version = 10 if version in ("HTTP/1.0", "HTTP/0.9") else 11
        self.code = self.status = status
        self.reason = reason.strip()
        self.headers = self.msg = _message(self._lines())
        self.chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        self.length = self._length()
        self.will_close = self._check_close() or not (self.chunked or self.length is not None)  # type: ignore[attr-defined]

    def _length(self) -> int | None:
        """Return how long the body is said to be; None where only its end or its chunks show it."""
        if self.status in _NO_BODY or self.status < 200 or self._method == "HEAD":  # type: ignore[attr-defined]
            return 0
        told = self.headers.get("content-length", "")
        try:
            length = -1 if self.chunked else int(told)
        except ValueError:
            return None
        return length if length >= 0 else None

    def _lines(self) -> list[bytes]:
        """Return the lines of the head; HTTPException for too long or too many."""
        lines: list[bytes] = []
        while (line := self.fp.readline(LONGEST_LINE + 1)) not in (b"\r\n", b"\n", b""):
            if len(line) > LONGEST_LINE:
                raise LineTooLong("header line")
            if len(lines) == MOST_LINES:
                raise HTTPException(f"got more than {MOST_LINES} headers")
            lines.append(line)
        return lines


def _message(lines: list[bytes]) -> HTTPMessage:
    """Return the headers; lines that are not plainly `Name: value` are read as e-mail's parser reads them."""
    message = HTTPMessage()
    for line in lines:
        field = _FIELD.fullmatch(line.removesuffix(b"\r\n")) if line.endswith(b"\r\n") else None
        if field is None:
            return Parser(_class=HTTPMessage).parsestr(b"".join(lines).decode("iso-8859-1"))
        message.set_raw(field[1].decode("ascii"), field[2].decode("iso-8859-1"))
    return message
