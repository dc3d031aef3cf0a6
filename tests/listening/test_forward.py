"""Forwarding: no byte is changed, nothing is added, both sides are judged, and no call is lost."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pytest_qimen.errors import UsageError
from pytest_qimen.listening.forward import Forward
from pytest_qimen.listening.listener import Listener
from pytest_qimen.listening.model import Judged
from pytest_qimen.reference import serve, start
from pytest_qimen.target.model import NO_TLS, Tls
from pytest_qimen.wire.server import tls_context
from tests.support.calling import call
from tests.support.certificates import make_certificate
from tests.support.heard import CALLER

OK = b"<response><flag>success</flag><code>0</code><message>ok</message></response>"
ANSWER = b"HTTP/1.1 200 Fine\r\nx-Odd:  a \r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%b" % (
    len(OK),
    OK,
)
BODY = b"<request>\r\n \xe4\xb8\xad</request> "
HEAD = (
    b"POST /other?b=%%31&a=+&sign=x HTTP/1.1\r\nhOst: %b\r\nX-b:1\r\nx-a:   2\r\n"
    b"content-LENGTH: %d\r\nConnection: close\r\n\r\n"
)


class Upstream:
    """A raw socket that keeps what arrives and answers with bytes of the test."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.heard = answer, b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.netloc = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            connection.settimeout(10)
            while not self._whole():
                part = connection.recv(1 << 16)
                if not part:
                    break
                self.heard += part
            connection.sendall(self.answer)

    def _whole(self) -> bool:
        return self.heard.endswith((b"</request> ", b"0\r\n\r\n", b"</request>"))

    def close(self) -> None:
        self._socket.close()


@contextmanager
def proxy(url: str, keep_host: bool = False) -> Iterator[tuple[Listener, list[Judged]]]:
    heard: list[Judged] = []
    forward = Forward(url, keep_host=keep_host)
    listener = Listener(forward.answer, CALLER, forwards=True, ending=forward.close)
    listener.begin(heard.append)
    try:
        yield listener, heard
    finally:
        listener.stop()


def exchange(url: str, data: bytes) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 10) as client:
        client.sendall(data)
        found = b""
        while part := client.recv(1 << 16):
            found += part
        return found


@pytest.mark.parametrize("keep_host", [True, False])
def test_no_byte_is_changed(keep_host: bool) -> None:
    upstream = Upstream(ANSWER)
    with proxy(f"http://{upstream.netloc}", keep_host) as (listener, _):
        sent = HEAD % (b"erp.example", len(BODY)) + BODY
        assert exchange(listener.url, sent) == ANSWER
    host = b"erp.example" if keep_host else upstream.netloc.encode()
    assert upstream.heard == HEAD % (host, len(BODY)) + BODY
    upstream.close()


def test_the_path_is_that_of_the_address() -> None:
    upstream = Upstream(ANSWER)
    with proxy(f"http://{upstream.netloc}/router/qm") as (listener, _):
        exchange(listener.url, HEAD % (b"x", len(BODY)) + BODY)
    assert upstream.heard.startswith(b"POST /router/qm?b=%31&a=+&sign=x HTTP/1.1\r\n")
    upstream.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
        b"HTTP/1.0 500 Oh\r\n\r\nno length",
        b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 1\r\n\r\nx",
    ],
)
def test_any_answer_comes_back_as_it_is(answer: bytes) -> None:
    upstream = Upstream(answer)
    with proxy(f"http://{upstream.netloc}") as (listener, _):
        assert exchange(listener.url, HEAD % (b"x", len(BODY)) + BODY) == answer
    upstream.close()


def test_informational_answers_are_not_for_the_caller() -> None:
    upstream = Upstream(b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWER)
    with proxy(f"http://{upstream.netloc}") as (listener, _):
        assert exchange(listener.url, HEAD % (b"x", len(BODY)) + BODY) == ANSWER
    upstream.close()


def test_chunks_go_on_as_one() -> None:
    upstream = Upstream(ANSWER)
    head = b"POST /q HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    with proxy(f"http://{upstream.netloc}") as (listener, _):
        assert exchange(listener.url, head + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n") == ANSWER
    assert upstream.heard.endswith(b"chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    upstream.close()


def test_an_answer_that_breaks_off_breaks_off_for_the_caller() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<resp"
    upstream = Upstream(cut)
    with proxy(f"http://{upstream.netloc}") as (listener, heard):
        assert exchange(listener.url, HEAD % (b"x", len(BODY)) + BODY) == cut
    assert heard[0].arrival.heard.status == 0
    upstream.close()


def test_nobody_there_is_said_and_no_fault_of_the_caller() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with proxy(f"http://127.0.0.1:{port}/qimen") as (listener, heard):
        answer = call(listener.url)
        assert answer.status == 502
        assert answer.body.startswith(b"not passed on")
    assert heard[0].status == "pass"
    assert heard[0].answer == ()


def test_both_sides_are_judged() -> None:
    with serve(faults=["flag-upper-case"]) as url, proxy(url) as (listener, heard):
        call(listener.url)
        call(listener.url, tamper=lambda made: made.set("v", "7"))
    first, second = heard
    assert first.findings == ()
    assert {one.check for one in first.answer} == {"envelope.flag"}
    assert {one.check for one in second.findings} == {"caller.call.version"}


def test_connections_are_kept_and_many_calls_lose_none() -> None:
    with serve() as url, proxy(url) as (listener, heard):
        threads = [threading.Thread(target=lambda: [call(listener.url) for _ in range(5)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(heard) == 20
    assert sorted(one.number for one in heard) == list(range(1, 21))


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://x", "http://", "http://a:b/", "http://u:p@x/", "http://x/?a=1"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="expected http://host/path"):
        Forward(url)


@pytest.mark.parametrize("trusted", [True, False])
def test_certificates_are_verified(tmp_path: Path, trusted: bool) -> None:
    certificate, key = make_certificate(tmp_path)
    endpoint = start(tls=tls_context(certificate, key))
    tls = Tls(authority=str(certificate)) if trusted else NO_TLS
    forward = Forward(endpoint.url.replace("127.0.0.1", "localhost"), tls=tls)
    listener = Listener(forward.answer, CALLER, forwards=True)
    listener.begin(lambda _: None)
    try:
        assert call(listener.url).status == (200 if trusted else 502)
    finally:
        listener.stop()
        forward.close()
        endpoint.stop()
