"""What a run shows and writes."""

import re
from xml.etree import ElementTree

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.verdict import Status
from tests.plugin.plugin_runs import (
    ALWAYS,
    ANSWER,
    HEARTBEAT,
    KEYS,
    SHOP,
    Go,
    events,
    faulty,
    results,
    statuses,
    verdict,
)
from tests.support.servers import endpoint, response

CASE_KEYS = {"id", "method", "role", "level", "requirements", "status", "findings", "requests", "seconds"}
MORE_KEYS = {"family", "cause"}  # beyond design.md 5: why a case is blocked is nowhere else
FINDING_KEYS = {"check", "path", "expected", "actual", "clause", "level", "step"}
STATUSES = {*Status}


def test_the_report(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("need-not-checked") as url:
        result = go("--qimen-url", url, HEARTBEAT, "--qimen-report", "deep/out", keys=KEYS)
    assert result.ret == 1
    assert "report: deep/out" in result.outlines
    found = results(pytester.path / "deep" / "out")
    assert list(found) == [
        *("format", "verdict", "suite", "side", "target", "level", "seed", "started"),
        *("ended", "counts", "cases"),
    ]
    assert (found["format"], found["verdict"], found["target"], found["level"]) == (
        1,
        "non-conformant",
        url,
        "must",
    )
    assert set(found["suite"]) == {"version", "digest"}
    assert re.fullmatch("Q[0-9A-Z]{6}", found["seed"])
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", found[key])
        for key in ("started", "ended")
    )
    assert set(found["counts"]) == STATUSES
    assert sum(found["counts"].values()) == len(found["cases"])
    assert [case["id"] for case in found["cases"]] == sorted(case["id"] for case in found["cases"])
    for case in found["cases"]:
        assert set(case) == CASE_KEYS | MORE_KEYS
        assert all(set(one) == FINDING_KEYS for one in case["findings"])
    failed = [case for case in found["cases"] if case["status"] == "fail"]
    assert failed
    assert all(case["findings"] for case in failed)


def test_the_events(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("need-not-checked") as url:
        go("--qimen-url", url, SHOP, "--qimen-report", "out", keys=KEYS)
    found = events(pytester.path / "out")
    assert [found[0]["type"], found[-1]["type"]] == ["run", "end"]
    assert {event["type"] for event in found} == {"run", "case", "intent", "created", "refused", "end"}
    cases = [event for event in found if event["type"] == "case"]
    shown = [event for event in cases if "exchanges" in event]
    assert {event["status"] for event in shown} == {"fail", "warn"}
    for event in shown:
        for exchange in event["exchanges"]:
            assert dict(exchange["request"]["params"])["sign"] == "***"
            assert "sign=***" in exchange["request"]["url"]


def test_a_run_that_is_interrupted_is_incomplete(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        breaking="""
        def pytest_runtest_setup(item):
            if item.name == "request/typical":
                raise KeyboardInterrupt
        """
    )
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess(
        *(*ALWAYS, "-p", "breaking", "--qimen", HEARTBEAT, "--qimen-report", "out")
    )
    assert result.ret == 2
    assert verdict(result) == "verdict: incomplete (the run broke off), 1 request"
    found = results(pytester.path / "out")
    assert (found["verdict"], found["ended"]) == ("incomplete", None)
    assert statuses(pytester.path / "out") == {"wms/service.heartbeat/request/minimal": "pass"}


def test_junit(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("code-missing") as url:
        go("--qimen-url", url, HEARTBEAT, ANSWER, "-k", "wms", "--junitxml", "junit.xml", keys=KEYS)
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert {case.get("classname") for name, case in cases.items() if not name.startswith("wms/")} == {
        "cases.wms.service.heartbeat.toml"
    }
    assert len(cases) == len(list(root.iter("testcase")))
    failure = cases["answer/success"].find("skipped")
    assert failure is not None
    assert failure.get("message") == "protocol/answer/wms/success"


NARROW = {  # what is chosen -> what is red of an endpoint whose answers have no code
    "with the cases of all methods": ((HEARTBEAT, ANSWER), {"protocol/answer/wms"}),
    "the cases of the method": ((HEARTBEAT,), {"wms/service.heartbeat/answer"}),
    "its smallest message": ((HEARTBEAT, "-k", "minimal"), {"wms/service.heartbeat/request"}),
    "a flow": (("cases/flows/masterdata.toml", "-k", "heartbeat"), {"flows/masterdata"}),
}


@pytest.mark.parametrize(("args", "red"), NARROW.values(), ids=NARROW)
def test_a_fault_of_all_answers_is_red_whatever_is_chosen(
    args: tuple[str, ...], red: set[str], go: Go, pytester: pytest.Pytester
) -> None:
    with faulty("code-missing") as url:
        go("--qimen-url", url, *args, "--qimen-role", "wms", "--qimen-report", "out", keys=KEYS)
    found = statuses(pytester.path / "out")
    assert {name.rpartition("/")[0] for name, status in found.items() if status == "fail"} == red


def test_a_shard_leaves_a_fault_to_the_shard_whose_case_it_is(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("code-missing") as url:
        for shard in ("1/2", "2/2"):
            out = shard.replace("/", "-")
            go("--qimen-url", url, HEARTBEAT, ANSWER, "--qimen-role", "wms", "--qimen-shard", shard,
               "--qimen-report", out, keys=KEYS)  # fmt: skip
    found = statuses(pytester.path / "1-2") | statuses(pytester.path / "2-2")
    assert {name for name, status in found.items() if status == "fail"} == {
        "protocol/answer/wms/success",
        "protocol/answer/wms/failure",
    }


def test_failing_items_show_everything(go: Go) -> None:
    with endpoint(lambda request: response(code=None)) as server:
        result = go("--qimen-url", server.url, "cases/protocol/answer.toml", "-k", "wms/success", keys=KEYS)
        sent = server.requests[-1]
    query = re.sub("sign=[0-9A-F]+", "sign=***", sent.target.partition("?")[2])
    told = [
        "FAIL  protocol/answer/wms/success  (must)",
        "The form of an answer to a good request · 成功应答的格式",
        "requirement: answer.form   clause: 000 section 2.3",
        "",
        "envelope.code (must, request 1, 000 section 2.3)",
        "  at       code",
        "  expected a code",
        "  actual   no code",
        "",
        f"curl -sS -X POST '{server.url}?{query}' -H 'Content-Type: text/xml;charset=utf-8' "
        f"-H 'Accept: text/xml,application/json;q=0.1' --data-raw '{sent.body.decode()}'",
        "  HTTP 200",
        f"  {response(code=None)}",
    ]
    assert "\n".join(told) + "\n" in result.stdout.str()
    assert result.ret == 1
