"""What a search did, counted: by one process, or by each of several workers; told in lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.search.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests and pauses so far, why it ended, and what could not be searched.

    `number` is the worker's, counted from 1, or 0; `after` counts the requests that followed the search,
    which take back what it created.
    """

    number: int = 0
    sent: int = 0
    after: int = 0
    pauses: int = 0
    searched: bool = False
    ended: Said | None = None
    left_out: Mapping[str, Said] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the members, of values that every serializer knows."""
        return {
            "number": self.number,
            "sent": self.sent,
            "after": self.after,
            "pauses": self.pauses,
            "searched": self.searched,
            "ended": _written(self.ended) if self.ended else None,
            "left_out": {name: _written(why) for name, why in self.left_out.items()},
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Tally":
        """Return the tally that `to_json` returned."""
        left_out = {name: _read(why) for name, why in found["left_out"].items()}
        ended = _read(found["ended"]) if found["ended"] else None
        same = {name: found[name] for name in ("number", "sent", "after", "pauses", "searched")}
        return cls(**same, ended=ended, left_out=left_out)


def _written(said: Said) -> Any:
    return said.to_json() if isinstance(said, Phrase) else said


def _read(found: Any) -> Said:
    return found if isinstance(found, str) else Phrase.from_json(found)


def lines(corpus: Corpus, tallies: Sequence[Tally], after: int = 0) -> Iterator[Phrase]:
    """Yield what a search did; `after` counts requests that followed it and are in no tally."""
    sent = sum(one.sent for one in tallies)
    yield say("fuzz-counts", requests=sent, known=len(corpus.causes), marks=corpus.coverage.total())
    if after := after + sum(one.after for one in tallies):
        yield say("fuzz-after", requests=after)
    ends = {one.number: one.ended or say("interrupted") for one in tallies}
    if len(set(ends.values())) == 1:
        yield say("fuzz-ended", reason=ends[tallies[0].number])
    else:
        for number, reason in ends.items():
            yield say("fuzz-worker-ended", worker=number, reason=reason)
    if pauses := sum(one.pauses for one in tallies):
        yield say("backed-off", times=pauses)
    left_out = {name: why for one in tallies for name, why in one.left_out.items()}
    for name, reason in sorted(left_out.items()):
        yield say("fuzz-left-out", method=name, reason=reason)
    yield say("fuzz-seed", seed=corpus.seed, run=corpus.runs, folder=str(corpus.folder))
