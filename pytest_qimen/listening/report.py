"""A Tally in, events.jsonl as the calls come and every page of the report at the end out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pytest_qimen.client.clock import stamp
from pytest_qimen.errors import unwritable
from pytest_qimen.listening.model import Judged
from pytest_qimen.report import junit_file
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import Log
from pytest_qimen.report.merge import RecordedRun, read, write
from pytest_qimen.report.personal import masked
from pytest_qimen.report.record import EndRecord, Json, RunRecord
from pytest_qimen.report.results import suite
from pytest_qimen.target.caller import NO_CALLER, CallerProfile
from pytest_qimen.verdict import Level


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A line for each call, so that a long session can be audited: no message, only what was found."""

    judged: Judged

    def to_json(self) -> Json:
        """Return the line."""
        one = self.judged
        return {
            "type": "call",
            "number": one.number,
            "at": one.at.isoformat(timespec="milliseconds") if one.at else None,
            "place": one.call.heard.place,
            "method": one.method,
            "key": one.key,
            "status": one.status.value,
            "findings": [[found.check, found.level.value, found.path] for found in one.findings],
        }


class Report:
    """A folder that is written into while a session lasts; OSError where it cannot be."""

    def __init__(self, folder: Path, target: str, url: str, level: Level, profile: CallerProfile) -> None:
        """`profile` says what was claimed to come, NO_CALLER nothing."""
        self._folder = folder
        self.head = RunRecord(
            suite=suite(),
            target=target,
            url=url,
            level=level,
            roles=(),
            methods=(),
            shards=("1/1",),
            seed="",
            embedded=False,
            profile=None,
            started=stamp(),
            side="caller",
            caller=None if profile == NO_CALLER else CallerRecord.of(profile, url),
        )
        self._log = Log(folder)
        self._log.write(self.head)

    def add(self, judged: Judged) -> None:
        """Write one call down."""
        self._log.write(CallRecord(judged))

    def close(self) -> None:
        """Let others have the folder; a second time does nothing."""
        self._log.close()

    def end(self, cases: list[CaseRecord], *, whole: bool, mask_personal: bool = False) -> RecordedRun:
        """Write the cases down and make the pages; not `whole`: the session broke off."""
        for case in cases:
            self._log.write(case)
        if whole:
            self._log.write(EndRecord(stamp()))
        self.close()
        run = read(self._folder)
        run = masked(run) if mask_personal else run
        write(run, self._folder, ("json", "html"))
        junit_file.save(run, self._folder / "junit.xml")
        return run


@contextmanager
def opened(
    folder: Path | None, target: str, url: str, level: Level, profile: CallerProfile
) -> Iterator[Report | None]:
    """Yield a report that is closed behind the block, none without a folder; UsageError: it cannot be."""
    try:
        report = Report(folder, target, url, level, profile) if folder else None
        try:
            yield report
        finally:
            if report:
                report.close()
    except OSError as error:
        raise unwritable("--report", error) from None
