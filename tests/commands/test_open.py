"""`--open` of `qimen test` and `qimen report`: the page of the run reaches the browser that BROWSER names."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_qimen.reference.serve import serve
from tests.plugin.plugin_runs import HEARTBEAT, KEYS

TELL = "import sys, pathlib; pathlib.Path('opened').write_text(sys.argv[1])"


def qimen(folder: Path, browser: str, *words: str) -> tuple[int, str]:
    """Return exit status and standard output of the command in the folder."""
    environ = os.environ | KEYS | {"BROWSER": browser}
    words = (sys.executable, "-m", "pytest_qimen", *words)
    done = subprocess.run(words, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    return done.returncode, done.stdout


@pytest.fixture
def tells() -> str:
    """A browser that writes down what it was asked to show."""
    return f"{shlex.join([sys.executable, '-c', TELL])} %s"


def test_the_page_is_opened(tmp_path: Path, tells: str) -> None:
    opened = tmp_path / "opened"
    page = (tmp_path / "report" / "report.html").as_uri()
    with serve() as url:
        assert qimen(tmp_path, tells, "test", url, HEARTBEAT, "--role=wms", "--open")[0] == 0
    assert opened.read_text("utf-8") == page
    opened.unlink()
    status, told = qimen(tmp_path, tells, "report", "report", "--open")
    assert (status, opened.read_text("utf-8")) == (0, page)
    assert "no browser was found" not in told
    opened.unlink()
    assert qimen(tmp_path, tells, "report", "report")[0] == 0
    assert not opened.exists()


def test_a_run_that_did_not_begin_opens_nothing(tmp_path: Path, tells: str) -> None:
    assert qimen(tmp_path, tells, "test", "http://127.0.0.1:1/x", "--level", "high", "--open")[0] == 4
    assert not (tmp_path / "opened").exists()


def test_each_run_is_a_line_of_the_history(tmp_path: Path, tells: str) -> None:
    kept, page = tmp_path / "kept" / "history.jsonl", tmp_path / "kept" / "history.html"
    with serve() as url:
        words = ("test", url, HEARTBEAT, "--role=wms", "--history=kept", "--lang=zh")
        for _ in range(2):
            status, told = qimen(tmp_path, tells, *words)
            assert (status, told.splitlines()[-1]) == (0, str(Path("kept", "history.html")))
    assert len(kept.read_text("utf-8").splitlines()) == 2
    assert "历次运行" in page.read_text("utf-8")
    assert qimen(tmp_path, tells, "report", "report", "--history", "kept")[0] == 0
    assert len(kept.read_text("utf-8").splitlines()) == 2  # it is there already
    assert "how the runs went" in page.read_text("utf-8")
    kept.write_text("{}\n", "utf-8")
    assert qimen(tmp_path, tells, "report", "report", "--history", "kept")[0] == 2
