"""Cases in their order in, each one's Outcome when its turn comes out: several are run ahead at a time."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from zlib import crc32

from pytest_qimen.cases import Case, Kind
from pytest_qimen.runner import Outcome
from pytest_qimen.wire.cores import beside_others

DEPTH = 16  # so many cases a connection are begun before their turn: one that takes long holds nobody up
LONG = 50  # requests


class Ahead:
    """Runs cases over several connections before they are asked for; what runs alone not before."""

    def __init__(self, run: Callable[[Case], Outcome], cases: Iterable[Case], connections: int) -> None:
        self._run = run
        self._pool = ThreadPoolExecutor(connections, "qimen", beside_others)
        self._most = connections * DEPTH
        self._begun: dict[str, Future[Outcome]] = {}
        free = [case for case in cases if not case.alone]
        early = [case for case in free if _is_awaited(case) or _is_long(case)]
        for case in sorted(early, key=_is_awaited, reverse=True):
            self._begin(case)
        self._waiting = deque(case for case in free if case.id not in self._begun)
        self._most += len(self._begun)

    def outcome(self, case: Case) -> Outcome:
        """Return the case's outcome, waited for where it is under way, and the next ones begun."""
        if case.alone:
            self.rest()
            return self._run(case)
        while self._waiting and len(self._begun) < self._most:
            self._begin(self._waiting.popleft())
        begun = self._begun.pop(case.id, None)
        return begun.result() if begun else self._run(case)

    def rest(self) -> None:
        """Wait until nothing is under way."""
        wait(self._begun.values())

    def _begin(self, case: Case) -> None:
        self._begun[case.id] = self._pool.submit(self._run, case)

    def close(self) -> None:
        """Begin nothing more; what is under way ends by its time-outs."""
        self._pool.shutdown(cancel_futures=True)


def share_of(identity: str, workers: int) -> int:
    """Return which of so many shards or workers, counted from 0, runs the case."""
    return crc32(identity.encode()) % workers


def _is_awaited(case: Case) -> bool:
    """Return True for what other cases wait for: it is kept by the session anyway."""
    return case.is_foundation or case.judges == "answer"


def _is_long(case: Case) -> bool:
    """Return True for what pauses or sends many requests: at the end, the rest would be over before it."""
    pauses = any(step.wait for step in case.steps)
    return pauses or case.kind is Kind.SUMS or sum(step.times for step in case.steps) >= LONG
