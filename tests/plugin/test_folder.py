"""The report folder of a run that goes wrong: told in one line, and nothing is lost."""

import shutil
from pathlib import Path

import pytest

from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import Log
from tests.plugin.conftest import Go
from tests.plugin.plugin_runs import HEARTBEAT
from tests.report.test_folder import INTENT, CreatedRecord, broken_off


def test_the_folder_of_another_run(go: Go, pytester: pytest.Pytester) -> None:
    log = Log(pytester.path / "out")
    result = go("--qimen", HEARTBEAT, "--qimen-report", "out")
    log.close()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --qimen-report: another run writes into out: wait until it ends*"])


def test_a_folder_that_is_deleted(go: Go, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def deleting(self: Log, record: object) -> None:
        if isinstance(record, CaseRecord):
            shutil.rmtree("out", ignore_errors=True)
        write(self, record)  # type: ignore[arg-type]

    write = Log.write
    monkeypatch.setattr(Log, "write", deleting)
    result = go("--qimen", HEARTBEAT, "--qimen-report", "out")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    said = result.stdout.str() + result.stderr.str()
    assert "was deleted while the run wrote into it" in said
    assert "Traceback" not in said
    assert not Path("out").exists()


def test_a_run_that_was_killed_before(go: Go, pytester: pytest.Pytester) -> None:
    broken_off(pytester.path / "out", CreatedRecord(INTENT))
    result = go("--qimen", HEARTBEAT, "--qimen-report", "out")
    result.stdout.fnmatch_lines(["*`qimen cleanup out/interrupted-1.jsonl` takes back what it left"])
    assert (pytester.path / "out/interrupted-1.jsonl").is_file()
