"""What a check found against a requirement, and what follows for the case: Finding, Level, Status."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How the documents mean a requirement (design.md 4): may is recorded, never judged."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Status(StrEnum):
    """How a case ended."""

    PASS = "pass"
    FAIL = "fail"
    WARN = "warn"
    INFO = "info"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    WAIVED = "waived"
    STALE = "stale"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken or observed requirement, with the evidence: where, what was expected, what came.

    `check` is a closed dotted name (`envelope.flag`), `path` the place in the answer or request, `clause` the
    document and section, `step` the number of the exchange within the case, counted from 1.
    """

    check: str
    level: Level
    path: str
    expected: str
    actual: str
    clause: str
    step: int = 1

    @property
    def cause(self) -> tuple[str, str]:
        """What makes two findings the same defect seen twice."""
        return self.check, self.path


def status_of(findings: Iterable[Finding]) -> Status:
    """FAIL where a must is broken, WARN for a should, INFO for an observation, else PASS."""
    levels = {finding.level for finding in findings}
    if Level.MUST in levels:
        return Status.FAIL
    if Level.SHOULD in levels:
        return Status.WARN
    return Status.INFO if levels else Status.PASS
