"""The ways in which a legal client may put a request onto the wire."""

import pytest

from pytest_qimen.client.delivery import DELIVERIES
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from tests.support.servers import Peer, answer, raw

BODY = b"<request>" + b"<a>1</a>" * 40 + b"</request>"


def request(url: str, delivery: str) -> SignedRequest:
    return SignedRequest("POST", f"{url}?a=1", DELIVERIES[delivery], BODY, (), delivery=delivery)


def arrived(delivery: str, then: bytes = b"") -> bytes:
    """What a server reads of the request, which says `then` after the head."""
    seen = []

    def script(peer: Peer) -> None:
        data = peer.socket.recv(1 << 16)
        if then:
            peer.send(then)
        while not data.endswith((b"</request>", b"0\r\n\r\n")):
            data += peer.socket.recv(1 << 16)
        seen.append(data)
        peer.send(answer(b"<response/>"))

    transport = Transport(read_timeout=10)
    with raw(script) as url:
        found = transport.send(request(url, delivery))
        transport.close()
    assert found.body == b"<response/>", found.error
    return seen[0]


def test_chunked() -> None:
    head, _, body = arrived("chunked").partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert b"Content-Length" not in head
    parts = body.split(b"\r\n")
    assert b"".join(parts[1:-2:2]) == BODY
    assert [int(size, 16) for size in parts[:-2:2]] == [100, 100, 100, 39, 0]


@pytest.mark.parametrize("delivery", ["", "packets", "expect-continue", "http-1.0"])
def test_body_of_a_known_length(delivery: str) -> None:
    then = b"HTTP/1.1 100 Continue\r\n\r\n" if delivery == "expect-continue" else b""
    head, _, body = arrived(delivery, then).partition(b"\r\n\r\n")
    assert body == BODY
    assert b"Content-Length: %d" % len(BODY) in head
    assert head.startswith(b"POST /qimen?a=1 HTTP/1." + (b"0" if delivery == "http-1.0" else b"1"))
    assert (b"Expect: 100-continue" in head) == (delivery == "expect-continue")


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_the_embedded_endpoint_takes_every_delivery(delivery: str) -> None:
    transport = Transport(read_timeout=10)
    with serve() as url:
        found = transport.send(request(url, delivery))
        transport.close()
    assert found.status == 200, found.error
