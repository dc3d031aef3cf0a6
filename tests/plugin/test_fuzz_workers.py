"""Searches on workers of xdist, and searches that are broken off: true counts, one corpus, one ledger."""

import json
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from pytest_qimen.reference.serve import serve
from pytest_qimen.search.team import seed_of
from tests.plugin.plugin_runs import ALWAYS, KEYS, Go, statuses
from tests.support.servers import Request, endpoint, response

SCOPE = ("--qimen-method", "shop.synchronize", "--qimen-level", "should")


def told(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if line.startswith("fuzz: ")]


def sent(result: pytest.RunResult) -> int:
    return int(re.findall(r"^fuzz: (\d+) requests", result.stdout.str(), re.MULTILINE)[0])


def causes(folder: Path) -> list[tuple[list[str], list[str]]]:
    state = json.loads((folder / "state.json").read_text("utf-8"))
    return [(cause["sign"], cause["odd"]) for cause in state["causes"]]


def test_two_workers_find_what_one_process_finds_and_tell_it_once(go: Go, pytester: pytest.Pytester) -> None:
    results = {}
    with serve(faults=["length-not-checked"]) as url:
        for name, options in {"one": (), "many": ("-n", "2", "--qimen-connections", "2")}.items():
            args = ("--qimen-url", url, "--qimen-fuzz", "400", "--qimen-corpus", name, *SCOPE)
            results[name] = go(*args, "--qimen-report", f"out-{name}", *options, keys=KEYS)
    one, many = results["one"], results["many"]
    assert (one.ret, many.ret) == (1, 1)
    assert causes(pytester.path / "one") == causes(pytester.path / "many")
    assert statuses(pytester.path / "out-one") == statuses(pytester.path / "out-many")
    (path,) = (pytester.path / "many" / "flows").iterdir()
    assert path.name.startswith("found-001-wms-shop-synchronize-illegal-refused")
    assert many.parseoutcomes() == {"failed": 1, "passed": 2}
    assert one.parseoutcomes() == {"failed": 1, "passed": 1}
    for result in results.values():
        assert 400 <= sent(result) < 450
        assert "requests" not in next(line for line in result.outlines if line.startswith("verdict: "))
    assert f"many/flows/{path.name} " in many.stdout.str()
    assert told(many)[-3:] == [
        "fuzz: ended: the budget is spent",
        "fuzz: seed 0, run 0, corpus many",
        f"fuzz: seeds of the workers: 0, {seed_of(0, 2)}",
    ]


def test_two_workers_at_a_sound_endpoint(go: Go, pytester: pytest.Pytester) -> None:
    result = go("--qimen", "--qimen-fuzz", "300", "--qimen-role", "wms", "-n", "2", "--qimen-report", "out")
    assert result.ret == 0
    assert "0 distinct failures known" in told(result)[0]
    assert 300 <= sent(result) < 350
    assert set(statuses(pytester.path / "out").values()) <= {"pass", "info"}
    assert json.loads((pytester.path / ".qimen-fuzz" / "state.json").read_text())["covered"]


TELLING = """
from pytest_qimen.client.transport import Rate

made = Rate.__init__

def tell(rate, per_second, *more):
    with open("rates", "a") as file:
        print(per_second, file=file)
    made(rate, per_second, *more)

Rate.__init__ = tell
"""


def test_the_rate_holds_over_all_workers(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The controller sends only while the worker whose failure it runs waits: its rate is that worker's."""
    for name, value in {**KEYS, "PYTHONPATH": str(pytester.path)}.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(telling=TELLING)
    with serve() as url:
        args = ("-p", "telling", "--qimen-url", url, "--qimen-fuzz", "40", "--qimen-rate", "1000/s", *SCOPE)
        assert pytester.run(sys.executable, "-m", "pytest", *ALWAYS, *args, "-n", "2").ret == 0
    assert (pytester.path / "rates").read_text().split() == ["500.0"] * 3


CRASHING = """
import os
from pytest_qimen.search.hunt import Hunt

def crash(hunt, apis):
    hunt.session.require("wms/entryorder.create/request/minimal")
    os._exit(3)

def pytest_configure(config):
    if getattr(config, "workerinput", {}).get("workerid") == "gw1":
        Hunt.failures = crash
"""


def test_a_worker_that_crashes_while_it_searches(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**KEYS, "PYTHONPATH": str(pytester.path)}.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(crashing=CRASHING)
    with serve() as url:
        args = ("-p", "crashing", "--qimen-url", url, "--qimen-fuzz", "200", *SCOPE, "-n", "2")
        result = pytester.run(sys.executable, "-m", "pytest", *ALWAYS, *args)
        assert result.ret == 1
        assert "fuzz: worker 1 ended: the budget is spent" in result.outlines
        assert "fuzz: worker 2 ended: its process crashed" in result.outlines
        take_back = f"`qimen cleanup .qimen-fuzz --url {url}` takes it back"
        assert take_back in result.stdout.str()
        cleanup = [sys.executable, "-m", "pytest_qimen", "cleanup", ".qimen-fuzz", "--url", url]
        done = subprocess.run(cleanup, capture_output=True, text=True, check=False, cwd=pytester.path)
    assert done.returncode == 0, done.stderr
    assert "order.cancel: orderCode Q" in done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_search_that_is_interrupted(
    options: tuple[str, ...], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[subprocess.Popen[bytes]] = []
    searched = pytester.path / ".qimen-fuzz" / "state.json"  # which is written when the first slice is over

    def reply(request: Request) -> str:
        if searched.exists():
            with suppress(IndexError):  # once, whoever asks first
                running.pop().send_signal(signal.SIGINT)
        return response()

    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with endpoint(reply) as server:
        args = ("--qimen-url", server.url, "--qimen-fuzz", "100000", *SCOPE, *options)
        process = pytester.popen(
            (sys.executable, "-m", "pytest", *ALWAYS, *args),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        running.append(process)
        out = process.communicate()[0].decode()
    assert process.returncode == pytest.ExitCode.INTERRUPTED, out
    assert "interrupted; what was tested so far is kept" in out
    assert "threading.py" not in out
    assert "\nfuzz: ended: interrupted\n" in out
    assert int(re.findall(r"^fuzz: (\d+) requests", out, re.MULTILINE)[0]) > 0
    assert f"`qimen cleanup .qimen-fuzz --url {server.url}` takes it back" in " ".join(out.split())
    assert (pytester.path / ".qimen-fuzz" / "events.jsonl").is_file()


def test_a_search_that_took_everything_back_leaves_no_ledger(go: Go, pytester: pytest.Pytester) -> None:
    with serve() as url:
        result = go("--qimen-url", url, "--qimen-fuzz", "120", "--qimen-method", "order.cancel", keys=KEYS)
    assert result.ret == 0
    (line,) = [line for line in told(result) if line.endswith("more requests, to take back what was created")]
    assert int(line.split()[1]) > 0
    assert {path.name for path in (pytester.path / ".qimen-fuzz").iterdir()} <= {"state.json", "examples"}


def test_two_searches_do_not_write_into_one_corpus(go: Go, pytester: pytest.Pytester) -> None:
    from pytest_qimen.report.lock import FolderLock

    (pytester.path / "mine").mkdir()
    lock = FolderLock(pytester.path / "mine")
    with serve() as url:
        result = go("--qimen-url", url, "--qimen-fuzz", "9", "--qimen-corpus", "mine", keys=KEYS)
    lock.release()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --qimen-corpus: another run writes into mine*"])
