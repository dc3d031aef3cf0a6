"""Whatever a server does to a connection becomes an Exchange: an answer, or a word for what went wrong."""

import gzip
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from support.servers import Peer, answer, free_port, raw

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import MAX_ANSWER, Exchange, Rate, Transport

BODY = b"<request><a>\xe6\xb5\x8b &amp; x</a></request>"
HEADERS = (("Content-Type", "text/xml;charset=utf-8"), ("Accept", "text/xml"))
OK = b"<response/>"


def request(url: str, body: bytes = BODY, headers: tuple[tuple[str, str], ...] = HEADERS) -> SignedRequest:
    return SignedRequest("POST", f"{url}?method=a%20b&sign=X", headers, body, (("method", "a b"),))


@pytest.fixture
def transport() -> Iterator[Transport]:
    """Short of patience: 0.5 s to connect, 0.5 s for the next byte, 1 s in all."""
    made = Transport(connect_timeout=0.5, read_timeout=0.5)
    yield made
    made.close()


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


HALF = answer(OK, length=100)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIP = b"Content-Encoding: gzip\r\n"
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
    assert found.error is not None
    assert found.error.startswith(error)
    assert found.error.count("\n") == 0
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


def test_connections_are_kept(transport: Transport) -> None:
    connections = []

    def script(peer: Peer) -> None:
        connections.append(peer.number)
        while peer.request():
            peer.send(answer(OK))

    with raw(script) as url:
        found = [transport.send(request(url)) for _ in range(20)]
        transport.close()
    assert [one.error for one in found] == [None] * 20
    assert connections == [1]


def test_no_request_follows_a_get_whose_body_may_lie_unread(transport: Transport) -> None:
    seen: list[tuple[str, str, int]] = []

    def script(peer: Peer) -> None:
        while found := peer.request():
            seen.append((found.verb, found.headers["connection"], peer.number))
            peer.send(answer(OK))

    with raw(script) as url:
        for verb in ("POST", "POST", "GET", "POST"):
            assert transport.send(replace(request(url), http_method=verb)).error is None
    kept = ("POST", "keep-alive")
    assert seen == [(*kept, 1), (*kept, 1), ("GET", "close", 1), (*kept, 2)]


def test_a_kept_connection_that_the_server_closed_is_no_fault(transport: Transport) -> None:
    with raw(said(answer(OK))) as url:  # announces nothing and closes after every answer
        found = [transport.send(request(url)) for _ in range(100)]
    assert [one.error for one in found] == [None] * 100


@pytest.mark.parametrize(("idempotent", "tried"), [(True, [1, 1, 2]), (False, [1, 1])])
def test_only_a_question_is_asked_again(idempotent: bool, tried: list[int], transport: Transport) -> None:
    numbers = []

    def script(peer: Peer) -> None:
        while peer.request():
            numbers.append(peer.number)
            if len(numbers) > 1:
                return
            peer.send(answer(OK))

    with raw(script) as url:
        assert transport.send(request(url)).error is None
        found = transport.send(replace(request(url), idempotent=idempotent))
    end = "" if idempotent else " (kept connection; not sent again)"
    assert found.error == f"protocol: Server disconnected without sending a response.{end}"
    assert numbers == tried


def test_threads_share_the_client(transport: Transport) -> None:
    together = threading.Barrier(5)

    def script(peer: Peer) -> None:
        while found := peer.request():
            together.wait(timeout=10)  # no answer before all five have asked
            peer.send(answer(found.body))

    with raw(script) as url:
        found: dict[int, Exchange] = {}

        def send(number: int) -> None:
            found[number] = transport.send(request(url, body=b"%d" % number))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {number: one.body for number, one in found.items()} == {n: b"%d" % n for n in range(5)}


def test_redirects_are_not_followed(transport: Transport) -> None:
    targets = []

    def script(peer: Peer) -> None:
        while found := peer.request():
            targets.append(found.target)
            peer.send(answer("", "307 Temporary Redirect", f"Location: {found.target}\r\n".encode()))

    with raw(script) as url:
        assert transport.send(request(url)).status == 307
    assert targets == ["/qimen?method=a%20b&sign=X"]


def hundred_megabytes(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
    try:
        for _ in range(1600):
            peer.socket.sendall(bytes(1 << 16))
    except OSError:
        return


@pytest.mark.parametrize(
    "script",
    [hundred_megabytes, said(answer(gzip.compress(bytes(100 << 20), 1), headers=GZIP))],
    ids=["plain", "compressed"],
)
def test_an_endless_answer_is_cut(script: Callable[[Peer], None], transport: Transport) -> None:
    with raw(script) as url:
        tracemalloc.start()
        try:
            found = transport.send(request(url))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (found.status, found.error) == (200, f"too-large: more than {MAX_ANSWER} bytes")
    assert len(found.body) == MAX_ANSWER
    assert peak < 6 * MAX_ANSWER


def test_the_largest_answer_is_whole() -> None:
    transport = Transport(max_answer=1000)
    with raw(said(answer(bytes(1000)))) as url:
        whole = transport.send(request(url))
    with raw(said(answer(bytes(1001)))) as url:
        cut = transport.send(request(url))
    transport.close()
    assert (len(whole.body), whole.error) == (1000, None)
    assert (len(cut.body), cut.error) == (1000, "too-large: more than 1000 bytes")


def plain_text(peer: Peer) -> None:
    peer.socket.recv(1)
    peer.send(answer("this is not TLS", "400 Bad Request"))


UNREACHABLE = {
    "http://127.0.0.1:{port}/qimen": "connect: ",
    "https://127.0.0.1:{port}/qimen": "connect: ",
    "http://127.0.0.1:port/qimen": "protocol: Invalid port",
    "ftp://127.0.0.1/qimen": "protocol: Request URL has an unsupported protocol",
    "127.0.0.1": "protocol: Request URL is missing",
}


@pytest.mark.parametrize(("url", "error"), UNREACHABLE.items(), ids=UNREACHABLE)
def test_unreachable(url: str, error: str, transport: Transport) -> None:
    found = transport.send(request(url.format(port=free_port())))
    assert (found.status, found.body) == (None, b"")
    assert found.error is not None
    assert found.error.startswith(error)


def test_tls_to_a_plain_port(transport: Transport) -> None:
    with raw(plain_text) as url:
        found = transport.send(request(url.replace("http:", "https:")))
    assert found.error is not None
    assert found.error.startswith("tls: [SSL")


def test_a_header_that_cannot_be_sent(transport: Transport) -> None:
    with raw(said(answer(OK))) as url:
        found = transport.send(request(url, headers=(("Content-Type", "测试"),)))
        assert found.error is not None
        assert found.error.startswith("protocol: 'ascii' codec can't encode")
        found = transport.send(request(url, headers=(("Content-Type", "a\r\nb"),)))
        assert found.error is not None
        assert found.error.startswith("protocol: Illegal header value")


def test_no_proxy_of_the_environment_is_used(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    fresh = Transport(read_timeout=5)
    with raw(said(answer(OK))) as url:
        found = fresh.send(request(url))
        fresh.close()
    assert found.error is None


def test_abandon_sends_all_and_reads_nothing(transport: Transport) -> None:
    arrived = []
    hung_up = threading.Event()

    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.until_hung_up()
        hung_up.set()

    with raw(script) as url:
        transport.abandon(request(url))
        assert hung_up.wait(10)
    (found,) = arrived
    assert found is not None
    assert (found.target, found.body) == ("/qimen?method=a%20b&sign=X", BODY)
    assert found.headers["content-type"] == "text/xml;charset=utf-8"
    assert found.headers["connection"] == "close"
    with pytest.raises(OSError, match="refused"):
        transport.abandon(request(f"http://127.0.0.1:{free_port()}/"))


def test_what_is_no_tls_cannot_be_abandoned(transport: Transport) -> None:
    with raw(plain_text) as url, pytest.raises(OSError, match="SSL"):
        transport.abandon(request(url.replace("http:", "https:")))


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


RATES = {  # requests a second, moments when somebody wants to send, moments when they may
    10.0: ([0, 0, 0, 0], [0, 0.1, 0.2, 0.3]),
    2.0: ([0, 0.1, 3, 3], [0, 0.5, 3, 3.5]),
    0.0: ([0, 0, 0], [0, 0, 0]),
}


@pytest.mark.parametrize(("per_second", "wanted", "sent"), [(rate, *times) for rate, times in RATES.items()])
def test_rate(per_second: float, wanted: list[float], sent: list[float]) -> None:
    clock = Clock()
    rate = Rate(per_second, lambda: clock.now, clock.sleep)
    found = []
    for moment in wanted:
        clock.now = max(clock.now, 100 + moment)
        rate.wait()
        found.append(round(clock.now - 100, 6))
    assert found == sent
    assert all(clock.slept), "a sleep of no time costs a switch of threads"


def test_the_client_keeps_to_its_rate() -> None:
    transport = Transport(rate=100)
    with raw(lambda peer: [peer.send(answer(OK)) for _ in iter(peer.request, None)]) as url:
        start = time.monotonic()
        for _ in range(11):
            transport.send(request(url))
        took = time.monotonic() - start
    transport.close()
    assert took >= 0.1
