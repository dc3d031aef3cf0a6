"""What a scenario showed: its findings, what was judged, what stayed untested, and on which evidence."""

from dataclasses import dataclass, field

from pytest_qimen.cases.scenario import Scenario
from pytest_qimen.phrases import Phrase
from pytest_qimen.scenarios.play import Taken
from pytest_qimen.verdict import Attested, Evidence, Finding


@dataclass
class Played:
    """What one run of a scenario showed."""

    scenario: Scenario
    findings: list[Finding] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)  # requirements that were judged
    untested: dict[str, Phrase] = field(default_factory=dict)  # requirement -> why not
    errors: list[Phrase] = field(default_factory=list)  # what broke that is not the system's fault
    taken: list[Taken] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)  # on which each of them was judged
    attested: list[Attested] = field(default_factory=list)
    is_whole: bool = False  # every step was taken

    def show(self, name: str, evidence: Evidence = Evidence.WIRE) -> None:
        """Note that a requirement was judged; what calls show counts for more than what is told."""
        self.shown.add(name)
        if name not in self._broken():
            self.evidence[name] = _stronger(evidence, self.evidence.get(name))

    def blame(self, found: Finding, evidence: Evidence = Evidence.WIRE) -> None:
        """Add a finding."""
        earlier = self.evidence.get(found.check) if found.check in self._broken() else None
        self.findings.append(found)
        self.evidence[found.check] = _stronger(evidence, earlier)

    def _broken(self) -> set[str]:
        return {one.check for one in self.findings}


def _stronger(one: Evidence, other: Evidence | None) -> Evidence:
    return min(one, other or one, key=lambda evidence: evidence.rank)
