"""The HTTP server: connections that stay or close, answers and what faults make of them, what is no HTTP."""

import http.client
import socket
import threading

import pytest

from pytest_qimen.errors import UsageError
from pytest_qimen.wire.http import Incoming, Reply
from pytest_qimen.wire.limits import Limits
from pytest_qimen.wire.server import Server
from tests.wire.http_peers import Heard, serving, until_closed
from tests.wire.test_framing import BODIES, ILLEGAL

HOST = b"POST /a HTTP/1.1\r\nHost: x\r\n"
OLD = b"POST /a HTTP/1.0\r\n"
FIVE = b"Content-Length: 5\r\n\r\nhello"


def test_pipelined_requests_are_answered_in_order() -> None:
    with serving() as heard:
        found = heard.ask(b"".join(data for data, _ in BODIES.values()))
    assert [len(one.body) for one in heard.requests] == [len(body) for _, body in BODIES.values()]
    assert found.count(b"HTTP/1.1 200 OK\r\n") == len(BODIES)
    assert not heard.bad


@pytest.mark.parametrize("name", ILLEGAL)
def test_what_is_no_http_is_told_and_answered(name: str) -> None:
    data, reason = ILLEGAL[name]
    with serving() as heard:
        found = heard.ask(HOST + FIVE + data)
        assert heard.ask(HOST + FIVE).endswith(b"\r\n\r\n5")  # the next one is served
    assert found.count(b"HTTP/1.1 200 ") == 1
    head, _, body = found.partition(b"HTTP/1.1 400 Bad Request\r\n")[2].partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    ((raw, told),) = heard.bad
    assert body.decode() == f"{told}\n"
    assert reason in told
    assert data.startswith(raw[:50])


@pytest.mark.parametrize(
    "name", ["zeros", "HTTP/0.9", "LF alone", "two Hosts", "0x5", "a chunk too long", "a TLS handshake"]
)
def test_what_is_no_http_is_refused_before_the_client_is_done(name: str) -> None:
    with serving(limits=Limits()) as heard:
        assert heard.ask(ILLEGAL[name][0] + b"x" * 10, half=False).startswith(b"HTTP/1.1 400 ")


def test_callbacks_that_fail_end_nothing() -> None:
    def fail(*_: object) -> Reply:
        raise ValueError("a bug")

    server = Server(fail, on_bad=fail)
    heard = Heard(server.port)
    try:
        assert heard.ask(HOST + FIVE).startswith(b"HTTP/1.1 500 ")
        assert heard.ask(b"\0").startswith(b"HTTP/1.1 400 ")
        assert heard.ask((HOST + FIVE) * 2).count(b"HTTP/1.1 500 ") == 2
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("request_", "kept"),
    [
        (HOST + FIVE, True),
        (HOST + b"Connection: close\r\n" + FIVE, False),
        (OLD + FIVE, False),
        (OLD + b"Connection: keep-alive\r\n" + FIVE, True),
    ],
)
def test_keep_alive(request_: bytes, kept: bool) -> None:
    with serving() as heard:
        found = heard.ask(request_ * 2)
    assert found.count(b"HTTP/1.1 200 ") == (2 if kept else 1)
    assert (b"Connection: close" in found) is not kept
    assert (b"Connection: keep-alive" in found) is (kept and request_.startswith(OLD))


def test_http_1_0_gets_no_chunks_and_head_no_body() -> None:
    with serving(lambda _: Reply(b"hello", chunked=True)) as heard:
        assert heard.ask(HOST + b"\r\n").endswith(
            b"chunked\r\n\r\n1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"
        )
        assert heard.ask(OLD + b"\r\n").endswith(b"Content-Length: 5\r\nConnection: close\r\n\r\nhello")
        found = heard.ask(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert found.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml;charset=utf-8\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200"
    )


def test_expect_100_continue() -> None:
    with serving() as heard, socket.create_connection(("127.0.0.1", heard.port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(HOST + b"Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n")
            assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(b"hello")
            assert connection.recv(1000).endswith(b"\r\n\r\n5")
        connection.sendall(HOST + b"Expect: 100-continue\r\n\r\n")  # no body: nothing to continue with
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_is_announced_too_large_is_not_asked_for() -> None:
    with serving(lambda one: Reply(b"%d" % one.oversize, 413), limits=Limits(body=1000)) as heard:
        found = heard.ask(HOST + b"Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n", half=False)
    assert found.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in found


WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml;charset=utf-8\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize(
    ("settings", "expected", "reset"),
    [
        ({}, WHOLE * 2, False),
        ({"delay": 0.01}, WHOLE * 2, False),
        ({"cut": 2}, WHOLE[:-3], False),
        ({"cut": 0}, WHOLE[:-5], False),
        ({"cut": -1}, b"", False),
        ({"reset": True}, b"", True),
        ({"reset": True, "cut": 2}, WHOLE[:-3], True),
        ({"cut": -1, "delay": 0.01}, b"", False),
    ],
)
def test_what_becomes_of_an_answer(settings: dict[str, float], expected: bytes, reset: bool) -> None:
    found, was_reset = b"", False
    with (
        serving(lambda _: Reply(b"hello", **settings)) as heard,  # type: ignore[arg-type]
        socket.create_connection(("127.0.0.1", heard.port), timeout=10) as connection,
    ):
        connection.sendall(HOST + FIVE)
        try:
            while part := connection.recv(1000):
                found += part
                if found == WHOLE:
                    connection.sendall(HOST + FIVE)
                    connection.shutdown(socket.SHUT_WR)
        except ConnectionResetError:
            was_reset = True
    assert was_reset is reset
    assert found == expected or (reset and expected.startswith(found))


def test_a_client_that_hangs_up_in_the_middle_of_an_answer() -> None:
    with serving(lambda _: Reply(bytes(5 << 20))) as heard:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", heard.port), timeout=10) as connection:
                connection.sendall(HOST + FIVE)
                connection.recv(1)
        assert len(heard.ask(HOST + FIVE)) > 5 << 20
    assert not heard.bad


def test_stop_does_not_wait_for_answers_that_hang() -> None:
    heard = threading.Event()

    def hang(_: Incoming) -> Reply:
        heard.set()
        return Reply(b"", delay=3600)

    before = threading.active_count()
    server = Server(hang)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/", b"hello")
    assert heard.wait(10)
    server.stop()
    assert threading.active_count() == before
    with pytest.raises(OSError):  # noqa: PT011  closed, with or without a reset
        connection.getresponse()
    connection.close()


def test_busy_port_and_other_addresses() -> None:
    with serving() as heard, pytest.raises(UsageError, match=r"already in use .* take another one") as caught:
        Server(lambda _: Reply(b""), heard.port)
    assert str(caught.value).startswith(f"port {heard.port}: ")
    with pytest.raises(UsageError, match=r"^port 70000: expected a number from 0 to 65535"):
        Server(lambda _: Reply(b""), 70000)
    for host in ("192.0.2.1", "no such host"):
        with pytest.raises(UsageError, match=rf"^host {host}: not an address of this machine"):
            Server(lambda _: Reply(b""), host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_hosts(host: str) -> None:
    with serving(host=host) as heard:
        assert heard.ask(HOST + FIVE).startswith(b"HTTP/1.1 200 ")


def test_a_connection_that_says_nothing_is_closed_quietly() -> None:
    with serving(limits=Limits(idle=0.05)) as heard:
        assert heard.ask(b"", half=False) == b""
        assert heard.ask(HOST + FIVE, half=False).endswith(b"5")
        assert heard.ask(HOST + FIVE + b"\r\n\r\n", half=False).endswith(b"5")
    assert not heard.bad


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"POST /", Limits(head_time=0.05)),
        (HOST, Limits(head_time=0.05)),
        (HOST + b"Content-Length: 10\r\n\r\nabc", Limits(body_time=0.05)),
        (HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", Limits(body_time=0.05)),
        (HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", Limits(body_time=0.05)),
    ],
)
def test_a_request_that_does_not_come_in_time(data: bytes, limits: Limits) -> None:
    with serving(limits=limits) as heard:
        assert heard.ask(data, half=False).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert [reason for _, reason in heard.bad] == ["the request did not arrive in time"]


def test_until_closed_reads_what_a_reset_leaves() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"abc")
        theirs.shutdown(socket.SHUT_WR)
        assert until_closed(ours) == b"abc"
