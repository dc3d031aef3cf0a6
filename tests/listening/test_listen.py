"""`listen()`: it answers as a correct counterpart, and says of each call what was wrong with it."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import pytest_qimen
from pytest_qimen import xml
from pytest_qimen.client.request import DraftRequest
from pytest_qimen.listening.session import Listening
from tests.support.calling import call

OVERLONG = "x" * 51


def too_long(root: xml.Element) -> None:
    xml.put(root, "entryOrder.entryOrderCode", OVERLONG)


def test_a_good_call_is_answered_and_raises_nothing(qimen_listener: Listening) -> None:
    answers = [call(qimen_listener.url, name) for name in ("wms/entryorder.create", "erp/entryorder.confirm")]
    assert all(b"<flag>success</flag>" in answer.body for answer in answers)
    assert [one.method for one in qimen_listener.calls()] == ["entryorder.create", "entryorder.confirm"]
    assert not qimen_listener.bad("should")


def test_a_bad_call_is_named_at_its_field() -> None:
    with pytest_qimen.listen() as listener:
        call(listener.url, edit=too_long)
        (bad,) = listener.bad()
    assert [(one.check, one.path) for one in bad.findings] == [
        ("caller.message.length", "entryOrder.entryOrderCode")
    ]
    assert OVERLONG in str(bad)
    assert "must caller.message.length entryOrder.entryOrderCode" in repr(bad)


def test_a_should_is_no_must() -> None:
    with pytest_qimen.listen() as listener:
        call(listener.url, tamper=lambda made: made.header("Content-Type", "text/plain"))
        assert not listener.bad()
        assert [one.findings[0].check for one in listener.bad("should")] == ["caller.call.content-type"]


def test_what_is_no_http_is_a_bad_call() -> None:
    with pytest_qimen.listen() as listener:
        parts = urlsplit(listener.url)
        with socket.create_connection((parts.hostname or "", parts.port or 0), 10) as client:
            client.sendall(b"POST / HTTP/1.1\nHost: x\n\n")
            assert client.recv(100).startswith(b"HTTP/1.1 400")
        (bad,) = listener.bad()
    assert bad.findings[0].check == "caller.call.http"
    assert "LF alone" in str(bad)


def test_keys_are_the_users_own() -> None:
    with pytest_qimen.listen(app_key="k", secret="of the user") as listener:
        call(listener.url)
        (bad,) = listener.bad()
    assert {"caller.call.app-key", "caller.call.signed"} <= {one.check for one in bad.findings}


def test_text_of_the_other_side_is_shown_escaped_and_short(qimen_listener: Listening) -> None:
    call(qimen_listener.url, tamper=lambda made: made.set("method", "\x1b]0;x\x07" + "y" * 500))
    (bad,) = qimen_listener.bad()
    assert "\x1b" not in str(bad)
    assert len(bad.method) == 80


def test_state_outlives_the_listener(tmp_path: Path) -> None:
    for expected in (b"does not exist", b"<flag>success</flag>"):
        with pytest_qimen.listen(state=tmp_path / "state.db") as listener:
            answer = call(listener.url, "wms/entryorder.query")
            assert expected in answer.body or expected != b"<flag>success</flag>", answer.body
            call(listener.url)


@pytest.mark.parametrize("name", ["format", "sign_method"])
def test_a_parameter_that_the_documents_do_not_demand_may_be_absent(name: str) -> None:
    with pytest_qimen.listen() as listener:
        assert b"<flag>success</flag>" in call(listener.url, tamper=lambda made: made.drop(name)).body
        assert not listener.bad()


LEGAL = [  # what the judge takes, the counterpart answers with success
    b'<request xmlns="http://www.example.com/qimen">',
    b'<q:request xmlns:q="http://www.example.com/qimen">',
    b'<request xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="q.xsd">',
    b'<request vendor="1">',
]


@pytest.mark.parametrize("start", LEGAL)
def test_what_the_judge_takes_for_legal_is_answered_so(qimen_listener: Listening, start: bytes) -> None:
    end = b"</q:request>" if start.startswith(b"<q:") else b"</request>"

    def write(made: DraftRequest) -> None:
        made.body = made.body.replace(b"<request>", start).replace(b"</request>", end)
        assert start in made.body

    answer = call(qimen_listener.url, tamper=write)
    assert b"<flag>success</flag>" in answer.body
    assert not qimen_listener.bad()
