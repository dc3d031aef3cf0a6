"""One search on several workers: each has a seed and a part of the budget, the controller the one corpus.

A worker tells the controller what it covered and found, as plain values. While the controller runs the case
of a failure, the worker that found it waits, so that the rate holds, and counts its requests as its own.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_qimen.cases import Case
from pytest_qimen.cases.spelling import SEARCH
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.runner import Session
from pytest_qimen.search.asked import Asked
from pytest_qimen.search.budget import Budget, Guard
from pytest_qimen.search.corpus import Corpus, FailureKey, Found, database, open_corpus
from pytest_qimen.search.hunt import Hunt
from pytest_qimen.search.tally import Tally, lines

EVERY = 10  # slices after which the controller hears of a worker that covers nothing new
News = Mapping[str, Any]


def seed_of(seed: int, number: int) -> int:
    """Return the seed of a worker, counted from 1: the first searches as a process by itself would."""
    return seed if number == 1 else zlib.crc32(f"{seed} {number}".encode())


class Team:
    """The controller's part of a search; `guard` is the transport with which it runs what was found."""

    tell: Callable[[], None] = staticmethod(lambda: None)  # called after every news

    def __init__(self, corpus: Corpus, guard: Guard, budget: Budget, workers: int) -> None:
        self.corpus = corpus
        self._guard = guard
        self._tallies = {number: Tally(number) for number in range(1, workers + 1)}
        self._played = 0  # requests that workers count as their own
        spent = {"requests": budget.requests, "seconds": budget.seconds}
        files = [str(path) for path in corpus.files()]
        self.errand: News = {"state": corpus.state(), "files": files, "workers": workers, "budget": spent}

    @property
    def searched(self) -> bool:
        """Return True when some worker searched."""
        return any(one.searched for one in self._tallies.values())

    def hear(self, news: News) -> Path | None:
        """Take in what a worker tells; return the file of a failure that nobody knew."""
        self.count(news["tally"])
        for arm, marks in news["covered"].items():
            self.corpus.coverage.add(arm, iter(marks))
        for again in news["again"]:
            self.corpus.known(FailureKey.from_json(again))
        found = Found.from_json(news["found"]) if news["found"] else None
        path = self.corpus.write(found) if found and not self.corpus.known(found.key) else None
        self.corpus.save()
        self.tell()
        return path

    def count(self, tally: News) -> None:
        """Take in how far a worker has come."""
        found = Tally.from_json(tally)
        if found.number:  # one that came for a worker that crashed has nothing to search
            self._tallies[found.number] = found

    def lose(self, identity: str) -> None:
        """Note that a worker crashed in this item, if it was its search."""
        if identity.startswith(SEARCH):
            number = int(identity.removeprefix(SEARCH))
            self._tallies[number] = replace(self._tallies[number], ended=say("fuzz-crashed"))

    def play(self, run: Callable[[], None]) -> int:
        """Run what a worker found; return how many requests it took."""
        before = self._guard.sent
        run()
        played = self._guard.sent - before
        self._played += played
        return played

    def lines(self) -> Iterator[Phrase]:
        """Yield what all workers did, and their seeds."""
        yield from lines(self.corpus, [*self._tallies.values()], self._guard.sent - self._played)
        seeds = tuple(str(seed_of(self.corpus.seed, number)) for number in self._tallies)
        yield say("fuzz-seeds", seeds=seeds)


class Branch(Corpus):
    """A worker's copy of the corpus: nothing is written but what it tells the controller."""

    def __init__(self, folder: Path, errand: News) -> None:
        """`errand` is that of the Team."""
        state = errand["state"]
        super().__init__(folder, state["seed"], state["runs"])
        self.take(state)
        self._errand = errand
        self._told = {arm: set(marks) for arm, marks in self.coverage.seen.items()}
        self._again: list[FailureKey] = []
        self._slices = 0

    def join(self, number: int, hunt: Hunt, tell: Callable[[News], None], wait: Callable[[], int]) -> None:
        """Search as the worker of this number.

        `tell` sends news; `wait` returns, after news of a failure, how many requests the controller sent.
        """
        self._hunt, self._tell, self._wait = hunt, tell, wait
        hunt.number = number
        self.seed = seed_of(self.seed, number)
        hunt.guard.budget = Budget(**self._errand["budget"]).share(number, self._errand["workers"])

    def files(self) -> list[Path]:
        """Return the case files of what was known when the run began: all workers run the same."""
        return [Path(name) for name in self._errand["files"]]

    def known(self, cause: FailureKey) -> bool:
        """Return True when the worker knows the failure; noted, for the controller counts it."""
        known = super().known(cause)
        if known:
            self._again.append(cause)
        return known

    def keep(self, cause: FailureKey, case: Case) -> Path | None:
        """Tell the controller of a failure, which keeps and runs what no other worker has found."""
        self.causes[cause] = ""
        self._send(Found.of(cause, case))
        self._hunt.guard.count(self._wait())
        return None

    def save(self) -> None:
        """Tell the controller what was covered, or from time to time that nothing was."""
        self._slices += 1
        news = any(len(marks) > len(self._told.get(arm, ())) for arm, marks in [*self.coverage.seen.items()])
        if news or self._slices % EVERY == 0:
            self._send(None)

    def _send(self, found: Found | None) -> None:
        seen = {arm: set(marks) for arm, marks in [*self.coverage.seen.items()]}
        fresh = {arm: sorted(marks - self._told.get(arm, set())) for arm, marks in seen.items()}
        again, self._again, self._told = self._again, [], seen
        self._tell(
            {
                "tally": self._hunt.tally().to_json(),
                "covered": {arm: marks for arm, marks in fresh.items() if marks},
                "again": [cause.to_json() for cause in again],
                "found": found.to_json() if found else None,
            }
        )


def searching(
    session: Session, guard: Guard, asked: Asked, *, seed: int, connections: int, errand: News | None
) -> Hunt | Team:
    """Return the search of this process: the whole, the controller's part, or with an `errand` a worker's."""
    corpus = Branch(asked.corpus, errand) if errand else open_corpus(asked.corpus, seed)
    if asked.workers:
        return Team(corpus, guard, asked.budget, asked.workers)
    guard.budget = asked.budget
    return Hunt(session, guard, corpus, database(asked.database, asked.corpus), connections)
