"""Whatever a server does to a connection becomes an Exchange."""

import gzip
import time
from collections.abc import Callable

import pytest

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange, Transport
from tests.client.servers import BODY, GZIP, HEADERS, OK, dripping, request, said
from tests.support.servers import Peer, answer, raw

HALF = answer(OK, length=100)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIP = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
AT_ONCE = ("reset: ", "connect: ", "protocol: ")  # as far as the connection had come when it was reset


BROKEN = {
    "reset at once": (lambda peer: peer.reset(), None, AT_ONCE),
    "reset instead of an answer": (said(b"", Peer.reset), None, "reset: "),
    "reset in half an answer": (said(HALF, Peer.reset), None, "reset: "),
    "no answer": (said(b""), None, "protocol: Server disconnected without sending a response."),
    "half an answer": (
        said(HALF),
        None,
        "protocol: peer closed connection without sending complete message body (received 11 bytes, "
        "expected 100)",
    ),
    "half a chunked answer": (
        said(CHUNKED + b"b\r\n<response/>\r\n"),
        None,
        "protocol: peer closed connection without sending complete message body (incomplete chunked read)",
    ),
    "no HTTP": (said(b"220 smtp ready\r\n\r\n"), None, "protocol: illegal status line: "),
    "not what gzip makes": (said(answer(OK, headers=GZIP)), None, "protocol: Error -3 while decompressing"),
    "silence": (said(b"", Peer.until_hung_up), None, "timeout: timed out"),
    "a slow drip": (dripping(DRIP, b"x"), 200, "timeout: the answer was not complete after 1 s"),
    "a head that drips": (
        dripping(b"HTTP/1.1 200 OK\r\n", b"a: 1\r\n"),
        None,
        "timeout: the answer was not complete in time",
    ),
    "a header that drips": (
        dripping(b"HTTP/1.1 200 OK\r\na: ", b"x"),
        None,
        "timeout: the answer was not complete in time",
    ),
}


@pytest.mark.parametrize(("script", "status", "error"), BROKEN.values(), ids=BROKEN)
def test_broken_exchanges(
    script: Callable[[Peer], None], status: int | None, error: str | tuple[str, ...], transport: Transport
) -> None:
    with raw(script) as url:
        sent = request(url)
        start = time.monotonic()
        found = transport.send(sent)
        assert time.monotonic() - start < 10  # far below the default time-outs
    assert (found.request, found.status) == (sent, status)
    assert str(found.error).startswith(error)
    assert str(found.error).count("\n") == 0
    assert 0 < found.seconds < 10


WHOLE = {
    "plain": (answer(OK), 200, OK),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
    "chunked": (CHUNKED + b"5\r\n<resp\r\n6\r\nonse/>\r\n0\r\n\r\n", 200, OK),
    "gzip": (answer(gzip.compress(OK), headers=GZIP), 200, OK),
    "up to the end of the connection": (b"HTTP/1.0 200 OK\r\n\r\n" + OK, 200, OK),
    "with early hints": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + answer(OK),
        200,
        OK,
    ),
    "closing": (answer(OK, headers=b"Connection: close\r\n"), 200, OK),
    "a redirect is an answer": (answer("", "302 Found", b"Location: /other\r\n"), 302, b""),
    "an error is an answer": (answer("<h1>", "502 Bad Gateway"), 502, b"<h1>"),
    "not XML": (answer(b"\xff\xfe\x00"), 200, b"\xff\xfe\x00"),
}


@pytest.mark.parametrize(("data", "status", "body"), WHOLE.values(), ids=WHOLE)
def test_whole_answers(data: bytes, status: int, body: bytes, transport: Transport) -> None:
    with raw(said(data)) as url:
        found = transport.send(request(url))
    assert (found.error, found.status, found.body) == (None, status, body)


def test_the_bytes_of_the_request_are_those_that_were_signed(transport: Transport) -> None:
    arrived = []

    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.send(answer(OK))

    with raw(script) as url:
        transport.send(request(url))
    (found,) = arrived
    assert found is not None
    assert (found.verb, found.target, found.body) == ("POST", "/qimen?method=a%20b&sign=X", BODY)
    assert found.headers == {
        "host": url.split("/")[2],
        "accept-encoding": "gzip",
        "connection": "keep-alive",
        "user-agent": "pytest-qimen",
        "content-type": "text/xml;charset=utf-8",
        "accept": "text/xml",
        "content-length": str(len(BODY)),
    }


TARGETS = {  # what stands in the URL, and what goes over the wire
    "?a=%2f%7E&b='()*!~;:@,|": "/qimen?a=%2f%7E&b='()*!~;:@,|",
    "/deep//path/?a=1&a=2&": "/qimen/deep//path/?a=1&a=2&",
    "": "/qimen",
    "?": "/qimen?",
    "?tenant=a b&name=测": "/qimen?tenant=a%20b&name=%E6%B5%8B",
    "/测 x?a=1": "/qimen/%E6%B5%8B%20x?a=1",
}


@pytest.mark.parametrize(("tail", "target"), TARGETS.items())
def test_the_address_is_taken_as_it_is(tail: str, target: str, transport: Transport) -> None:
    arrived = []

    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.send(answer(OK))

    with raw(script) as url:
        sent = SignedRequest("POST", f"{url}{tail}", HEADERS, BODY, ())
        assert transport.send(sent).error is None
    (found,) = arrived
    assert found is not None
    assert found.target == target


@pytest.mark.parametrize("headers", [(), (("content-type", "application/xml"),)])
def test_a_content_type_is_sent_only_where_the_request_has_one(
    headers: tuple[tuple[str, str], ...], transport: Transport
) -> None:
    arrived = []

    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.send(answer(OK))

    with raw(script) as url:
        transport.send(request(url, headers=headers))
    (found,) = arrived
    assert found is not None
    assert found.headers.get("content-type") == (headers[0][1] if headers else None)


def test_headers_of_the_answer_are_read_in_any_case() -> None:
    found = Exchange(request("http://x"), 200, (("content-TYPE", "text/xml"), ("a", "1"), ("A", "2")), b"", 0)
    assert [found.header(name) for name in ("Content-Type", "a", "B")] == ["text/xml", "1", ""]
