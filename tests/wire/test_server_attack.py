"""The HTTP server under attack: it keeps answering others, and what it holds stays bounded."""

import contextlib
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from pytest_qimen.wire.http import Incoming, Reply
from pytest_qimen.wire.limits import Limits
from tests.wire.http_peers import Heard, serving, until_closed

HOST = b"POST /a HTTP/1.1\r\nHost: x\r\n"
FIVE = HOST + b"Content-Length: 5\r\n\r\nhello"


@contextlib.contextmanager
def opened(heard: Heard, count: int, data: bytes) -> Iterator[list[socket.socket]]:
    """Many clients that have sent `data` and are silent now."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", heard.port), timeout=10))
            if data:
                with contextlib.suppress(OSError):  # the server may have closed it already
                    one.sendall(data)
            found.append(one)
        yield found


@pytest.mark.parametrize(
    "data", [b"", b"POST /a HT", HOST + b"X: ", HOST + b"Content-Length: 9\r\n\r\nhell", FIVE]
)
def test_silent_clients_keep_nobody_out(data: bytes) -> None:
    limits = Limits(connections=50)
    before = threading.active_count()
    with serving(limits=limits) as heard, opened(heard, 200, data) as silent:
        for _ in range(20):
            assert heard.ask(FIVE).endswith(b"\r\n\r\n5")
        assert threading.active_count() < before + 2 * limits.connections
        found = until_closed(silent[0])  # the oldest ones had to go
        assert not heard.bad  # it was we who ended them
    assert found.startswith(b"HTTP/1.1 503 ") if data not in (b"", FIVE) else b"503" not in found
    assert threading.active_count() == before


def test_connections_that_are_being_answered_are_kept() -> None:
    answering, go = threading.Semaphore(0), threading.Event()

    def slow(_: Incoming) -> Reply:
        answering.release()
        assert go.wait(10)
        return Reply(b"done")

    with serving(slow, limits=Limits(connections=5)) as heard, opened(heard, 5, FIVE) as busy:
        for _ in busy:
            assert answering.acquire(timeout=10)
        assert heard.ask(FIVE, half=False).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        go.set()
        for one in busy:
            one.shutdown(socket.SHUT_WR)
            assert until_closed(one).endswith(b"\r\n\r\ndone")


def test_stalled_bodies_take_bounded_memory() -> None:
    """30 clients stop in the middle of 2 MB; together they may hold 8 MB."""
    limits = Limits(body=4 << 20, bodies=8 << 20)
    head = HOST + b"Content-Length: 2100000\r\n\r\n"
    tracemalloc.start()
    try:
        with serving(limits=limits) as heard, opened(heard, 30, head + bytes(2_000_000)) as stalled:
            refused = [one for one in stalled if _answered(one)]
            assert 20 <= len(refused) < 30  # no more than four fit, one more may be on its way
            assert tracemalloc.get_traced_memory()[1] < (2 * limits.bodies) + (8 << 20)
            assert heard.ask(FIVE).endswith(b"\r\n\r\n5")
            for one in stalled:
                one.close()
            body = bytes(2_100_000)
            assert _until(lambda: heard.ask(head + body).endswith(b"\r\n\r\n2100000"))  # it was given back
    finally:
        tracemalloc.stop()


def _answered(one: socket.socket) -> bool:
    one.settimeout(0.5)
    try:
        return one.recv(100).startswith(b"HTTP/1.1 503 ")
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def _until(holds: Callable[[], bool]) -> bool:
    return any(holds() for _ in range(50))


def test_a_body_without_end() -> None:
    """Chunks for as long as the server takes them: it reads for body_time, keeps none, and says 408."""
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with serving(limits=Limits(body=1 << 20, body_time=0.5)) as heard:
        with socket.create_connection(("127.0.0.1", heard.port), timeout=10) as connection:
            connection.sendall(HOST + b"Transfer-Encoding: chunked\r\n\r\n")
            sent = 0
            with contextlib.suppress(OSError):
                while sent < 1 << 30:
                    connection.sendall(chunk)
                    sent += len(chunk)
        assert heard.ask(FIVE).endswith(b"\r\n\r\n5")
    assert sent > 1 << 20
    assert [reason for _, reason in heard.bad] in (
        ["the request did not arrive in time"],
        ["not the size of a chunk: b''"],
    )


def test_chunks_of_one_byte() -> None:
    """Sixty thousand chunks are sixty thousand bytes, not that many objects."""
    with serving() as heard:
        data = HOST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 60_000 + b"0\r\n\r\n"
        tracemalloc.start()
        try:
            assert heard.ask(data).endswith(b"\r\n\r\n60000")
            assert tracemalloc.get_traced_memory()[1] < 1 << 20
        finally:
            tracemalloc.stop()


def test_bad_requests_that_go_on_writing() -> None:
    """The refusal arrives although the client has not read it yet and still writes."""
    with serving() as heard:
        for _ in range(20):
            assert heard.ask(b"GET /\r\n" + bytes(200_000)).startswith(b"HTTP/1.1 400 ")


def test_resets_at_every_point() -> None:
    data = HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n"
    with serving() as heard:
        for cut in range(len(data)):
            with socket.create_connection(("127.0.0.1", heard.port), timeout=10) as connection:
                connection.sendall(data[:cut])
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        assert heard.ask(FIVE).endswith(b"\r\n\r\n5")


def test_soak() -> None:
    """Ten thousand requests over four kept connections: every one is answered, nothing stays behind."""
    before = threading.active_count()
    with serving() as heard, opened(heard, 4, b"") as clients:
        for one in clients:
            one.sendall(FIVE * 100)
        assert _read(clients, 100) == [100] * 4
        tracemalloc.start()
        try:
            heard.requests.clear()
            start = tracemalloc.get_traced_memory()[0]
            for _ in range(24):
                for one in clients:
                    one.sendall(FIVE * 100)
                assert _read(clients, 100) == [100] * 4
                heard.requests.clear()
            assert tracemalloc.get_traced_memory()[0] - start < 1 << 20
        finally:
            tracemalloc.stop()
        assert threading.active_count() == before + 1 + 4
    assert threading.active_count() == before


def _read(clients: list[socket.socket], count: int) -> list[int]:
    """Read that many answers from each client; return how many there were."""
    found = []
    for one in clients:
        data = b""
        while data.count(b"HTTP/1.1 200 ") < count or not data.endswith(b"\r\n\r\n5"):
            part = one.recv(1 << 16)
            if not part:
                break
            data += part
        found.append(data.count(b"HTTP/1.1 200 "))
    return found
