"""What the terminal says, in English and in Chinese, watched or not."""

import os
import pty
import re
import subprocess
import sys
from dataclasses import replace

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.cases import find_case
from pytest_qimen.report.events import case_record
from pytest_qimen.report.progress import Progress
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Status
from tests.plugin.plugin_runs import ALWAYS, HEARTBEAT, KEYS, SHOP, Go
from tests.support.files import METHOD
from tests.support.servers import endpoint, response


def test_findings_and_terminal_in_chinese(keyed_go: Go) -> None:
    with endpoint(lambda request: response(code=None)) as server:
        result = keyed_go(
            "--qimen-url", server.url, "cases/protocol/answer.toml", "-k", "wms/success", "--qimen-lang", "zh"
        )
    told = result.stdout.str()
    for line in (
        "FAIL  protocol/answer/wms/success  (必须)",
        "成功应答的格式",
        "要求: answer.form   出处: 000 section 2.3",
        "envelope.code (必须, 请求 1, 000 section 2.3)",
        "  位置     code",
        "  期望     有 code",
        "  实际     没有 code",
    ):
        assert f"{line}\n" in told
    assert "结论: 不符合规范 (1 个用例不合格), 1 个请求" in result.outlines


def test_a_language_that_nobody_speaks(keyed_go: Go) -> None:
    result = keyed_go("--qimen", HEARTBEAT, "--qimen-lang", "fr")
    assert [line for line in result.errlines if line] == [
        "ERROR: --qimen-lang: expected one of en, zh, got 'fr'"
    ]


def test_a_language_that_is_none_is_told(go: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_LANG", "fr")
    told = "QIMEN_LANG=fr: expected en or zh; this is English"
    assert told in go("--qimen", HEARTBEAT).stdout.str()
    assert told not in go("--qimen", HEARTBEAT, "--qimen-lang", "zh").stdout.str()


def test_a_limit_without_effect_is_told(keyed_go: Go, pytester: pytest.Pytester) -> None:
    with endpoint(lambda request: response()) as server:
        text = f'url = "{server.url}"\nmethods = ["order.cancel"]\n[limits]\nwarehouseCode = 80\n'
        (pytester.path / "t.toml").write_text(text, "utf-8")
        result = keyed_go("--qimen-target", "t.toml", "cases/wms/order.cancel.toml", "-k", "request/minimal")
    said = " ".join(result.stdout.str().split())
    assert (
        "note: [limits] warehouseCode = 80 is above the 50 that the documents allow; it has no effect" in said
    )


def test_a_known_failure_that_covers_no_case_is_told(keyed_go: Go, pytester: pytest.Pytester) -> None:
    known = '[[known]]\nid = "{}"\nreason = "r"\nsince = 2026-01-01\nexpires = 2999-01-01\n'
    globs = ("wms/shop.synchronise/*", "wms/order.cancel/*", "wms/thing.create/*")
    folder = pytester.path / "cases/wms"
    folder.mkdir(parents=True)
    (folder / "thing.create.toml").write_text(METHOD, "utf-8")
    with endpoint(lambda request: response()) as server:
        text = f'url = "{server.url}"\n' + "".join(map(known.format, globs))
        (pytester.path / "t.toml").write_text(text, "utf-8")
        result = keyed_go("--qimen-target", "t.toml", "cases/wms/thing.create.toml", "-k", "minimal")
    assert [line for line in result.outlines if line.startswith("note: ")] == [
        "note: [[known]] 'wms/shop.synchronise/*' covers no case"
    ]


def on_a_terminal(pytester: pytest.Pytester, *args: str, **variables: str) -> str:
    """What a run writes to a terminal of 80 columns."""
    usual = {
        key: value for key, value in os.environ.items() if key not in ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS")
    }
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pytest", *ALWAYS, *args]
    environment = usual | KEYS | {"COLUMNS": "80", "TERM": "xterm"} | variables
    run = subprocess.Popen(command, cwd=pytester.path, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    told = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux's way to say that nobody holds the other end any more
            break
        if not part:
            break
        told += part
    os.close(master)
    assert run.wait() in (0, 1)
    return told.decode("utf-8", "replace")


COUNTING = re.compile(r"\x1b\[K(\d+)/(\d+) \d+%  (\d+) failures?  \d+ requests/s  \d+:\d\d left  wms/shop")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_long_run_counts_along(workers: tuple[str, ...], pytester: pytest.Pytester) -> None:
    args = (*workers, "--qimen", SHOP, "-k", "shop.shopName", "--qimen-rate", "8/s")
    told = on_a_terminal(pytester, *args)
    found = COUNTING.findall(told)
    assert found
    done = [int(one) for one, _, _ in found]
    assert done == sorted(done)
    assert len({total for _, total, _ in found}) == 1
    assert done[-1] <= int(found[0][1])
    assert SHOP not in told.partition("= qimen =")[0].partition("keys begin with")[2]
    assert all(len(line) <= 80 for line in re.findall(r"\x1b\[K([^\r\n]*)", told))


@pytest.mark.parametrize("quiet", [{"CI": "1"}, {"BUILD_NUMBER": "7"}, {}], ids=["CI", "Jenkins", "-q"])
def test_it_is_quiet_where_nobody_watches(quiet: dict[str, str], pytester: pytest.Pytester) -> None:
    args = ("--qimen", SHOP, "-k", "shop.shopName", "--qimen-rate", "8/s")
    told = on_a_terminal(pytester, *args, *(() if quiet else ("-q",)), **quiet)
    assert "requests/s" not in told
    assert "verdict: conformant" in told


def test_no_colours_and_no_line_without_a_terminal(keyed_go: Go, pytester: pytest.Pytester) -> None:
    args = ("--qimen", SHOP, "-k", "shop.shopName", "--qimen-rate", "8/s")
    told = pytester.runpytest_subprocess(*ALWAYS, *args).stdout.str()
    assert "\x1b" not in told
    assert "requests/s" not in told


def test_the_line_fits_whatever_the_method() -> None:
    outcome = Outcome(find_case("wms/deliveryorder.batchcreate/request/minimal"), Status.PASS)
    record = replace(case_record(outcome), requests=300)
    now = [0.0]
    progress = Progress("en", lambda: now[0])
    progress.begin(8695)
    assert progress.line(200) == "0/8695 0%  0 failures  0 requests/s  0:00 left  "
    now[0] = 10.0
    for red in (False, True):
        progress.note(record, red)
    line = "2/8695 0%  1 failure  60 requests/s  724:25 left  wms/deliveryorder.batchcreate"
    assert progress.line(200) == line
    assert progress.line(40) == line[:39]
    chinese = Progress("zh", lambda: now[0])
    chinese.begin(10)
    assert chinese.line(25) == "0/10 0%  0 个不合格  0 "
    assert chinese.line(26) == "0/10 0%  0 个不合格  0 请"  # a Chinese sign takes two columns
