"""Scripts for servers that answer, drip or break off."""

from collections.abc import Callable

from pytest_qimen.client.request import SignedRequest
from tests.support.servers import Peer

BODY = b"<request><a>\xe6\xb5\x8b &amp; x</a></request>"
HEADERS = (("Content-Type", "text/xml;charset=utf-8"), ("Accept", "text/xml"))
OK = b"<response/>"


def request(url: str, body: bytes = BODY, headers: tuple[tuple[str, str], ...] = HEADERS) -> SignedRequest:
    return SignedRequest("POST", f"{url}?method=a%20b&sign=X", headers, body, (("method", "a b"),))


def said(data: bytes, then: Callable[[Peer], object] = lambda peer: None) -> Callable[[Peer], None]:
    """Reads one request, says `data`, does `then`, and closes."""

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(data)
        then(peer)

    return script


def dripping(head: bytes, drop: bytes) -> Callable[[Peer], None]:
    """The head at once, then one drop after the other, each well within the read time-out."""

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head)
        while not peer.stopping.wait(0.05):
            peer.send(drop)

    return script


GZIP = b"Content-Encoding: gzip\r\n"
