"""Which findings count for a case: the form of answers is judged once, by the cases that are made for it.

So one cause is one red line.
"""

from collections.abc import Iterator
from typing import Protocol

from pytest_qimen import xml
from pytest_qimen.cases import Case, probe_name
from pytest_qimen.checks import contract, envelope, http, schema, security
from pytest_qimen.checks.evidence import Check, Evidence
from pytest_qimen.reasons import BlockedBy
from pytest_qimen.runner.merging import merged
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Level

FORM: tuple[Check, ...] = (http.check, envelope.check, schema.check, security.check)
SAFETY = (
    "http.crash",
    "security.secret",
    "security.file",
    "security.injected",
    "security.signature",
    "security.trace",
)
Key = tuple[str, str]  # a finding's check and schematic place: what makes two of them one defect


class Known(Protocol):
    """What judging asks of a session."""

    def reported(self, identity: str) -> bool:
        """Return True when people will read how this case ended: only then it can be blamed."""

    def shown_by(self, identity: str) -> frozenset[Key]:
        """Return the defects that a case shows; it is run on the first demand."""


class Judging:
    """Judges the answers of one case; `dropped` are findings that another case shows, with that case."""

    def __init__(self, case: Case, known: Known) -> None:
        self.case, self._known = case, known
        self.dropped: list[tuple[Finding, BlockedBy]] = []

    def judge(self, evidence: Evidence, number: int) -> Iterator[Finding]:
        """Yield what counts: the form of the answer, the verdict, and the values that it must hold."""
        found = self._all(evidence, number)
        yield from (finding for finding in found if self._counts(evidence.step.api, finding))
        yield from contract.content(evidence)

    def _all(self, evidence: Evidence, number: int) -> Iterator[Finding]:
        if self.case.judges == "refusal":
            yield from _any_refusal(evidence)
            return
        if self.case.judges == "delivery" and number == 1:
            yield from contract.delivered(evidence)
            return
        form = merged(finding for check in FORM for finding in check(evidence))
        readable = evidence.answer.verdict
        if not (readable and self._defers(evidence.step.api)):
            yield from form
        judges = self.case.judges == "verdict" or (self.case.judges in ("safety", "delivery") and number > 1)
        broken = any(finding.level is Level.MUST for finding in form)
        if judges and (readable or not broken or contract.is_refusal(evidence.answer)):
            yield from contract.verdict(evidence)

    def _defers(self, api: Api) -> bool:
        """Return True when another case of this run already judges the form of this answer."""
        if not self.case.is_foundation:
            return False
        role, own = form_cases(api)
        reported = self._known.reported
        return not reported(self.case.id) or any(map(reported, (*role, *own)))

    def _counts(self, api: Api, finding: Finding) -> bool:
        """Return False for a finding that belongs to another case, or that this one does not judge."""
        if finding.check in contract.VERDICTS:
            return True
        blamed = self._blame(api, finding)
        if blamed:
            self.dropped.append((finding, BlockedBy(blamed)))
            return False
        if self.case.level is Level.MAY:
            return finding.check in SAFETY
        return self.case.judges == "answer" or finding.level is not Level.MAY

    def _blame(self, api: Api, finding: Finding) -> str:
        """Return the answer-form case that shows this finding already; empty when it is new.

        A case that people read is never put down to one that they do not.
        """
        told = self._known.reported(self.case.id)
        key = key_of(finding)
        for identity in _form_before(self.case, api):
            if (self._known.reported(identity) or not told) and key in self._known.shown_by(identity):
                return identity
        return ""


def _any_refusal(evidence: Evidence) -> Iterator[Finding]:
    """Judge an answer whose protocol the endpoint could not know: well-formed, and no success."""
    unreadable = list(envelope.unreadable(evidence))
    yield from http.check(evidence)
    yield from unreadable
    yield from security.check(evidence)
    if not unreadable and evidence.answer.verdict == "success":
        yield from contract.verdict(evidence)


def key_of(finding: Finding) -> Key:
    """Return what makes two findings the same defect seen twice."""
    return finding.check, xml.schematic(finding.path).replace("[]", "")


def form_cases(api: Api) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the cases that judge the form of this method's answers: of its role, and its own."""
    kinds = ("success", "failure")
    role = tuple(f"protocol/answer/{probe_name(api)}/{kind}" for kind in kinds)
    return role, tuple(f"{api.name}/answer/{kind}" for kind in kinds)


def _form_before(case: Case, api: Api) -> tuple[str, ...]:
    """Return the ids of the answer-form cases that run before `case`."""
    role, own = form_cases(api)
    if case.is_foundation or case.id in role:
        return ()
    return role if case.id in own else (*role, *own)
