"""The judge beside the port: nothing is lost, nobody waits for it, its own faults are nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from pytest_qimen import xml
from pytest_qimen.calls.backlog import Backlog
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks.callers import applies
from pytest_qimen.checks.callers.judging import AT_THE_PORT, JUDGED
from pytest_qimen.listening import judge
from pytest_qimen.listening.listener import Listener
from pytest_qimen.listening.model import Judged, line
from pytest_qimen.listening.session import listen
from pytest_qimen.listening.tally import Tally
from pytest_qimen.reference.app import Core
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.results import verdict
from pytest_qimen.target.caller import CallerProfile
from tests.support.calling import call
from tests.support.heard import CALLER, SECRET


@contextmanager
def port() -> Iterator[Listener]:
    core = Core(app_key=CALLER.app_key, secret=CALLER.secret, customer_id="")
    listener = Listener(core.answer, CALLER)
    try:
        yield listener
    finally:
        listener.stop()
        core.store.close()


def records(heard: list[Judged], profile: CallerProfile | None = None) -> dict[str, CaseRecord]:
    tally = Tally(CALLER, profile) if profile else Tally(CALLER)
    for one in heard:
        tally.add(one)
    return {one.id: one for one in tally.records()}


def test_calls_are_answered_while_nobody_judges_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "Backlog", partial(Backlog, most=3))
    heard: list[Judged] = []
    with port() as listener:
        assert all(call(listener.url).status == 200 for _ in range(12))
        assert listener.judge.lag == 12
        assert not heard
        listener.begin(heard.append)
        assert listener.judge.wait(60)
    assert [one.number for one in heard] == list(range(1, 13))


def test_what_breaks_the_judge_is_an_error_of_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(judge, "judge", broken)
    with listen() as listener:
        call(listener.url)
        (bad,) = listener.bad()
    assert "call 1 could not be judged, a defect of the suite: ZeroDivisionError" in str(bad)
    found = records([bad])
    assert found["callers/judged"].status == "error"
    assert verdict(found.values(), "must") == "incomplete"
    assert set(found) == {"callers/judged", "callers/sent/wms/entryorder.create"}


def test_a_listener_that_hears_badly_still_hears_the_next(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Judged] = []

    def told(judged: Judged) -> None:
        heard.append(judged)
        if judged.number == 1:
            raise OSError("no room")

    with port() as listener:
        listener.begin(told)
        for _ in range(2):
            call(listener.url)
    assert len(heard) == 2
    assert "a judged call was not reported" in caplog.text


def test_a_body_that_is_too_large_is_not_held_against_the_caller() -> None:
    with listen() as listener:
        call(listener.url, edit=lambda root: xml.put(root, "entryOrder.remark", "x" * (21 << 20)))
        (bad,) = listener.bad()
    assert bad.findings == ()
    assert "larger than what is judged" in str(bad)


def test_the_secret_is_in_no_evidence() -> None:
    with listen() as listener:
        call(listener.url, edit=lambda root: xml.put(root, "entryOrder.remark", SECRET))
        heard = list(listener.calls())
    found = records(heard)["callers/call/secrets-stay/wms/entryorder.create"]
    assert found.status == "fail"
    assert SECRET not in str(found.to_json())
    assert SECRET.encode() not in found.exchanges[0].request.body


def test_the_secret_is_in_no_line() -> None:
    with listen() as listener:
        call(listener.url, edit=lambda root: xml.put(root, "entryOrder.orderType", SECRET))
        (bad,) = listener.bad()
    assert "caller.message.codes" in str(bad)
    assert SECRET not in f"{bad!s}{line(bad)}{line(bad, 'zh')}"


def test_what_was_claimed_and_what_the_calls_put_to_the_test() -> None:
    profile = CallerProfile(sides=("erp",), sends=("entryorder.*",))
    with listen() as listener:
        call(listener.url)
        heard = list(listener.calls())
    found = {name: one.status.value for name, one in records(heard, profile).items()}
    assert found["callers/sent/wms/entryorder.create"] == "pass"
    assert found["callers/sent/wms/entryorder.query"] == "untested"
    assert found["callers/sent/wms/stockout.create"] == "unsupported"
    assert "callers/sent/wms/service.heartbeat" not in found
    assert "callers/sent/erp/entryorder.confirm" not in found
    assert found["callers/fields/wms/entryorder.create"] == "info"
    assert found["callers/message/length/wms/entryorder.create"] == "pass"
    assert "callers/split/serials/wms/entryorder.create" not in found
    assert "callers/key/document-once/wms/entryorder.create" not in found  # one call proves nothing


def test_an_unknown_method_and_bytes_that_are_no_http_have_a_place() -> None:
    with listen() as listener:
        call(listener.url, tamper=lambda made: made.set("method", "entryorder.creat"))
        heard = list(listener.calls())
    assert records(heard)["callers/call/method/wms/unknown"].status == "fail"


def test_each_row_of_the_table_is_a_requirement_that_is_judged() -> None:
    known = load_caller_requirements()
    for name in applies._APPLIES:
        found = [one for one in (f"caller.{name}", f"caller.call.{name}") if one in known]
        assert found, name
        assert found[0] in JUDGED | AT_THE_PORT
