"""What a check found against a requirement, and what follows for it: Finding, Level, Status, Showing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pytest_qimen.phrases import Said


class Level(StrEnum):
    """How the documents mean a requirement (design.md 4): may is recorded, never judged."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"

    @property
    def is_judged(self) -> bool:
        """Return True for must and should."""
        return self is not Level.MAY

    @property
    def rank(self) -> int:
        """Return the place in the order from worst (0) to what is only recorded."""
        return _RANKS[self]


class Status(StrEnum):
    """How a case ended, from worst to best: what a group of cases amounts to is its worst."""

    FAIL = "fail"
    STALE = "stale"
    ERROR = "error"
    BLOCKED = "blocked"
    UNTESTED = "untested"
    WARN = "warn"
    WAIVED = "waived"
    PASS = "pass"
    INFO = "info"
    UNSUPPORTED = "unsupported"

    @property
    def is_good(self) -> bool:
        """Return True where what builds on the case can be tried: no must was broken."""
        return self in (Status.PASS, Status.INFO, Status.WARN)

    @property
    def is_broken(self) -> bool:
        """Return True where a must or a should was found broken now."""
        return self in (Status.FAIL, Status.WARN)

    @property
    def is_untested(self) -> bool:
        """Return True where the case was to be judged and could not be."""
        return self in (Status.BLOCKED, Status.UNTESTED, Status.ERROR)

    @property
    def is_judged(self) -> bool:
        """Return True where the case was tried and judged."""
        return not self.is_untested and self is not Status.UNSUPPORTED

    @property
    def is_skipped(self) -> bool:
        """Return True where pytest calls the case skipped."""
        return self in (Status.BLOCKED, Status.UNTESTED, Status.UNSUPPORTED, Status.WAIVED)

    @property
    def letter(self) -> str:
        """Return the mark of the case on the screen; none for what is well: ten thousand dots say nothing."""
        return _LETTERS.get(self, "")

    @property
    def has_evidence(self) -> bool:
        """Return True where the exchanges of the case are kept for people to read."""
        return self.is_broken or self in (Status.ERROR, Status.STALE, Status.WAIVED)

    @property
    def rank(self) -> int:
        """Return the place in the order from worst (0) to best."""
        return _ORDER[self]

    def is_red(self, level: str) -> bool:
        """Return True where the case makes a run non-conformant that judges from `level` on."""
        return self in (Status.FAIL, Status.STALE) or (self is Status.WARN and level != Level.MUST)

    def fails(self, level: str) -> bool:
        """Return True where the case fails a run: it is red, or the suite or the network broke."""
        return self.is_red(level) or self is Status.ERROR


_RANKS = {level: place for place, level in enumerate(Level)}
_ORDER = {status: place for place, status in enumerate(Status)}
_LETTERS = {
    Status.FAIL: "F",
    Status.STALE: "S",
    Status.ERROR: "E",
    Status.BLOCKED: "b",
    Status.UNTESTED: "n",
    Status.WARN: "w",
    Status.WAIVED: "x",
    Status.UNSUPPORTED: "u",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken or observed requirement, with the evidence: where, what was expected, what came.

    `check` is a closed dotted name (`envelope.flag`), `path` the place in the answer or request, `clause` the
    document and section, `step` the number of the exchange within the case, counted from 1. A str in
    `expected` or `actual` is the other side's text, a Phrase the suite's.
    """

    check: str
    level: Level
    path: str
    expected: Said
    actual: Said
    clause: str
    step: int = 1


def status_of(findings: Iterable[Finding]) -> Status:
    """Return FAIL where a must is broken, WARN for a should, INFO for an observation, else PASS."""
    levels = {finding.level for finding in findings}
    if Level.MUST in levels:
        return Status.FAIL
    if Level.SHOULD in levels:
        return Status.WARN
    return Status.INFO if levels else Status.PASS


class Evidence(StrEnum):
    """What a verdict about a caller rests on, from strongest to weakest."""

    WIRE = "wire"
    DRIVER = "driver"
    ATTESTED = "attested"

    @property
    def rank(self) -> int:
        """Return the place in the order from strongest (0) to weakest."""
        return list(Evidence).index(self)


@dataclass(frozen=True, slots=True)
class Attested:
    """What a person says of a system: the requirement, who said so, and the sentence that they said it of."""

    requirement: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Showing:
    """What a scenario showed: the requirements that it judged, on which evidence, and what was attested."""

    evidence: Evidence
    shown: tuple[str, ...]
    attested: tuple[Attested, ...] = ()
