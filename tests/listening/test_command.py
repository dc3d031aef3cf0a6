"""`qimen listen` in a process of its own: lines, verdict, report, and how it ends."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.listening.recorded import recorded
from pytest_qimen.reference import serve
from tests.support.calling import call

PROFILE = """
[target]
name = "our ERP"
prefixed = []
[caller]
side = "erp"
sends = ["entryorder.create", "stockout.create"]
"""


@contextmanager
def listening(*options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    words = [sys.executable, "-m", "pytest_qimen", "listen", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[0], process
        finally:
            process.kill()


def ended(process: "subprocess.Popen[str]", how: signal.Signals = signal.SIGINT) -> str:
    process.send_signal(how)
    return process.communicate(timeout=120)[0]


def test_bytes_that_nobody_expects_end_in_a_report(tmp_path: Path) -> None:
    with listening("--report", str(tmp_path / "report")) as (url, process):
        parts = urlsplit(url)
        for data in (
            b"POST /qimen?method=\xff&v=%00%ff HTTP/1.1\r\nHost: \x80\r\nContent-Length: 2\r\n\r\n\xff\x00",
            b"\x16\x03\x01\x00\xff",
            b"POST /qimen?method=stock.query HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n\x1b]0;x",
        ):
            with socket.create_connection((parts.hostname or "", parts.port or 0), 10) as client:
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                while client.recv(1 << 16):
                    pass
        text = ended(process)
    assert process.returncode == 1, text
    assert "\x1b" not in text
    assert "3 calls came" in text
    assert text.count("fail must ") == 3
    found = json.loads((tmp_path / "report" / "results.json").read_text("utf-8"))
    assert {"callers/call/http/wms/unknown", "callers/call/method/wms/unknown"} <= {
        case["id"] for case in found["cases"]
    }


def bad_version(made: "object") -> None:
    made.set("v", "7")  # type: ignore[attr-defined]


def test_a_session_ends_with_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "erp.toml").write_text(PROFILE, "utf-8")
    report = tmp_path / "report"
    with listening("--target", str(tmp_path / "erp.toml"), "--report", str(report)) as (url, process):
        call(url)
        call(url, tamper=bad_version)
        text = ended(process)
        assert process.returncode == 1, text
    assert "entryorder.create RK201605010001: pass" in text
    assert "fail must caller.call.version v: expected one of 1.0, 2.0, got 7" in text
    found = json.loads((report / "results.json").read_text("utf-8"))
    assert (found["side"], found["verdict"], found["target"]) == ("caller", "non-conformant", "our ERP")
    cases = {case["id"]: case for case in found["cases"]}
    assert cases["callers/sent/wms/entryorder.create"]["requests"] == 2
    assert cases["callers/sent/wms/stockout.create"]["status"] == "untested"
    assert cases["callers/sent/wms/stockout.query"]["status"] == "unsupported"
    assert cases["callers/call/version/wms/entryorder.create"]["status"] == "fail"
    assert cases["callers/call/signed/wms/entryorder.create"]["status"] == "pass"
    lines = [json.loads(line) for line in (report / "events.jsonl").read_text("utf-8").splitlines()]
    assert [line["type"] for line in lines[:3]] == ["run", "call", "call"]
    assert lines[-1]["type"] == "end"
    red = [line for line in lines if line["type"] == "case" and line["status"] == "fail"]
    assert [len(line["exchanges"]) for line in red] == [1]
    suite = ElementTree.parse(report / "junit.xml").getroot()[0]
    assert suite.attrib["failures"] == "1"
    assert (report / "report.html").stat().st_size > 10_000
    for file, words in (
        ("erp.toml", "no scenario was played"),
        ("bare.toml", "write [caller] into the target"),
    ):
        assert main(["certify-result", str(reported(tmp_path, file))]) == 2
        assert words in capsys.readouterr().err


def reported(folder: Path, target: str) -> Path:
    """The report of a session in which nothing came."""
    (folder / target).write_text(
        PROFILE if target == "erp.toml" else PROFILE.partition("[caller]")[0], "utf-8"
    )
    report = folder / f"of-{target}"
    main(["listen", "--for", "1s", "--target", str(folder / target), "--report", str(report)])
    return report


def bad_twice(made: "object") -> None:
    bad_version(made)
    made.set("sign_method", "sha1")  # type: ignore[attr-defined]


def test_a_call_that_several_cases_keep_is_judged_once(tmp_path: Path) -> None:
    with listening("--report", str(tmp_path)) as (url, process):
        call(url, tamper=bad_twice)
        ended(process)
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text("utf-8").splitlines()]
    assert sum(len(line.get("exchanges", ())) for line in lines) > 1
    assert len(list(recorded([str(tmp_path / "events.jsonl")]))) == 1


def test_a_proxy_ends_with_a_report_of_both_sides(tmp_path: Path) -> None:
    report = tmp_path / "report"
    with (
        serve(faults=["flag-upper-case"]) as endpoint,
        listening("--forward", endpoint, "--report", str(report)) as (url, process),
    ):
        assert b"SUCCESS" in call(url).body
        text = ended(process)
    assert process.returncode == 1, text
    found = json.loads((report / "results.json").read_text("utf-8"))
    cases = {case["id"]: case["status"] for case in found["cases"]}
    assert cases["observed/wms/entryorder.create/answer"] == "fail"
    assert cases["callers/call/version/wms/entryorder.create"] == "pass"
    assert cases["callers/call/signed/wms/entryorder.create"] == "untested"
    assert (found["target"], "no secret is known" in str(found)) == (endpoint, True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_was_claimed_and_sent_is_conformant(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "erp.toml").write_text(PROFILE.replace(', "stockout.create"', ""), "utf-8")
    with listening("--target", str(tmp_path / "erp.toml"), "--lang", "zh") as (url, process):
        call(url)
        text = ended(process, how)
    assert process.returncode == 0, text
    assert "符合规范" in text


def test_its_time_can_be_set_and_silence_is_no_conformance(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["listen", "--for", "1s"]) == 1
    said = capsys.readouterr().out
    url = said.split()[0]
    assert "\n0 calls came\n" in said
    assert f"no call arrived at {url}: check the address that your system sends to" in said
    assert "verdict: incomplete (nothing was tested)\n" in said
    assert main(["listen", "--for", "1s", "--lang", "zh"]) == 1
    said = capsys.readouterr().out
    assert "没有收到任何调用：请检查系统发往的地址" in said
    assert "（没有测试任何用例）" in said or "(没有测试任何用例)" in said


def test_the_folder_is_one_runs_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["listen", "--for", "1s", "--report", str(tmp_path / "file")]) == 2
    assert "--report: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--for", "soon"], "expected a time such as 90s"),
        (["--keep-host"], "only with --forward"),
        (["--forward", "ftp://x"], "expected http://host/path"),
        (["--forward", "http://x:y"], "expected http://host/path"),
        (["--forward", "http://x/", "--state", "s.db"], "keeps its own"),
        (["--host", "not.an.address.example"], "not an address of this machine"),
        (["--target", "no.toml"], "no.toml"),
        (["--forward", "http://localhost:18999/q", "--port", "18999"], "listened at"),
        (["--forward", "http://127.1:18999/q", "--port", "18999"], "listened at"),
        (["--forward", "http://0.0.0.0:18999/q", "--port", "18999"], "listened at"),
    ],
)
def test_bad_input_is_one_line(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(["listen", *words])
    except SystemExit as stop:
        status = int(stop.code or 0)
    assert status == 2
    assert reason in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such shell")
def test_a_background_job_of_a_script_ends_as_the_page_says(tmp_path: Path) -> None:
    """A shell without job control starts it with SIGINT ignored."""
    script = f"{sys.executable} -m pytest_qimen listen & read go; kill -INT $!; wait $!; echo status $?"
    with subprocess.Popen(
        ["sh", "-c", script], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as shell:
        assert shell.stdout
        assert any(line.startswith("Ctrl-C") for line in shell.stdout)
        told = shell.communicate("go\n", timeout=120)[0]
    assert "verdict: incomplete" in told
    assert told.endswith("status 1\n")
