"""`--qimen-new-only`: what was red in an earlier run does not count."""

import json
import re
from xml.etree import ElementTree

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.reference.serve import serve
from tests.plugin.plugin_runs import ALWAYS, CODES, HEARTBEAT, SHOP, Go
from tests.support.servers import Request, endpoint, free_port, response


@pytest.fixture
def old(keyed_go: Go, pytester: pytest.Pytester) -> str:
    """A run in which codes are not checked."""
    with serve(faults=["codes-not-checked"]) as url:
        assert (
            keyed_go("--qimen-url", url, SHOP, *CODES, "--qimen-level", "should", "--qimen-report", "old").ret
            == 1
        )
    return "old"


def gated(keyed_go: Go, faults: list[str], *args: str) -> pytest.RunResult:
    with serve(faults=faults) as url:
        return keyed_go("--qimen-url", url, SHOP, "--qimen-level", "should", *args, "--qimen-report", "new")


def test_what_was_red_already_is_not_counted(keyed_go: Go, old: str, pytester: pytest.Pytester) -> None:
    result = gated(keyed_go, ["codes-not-checked"], *CODES, "--qimen-new-only", old, "--junitxml", "j.xml")
    assert result.ret == 0
    told = [line for line in result.outlines if line.startswith("compared with")]
    assert told == ["compared with old: nothing newly red; 2 red already then, not counted"]
    assert "verdict: non-conformant (2 cases are red)" in result.stdout.str()
    assert "2 red already" in result.outlines[-1]
    assert "FAILURES" not in result.stdout.str()
    root = ElementTree.parse(pytester.path / "j.xml").getroot()
    assert [one.get("message") for one in root.iter("skipped")] == ["red in the earlier run already"] * 2
    assert not list(root.iter("failure"))
    results = json.loads((pytester.path / "new/results.json").read_text("utf-8"))
    assert results["verdict"] == "non-conformant"


def test_what_is_newly_red_is(keyed_go: Go, old: str) -> None:
    chosen = ("-k", "code-list or minimal or shopCode/absent")
    faults = ["codes-not-checked", "need-not-checked"]
    result = gated(keyed_go, faults, *chosen, "--qimen-new-only", f"{old}/results.json")
    assert result.ret == 1
    assert "compared with old/results.json: 1 newly red; 2 red already then, not counted" in result.outlines
    assert [line for line in result.outlines if line.startswith("   FAIL ")] == [
        "   FAIL wms/shop.synchronize/request/shop.shopCode/absent: accepted, must be refused"
    ]


def test_a_broken_should_counts_only_where_shoulds_are_red(keyed_go: Go, old: str) -> None:
    with serve(faults=["codes-not-checked"]) as url:
        result = keyed_go("--qimen-url", url, SHOP, *CODES, "--qimen-new-only", old)
    assert result.ret == 0
    assert "compared with old: nothing newly red; 0 red already then, not counted" in result.outlines


def test_the_gate_with_workers(keyed_go: Go, old: str, pytester: pytest.Pytester) -> None:
    with serve(faults=["codes-not-checked"]) as url:
        args = (
            "--qimen-url",
            url,
            SHOP,
            *CODES,
            "--qimen-level",
            "should",
            "--qimen-new-only",
            old,
            "-n",
            "2",
        )
        result = pytester.runpytest_subprocess(*ALWAYS, *args)
    assert result.ret == 0
    assert "2 red already" in result.outlines[-1]


def test_a_must_that_can_no_longer_be_tested_is_not_green(keyed_go: Go, old: str) -> None:
    def refusing(request: Request) -> str:
        return response("failure" if request.method == "shop.synchronize" else "success")

    with endpoint(refusing) as server:
        args = ("--qimen-url", server.url, SHOP, "-k", "longest or minimal", "--qimen-new-only")
        first = keyed_go(*args, old, "--qimen-report", "refused")
        again = keyed_go(*args, "refused")
    assert first.ret == 1
    assert re.search(r"^compared with old: 1 newly red, \d+ newly untested; 0 red", first.stdout.str(), re.M)
    assert again.ret == 0  # blocked then, blocked now: nothing is new
    assert "compared with refused: nothing newly red; 1 red already then, not counted" in again.outlines


def test_a_run_that_tested_nothing_is_not_green(keyed_go: Go, pytester: pytest.Pytester) -> None:
    args = ("--qimen-url", f"http://127.0.0.1:{free_port()}/qimen", HEARTBEAT, "-k", "long")
    assert keyed_go(*args, "--qimen-report", "dead").ret == 1
    result = keyed_go(*args, "--qimen-new-only", "dead")
    assert result.ret == 1
    assert "compared with dead: nothing was tested; 0 red already then, not counted" in result.outlines


NO_RUNS = {
    "gone": "gone: file: no such file or folder",
    "foreign.json": "foreign.json: file: is no results.json of pytest-qimen",
    "newer.json": "newer.json: file: is of format 99; this version reads up to 1",
    "cut.json": "cut.json: file: is no JSON",
    "events.jsonl": "events.jsonl: line 1: is no JSON",
}


@pytest.mark.parametrize("name", NO_RUNS)
def test_an_earlier_run_that_is_none(name: str, keyed_go: Go, pytester: pytest.Pytester) -> None:
    newer = {"format": 99, "suite": {}, "target": "", "cases": [], "counts": {}}
    texts = {
        "foreign.json": "{}",
        "newer.json": json.dumps(newer),
        "cut.json": '{"format": 1,',
        "events.jsonl": "x\ny\n",
    }
    if name in texts:
        (pytester.path / name).write_text(texts[name], "utf-8")
    with endpoint(lambda request: response()) as server:
        result = keyed_go("--qimen-url", server.url, HEARTBEAT, "--qimen-new-only", name)
    assert (result.ret, server.requests) == (4, [])
    assert [line for line in result.errlines if line] == [f"ERROR: --qimen-new-only: {NO_RUNS[name]}"]
    if name in texts:
        assert (pytester.path / name).read_text("utf-8") == texts[name]
