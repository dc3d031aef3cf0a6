"""The head of an answer, read without the parser of e-mail, which takes half the time of an exchange."""

import re
from email.parser import Parser
from http.client import HTTPException, HTTPMessage, HTTPResponse, LineTooLong, UnknownProtocol
from typing import Final

LONGEST_LINE: Final = 1 << 16
MOST_LINES: Final = 100
_FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)\r\n")
_NO_BODY: Final = (204, 304)


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
        field = _FIELD.fullmatch(line)
        if field is None:
            return Parser(_class=HTTPMessage).parsestr(b"".join(lines).decode("iso-8859-1"))
        message.set_raw(field[1].decode("ascii"), field[2].decode("iso-8859-1"))
    return message
