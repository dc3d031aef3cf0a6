"""`--qimen-har`: the recording that a run writes."""

import json

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.__main__ import main
from pytest_qimen.reference.serve import serve
from tests.plugin.plugin_runs import HEARTBEAT, SHOP, Go
from tests.support.servers import endpoint, response


def test_har_alone_leaves_nothing_else(keyed_go: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=["need-not-checked"]) as url:
        result = keyed_go("--qimen-url", url, SHOP, "-k", "/absent", "--qimen-har", "deep/run.har")
    assert "report: deep/run.har" in result.outlines
    assert [path.name for path in (pytester.path / "deep").iterdir()] == ["run.har"]
    log = json.loads((pytester.path / "deep/run.har").read_text("utf-8"))["log"]
    assert log["entries"]
    assert all(entry["comment"].startswith("fail wms/shop") for entry in log["entries"])


def test_har_beside_the_report(keyed_go: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=["need-not-checked"]) as url:
        keyed_go(
            "--qimen-url", url, SHOP, "-k", "/absent", "--qimen-har", "out/x.har", "--qimen-report", "out"
        )
    names = {path.name for path in (pytester.path / "out").iterdir()}
    assert names == {"events.jsonl", "results.json", "report.html", "x.har"}
    assert main(["report", str(pytester.path / "out")]) == 1
    assert (pytester.path / "out/x.har").read_bytes() == (pytester.path / "out/exchanges.har").read_bytes()


def test_a_har_that_cannot_be_written(keyed_go: Go, pytester: pytest.Pytester) -> None:
    pytester.makefile(".txt", file="")
    with endpoint(lambda request: response()) as server:
        result = keyed_go("--qimen-url", server.url, HEARTBEAT, "--qimen-har", "file.txt/run.har")
    assert (result.ret, server.requests) == (4, [])
    (line,) = filter(None, result.errlines)
    assert line.startswith("ERROR: --qimen-har: ")
