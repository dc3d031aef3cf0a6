"""events.jsonl: one line an event, read back as it was written."""

import base64
import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen.cases import Check, Step, drawn_case
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.errors import DataError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.reasons import (
    KINDS,
    AboveLimit,
    AtStep,
    Because,
    BlockedBy,
    Drawn,
    LeftOut,
    Network,
    Pinned,
    Reason,
    Refused,
    SharedStock,
    Told,
    Unpinned,
    Unsplit,
    Waived,
)
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.curl import answer_text, curl, text_of
from pytest_qimen.report.events import Log, case_record, read_events
from pytest_qimen.report.explain import explain
from pytest_qimen.report.record import CreatedRecord, EndRecord
from pytest_qimen.runner import Created, Outcome
from pytest_qimen.verdict import Level, Status
from tests.report.outcomes import API, BACK, CASE, MISSING, SENT, outcome
from tests.report.report_events import ENDED, HEAD

REASONS: tuple[Reason, ...] = (
    Told("words"),
    BlockedBy("wms/a/b"),
    Because(say("expired", date="2026-01-01")),
    LeftOut(("a", "b")),
    Pinned("itemCode"),
    SharedStock(("a", "b")),
    Unsplit(),
    AboveLimit("remark", 7),
    Unpinned("order.cancel", ("ownerCode",)),
    Refused("store.create", "flag=failure"),
    Network("timeout", say("late")),
    AtStep(2, "store.create", Refused("store.create", say("no-verdict", root="x"))),
    Waived("2026-06-30", "ticket 1"),
    Drawn(7, "found/x.toml", "initial 1 in A", Network("reset", "x")),
)


def test_the_event_of_a_failure() -> None:
    assert case_record(outcome(Status.FAIL, MISSING)).to_json() == {
        "type": "case",
        "id": "wms/order.cancel/case/one",
        "file": "cases/wms/order.cancel.toml",
        "method": "order.cancel",
        "role": "wms",
        "family": "case",
        "level": "must",
        "title": {"zh": "测试", "en": "Test"},
        "requirements": ["document.cancel", "answer.form"],
        "clause": "003 order.cancel",
        "status": "fail",
        "cause": "",
        "findings": [
            {
                "check": "envelope.flag",
                "level": "must",
                "path": "flag",
                "expected": "success or failure",
                "actual": "no flag",
                "clause": "000 section 2.3",
                "step": 1,
                "phrases": {"expected": ["success-or-failure", {}]},
            }
        ],
        "requests": 1,
        "seconds": 0.5,
        "times": [0.012346],
        "exchanges": [
            {
                "id": "wms/order.cancel/case/one#1",
                "step": 1,
                "request": {
                    "http_method": "POST",
                    "url": "http://127.0.0.1/q?method=order.cancel&session=***&sign=***",
                    "headers": [["Content-Type", "text/xml;charset=utf-8"], ["Accept", "text/xml"]],
                    "params": [["method", "order.cancel"], ["session", "***"], ["sign", "***"]],
                    "body": base64.b64encode(SENT.body).decode(),
                },
                "status": 200,
                "headers": [["content-type", "text/xml"]],
                "body": base64.b64encode(b"<response/>").decode(),
                "seconds": 0.012346,
                "error": None,
            }
        ],
    }


SHOWN = {status: status in ("fail", "warn", "error", "stale", "waived") for status in Status}


@pytest.mark.parametrize(("status", "shown"), SHOWN.items())
def test_exchanges_are_kept_where_something_is_to_be_shown(status: Status, shown: bool) -> None:
    assert ("exchanges" in case_record(outcome(status)).to_json()) is shown


def test_long_evidence_is_cut() -> None:
    long = Exchange(SENT, 200, (), b"x" * 300_000, 0.0)
    event = case_record(outcome(exchanges=(long,) * 30, steps=(1,) * 30))
    assert (event.requests, len(event.times), len(event.exchanges)) == (30, 30, 20)
    assert len(event.exchanges[0].body) == 20_000
    assert [one.id for one in event.exchanges] == [f"{CASE.id}#{n}" for n in range(11, 31)]


def test_a_drawn_message_is_kept_as_it_was_drawn() -> None:
    check = Check("code", "in", ["0", "1"], where={"kind": "a"}, level=Level.SHOULD)
    steps = (
        Step(API, changes=(Edit("put", "orderCode", "@one"),), save={"id": "response:code"}, given=True),
        Step(API, message="<request>@new</request>", expect="any", checks=(check,), tampers=("crlf",)),
    )
    drawn = replace(CASE, steps=steps, let={"one": "@new"}, level=Level.SHOULD)
    event = case_record(Outcome(drawn, Status.FAIL, (MISSING,), exchanges=(BACK,), drawn=7, steps=(1,)))
    assert drawn_case(CASE, event.drawn) == replace(drawn, kind=CASE.kind)
    assert not case_record(Outcome(drawn, Status.PASS, exchanges=(BACK,), drawn=7)).drawn
    assert not case_record(outcome()).drawn


def test_the_event_of_something_created() -> None:
    entry = Created("a/b/c", "entryorder.create", {"code": "E1"}, "order.cancel", {"orderCode": "E1"})
    assert CreatedRecord(entry).to_json() == {
        "type": "created",
        "id": "",
        "case": "a/b/c",
        "method": "entryorder.create",
        "keys": {"code": "E1"},
        "undo": "order.cancel",
        "undo_set": {"orderCode": "E1"},
    }


ODD = "测\u2028\x85\x0b\"'\n\\ 😀 \x00"


def test_records_come_back_line_by_line(tmp_path: Path) -> None:
    made = [HEAD, case_record(outcome(Status.FAIL, replace(MISSING, actual=ODD))), EndRecord(ENDED)]
    log = Log(tmp_path / "deep" / "folder")
    path = tmp_path / "deep" / "folder" / "events.jsonl"
    for record in made:
        log.write(record)
    assert list(read_events(path)) == made  # before it is closed
    log.close()
    assert path.read_text("utf-8").count("\n") == 3


@pytest.mark.parametrize("reason", REASONS, ids=lambda one: one.kind)
def test_reasons_come_back_as_they_were(reason: Reason) -> None:
    record = case_record(outcome(Status.BLOCKED, reason=reason))
    line = json.loads(json.dumps(record.to_json()))
    assert CaseRecord.from_json(line) == record
    assert line["cause"] == reason.text()


def test_every_kind_of_reason_is_in_the_table() -> None:
    assert {one.kind for one in REASONS} == set(KINDS)


def test_lines_of_later_versions_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f'{json.dumps(HEAD.to_json() | {"more": [1]})}\n{{"type": "call"}}\n', "utf-8")
    assert list(read_events(path)) == [HEAD]


def test_a_half_line_at_the_end_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps(HEAD.to_json()) + '\n{"type": "case", "id": "x', "utf-8")
    assert list(read_events(path)) == [HEAD]


NO_EVENTS = {
    '{"type": "later"}\noops\n{"type": "end"}\n': "line 2: is no JSON",
    '{"type": "later"}\n[]\n': "line 2: is no line of an events.jsonl: it has no type",
    '{"kind": "run"}\n': "line 1: is no line of an events.jsonl: it has no type",
    '"run"\n': "line 1: is no line of an events.jsonl: it has no type",
    '{"type": "end", "ended": "soon"}\n': "line 1: ended: expected a time in ISO 8601, got 'soon'",
}


@pytest.mark.parametrize(("text", "complaint"), NO_EVENTS.items())
def test_what_is_no_events_file(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        list(read_events(path))
    assert str(caught.value) == f"{path}: {complaint}"


def test_curl() -> None:
    assert curl(SENT) == (
        "curl -sS -X POST 'http://127.0.0.1/q?method=order.cancel&session=***&sign=***' "
        "-H 'Content-Type: text/xml;charset=utf-8' -H 'Accept: text/xml' "
        "--data-raw '<request>It'\"'\"'s 测</request>'"
    )
    assert shlex.split(curl(SENT))[-1] == SENT.body.decode()


@pytest.mark.parametrize(
    ("delivery", "words"), [("", ""), ("http-1.0", "--http1.0 "), ("packets", "--limit-rate 200 ")]
)
def test_curl_sends_as_the_case_did(delivery: str, words: str) -> None:
    assert curl(replace(SENT, delivery=delivery)).startswith(f"curl -sS {words}-X POST ")


def test_curl_does_not_make_up_a_content_type() -> None:
    bare = SignedRequest("GET", "http://127.0.0.1/q", (), b"", ())
    assert curl(bare) == "curl -sS -X GET http://127.0.0.1/q -H Content-Type:"


TEXTS = {
    b"": "",
    "测😀".encode(): "测😀",
    b"a\xffb": "a\\xffb",
    b"x" * 4_000: "x" * 4_000,
    b"x" * 4_001: "x" * 4_000 + "… (4001 bytes)",
}


@pytest.mark.parametrize(("body", "text"), TEXTS.items(), ids=range(len(TEXTS)))
def test_bodies_as_text(body: bytes, text: str) -> None:
    assert text_of(body) == text


def test_answers_as_text() -> None:
    assert answer_text(BACK) == "HTTP 200\n<response/>"
    assert (
        answer_text(Exchange(SENT, None, (), b"", 0.0, Network("connect", "refused"))) == "connect: refused"
    )


def test_an_explanation() -> None:
    told = list(explain(outcome(Status.WAIVED, MISSING, reason=Waived("2026-06-30", "ticket 1"))))
    assert told == [
        "WAIVED  wms/order.cancel/case/one  (must)",
        "Test · 测试",
        "requirement: document.cancel, answer.form   clause: 003 order.cancel",
        "until 2026-06-30: ticket 1",
        "",
        "envelope.flag (must, request 1, 000 section 2.3)",
        "  at       flag",
        "  expected success or failure",
        "  actual   no flag",
        "",
        curl(SENT),
        "  HTTP 200\n  <response/>",
    ]


def test_an_explanation_without_an_exchange() -> None:
    told = list(explain(outcome(Status.BLOCKED, reason=BlockedBy("wms/a/b"), exchanges=(), steps=())))
    assert told[-1] == "wms/a/b"
