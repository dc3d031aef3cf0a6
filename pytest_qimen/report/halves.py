"""Folders of runs in, what they show out: what an endpoint answers, what a system sends, or both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.report.merge import RecordedRun, joined, read

BOTH = "both"


@dataclass(frozen=True, slots=True)
class Halves:
    """The runs of one system, None for a half that was not tested."""

    endpoint: RecordedRun | None
    caller: RecordedRun | None

    @property
    def kind(self) -> str:
        """Return endpoint, caller or both."""
        if self.endpoint and self.caller:
            return BOTH
        return "caller" if self.caller else "endpoint"

    def runs(self) -> Iterator[RecordedRun]:
        """Yield each half that there is."""
        yield from filter(None, (self.endpoint, self.caller))


def halves_of(*runs: RecordedRun) -> Halves:
    """Return the halves of these runs; UsageError where one comes twice, or they are of two systems."""
    found: dict[str, RecordedRun] = {}
    for run in runs:
        for half in _split(run):
            if half.head.side in found:
                raise UsageError(say("half-twice", side=say(f"half-{half.head.side}")))
            found[half.head.side] = half
    first = runs[0].head
    for run in runs[1:]:
        for key in ("target", "suite"):
            mine, its = str(getattr(first, key)), str(getattr(run.head, key))
            if its != mine:
                raise UsageError(say("halves-differ", key=key, mine=mine, its=its))
    return Halves(found.get("endpoint"), found.get("caller"))


def _split(run: RecordedRun) -> Iterator[RecordedRun]:
    """Yield the run, or the halves of a run with both."""
    if run.head.side != BOTH:
        yield run
        return
    for side in ("endpoint", "caller"):
        cases = tuple(case for case in run.cases if case.is_of_caller is (side == "caller"))
        yield RecordedRun(replace(run.head, side=side), cases, run.ended)


def load_halves(paths: Sequence[Path]) -> Halves:
    """Return the halves in these folders; several of one side are the shards of one run."""
    rows = [(path, read(path)) for path in paths]
    sides = dict.fromkeys(run.head.side for _, run in rows)
    groups = [[row for row in rows if row[1].head.side == side] for side in sides]
    return halves_of(*(joined([path for path, _ in group], [run for _, run in group]) for group in groups))
