"""Outcomes in, events.jsonl out, one line at a time, so that a run that breaks off leaves what it knew."""

import errno
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from pytest_qimen.cases import flow_toml
from pytest_qimen.client.request import MASK
from pytest_qimen.client.transport import Exchange
from pytest_qimen.errors import DataError, Deleted, opened
from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord, RequestRecord
from pytest_qimen.report.ledger_file import ledgers, set_aside
from pytest_qimen.report.lock import FolderLock
from pytest_qimen.report.members import Unfit
from pytest_qimen.report.record import AnsweredRecord, CreatedRecord, EndRecord, Json, RunRecord
from pytest_qimen.runner import Outcome

KEPT = 20  # exchanges of a case, the last ones
LONGEST = 200_000  # bytes of an answer that is kept whole
LINE = 1 << 27  # bytes of a line: what is longer is none of ours
BEGINNING = 20_000  # bytes of a longer one that are kept
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
Record = RunRecord | CaseRecord | CreatedRecord | AnsweredRecord | EndRecord
_TYPES: dict[str, type[Record]] = {
    "run": RunRecord,
    "case": CaseRecord,
    "intent": CreatedRecord,
    "created": CreatedRecord,
    "refused": AnsweredRecord,
    "unsure": AnsweredRecord,
    "left": CreatedRecord,
    "end": EndRecord,
}


class Line(Protocol):
    """Whatever is a line of the file."""

    def to_json(self) -> Json:
        """Return the line."""


def case_record(outcome: Outcome) -> CaseRecord:
    """Return the record of one case; the exchanges are in it where something is to be shown."""
    case, status = outcome.case, outcome.status
    return CaseRecord(
        id=case.id,
        file=case.file,
        method=case.method,
        role=case.role,
        family=case.family,
        level=case.level,
        title=case.title,
        requirements=case.requirements,
        clause=case.clause,
        status=status,
        reason=outcome.reason,
        findings=outcome.findings,
        requests=outcome.requests,
        seconds=round(outcome.seconds, 6),
        times=tuple(round(exchange.seconds, 6) for exchange in outcome.exchanges),
        exchanges=exchanges_of(outcome)[-KEPT:] if status.has_evidence else (),
        showing=outcome.showing,
        drawn=flow_toml(replace(case, control=None)) if status.has_evidence and outcome.drawn else "",
    )


def exchanges_of(outcome: Outcome) -> tuple[ExchangeRecord, ...]:
    """Return every exchange with its step (0: the clean-up) and the id by which JUnit names it."""
    steps = [*outcome.steps, *(0 for _ in outcome.exchanges)]
    return tuple(
        _exchange(f"{outcome.case.id}#{number}", step, exchange)
        for number, (exchange, step) in enumerate(zip(outcome.exchanges, steps, strict=False), 1)
    )


def _exchange(identity: str, step: int, exchange: Exchange) -> ExchangeRecord:
    request = exchange.request
    params = tuple((name, MASK if name in ("sign", "session") else value) for name, value in request.params)
    return ExchangeRecord(
        identity,
        step,
        RequestRecord(
            request.http_method,
            request.masked_url(),
            request.headers,
            params,
            request.body,
            request.delivery,
        ),
        exchange.status,
        exchange.headers,
        exchange.body if len(exchange.body) <= LONGEST else exchange.body[:BEGINNING],
        round(exchange.seconds, 6),
        str(exchange.error) if exchange.error else None,
    )


class Log:
    """An append-only file of events, written line by line; safe for several threads.

    The controller writes events.jsonl, in a folder that is its own until `close`; `aside` is where it put
    the record of an earlier run that left something. A worker of xdist keeps its ledger in a file of its own
    beside it, which the controller takes over in the end.
    """

    def __init__(self, folder: Path, worker: int = 0, option: str = "--qimen-report") -> None:
        """Raises OSError where nothing can be written, UsageError where another run writes.

        `option` is what named the folder.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._held = None if worker else FolderLock(folder, option)
        self.aside: Path | None = None
        if not worker:
            self.aside = set_aside(folder)
            for old in ledgers(folder):
                old.unlink()
        name = f"created-{worker}.jsonl" if worker else "events.jsonl"
        self._file = (folder / name).open("wb", buffering=0)  # nothing is left to be written when it fails

    def write(self, record: Line) -> None:
        """Add one line; OSError where there is no room left for it, or the file was deleted."""
        line = _JSON.encode(record.to_json()) + "\n"
        rest = memoryview(line.encode("utf-8", "replace"))
        with self._lock:
            while rest:
                rest = rest[self._file.write(rest) :]
        if os.fstat(self._file.fileno()).st_nlink == 0:
            raise Deleted(errno.ENOENT, "deleted", self._file.name)

    def join(self) -> None:
        """Take over what the workers wrote."""
        for path in ledgers(self._folder):
            for event in read_events(path):
                self.write(event)
            path.unlink()

    def close(self) -> None:
        """Close the file and let others have the folder."""
        self._file.close()
        if self._held:
            self._held.release()
            self._held = None


def read_events(path: Path) -> Iterator[Record]:
    """Yield the records of a file, a last half line left out; DataError, naming the line, for anything else.

    Lines of kinds that a later version adds are left out.
    """
    with opened(path) as file:
        lines = iter(partial(file.readline, LINE), b"")
        ahead = next(lines, None)
        number = 0
        while ahead is not None:
            line, ahead, number = ahead, next(lines, None), number + 1
            try:
                found: Any = json.loads(line.decode("utf-8", "replace"))
            except (ValueError, RecursionError):
                if ahead is None and not line.endswith(b"\n"):
                    return
                raise DataError(path, say("line-number", number=number), say("no-json")) from None
            try:
                record = _record(found)
            except Unfit as error:
                raise DataError(path, say("line-number", number=number), error.said) from None
            if record is not None:
                yield record


def _record(found: Any) -> Record | None:
    """Return the record of a line; None for a kind that this version does not know."""
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Unfit(say("no-event"))
    made = _TYPES.get(found["type"])
    return made.from_json(found) if made else None
