"""`qimen judge` on access logs, folders and browsers' HARs, and the report that it writes."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.calls.call import Heard
from pytest_qimen.commands.judge import judge_main
from pytest_qimen.errors import DataError
from pytest_qimen.listening.report import opened
from pytest_qimen.target.caller import NO_CALLER
from pytest_qimen.verdict import Level
from tests.commands.test_judge import call, entry, har, run
from tests.support.heard import CALLER

COMMON = '10.0.0.7 - - [28/Nov/2026:13:52:28 +0800] "{} {} HTTP/1.1" 200 77'


def lines(path: Path, *texts: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(texts) + "\n", encoding)
    return path


@pytest.mark.parametrize(
    "line",
    [
        COMMON,
        COMMON + ' "-" "Java/1.8"',
        '{{"time_iso8601": "2026-11-28T13:52:28+08:00", "request": "{} {} HTTP/1.1", "status": 200}}',
        '{{"time": "2026-11-28T13:52:28Z", "request_method": "{}", "request_uri": "{}", "status": "2"}}',
    ],
)
def test_the_parameters_of_an_access_log_are_judged(tmp_path: Path, line: str) -> None:
    heard = call()
    log = lines(
        tmp_path / "access.log",
        "started",
        line.format("GET", "/logo.png"),
        line.format("POST", heard.target),
        line.format("POST", heard.target.replace("&v=2.0", "&v=9")),
    )
    status, text = run(log)
    assert status == 1
    assert "2 calls: 1 break a must" in text
    assert "must caller.call.version v" in text
    assert "caller.message" not in text
    assert "sign" not in text.partition("not proved")[0]
    assert "not proved by what was recorded: 2 calls kept without a message" in text


def test_a_log_in_gbk_is_read(tmp_path: Path) -> None:
    log = lines(
        tmp_path / "access.log", "仓库", COMMON.format("POST", call().target) + ' "中文" "-"', encoding="gbk"
    )
    assert run(log)[0] == 0


@pytest.mark.parametrize("text", ["", "hello\n" * 3, '{"a": 1}\n', "[" * 100_000])
def test_what_is_no_access_log_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.log").write_text(text, "utf-8")
    with pytest.raises(DataError, match="no line is one of an access log"):
        run(tmp_path / "a.log")


def test_a_folder_is_one_journal_in_the_order_of_time(tmp_path: Path) -> None:
    heard = call()
    assert heard.at
    moments = {"b": 0, "a": 1, "c": 2}
    for name, hours in moments.items():
        later = replace(heard, at=heard.at + timedelta(hours=hours))
        har(tmp_path / f"{name}.har", entry(later))
    text = run(tmp_path)[1]
    assert [line.split("#")[0] for line in text.splitlines() if ".har#" in line[:8]] == [
        "b.har",
        "a.har",
        "c.har",
    ]


def test_a_browsers_form_and_pseudo_headers(tmp_path: Path) -> None:
    one = entry(call())
    one["request"]["headers"].insert(0, {"name": ":method", "value": "POST"})
    one["request"]["httpVersion"] = "h2"
    one["serverIPAddress"] = "10.0.0.1"
    one["request"]["url"] = one["request"]["url"].replace("http:", "https:")
    assert run(har(tmp_path / "a.har", one))[0] == 0


def test_the_report_is_that_of_a_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_APP_KEY", "testerp_appkey")
    monkeypatch.setenv("QIMEN_SECRET", "topsecret-A")
    target = lines(
        tmp_path / "t.toml", '[caller]\nside = "erp"\nsends = ["entryorder.*"]', "[target]\nprefixed=[]"
    )
    recording = har(tmp_path / "a.har", entry(call()), entry(_old(call())))
    report = tmp_path / "report"
    assert main(["judge", str(recording), "--target", str(target), "--report", str(report)]) == 1
    found = json.loads((report / "results.json").read_text("utf-8"))
    cases = {case["id"]: case["status"] for case in found["cases"]}
    assert found["side"] == "caller"
    assert cases["callers/sent/wms/entryorder.create"] == "pass"
    assert cases["callers/sent/wms/entryorder.query"] == "untested"
    assert cases["callers/call/version/wms/entryorder.create"] == "fail"
    assert cases["observed/wms/entryorder.create/answer"] == "pass"
    assert "callers/call/http/wms/entryorder.create" not in cases
    assert (report / "junit.xml").exists()
    assert (report / "report.html").exists()


def test_what_a_log_does_not_keep_is_never_green(tmp_path: Path) -> None:
    log = lines(tmp_path / "a.log", COMMON.format("POST", call().target))
    report = tmp_path / "report"
    with opened(report, "a", "", Level.MUST, NO_CALLER) as found:
        judge_main([str(log)], CALLER, io.StringIO(), report=found)
    cases = {
        case["id"]: case["status"]
        for case in json.loads((report / "results.json").read_text("utf-8"))["cases"]
    }
    assert cases["callers/call/version/wms/entryorder.create"] == "pass"
    assert cases["callers/call/signed/wms/entryorder.create"] == "untested"
    assert not [name for name in cases if "/message/" in name or "/post/" in name]


def _old(heard: Heard) -> Heard:
    return replace(heard, target=heard.target.replace("&v=2.0", "&v=9"))
