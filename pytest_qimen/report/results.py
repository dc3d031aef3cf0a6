"""Case records in, results.json out: the verdict of a run and why (design.md 5)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version

from pytest_qimen.cases import bundled_files
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.record import FORMAT, Json, RunRecord, Suite
from pytest_qimen.verdict import Level, Status

STATUSES = ("pass", "fail", "warn", "info", "unsupported", "blocked", "waived", "stale", "error")


@cache
def suite() -> Suite:
    """Return the suite's version and the digest of its case files."""
    digest = hashlib.sha256()
    for path in bundled_files():
        digest.update(path.read_bytes())
    return Suite(version("pytest-qimen"), digest.hexdigest()[:16])


def verdict(cases: Iterable[CaseRecord], level: str, finished: bool = True) -> str:
    """Return non-conformant when a case is red, incomplete when a must was not tested, else conformant."""
    cases = list(cases)
    if any(case.status.is_red(level) for case in cases):
        return "non-conformant"
    untested = any(case.status.is_untested and case.level is Level.MUST for case in cases)
    errors = any(case.status is Status.ERROR for case in cases)
    tested = any(case.status.is_judged for case in cases)
    return "conformant" if tested and not untested and not errors and finished else "incomplete"


def results(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None) -> Json:
    """Return the whole results.json; `ended` is None for a run that broke off."""
    counts = Counter(case.status for case in cases)
    return {
        "format": FORMAT,
        "verdict": verdict(cases, head.level, ended is not None),
        "suite": head.suite.to_json(),
        "target": head.target,
        "level": head.level.value,
        "seed": head.seed,
        "started": head.started,
        "ended": ended,
        "counts": {status.value: counts[status] for status in map(Status, STATUSES)},
        "cases": [case.to_result() for case in sorted(cases, key=lambda case: case.id)],
    }
