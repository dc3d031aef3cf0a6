"""`qimen replay`: a recorded case is run anew, told like a failing item, compared with how it ended then."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.files import FLOW, METHOD, write
from support.servers import Request, endpoint, free_port, response

from pytest_qimen.cases import Case, Step, find_case, load_cases
from pytest_qimen.commands.replay import Request as Asked
from pytest_qimen.commands.replay import replay
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.reference.serve import APP_KEY, SECRET, serve
from pytest_qimen.report.events import outcome_event
from pytest_qimen.report.results import suite
from pytest_qimen.runner import run_case
from pytest_qimen.target.model import load_target, with_options
from pytest_qimen.wire.signature import sign

CASE = "wms/shop.synchronize/request/shop.shopName/too-long"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_APP_KEY", APP_KEY)
    monkeypatch.setenv("QIMEN_SECRET", SECRET)
    monkeypatch.setenv("QIMEN_CUSTOMER_ID", "stub-cust-code")


def run(identity: str = CASE, **settings: Any) -> tuple[int, list[str]]:
    out = io.StringIO()
    return replay(identity, Asked(**settings), out), out.getvalue().splitlines()


HEAD = {
    **{"type": "run", "format": 1, "suite": suite(), "target": "mine", "url": "http://127.0.0.1:1/qimen"},
    **{"level": "must", "seed": "Q000000", "started": "2026-05-01T10:00:00+08:00"},
}


def saved(folder: Path, *events: dict[str, Any], **head: Any) -> Path:
    """The folder of a run with these cases."""
    text = "".join(json.dumps(event) + "\n" for event in (HEAD | head, *events))
    (folder / "events.jsonl").write_text(text, "utf-8")
    return folder


def recorded(folder: Path, status: str, identity: str = CASE) -> Path:
    usual = {"type": "case", "method": "m", "role": "wms", "level": "must", "family": "f", "cause": ""}
    usual |= {"findings": [], "requirements": [], "requests": 0, "seconds": 0.0}
    return saved(
        folder, usual | {"id": "other", "status": "fail"}, usual | {"id": identity, "status": status}
    )


def run_of(folder: Path, identity: str, url: str, case: Case | None = None, **head: Any) -> Path:
    """The folder of a run of one case against `url`."""
    outcome = run_case(case or find_case(identity), with_options(load_target(None), url=url))
    return saved(folder, outcome_event(outcome), **{"url": url} | head)


def test_against_the_embedded_endpoint() -> None:
    status, told = run()
    assert status == 0
    assert told[:3] == [
        f"PASS  {CASE}  (should)",
        "refuses shop.shopName: too-long · 应拒绝 shop.shopName：too-long",
        "requirement: request.length   clause: 003 taobao.qimen.shop.synchronize request.shop.shopName",
    ]
    assert told[4].startswith("curl -sS -X POST 'http://127.0.0.1:")


CHANGES = {  # how it was, whether the endpoint still accepts what is too long, exit status, the last line
    ("fail", True): (1, "differs: was fail, is warn"),
    ("warn", True): (1, "still failing: was warn, is warn"),
    ("pass", True): (1, "differs: was pass, is warn"),
    ("warn", False): (0, "fixed: was warn, is pass"),
    ("fail", False): (0, "fixed: was fail, is pass"),
    ("stale", False): (0, "fixed: was stale, is pass"),
    ("pass", False): (0, "unchanged: was pass, is pass"),
    ("blocked", False): (0, "differs: was blocked, is pass"),
}


@pytest.mark.parametrize(("then", "expected"), CHANGES.items())
def test_compared_with_a_recorded_run(
    then: tuple[str, bool], expected: tuple[int, str], tmp_path: Path
) -> None:
    before, broken = then
    with serve(faults=["length-not-checked"] if broken else []) as url:
        status, told = run(url=url, report=recorded(tmp_path, before))
    assert (status, told[-1]) == expected


def test_a_failure_is_told_in_full() -> None:
    with serve(faults=["length-not-checked"]) as url:
        status, told = run(url=url)
    assert status == 1
    assert told[0] == f"WARN  {CASE}  (should)"
    assert told[4:7] == [
        "contract.refuses (should, request 1, 003 taobao.qimen.shop.synchronize request.shop.shopName)",
        "  expected the request is refused",
        "  actual   flag=success code=0 message=success",
    ]
    assert SECRET not in "\n".join(told)


def test_a_target_file(tmp_path: Path) -> None:
    with serve() as url:
        file = tmp_path / "mine.toml"
        file.write_text(f'url = "{url}"\nwithout = ["shop.*"]\n', "utf-8")
        status, told = run(file=file)
        assert (status, told[3]) == (2, "the profile leaves out shop.synchronize")
        file.write_text('url = "http://127.0.0.1:1/"\n', "utf-8")
        assert run(file=file, url=url)[0] == 0


def test_what_could_not_be_run_names_the_cause() -> None:
    status, told = run(url=f"http://127.0.0.1:{free_port()}/")
    assert status == 2
    assert told[0] == f"BLOCKED  {CASE}  (should)"
    assert told[3:7] == [
        "protocol/smoke/wms/answers",
        "",
        "blocked by",
        "ERROR  protocol/smoke/wms/answers  (must)",
    ]
    assert told[9].startswith("connect: ")


def test_a_case_that_a_refusal_blocks() -> None:
    def reply(request: Request) -> str:
        return response("failure" if request.method == "shop.synchronize" else "success")

    with endpoint(reply) as server:
        status, told = run(url=server.url)
    assert status == 2
    assert "FAIL  wms/shop.synchronize/request/minimal  (must)" in told


USAGE: list[tuple[dict[str, Any], str]] = [
    ({"identity": "wms/shop.synchronize/request/nothing"}, "shop.synchronize.toml has no case 'wms/"),
    ({"identity": "nothing"}, "no case file for 'nothing'"),
    ({"url": "127.0.0.1"}, "--url: expected http://host/path or https://host/path, got '127.0.0.1'"),
    ({"report": Path("/nonexistent")}, "--report: /nonexistent holds no events.jsonl"),
    ({"raw": True}, "--raw: name the run that recorded the requests with --report"),
    ({"identity": "gone.toml"}, "replay: there is no file gone.toml"),
    (
        {"identity": "wms/shop.synchronize/property/legal-accepted"},
        "replay: wms/shop.synchronize/property/legal-accepted draws its messages; "
        "name the run that kept one with --report",
    ),
]


@pytest.mark.parametrize(("settings", "told"), USAGE)
def test_usage(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(**settings)
    assert str(caught.value).startswith(told)


def test_a_case_that_was_not_recorded(tmp_path: Path) -> None:
    with serve() as url, pytest.raises(UsageError) as caught:
        run(report=recorded(tmp_path, "pass", "wms/another/one"), url=url)
    assert str(caught.value) == f"--report: the run has no case {CASE!r}"
    (tmp_path / "events.jsonl").write_text("oops\noops\n", "utf-8")
    with pytest.raises(DataError) as error:
        run(report=tmp_path)
    assert str(error.value) == f"{tmp_path / 'events.jsonl'}: line 1: is no JSON"


def test_keys_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIMEN_SECRET")
    with pytest.raises(UsageError) as caught:
        run(url="http://127.0.0.1:1/")
    assert str(caught.value) == (
        "the environment has no QIMEN_SECRET; the target file may name another with secret_env"
    )
    assert run()[0] == 0  # the embedded endpoint has keys of its own


# The endpoint of the recorded run


def test_a_report_names_the_endpoint(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        report = run_of(tmp_path, CASE, url)
        status, told = run(report=report)
        assert (status, told[-1]) == (1, "still failing: was warn, is warn")
        assert any(url in line for line in told)
    status, told = run(report=report)  # it is gone now: never another one instead
    assert (status, told[-1]) == (2, "differs: was warn, is blocked")


def test_a_run_of_the_embedded_endpoint_is_replayed_there_and_says_so(tmp_path: Path) -> None:
    with serve() as url:
        report = run_of(tmp_path, CASE, url, embedded=True)
    status, told = run(report=report)
    assert (status, told[0]) == (0, "the run was of the embedded endpoint, and so is this")


def test_a_report_names_the_profile(tmp_path: Path) -> None:
    with serve() as url:
        profile = {"roles": ["wms"], "methods": ["*"], "without": ["shop.*"], "readonly": False}
        report = run_of(tmp_path, CASE, url, profile=profile)
        status, told = run(report=report)
        assert (status, told[3]) == (2, "the profile leaves out shop.synchronize")
        target = tmp_path / "mine.toml"
        target.write_text(f'url = "{url}"\n', "utf-8")
        assert run(report=report, file=target)[0] == 0


def test_a_login_is_not_recorded(tmp_path: Path) -> None:
    report = saved(recorded(tmp_path, "warn"), url="http://***@127.0.0.1:1/qimen")
    with pytest.raises(UsageError) as caught:
        run(report=report)
    assert str(caught.value) == "--report: the login in the run's URL is not recorded; give the whole --url"


def test_keys_are_asked_for_before_a_recorded_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIMEN_SECRET")
    with pytest.raises(UsageError, match="the environment has no QIMEN_SECRET"):
        run(report=recorded(tmp_path, "warn"))


# The very same bytes


def test_raw_sends_what_was_sent_with_a_signature_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with endpoint(lambda request: response("success")) as server:
        report = run_of(tmp_path, CASE, server.url)
        before = server.requests[-1]
        monkeypatch.setenv("QIMEN_SECRET", "another<&>")
        status, told = run(report=report, raw=True)
        after = server.requests[-1]
        again, _ = run(report=report)
        anew = server.requests[-1]
    assert (status, told[-1]) == (1, "still failing: was warn, is warn")
    assert (after.verb, after.body, after.headers) == (before.verb, before.body, before.headers)
    params = {name: value for name, value in before.params.items() if name != "sign"}
    assert after.params == params | {"sign": sign(params, before.body, "another<&>")}
    assert re.sub("sign=[^&]*", "", after.target) == re.sub("sign=[^&]*", "", before.target)
    assert again == 1
    assert anew.body != before.body  # without raw the keys are new
    assert anew.params["timestamp"] >= before.params["timestamp"]


FAULTS = {  # a case of each kind, and the fault that it finds
    "wms/shop.synchronize/request/shop.shopName/too-long": "length-not-checked",
    "wdk/alibaba.wdk.sku.scroll.query/request/sku_codes/over-limit": "sku-codes-21-accepted",
    "wdk/alibaba.wdk.stock.publish/request/batch_stock_publish_dto.bill_no/too-long": "bill-no-51-accepted",
    "protocol/signature/wms/wrong": "signature-unchecked",
    "protocol/signature/wms/lower-case": "signature-lower-case-accepted",
    "protocol/signature/wms/other-secret": "signature-unchecked",
    "protocol/signature/wms/missing": "signature-unchecked",
    "flows/batches/items-good-ones-done": "batch-drops-the-good",
    "flows/inbound/cancelled": "cancel-does-nothing",
}


@pytest.mark.parametrize("raw", [False, True], ids=["anew", "raw"])
@pytest.mark.parametrize(("identity", "fault"), FAULTS.items())
def test_fixed_and_still_failing(identity: str, fault: str, raw: bool, tmp_path: Path) -> None:
    with serve(faults=[fault]) as broken, serve() as mended:
        report = run_of(tmp_path, identity, broken)
        (_, event) = map(json.loads, (report / "events.jsonl").read_text("utf-8").splitlines())
        again, told = run(identity, report=report, raw=raw)
        assert (again, told[-1]) == (1, f"still failing: was {event['status']}, is {event['status']}")
        fixed, told = run(identity, report=report, raw=raw, url=mended)
    assert fixed == 0
    assert re.fullmatch(f"fixed: was {event['status']}, is (pass|info)", told[-1])


NOT_RAW = {
    "protocol/signature/wms/tampered-body": (
        "signature-unchecked",
        "--raw: protocol/signature/wms/tampered-body changes what was signed: replay it without --raw",
    ),
    "wms/shop.synchronize/request/minimal": (
        "",
        "--raw: the run kept no requests of wms/shop.synchronize/request/minimal: replay it without --raw",
    ),
}


@pytest.mark.parametrize("identity", NOT_RAW)
def test_what_cannot_be_sent_again(identity: str, tmp_path: Path) -> None:
    fault, words = NOT_RAW[identity]
    with serve(faults=[fault] if fault else []) as url:
        report = run_of(tmp_path, identity, url)
        with pytest.raises(UsageError) as caught:
            run(identity, report=report, raw=True)
    assert str(caught.value) == words


def test_raw_needs_every_request(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        report = run_of(tmp_path, CASE, url)
        head, event = map(json.loads, (report / "events.jsonl").read_text("utf-8").splitlines())
        saved(tmp_path, event | {"requests": 25}, **head)
        with pytest.raises(UsageError, match=r"--raw: the run kept only \d of 25 requests of wms/shop"):
            run(report=report, raw=True)


# Drawn messages, and files


def drawn(identity: str, message: str, expect: str) -> Case:
    """The property as it ends when this message shows a defect."""
    case = find_case(identity)
    return replace(case, steps=(Step(case.apis[0], message=message, expect=expect),))


PROPERTY = "wms/shop.synchronize/property/illegal-refused"
ILLEGAL = (
    "<request><actionType>add</actionType><shop><ownerCode>@new</ownerCode><warehouseCode>W</warehouseCode>"
    f"<shopCode>@new</shopCode><shopName>{'x' * 300}</shopName></shop></request>"
)


@pytest.mark.parametrize("raw", [False, True], ids=["anew", "raw"])
def test_a_drawn_message_is_sent_again(raw: bool, tmp_path: Path) -> None:
    case = drawn(PROPERTY, ILLEGAL, "failure")
    with serve(faults=["length-not-checked"]) as broken, serve() as mended:
        outcome = run_case(case, with_options(load_target(None), url=broken))
        report = saved(tmp_path, outcome_event(replace(outcome, drawn=3)), url=broken)
        again, told = run(PROPERTY, report=report, raw=raw)
        assert (again, told[-1]) == (1, "still failing: was fail, is fail")
        assert "x" * 300 in "\n".join(told)
        fixed, told = run(PROPERTY, report=report, raw=raw, url=mended)
        assert (fixed, told[-1]) == (0, "fixed: was fail, is pass")


def test_a_drawn_message_that_was_not_kept_or_was_changed(tmp_path: Path) -> None:
    with serve() as url:
        with pytest.raises(UsageError, match="draws its messages; the run kept none of them"):
            run(PROPERTY, report=recorded(tmp_path, "pass", PROPERTY), url=url)
        event = json.loads((tmp_path / "events.jsonl").read_text("utf-8").splitlines()[2])
        with pytest.raises(UsageError, match=f"--report: the recorded message of {PROPERTY} cannot be read"):
            run(PROPERTY, report=saved(tmp_path, event | {"drawn": {"steps": [1]}}), url=url)


def test_a_case_file_is_run_whole(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    file = tmp_path / "flows" / "first.toml"
    file.write_text(FLOW, "utf-8")
    status, told = run(str(file))
    assert (status, told) == (0, ["PASS  flows/first/create-and-cancel", "1 pass"])
    with serve(faults=["method-refused"]) as url:
        mine = load_cases(file)[0]
        run_of(tmp_path, mine.id, url, mine)
        status, told = run(str(file), report=tmp_path)
        assert (status, told[-2:]) == (2, ["unchanged: was blocked, is blocked", "1 blocked"])


def test_a_method_of_ones_own_is_replayed_from_its_file(tmp_path: Path) -> None:
    file = write(tmp_path, "wms/thing.create.toml", METHOD)
    with endpoint(lambda request: response()) as server:
        status, told = run(str(file), url=server.url)
    assert status == 1
    assert "PASS  wms/thing.create/request/minimal" in told
    assert "FAIL  wms/thing.create/request/thing.thingCode/absent  (must)" in told
    assert re.fullmatch(r"\d+ blocked, \d+ fail, \d+ info, \d+ pass, \d+ warn", told[-1])
    assert not any("/property/" in line for line in told)
