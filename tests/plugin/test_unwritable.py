"""Places in which nothing can be written: one line with what to do, before the first request."""

import os
import threading
from pathlib import Path

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.report.merge import load, save
from tests.plugin.plugin_runs import HEARTBEAT, Go
from tests.support.servers import endpoint, response

OPTIONS = ("--qimen-report", "--qimen-har", "--qimen-postman", "--qimen-corpus", "--junitxml")
PLACES = ("file/out", "/proc/out", "/dev/null/out")  # root may write anywhere else


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_that_names_one(option: str, place: str, keyed_go: Go, pytester: pytest.Pytester) -> None:
    (pytester.path / "file").touch()
    fuzz = ("--qimen-fuzz", "5") if option == "--qimen-corpus" else ()
    with endpoint(lambda request: response()) as server:
        result = keyed_go("--qimen-url", server.url, HEARTBEAT, *fuzz, option, place)
    assert (result.ret, server.requests) == (4, [])
    (line,) = filter(None, result.errlines)
    assert line.startswith(f"ERROR: {option}: ")
    assert line.endswith(": name a place where files can be written")


@pytest.mark.parametrize("place", PLACES)
def test_a_command_that_writes(
    place: str, keyed_go: Go, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    keyed_go("--qimen", HEARTBEAT, "-k", "minimal", "--qimen-report", "out")
    (pytester.path / "file").touch()
    capsys.readouterr()
    assert main(["report", "out", "-o", place]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no full device")
@pytest.mark.parametrize("command", [["list"], ["schema"], ["explain", "request.need"]])
def test_a_full_disk_behind_standard_output(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(command) == 2
        monkeypatch.undo()
    assert capsys.readouterr().err == "qimen: no space left on the disk\n"


def test_a_pipe_and_a_link_stay_what_they_are(keyed_go: Go, pytester: pytest.Pytester) -> None:
    pipe, link, file = (pytester.path / name for name in ("pipe", "link", "file"))
    os.mkfifo(pipe)
    file.touch()
    link.symlink_to(file)
    keyed_go("--qimen", HEARTBEAT, "-k", "minimal", "--qimen-report", "out", "--qimen-har", link)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text("utf-8")))
    reader.start()
    save(load([pytester.path / "out"]), "har", pipe)
    reader.join()
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert heard == [file.read_text("utf-8")]
