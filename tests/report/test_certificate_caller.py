"""Certificates of what a system sends, alone and beside what its endpoint answers."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, LeftOut
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.certificate import issue, opened, told
from pytest_qimen.report.certificate_file import read_certificate
from pytest_qimen.report.events import Log
from pytest_qimen.report.halves import halves_of, load_halves
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import EndRecord
from pytest_qimen.report.results import suite
from pytest_qimen.spec import load_all
from pytest_qimen.target.caller import CallerProfile, DriverProfile
from pytest_qimen.verdict import Attested, Evidence, Showing, Status
from tests.report.report_events import ENDED, HEAD, case

TODAY = date(2026, 11, 28)
DRIVER = DriverProfile(command=("drive",))
PROFILE = CallerProfile(sides=("erp",), without=("transferorder.*",), driver=DRIVER)
CLAIMS = CallerRecord.of(PROFILE, "http://127.0.0.1:8700/qimen")
WORD = Attested("caller.use.failure-shown", "王小明", "It shows the failure.")
Change = Callable[[CaseRecord], CaseRecord]


def sent(**changes: CaseRecord | None) -> RecordedRun:
    """A run of an ERP in which every scenario passed and every requirement was judged."""
    found = {one.id: _played(one.id) for one in bundled_scenarios().values()}
    for api in load_all():
        if replace(PROFILE, without=()).claims(api):
            one = case(f"callers/sent/{api.name}", role=api.role, method=api.method)
            if not PROFILE.claims(api):
                one = replace(one, status=Status.UNSUPPORTED, reason=LeftOut((api.method,)))
            found[one.id] = one
    for wanted in load_caller_requirements().values():
        name = f"callers/{wanted.id.removeprefix('caller.').replace('.', '/', 1)}/wms/order.cancel"
        found[name] = case(name, level=wanted.level.value, requirements=[wanted.id])
    found |= {name: one for name, one in changes.items() if one}
    cases = tuple(one for name, one in found.items() if name not in changes or changes[name])
    return RecordedRun(replace(HEAD, suite=suite(), side="caller", caller=CLAIMS), cases, ENDED)


def _played(identity: str) -> CaseRecord:
    one = bundled_scenarios()[identity]
    attested = (WORD,) if WORD.requirement in one.requirements else ()
    showing = Showing(Evidence.ATTESTED if attested else Evidence.WIRE, one.requirements, attested)
    record = case(identity, level=one.level.value, role="caller", method=one.method)
    return replace(record, requirements=one.requirements, showing=showing)


def answered(target: str = "demo") -> RecordedRun:
    """A run of an endpoint in which every case passed."""
    found = [one for path in bundled_files() for one in bundled_cases(path)]
    cases = tuple(case(one.id, level=one.level.value, role=one.role, method=one.method) for one in found)
    return RecordedRun(replace(HEAD, suite=suite(), target=target), cases, ENDED)


def saved(folder: Path, found: object) -> Path:
    file = folder / "certificate.json"
    file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return file


def test_what_a_certificate_of_a_caller_says(tmp_path: Path) -> None:
    found = issue(halves_of(sent()), today=TODAY)
    body = found["certificate"]
    assert (body["kind"], body["format"], "url" in body) == ("caller", 2, False)
    assert body["caller"]["sides"] == ["erp"]
    assert body["caller"]["windows"] == {"ask": 120, "retry": 90, "quiet": 10}
    said = told(opened(saved(tmp_path, found), today=TODAY), False)
    for line in (
        "covers one half: what the system sends; what an endpoint of it answers was not tested",
        "calls were heard at: http://127.0.0.1:8700/qimen",
        "claimed: side erp; it sends *",
        "methods that it says it does not send: transferorder.*",
        "windows: ask 120 s, retry 90 s, quiet 10 s; at most 5 calls a minute after a failure",
        "made to send by a driver: a command",
        "attested, not seen: caller.use.failure-shown, by 王小明: 'It shows the failure.'",
        "below a must and not tested (0): none",
    ):
        assert line in said
    assert any("wms/order.cancel" in line and line.startswith("methods that it sent (") for line in said)
    assert any("caller.message.limit" in line for line in said)  # nothing can show it: said, not hidden


def test_both_halves(tmp_path: Path) -> None:
    found = issue(halves_of(answered(), sent()), today=TODAY)
    assert found["certificate"]["kind"] == "both"
    assert found["certificate"]["url"] == HEAD.url
    said = told(opened(saved(tmp_path, found), today=TODAY), False, "zh")
    assert said[1] == "覆盖两半：端点的应答，以及系统发出的内容"
    assert said.index("系统发出的内容：") > said.index("地址：http://wms.example/qimen")


def test_a_run_with_both_halves_is_the_same_as_two_runs() -> None:
    one, two = answered(), sent()
    whole = RecordedRun(replace(one.head, side="both", caller=CLAIMS), (*one.cases, *two.cases), ENDED)
    alone, beside = (issue(halves_of(*runs), today=TODAY)["certificate"] for runs in ((whole,), (one, two)))
    assert alone == beside


UNTESTED = "callers/faults/lost-answer"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (
            UNTESTED,
            lambda one: replace(one, status=Status.UNTESTED, reason=Because(say("never-sent"))),
            "the verdict is incomplete; 1 must untested: faults/lost-answer",
        ),
        (UNTESTED, lambda one: replace(one, status=Status.FAIL), "1 must fail: faults/lost-answer"),
        (UNTESTED, lambda one: None, "1 must filtered out: faults/lost-answer"),
        ("callers/sent/wms/order.cancel", lambda one: None, "1 must filtered out: sent/wms/order.cancel"),
        (
            "callers/call/signed/wms/order.cancel",
            lambda one: None,
            "certificate refused: 1 must shown by no case: call.signed",
        ),
        (
            UNTESTED,
            lambda one: replace(one, status=Status.UNSUPPORTED, reason=Because(say("read-only"))),
            "1 must unsupported: faults/lost-answer",
        ),
    ],
)
def test_refused(name: str, change: Change, words: str) -> None:
    run = sent()
    found = next(one for one in run.cases if one.id == name)
    with pytest.raises(UsageError) as error:
        issue(halves_of(sent(**{name: change(found)})), today=TODAY)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_every_untested_must_is_named() -> None:
    names = ("callers/answers/success", UNTESTED)
    changes = {name: replace(_played(name), status=Status.UNTESTED, showing=None) for name in names}
    with pytest.raises(UsageError, match="2 musts untested: answers/success, faults/lost-answer"):
        issue(halves_of(sent(**changes)), today=TODAY)


def test_a_requirement_that_only_an_untested_scenario_lists_is_not_tested() -> None:
    name = "callers/read/chunked/wms/order.cancel"
    played = replace(_played("callers/answers/chunked"), showing=Showing(Evidence.WIRE, ()))
    with pytest.raises(UsageError, match=r"1 must shown by no case: read\.chunked"):
        issue(halves_of(sent(**{name: None, played.id: played})), today=TODAY)


def test_what_is_not_claimed_needs_no_test() -> None:
    claims = CallerRecord.of(replace(PROFILE, sends=("order.cancel",)), "http://x/")
    run = sent()
    kept = [one for one in run.cases if one.showing or one.requirements != ("caller.page.size",)]
    issue(halves_of(RecordedRun(replace(run.head, caller=claims), tuple(kept), ENDED)), today=TODAY)


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        ((sent(), sent()), "certificate: what the system sends: two runs of it"),
        ((answered("other"), sent()), "certificate: the runs are of two systems: target other and demo"),
    ],
)
def test_halves_that_do_not_fit(runs: tuple[RecordedRun, ...], words: str) -> None:
    with pytest.raises(UsageError) as error:
        halves_of(*runs)
    assert words in str(error.value)


def test_of_two_halves_each_objection_says_which() -> None:
    with pytest.raises(UsageError, match="what the system sends: 1 must filtered out: faults/lost-answer"):
        issue(halves_of(answered(), sent(**{UNTESTED: None})), today=TODAY)


def test_from_folders(tmp_path: Path) -> None:
    for name, run in (("a", answered()), ("b", sent())):
        log = Log(tmp_path / name)
        for line in (run.head, *run.cases, EndRecord(ENDED)):
            log.write(line)
        log.close()
    found = load_halves([tmp_path / "a", tmp_path / "b"])
    assert found.kind == "both"
    assert found.caller == sent()


def swapped(member: str, value: object) -> dict[str, Any]:
    found = issue(halves_of(sent()), today=TODAY)
    found["certificate"]["caller"][member] = value
    return found


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("sides", [], "caller.sides: expected one or more of erp, wms, oms"),
        ("sides", ["bank"], "caller.sides: expected one or more of erp, wms, oms"),
        ("windows", {"ask": "long"}, "caller.windows.ask: expected a whole number"),
        ("attested", [{"name": "x"}], "lacks caller.attested[1].requirement"),
        ("attested", "x", "caller.attested: expected a list"),
        ("retries", 1, "caller.retries: expected true or false"),
        ("run", [], "run: expected when it began and ended"),
        ("counts", {"pass": 1.5}, "holds the number 1.5"),
        ("untested", None, "caller.untested: expected a list"),
        ("not_applicable", {"caller.a": "x"}, "caller.not_applicable.caller.a: expected an object"),
        ("not_applicable", {"caller.a": {"zh": "x"}}, "lacks caller.not_applicable.caller.a.en"),
    ],
)
def test_hostile_certificates(tmp_path: Path, member: str, value: object, words: str) -> None:
    with pytest.raises(DataError) as error:
        read_certificate(saved(tmp_path, swapped(member, value)), TODAY)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["caller", "both", "all", "", "endpoint\n"])
def test_a_kind_that_does_not_fit(tmp_path: Path, kind: str) -> None:
    found = issue(halves_of(answered()), today=TODAY)
    found["certificate"]["kind"] = kind
    with pytest.raises(DataError):
        read_certificate(saved(tmp_path, found), TODAY)
    found["certificate"] |= {"kind": "caller", "format": 1, "caller": {}}
    with pytest.raises(DataError, match="only a certificate of format 2 covers what is sent"):
        read_certificate(saved(tmp_path, found), TODAY)
