"""A port under attack: endpoints behind it that never end, callers that show the secret in every place."""

import gzip
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_qimen import xml
from pytest_qimen.listening import forward
from pytest_qimen.listening.model import line
from pytest_qimen.listening.report import CallRecord
from pytest_qimen.listening.session import listen
from tests.listening.test_forward import BODY, HEAD, exchange, proxy
from tests.listening.test_judging import records
from tests.support.calling import call
from tests.support.heard import SECRET
from tests.support.servers import Peer, answer, raw

SENT = HEAD % (b"x", len(BODY)) + BODY
BOMB = gzip.compress(bytes(1 << 20), 9) * 64


def hints(peer: Peer) -> None:
    peer.request()
    while not peer.stopping.wait(0.01):
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def drips(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nX: ")
    while not peer.stopping.wait(0.05):
        peer.send(b"x")


def endless(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.stopping.is_set():
        try:
            peer.socket.sendall(b"8000\r\n" + bytes(0x8000) + b"\r\n")
        except OSError:
            return


@pytest.mark.parametrize("script", [hints, drips, lambda peer: peer.until_hung_up()])
def test_the_end_waits_for_no_endpoint(script: Callable[[Peer], None]) -> None:
    asked = threading.Event()

    def asking(peer: Peer) -> None:
        asked.set()
        script(peer)

    told: list[bytes] = []
    with raw(asking) as url, proxy(url) as (listener, heard):
        caller = threading.Thread(target=lambda: told.append(exchange(listener.url, SENT)))
        caller.start()
        assert asked.wait(30)
        listener.stop()
        caller.join(30)
    assert [one.call.heard.status for one in heard] == [0]
    assert all(b"200 OK" not in one.partition(b"\r\n")[0] for one in told)


def test_an_answer_without_end_is_not_passed_on() -> None:
    with raw(endless) as url, proxy(url) as (listener, heard):
        assert exchange(listener.url, SENT).startswith(b"HTTP/1.1 502 ")
        listener.judge.wait()
    assert [one.call.heard.answer for one in heard] == [None]


def test_large_answers_share_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "ROOM", 1000)
    with raw(lambda peer: peer.request() and peer.send(answer("x" * 2000))) as url, proxy(url) as (port, _):
        found = [exchange(port.url, SENT) for _ in range(2)]
    assert all(b"too many large bodies at once" in one for one in found)


def test_a_bomb_is_passed_on_and_not_unpacked() -> None:
    head = b"Content-Encoding: gzip\r\n"
    bombing = raw(lambda peer: peer.request() and peer.send(answer(BOMB, "200 OK", head)))
    with bombing as url, proxy(url) as (listener, heard):
        assert exchange(listener.url, SENT).endswith(BOMB)
        listener.judge.wait()
    assert [one.call.heard.answer for one in heard] == [None]


def test_a_message_of_too_many_elements_is_not_held_against_the_caller() -> None:
    def many(root: xml.Element) -> None:
        for _ in range(xml.MOST + 1):
            xml.append(root, "x")

    with listen() as listener:
        call(listener.url, edit=many)
        (bad,) = listener.bad()
    assert bad.findings == ()
    assert "larger than what is judged" in str(bad)


def test_the_secret_is_shown_nowhere(tmp_path: Path) -> None:
    code = lambda root: xml.put(root, "entryOrder.entryOrderCode", SECRET)  # noqa: E731
    texts = f"GET /{SECRET}?method={SECRET}&{SECRET}=x HTTP/1.1", f"Host: {SECRET}", f"X-{SECRET}: {SECRET}"
    request = "\r\n".join((*texts, "Connection: close", "", "")).encode()
    with listen() as listener:
        call(listener.url, edit=code)
        exchange(listener.url, request)
        exchange(listener.url, request.replace(b"GET ", SECRET.replace("-", "").encode() + b" "))
        exchange(listener.url, SECRET.encode() + b"\r\n\r\n")
        heard = list(listener.calls())
    shown = [line(one) for one in heard] + [json.dumps(CallRecord(one).to_json()) for one in heard]
    shown += [json.dumps(one.to_json()) for one in records(heard).values()]
    assert len(heard) == 4
    assert not [text for text in shown if SECRET.lower() in text.lower()]
