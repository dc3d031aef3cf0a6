"""The folder of a run: one run at a time, deleted in the middle, an earlier run's ledger that is not lost."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen.errors import Deleted, UsageError
from pytest_qimen.report.events import Line, Log, read_events
from pytest_qimen.report.ledger_file import ReadLedger
from pytest_qimen.report.record import AnsweredRecord, CreatedRecord, EndRecord
from pytest_qimen.runner import Created
from tests.report.report_events import ENDED, HEAD

KEY = f"{HEAD.seed}0001"
CODE = {"orderCode": KEY}
INTENT = Created("a/b/c", "entryorder.create", {"code": KEY}, "order.cancel", CODE, id="0-1")


def broken_off(folder: Path, *records: Line, head: Line = HEAD, worker: int = 0) -> None:
    """What a run leaves in the folder that is killed."""
    log = Log(folder, worker)
    for record in (head, *records)[bool(worker) :]:
        log.write(record)
    log.close()


def aside(folder: Path) -> Path | None:
    """Where the next run puts the record of the last."""
    log = Log(folder)
    log.close()
    return log.aside


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.write(HEAD)
    with pytest.raises(UsageError, match=r"--qimen-report: another run writes into .*: wait until it ends"):
        Log(tmp_path)
    assert list(read_events(tmp_path / "events.jsonl")) == [HEAD]
    worker = Log(tmp_path, 1)  # workers of the same run do
    worker.close()
    log.close()
    Log(tmp_path).close()
    assert not (tmp_path / ".running").exists()


def test_a_folder_that_is_deleted_in_the_middle_is_told_at_once(tmp_path: Path) -> None:
    log = Log(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    with pytest.raises(Deleted):
        log.write(HEAD)
    log.close()


LEFT = {
    "an intent": [CreatedRecord(INTENT, "intent")],
    "an unsure one": [CreatedRecord(INTENT, "intent"), AnsweredRecord("0-1", "unsure")],
    "a created one": [CreatedRecord(INTENT, "intent"), CreatedRecord(INTENT)],
}


@pytest.mark.parametrize("records", LEFT.values(), ids=list(LEFT))
def test_the_ledger_of_a_run_that_was_killed_is_set_aside(records: list[Line], tmp_path: Path) -> None:
    broken_off(tmp_path, *records)
    broken_off(tmp_path, *records)  # sets the first one aside
    kept = aside(tmp_path)
    assert kept == tmp_path / "interrupted-2.jsonl"
    assert list(read_events(kept)) == [HEAD, *records]
    found = ReadLedger(tmp_path / "interrupted-1.jsonl", pytest.fail).ledger
    assert [one.name for one in (*found.open.values(), *found.unsure.values())] == [KEY]
    assert aside(tmp_path) is None


def test_the_ledgers_of_its_workers_are_set_aside_with_it(tmp_path: Path) -> None:
    broken_off(tmp_path)
    broken_off(tmp_path, CreatedRecord(INTENT), worker=3)
    kept = aside(tmp_path)
    assert kept
    assert list(read_events(kept)) == [HEAD, CreatedRecord(INTENT)]
    assert not list(tmp_path.glob("created-*"))


NOTHING = {
    "nothing was sent": (HEAD, []),
    "it was refused": (HEAD, [CreatedRecord(INTENT, "intent"), AnsweredRecord("0-1", "refused")]),
    "it was taken back": (
        HEAD,
        [CreatedRecord(INTENT), CreatedRecord(Created("d", "order.cancel", CODE))],
    ),
    "the run came to its end": (HEAD, [CreatedRecord(INTENT), EndRecord(ENDED)]),
    "the endpoint is gone": (replace(HEAD, embedded=True), [CreatedRecord(INTENT)]),
}


@pytest.mark.parametrize(("head", "records"), NOTHING.values(), ids=list(NOTHING))
def test_what_left_nothing_is_written_over(head: Line, records: list[Line], tmp_path: Path) -> None:
    broken_off(tmp_path, *records, head=head)
    assert aside(tmp_path) is None


def test_what_is_no_record_of_ours_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text("x\n", "utf-8")
    assert aside(tmp_path) is None
