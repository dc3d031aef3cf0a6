"""Outcomes in, events.jsonl out, one line at a time, so that a run that breaks off leaves what it knew."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_qimen.cases import flow_toml
from pytest_qimen.client.request import MASK
from pytest_qimen.client.transport import Exchange
from pytest_qimen.errors import DataError
from pytest_qimen.runner import Created, Outcome
from pytest_qimen.verdict import Status

FORMAT = 1
KEPT = 20  # exchanges of a case, the last ones
EVIDENCE = frozenset({Status.FAIL, Status.WARN, Status.ERROR, Status.STALE, Status.WAIVED})


def outcome_event(outcome: Outcome) -> dict[str, Any]:
    """The event of one case; the exchanges are in it where something is to be shown."""
    case = outcome.case
    event: dict[str, Any] = {
        "type": "case",
        "id": case.id,
        "file": case.file,
        "method": case.method,
        "role": case.role,
        "family": case.family,
        "level": case.level.value,
        "title": {"zh": case.title.zh, "en": case.title.en},
        "requirements": list(case.requirements),
        "clause": case.clause,
        "status": outcome.status.value,
        "cause": outcome.cause,
        "findings": [
            {
                "check": found.check,
                "level": found.level.value,
                "path": found.path,
                "expected": found.expected,
                "actual": found.actual,
                "clause": found.clause,
                "step": found.step,
            }
            for found in outcome.findings
        ],
        "requests": outcome.requests,
        "seconds": round(outcome.seconds, 6),
        "times": [round(exchange.seconds, 6) for exchange in outcome.exchanges],
    }
    if outcome.status in EVIDENCE:
        event["exchanges"] = exchanges_of(outcome)[-KEPT:]
        if outcome.drawn:
            event["drawn"] = flow_toml(replace(case, control=None))
    return event


def exchanges_of(outcome: Outcome) -> list[dict[str, Any]]:
    """Every exchange with its step (0: the clean-up) and the id by which JUnit names it."""
    steps = [*outcome.steps, *(0 for _ in outcome.exchanges)]
    return [
        {"id": f"{outcome.case.id}#{number}", "step": step, **_exchange(exchange)}
        for number, (exchange, step) in enumerate(zip(outcome.exchanges, steps, strict=False), 1)
    ]


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    return {
        "request": {
            "http_method": request.http_method,
            "url": request.masked_url(),
            "headers": [list(pair) for pair in request.headers],
            "params": [
                [name, MASK if name in ("sign", "session") else value] for name, value in request.params
            ],
            "body": base64.b64encode(request.body).decode(),
        },
        "status": exchange.status,
        "headers": [list(pair) for pair in exchange.headers],
        "body": base64.b64encode(exchange.body[:200_000]).decode(),
        "seconds": round(exchange.seconds, 6),
        "error": exchange.error,
    }


def created_event(entry: Created) -> dict[str, Any]:
    """The ledger entry of something that was created."""
    return {
        "type": "created",
        "case": entry.case,
        "method": entry.method,
        "keys": dict(entry.keys),
        "undo": entry.undo,
        "undo_set": dict(entry.undo_set),
    }


class Log:
    """An append-only file of events, written line by line; safe for several threads.

    The controller writes events.jsonl. A worker of xdist keeps its ledger in a file of its own beside it,
    which the controller takes over in the end.
    """

    def __init__(self, folder: Path, worker: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        if not worker:
            for old in _ledgers(folder):
                old.unlink()
        name = f"created-{worker}.jsonl" if worker else "events.jsonl"
        self._file = (folder / name).open("wb", buffering=0)  # nothing is left to be written when it fails

    def write(self, event: dict[str, Any]) -> None:
        """Add one event; OSError where there is no room left for it."""
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"
        rest = memoryview(line.encode("utf-8", "replace"))
        with self._lock:
            while rest:
                rest = rest[self._file.write(rest) :]

    def join(self) -> None:
        """Take over what the workers wrote."""
        for path in _ledgers(self._folder):
            for event in read_events(path):
                self.write(event)
            path.unlink()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _ledgers(folder: Path) -> list[Path]:
    return sorted(folder.glob("created-*.jsonl"))


def created_in(path: Path) -> Iterator[dict[str, Any]]:
    """What an events file lists as created, and the ledgers that workers of a broken run left beside it."""
    for file in (path, *_ledgers(path.parent)):
        yield from (event for event in read_events(file) if event["type"] == "created")


def read_events(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a file, a last half line left out; DataError for what is no events file."""
    lines = path.read_text("utf-8", "replace").rstrip("\n").split("\n")  # U+2028 is no end of a line here
    for number, line in enumerate(lines, 1):
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            if number == len(lines):
                return
            raise DataError(str(path), f"line {number}", "is no JSON") from None
        if not isinstance(event, dict) or "type" not in event:
            raise DataError(str(path), f"line {number}", "is no event of pytest-qimen")
        yield event
