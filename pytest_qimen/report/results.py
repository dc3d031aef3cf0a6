"""Case records in, results.json out: the verdict of a run and why (design.md 4)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version

from pytest_qimen.cases import bundled_files
from pytest_qimen.cases.scenario_read import scenario_files
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.record import FORMAT, Json, RunRecord, Suite
from pytest_qimen.report.shards import flaws
from pytest_qimen.verdict import Level, Status

STATUSES = ("pass", "fail", "warn", "info", "unsupported", "untested", "blocked", "waived", "stale", "error")

SIGNATURES = "cases/protocol/signature.toml"


@cache
def suite() -> Suite:
    """Return the suite's version and the digest of its case files."""
    digest = hashlib.sha256()
    for path in (*bundled_files(), *scenario_files()):
        digest.update(path.read_bytes())
    return Suite(version("pytest-qimen"), digest.hexdigest()[:16])


def verdict(
    cases: Iterable[CaseRecord], level: str, finished: bool = True, shards: Sequence[str] = ()
) -> str:
    """Return non-conformant when a case is red, incomplete when a must was not tested, else conformant.

    `shards` are those that the cases come from: a run of which one is missing or stands twice is incomplete.
    """
    cases = list(cases)
    if any(case.status.is_red(level) for case in cases):
        return "non-conformant"
    whole = finished and is_tested(cases) and not gaps(cases, shards)
    return "conformant" if whole else "incomplete"


def is_tested(cases: Sequence[CaseRecord]) -> bool:
    """Return True when something was tested and every must could be; of a shard, its own cases count."""
    untested = any(case.status.is_untested and case.level is Level.MUST for case in cases)
    errors = any(case.status is Status.ERROR for case in cases)
    return any(case.status.is_judged for case in cases) and not untested and not errors


def is_green(head: RunRecord, cases: Sequence[CaseRecord]) -> bool:
    """Return True when the run ends well; a part of one is judged alone, for its verdict needs the others."""
    if head.shards == ("1/1",):
        return verdict(cases, head.level) == "conformant"
    return is_tested(cases) and not any(case.status.is_red(head.level) for case in cases)


def gaps(cases: Sequence[CaseRecord], shards: Sequence[str] = ()) -> list[Phrase]:
    """Return what the run lacks as a whole: shards, and roles of which no signature case was tried."""
    found = list(flaws(shards))
    if found:
        return found
    checks = [case for case in cases if case.file == SIGNATURES and case.level is Level.MUST]
    tried = {case.role for case in checks if case.status.is_judged}
    judged = {case.role for case in cases if case.status.is_judged}
    untried = sorted({case.role for case in checks} & judged - tried)
    return [say("signature-untried", roles=", ".join(untried))] if untried else []


def results(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None) -> Json:
    """Return the whole results.json; `ended` is None for a run that broke off."""
    counts = Counter(case.status for case in cases)
    return {
        "format": FORMAT,
        "verdict": verdict(cases, head.level, ended is not None, head.shards),
        "suite": head.suite.to_json(),
        "side": head.side,
        "target": head.target,
        "level": head.level.value,
        "seed": head.seed,
        "started": head.started,
        "ended": ended,
        "counts": {status.value: counts[status] for status in map(Status, STATUSES)},
        "cases": [case.to_result() for case in sorted(cases, key=lambda case: case.id)],
    }
