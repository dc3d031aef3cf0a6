"""Calls to a listener become rows, their messages are there without secrets, and what is missing is named."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from pytest_qimen import xml
from tests.live.http_page import get, polled
from tests.live.live_session import SESSION, Session, opened_session
from tests.support.calling import call


@pytest.fixture
def session() -> Iterator[Session]:
    with opened_session() as made:
        yield made


def test_each_call_is_a_row(session: Session) -> None:
    call(session.url)
    session.bad_call()
    session.judged()
    found = polled(session.page.url)
    first, second = found["rows"]
    assert (first["method"], first["status"], first["role"]) == ("entryorder.create", "pass", "wms")
    assert (second["status"], second["level"]) == ("fail", "must")
    assert "caller.call.version" in second["note"][1]
    assert found["state"]["total"] == 2
    assert found["state"]["head"] == {"side": "caller", "target": "our ERP", "url": session.url}
    one, other = sorted(found["state"]["methods"], key=lambda row: row["method"])
    assert (one["method"], one["counts"]) == ("entryorder.create", {"pass": 1, "fail": 1})
    assert 0 < one["sent"] < one["fields"]
    assert (other["method"], other["counts"], other["claimed"]) == ("stockout.create", {}, True)
    missing = polled(session.page.url, "method/wms/entryorder.create")["missing"]
    assert len(missing) == one["fields"] - one["sent"]
    assert get(session.page.url, "method/wms/nothing").status == 404


def test_a_call_opens_without_its_secrets(session: Session) -> None:
    exchange = session.bad_call(lambda root: xml.put(root, "entryOrder.remark", f"<img> {session.secret}"))
    session.judged()
    found = polled(session.page.url, "call/1")
    request, answer = found["exchanges"][0]["request"], found["exchanges"][0]["answer"]
    assert request["method"] == "POST"
    assert "sign=***" in request["url"].replace("%2A", "*")
    assert "&lt;img&gt; ***" in request["body"]
    assert answer["status"] == 200
    assert "<flag>" in answer["body"]
    assert "caller.call.version" in {one["check"] for one in found["findings"]}
    sign = dict(exchange.request.params)["sign"]
    text = json.dumps(found)
    assert not [secret for secret in (session.secret, SESSION, sign) if secret in text]


def test_personal_data_are_masked_where_that_is_asked() -> None:
    with opened_session(mask_personal=True) as session:
        call(session.url, edit=lambda root: xml.put(root, "entryOrder.operatorName", "Zhang San"))
        session.judged()
        assert "Zhang San" not in json.dumps(polled(session.page.url, "call/1"))


def test_what_is_no_http_is_a_row_too(session: Session) -> None:
    parts = urlsplit(session.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 30) as client:
        client.sendall(b"\x16\x03\x01\xff\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        while client.recv(1 << 16):
            pass
    session.judged()
    row = polled(session.page.url)["rows"][0]
    assert (row["method"], row["status"]) == ("-", "fail")
    assert polled(session.page.url, "call/1")["exchanges"][0]["request"]["binary"]


def test_the_note_of_a_call_is_in_one_language(session: Session) -> None:
    call(session.url, edit=lambda root: xml.drop(root, "entryOrder.entryOrderCode"))
    session.judged()
    zh, en = polled(session.page.url)["rows"][0]["note"]
    assert ("expected" in en, "expected" in zh) == (True, False)
    assert "有值的元素" in zh or "应" in zh
    assert not {"an", "element", "with", "value", "nothing"} & set(zh.split())
