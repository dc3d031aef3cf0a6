"""An earlier run and this one in, what counts against the exit status of this one out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_qimen.report.causes import is_red, plain
from pytest_qimen.report.compare import TESTED, Comparison, Snapshot, compare, of_events
from pytest_qimen.report.words import count, word
from pytest_qimen.verdict import Level

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gate:
    """The earlier run, the name it was given by, and the level from which on both are judged.

    What was red then is forgiven now. What keeps a run from being green all the same: something is newly
    red; a must is blocked now that was tested then, or was not there; the run broke off; nothing was tested.
    """

    name: str
    old: Snapshot
    level: str

    def forgives(self, identity: str, status: str) -> bool:
        """Whether a case that is red was red in the earlier run, too."""
        before = self.old.statuses.get(identity, "")
        return is_red(status, self.level) and bool(before) and is_red(before, self.level)

    def objections(
        self, head: Event, events: Sequence[Event], finished: bool, language: str = "en"
    ) -> Iterator[str]:
        """Every reason why the run is not green."""
        if new := len(self._compared(head, events).newly_red):
            yield count(new, "new", language)
        if lost := sum(self._is_lost(event) for event in events):
            yield count(lost, "lost", language)
        if not finished:
            yield word("the run broke off", language)
        elif not any(event["status"] in TESTED for event in events):
            yield word("nothing was tested", language)

    def lines(
        self, head: Event, events: Sequence[Event], finished: bool, language: str = "en"
    ) -> Iterator[str]:
        """What the terminal says."""
        found = self._compared(head, events)
        against = ", ".join(self.objections(head, events, finished, language))
        against = against or word("nothing newly red", language)
        old = count(len(found.still_red), "old", language)
        yield f"{word('compared with', language)} {self.name}: {against}; {old}"
        yield from (f"{word('note', language)}: {plain(note)}" for note in found.notes)

    def _compared(self, head: Event, events: Sequence[Event]) -> Comparison:
        return compare(self.old, of_events(head, events))

    def _is_lost(self, event: Event) -> bool:
        """Whether a must cannot be tested any more; what could not be tested then is not new."""
        before = self.old.statuses.get(event["id"], "")
        return (
            event["status"] == "blocked"
            and event["level"] == Level.MUST
            and before not in ("blocked", "error")
        )
