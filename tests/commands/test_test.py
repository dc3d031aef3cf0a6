"""`qimen test`, `--version`, and ids in every spelling."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.cases import argument, find_case, plain_id
from pytest_qimen.reference.serve import SECRET, serve
from tests.plugin.plugin_runs import HEARTBEAT, KEYS, results

Captured = pytest.CaptureFixture[str]
NODE = "cases/wms/service.heartbeat.toml::request/minimal"
MINIMAL = "wms/service.heartbeat/request/minimal"


@pytest.mark.parametrize(("secret", "status"), [(SECRET, 0), ("another", 1)], ids=["good", "bad"])
def test_it_ends_as_pytest_does(
    secret: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (KEYS | {"QIMEN_SECRET": secret}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    with serve() as url:
        found = main(["test", url, HEARTBEAT, "--role=wms", "--report=out", "--connections=2"])
    assert found == status
    assert results(tmp_path / "out")["counts"]["pass"] == (19 if status == 0 else 0)


def ended(command: Sequence[str], folder: Path, at: str, number: signal.Signals) -> str:
    """Send the process a signal once it has written `at`; return what it writes until it has ended."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | KEYS, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        while at not in process.stdout.readline():
            pass
        process.send_signal(number)
        text = process.stdout.read()
    assert process.returncode == pytest.ExitCode.INTERRUPTED, text
    return text


def test_sigterm_ends_the_run_and_what_it_started(tmp_path: Path) -> None:
    """Its output comes to an end only when its pytest has ended, too."""
    with serve() as url:
        words = [sys.executable, "-m", "pytest_qimen", "test", url, "--role", "wms"]
        ended(words, tmp_path, "qimen: suite", signal.SIGTERM)


@pytest.mark.parametrize("shell", ["", "exec ", "trap '' INT; exec "], ids=["alone", "exec", "ignored"])
def test_sigint_to_the_command_alone_ends_the_run_with_its_report(shell: str, tmp_path: Path) -> None:
    """As Ctrl-C does, also where a script started it in the background, which has SIGINT ignored."""
    with serve() as url:
        words = shlex.join([sys.executable, "-m", "pytest_qimen", "test", url, "--role=wms", "--report=out"])
        command = ["bash", "-c", f"{shell}{words}"] if shell else shlex.split(words)
        text = ended(command, tmp_path, "cases/", signal.SIGINT)
    assert "Traceback" not in text
    assert results(tmp_path / "out")["verdict"] == "incomplete"
    assert results(tmp_path / "out")["ended"] is None


def test_a_language_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("QIMEN_LANG", "fr")
    assert main(["list", "service*"]) == 0
    assert capsys.readouterr().err == "qimen: QIMEN_LANG=fr: expected en or zh; this is English\n"
    assert main(["--lang", "zh", "list", "service*"]) == 0
    assert capsys.readouterr().err == ""


def test_an_option_that_cannot_be_meant_ends_as_with_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-q")
    assert main(["test", "http://127.0.0.1:1/x", "--level", "high"]) == 4


def test_the_version(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"pytest-qimen {version('pytest-qimen')}\n")


def test_a_misspelt_option_names_the_nearest(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["sign", "--explian", "a=1"])
    assert "unrecognized arguments: --explian; did you mean --explain?" in capsys.readouterr().err


SPELLINGS = (
    MINIMAL,
    f"cases/{MINIMAL}",
    NODE,
    "./cases/wms/service.heartbeat.toml::request/minimal",
    "cases\\wms\\service.heartbeat.toml::request/minimal",
    f"{sys.prefix}/lib/pytest_qimen/_data/cases/wms/service.heartbeat.toml::request/minimal",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_an_id(spelling: str, capsys: Captured) -> None:
    assert plain_id(spelling) == find_case(spelling).id == MINIMAL
    assert spelling.startswith("./") or argument(spelling) == NODE  # in a checkout ./cases is a path
    assert main(["explain", spelling]) == 0
    assert capsys.readouterr().out.startswith(MINIMAL)


@pytest.mark.parametrize("other", ["tests", "-k", "tests/wms/x.py", "wms", "mine/flows/x.toml"])
def test_other_arguments_stay(other: str) -> None:
    assert argument(other) == other
