"""Case cases in, `[[known]]` tables for the target file out: a run's failures, forgiven for a while."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pytest_qimen.console import plain
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.record import RunRecord
from pytest_qimen.verdict import Level, Status

DAYS, LONGEST = 90, 200


def baseline(
    head: RunRecord,
    cases: Sequence[CaseRecord],
    *,
    days: int = DAYS,
    reason: str = "",
    since: date | None = None,
) -> str:
    """Return the tables as TOML, by id, with `reason` or what each found. Errors are left out."""
    if days < 1:
        raise UsageError(say("baseline-days", days=days))
    since = since or date.today()
    known = sorted((case for case in cases if _fails(case, head.level)), key=lambda case: case.id)
    return "\n".join(_lines(head, known, reason, since, since + timedelta(days)))


def _fails(case: CaseRecord, level: str) -> bool:
    """Return True when the case itself fails; a stale one only when its old entry has expired."""
    if case.status is Status.STALE:
        return any(found.level is Level.MUST for found in case.findings)
    return case.status.is_red(level)


def _lines(
    head: RunRecord, known: Sequence[CaseRecord], reason: str, since: date, until: date
) -> Iterator[str]:
    suite = head.suite
    yield f"# {len(known)} known failures of {_line(head.target)}"
    yield f"# found by suite {suite}."
    yield "# For the target file; an entry there of the same id has to go, the first that matches counts."
    for case in known:
        yield ""
        yield "[[known]]"
        yield f"id = {_toml(glob(case.id))}"
        yield f"reason = {_toml(reason or _why(case))}"
        yield f"since = {since}"
        yield f"expires = {until}"
    yield ""


def _why(case: CaseRecord) -> str:
    """Return the worst finding in one line."""
    found = min(case.findings, key=lambda one: one.level.rank, default=None)
    if found is None:
        return _line(case.cause)
    at = f" at {found.path}" if found.path else ""
    return _line(f"{found.check}{at}: expected {found.expected}, got {found.actual}")


def _line(text: str) -> str:
    text = plain(" ".join(text.split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def glob(identity: str) -> str:
    """Return a pattern of fnmatch that matches this id and no other."""
    return re.sub(r"[*?\[]", r"[\g<0>]", identity)


def _toml(text: str) -> str:
    """Return a basic string: JSON's is one, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
