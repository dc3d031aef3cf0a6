"""Outcomes in, events.jsonl out, one line at a time, so that a run that breaks off leaves what it knew."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError
from pytest_qimen.findings import Status
from pytest_qimen.runner import Created, Outcome
from pytest_qimen.signed import MASK
from pytest_qimen.transport import Exchange

FORMAT = 1
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
        event["exchanges"] = [_exchange(exchange) for exchange in outcome.exchanges[-20:]]
    return event


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
    """An append-only file of events, flushed line by line."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "events.jsonl").open("w", encoding="utf-8")

    def write(self, event: dict[str, Any]) -> None:
        """Add one event."""
        self._file.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


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
