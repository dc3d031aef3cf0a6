"""`qimen ui` starts runs as children, shows how they fare, and ends them."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.live.launch import Launcher
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve
from tests.live.http_page import get, polled, post
from tests.support.calling import call

_WAIT = threading.Event()


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launcher]:
    for name in ("QIMEN_APP_KEY", "QIMEN_SECRET", "QIMEN_CUSTOMER_ID", "QIMEN_SESSION"):
        monkeypatch.delenv(name, raising=False)
    made = Launcher(tmp_path / "runs")
    yield made
    made.close()


def until(holds: Callable[[], Any]) -> Any:
    """What holds, once it does; for a process of its own there is nothing to wait on."""
    for _ in range(1200):
        if found := holds():
            return found
        _WAIT.wait(0.05)
    raise AssertionError("it never came")


def test_a_listening_session_is_watched_and_stopped(launcher: Launcher) -> None:
    assert launcher.start({"kind": "listen", "port": "0"}) == {"started": True}
    page = until(lambda: launcher.runs()[0]["page"])
    url = polled(page)["state"]["head"]["url"]
    call(url)
    until(lambda: polled(page)["rows"])
    assert launcher.stop({"number": 1}) == {"stopped": True}
    until(lambda: launcher.runs()[0]["status"] is not None)
    (run,) = launcher.runs()
    assert run["report"]
    assert "1 call came" in "\n".join(run["lines"])
    assert b"<!doctype html>" in (launcher.report("1") or b"")
    assert launcher.stop({"number": 1}) == {"stopped": False}


def test_an_endpoint_run_is_started_and_ended_with_all(
    launcher: Launcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    with serve() as url:
        assert launcher.start({"kind": "endpoint", "url": url, "roles": ["erp"]})["started"]
        page = until(lambda: launcher.runs()[0]["page"])
        assert polled(page)["state"]["head"]["side"] == "endpoint"
        launcher.close()
    (run,) = launcher.runs()
    assert run["status"] is not None
    assert (run["about"], run["kind"]) == (url, "endpoint")


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({}, "the page sent what it should not"),
        ({"kind": "rm"}, "the page sent what it should not"),
        ({"kind": "endpoint", "url": "--version"}, "URL: expected http"),
        ({"kind": "endpoint", "url": 7}, "the page sent what it should not"),
        ({"kind": "endpoint", "url": "http://x", "roles": ["root"]}, "the page sent what it should not"),
        ({"kind": "endpoint", "url": "http://x", "roles": "wms"}, "the page sent what it should not"),
        ({"kind": "listen", "port": "99999"}, "expected 0 to 65535"),
        ({"kind": "listen", "target": "/gone.toml"}, "/gone.toml"),
        ({"kind": "scenarios"}, "target file: scenarios need one"),
    ],
)
def test_what_cannot_be_started_is_told(launcher: Launcher, wanted: dict[str, Any], why: str) -> None:
    found = launcher.start(wanted)
    assert not found["started"]
    assert why in found["why"][1]
    assert launcher.runs() == []


def test_the_names_of_keys_are_shown_and_no_more(launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_SECRET", "a-secret")
    assert launcher.keys()["QIMEN_SECRET"] is True
    assert launcher.keys()["QIMEN_APP_KEY"] is False


def test_the_command_ends_with_its_runs(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest_qimen", "ui", "--folder", str(tmp_path / "runs")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().split()[0]
        assert post(url, "start", {"kind": "listen"}).text == '{"started":true}'
        page = until(lambda: polled(url)["state"]["runs"][0]["page"])
        assert get(url, "report/2").status == get(url, "history").status == get(url, "report/x").status == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with pytest.raises(ConnectionRefusedError):
        get(page)
    assert (tmp_path / "runs" / "run-1" / "report.html").exists()
