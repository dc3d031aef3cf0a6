"""An answer that came at once is what http.client would have read, or is left to http.client."""

import io

import pytest

from pytest_qimen.client.response import Response, headers_of, whole

BODY = b"<response><flag>success</flag></response>"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


def answer(first: bytes = b"HTTP/1.1 200 OK", headers: bytes = LENGTH, body: bytes = BODY) -> bytes:
    return first + b"\r\n" + headers + b"\r\n" + body


PLAIN = {
    "the plainest": answer(),
    "no reason": answer(b"HTTP/1.1 200"),
    "an empty reason": answer(b"HTTP/1.1 200 "),
    "a refusal": answer(b"HTTP/1.1 503 Service Unavailable"),
    "headers": answer(headers=b"Content-Type:text/xml\r\n" + LENGTH + b"X-Empty:\r\nDate: \t now \r\n"),
    "UTF-8 in a header": answer(headers="X-Named: 奇门\r\n".encode() + LENGTH),
    "Latin-1 in a header": answer(headers=b"X-Named: caf\xe9\r\n" + LENGTH),
    "the last of its connection": answer(headers=LENGTH + b"Connection: Close\r\n"),
    "a kept connection": answer(headers=LENGTH + b"Connection: keep-alive\r\n"),
    "no body": answer(headers=b"Content-Length: 0\r\n", body=b""),
}

LEFT = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "a head alone": answer(body=b""),
    "half a body": answer(body=BODY[:-1]),
    "more than a body": answer(body=BODY + b"x"),
    "no length": answer(headers=b"Content-Type: text/xml\r\n"),
    "two lengths": answer(headers=LENGTH + LENGTH),
    "a length with a zero in front": answer(headers=LENGTH.replace(b": ", b": 0")),
    "chunks": answer(headers=LENGTH + b"Transfer-Encoding: chunked\r\n"),
    "a coding": answer(headers=LENGTH + b"Content-Encoding: gzip\r\n"),
    "HTTP/1.0": answer(b"HTTP/1.0 200 OK"),
    "informational": answer(b"HTTP/1.1 100 Continue"),
    "what has no body": answer(b"HTTP/1.1 204 No Content"),
    "not modified": answer(b"HTTP/1.1 304 Not Modified"),
    "four digits": answer(b"HTTP/1.1 2000 OK"),
    "a blank in front": answer(b" HTTP/1.1 200 OK"),
    "a folded header": answer(headers=b"X-Long: a\r\n b\r\n" + LENGTH),
    "a blank before the colon": answer(headers=b"X-Odd : a\r\n" + LENGTH),
    "a bare line feed": answer(headers=b"X-Odd: a\nX-More: b\r\n" + LENGTH),
    "headers without end": answer(headers=b"".join(b"X-%d: a\r\n" % n for n in range(101)) + LENGTH),
}


class Heard:
    """A connection on which these bytes came."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self._data))  # type: ignore[arg-type]


@pytest.mark.parametrize("data", PLAIN.values(), ids=PLAIN)
def test_read_at_once_as_http_client_reads_it(data: bytes) -> None:
    found = whole(data)
    read = Response(Heard(data), method="POST")  # type: ignore[arg-type]
    read.begin()
    assert found
    assert (found.status, found.headers) == (read.status, headers_of(read))
    assert (found.body, found.will_close) == (read.read(), read.will_close)


@pytest.mark.parametrize("data", LEFT.values(), ids=LEFT)
def test_what_is_not_plain_is_left_to_http_client(data: bytes) -> None:
    assert whole(data) is None
