"""Case events in, `[[known]]` tables for the target file out: a run's failures, forgiven for a while."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pytest_qimen.errors import UsageError
from pytest_qimen.report.causes import plain
from pytest_qimen.report.results import RED
from pytest_qimen.verdict import Level

Event = Mapping[str, Any]
DAYS, LONGEST = 90, 200


def baseline(
    head: Event, events: Sequence[Event], *, days: int = DAYS, reason: str = "", since: date | None = None
) -> str:
    """The tables as TOML, by id; `reason` for all of them, else what each found. Errors cannot be known."""
    if days < 1:
        raise UsageError(f"baseline: expected at least one day, got {days}")
    since = since or date.today()
    known = sorted((event for event in events if _fails(event, head["level"])), key=lambda event: event["id"])
    return "\n".join(_lines(head, known, reason, since, since + timedelta(days)))


def _fails(event: Event, level: str) -> bool:
    """Whether the case itself fails; a stale one does when its old entry has expired, not when it passes."""
    if event["status"] == "stale":
        return any(found["level"] == Level.MUST for found in event["findings"])
    return event["status"] in RED[level]


def _lines(head: Event, known: Sequence[Event], reason: str, since: date, until: date) -> Iterator[str]:
    suite = head["suite"]
    yield f"# {len(known)} known failures of {_line(head['target'])}"
    yield f"# found by suite {suite['version']} ({suite['digest']})."
    yield "# For the target file; an entry there of the same id has to go, the first that matches counts."
    for event in known:
        yield ""
        yield "[[known]]"
        yield f"id = {_toml(glob(event['id']))}"
        yield f"reason = {_toml(reason or _why(event))}"
        yield f"since = {since}"
        yield f"expires = {until}"
    yield ""


def _why(event: Event) -> str:
    """The worst finding in one line."""
    order = [level.value for level in Level]
    found = min(event["findings"], key=lambda found: order.index(found["level"]), default=None)
    if found is None:
        return _line(event["cause"])
    at = f" at {found['path']}" if found["path"] else ""
    return _line(f"{found['check']}{at}: expected {found['expected']}, got {found['actual']}")


def _line(text: str) -> str:
    text = plain(" ".join(text.split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def glob(identity: str) -> str:
    """A pattern of fnmatch that matches this id and no other."""
    return re.sub(r"[*?\[]", r"[\g<0>]", identity)


def _toml(text: str) -> str:
    """A basic string: JSON's is one, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
