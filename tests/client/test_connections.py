"""Connections are kept, shared, and never used twice for what must not be sent twice."""

import gzip
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from pytest_qimen.client.transport import MAX_ANSWER, Exchange, Transport
from tests.client.servers import BODY, GZIP, OK, request, said
from tests.support.servers import Peer, answer, free_port, raw


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
    assert str(found.error) == f"protocol: Server disconnected without sending a response.{end}"
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
    assert (found.status, str(found.error)) == (200, f"too-large: more than {MAX_ANSWER} bytes")
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
    assert (len(cut.body), str(cut.error)) == (1000, "too-large: more than 1000 bytes")


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
    assert str(found.error).startswith(error)


def test_tls_to_a_plain_port(transport: Transport) -> None:
    with raw(plain_text) as url:
        found = transport.send(request(url.replace("http:", "https:")))
    assert str(found.error).startswith("tls: [SSL")


def test_a_header_that_cannot_be_sent(transport: Transport) -> None:
    with raw(said(answer(OK))) as url:
        found = transport.send(request(url, headers=(("Content-Type", "测试"),)))
        assert str(found.error).startswith("protocol: 'ascii' codec can't encode")
        found = transport.send(request(url, headers=(("Content-Type", "a\r\nb"),)))
        assert str(found.error).startswith("protocol: Illegal header value")
        found = transport.send(replace(request(url), http_method="POST / HTTP/1.1\r\nX: a\r\n\r\nPOST"))
        assert str(found.error).startswith("protocol: Illegal method")


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
