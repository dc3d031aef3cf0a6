"""An earlier run and this one in, what counts against the exit status of this one out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_qimen.console import plain
from pytest_qimen.errors import QimenError, UsageError
from pytest_qimen.phrases import counted, say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.compare import Comparison, Snapshot, compare, of_run, snapshot
from pytest_qimen.report.record import RunRecord
from pytest_qimen.verdict import Level, Status


@dataclass(frozen=True, slots=True)
class Gate:
    """The earlier run, the name it was given by, and the level from which on both are judged.

    What was red then is forgiven now. What keeps a run from being green all the same: something is newly
    red; a must is blocked now that was tested then, or was not there; the run broke off; nothing was tested.
    """

    name: str
    old: Snapshot
    level: str

    def forgives(self, identity: str, status: Status) -> bool:
        """Return True when a case that is red was red in the earlier run, too."""
        before = self.old.statuses.get(identity)
        return status.fails(self.level) and before is not None and before.fails(self.level)

    def objections(
        self, head: RunRecord, cases: Sequence[CaseRecord], finished: bool, language: str = "en"
    ) -> Iterator[str]:
        """Yield every reason why the run is not green."""
        if new := len(self._compared(head, cases).newly_red):
            yield counted("count-new", new).text(language)
        if lost := sum(map(self._is_lost, cases)):
            yield counted("count-lost", lost).text(language)
        if not finished:
            yield say("broke-off").text(language)
        elif not any(case.status.is_judged for case in cases):
            yield say("nothing-tested").text(language)

    def lines(
        self, head: RunRecord, cases: Sequence[CaseRecord], finished: bool, language: str = "en"
    ) -> Iterator[str]:
        """Yield what the terminal says."""
        found = self._compared(head, cases)
        against = ", ".join(self.objections(head, cases, finished, language))
        against = against or say("nothing-newly-red").text(language)
        old = counted("count-old", len(found.still_red)).text(language)
        yield f"{say('compared-with').text(language)} {self.name}: {against}; {old}"
        yield from (f"{say('note').text(language)}: {plain(note.text(language))}" for note in found.notes)

    def _compared(self, head: RunRecord, cases: Sequence[CaseRecord]) -> Comparison:
        return compare(self.old, of_run(head, cases))

    def _is_lost(self, case: CaseRecord) -> bool:
        """Return True when a must cannot be tested any more; what could not be tested then is not new."""
        before = self.old.statuses.get(case.id)
        untested = before is not None and before.is_untested
        return case.status is Status.BLOCKED and case.level is Level.MUST and not untested


def gate(name: str, level: str) -> Gate | None:
    """Return the gate of an earlier run, its folder or results.json; UsageError for one that is none."""
    try:
        return Gate(name, snapshot(name), level) if name else None
    except QimenError as error:
        raise UsageError(say("told", place="--qimen-new-only", why=error.said)) from None
