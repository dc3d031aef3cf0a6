"""Ids of cases in, which worker of xdist runs which: what runs alone comes last, on one worker.

Else it is as xdist does it, but where each worker has several connections: then its share is fixed from the
beginning, so that it can begin with cases ahead of their turn. Searches, one a worker, come at the end.
"""

from collections.abc import Callable
from typing import Any

from xdist.scheduler import LoadScheduling  # type: ignore[import-untyped]
from xdist.workermanage import (  # type: ignore[import-untyped]
    WorkerController,
    parse_tx_spec_config,
)

from pytest_qimen.cases import Case, plain_id
from pytest_qimen.cases.spelling import SEARCH
from pytest_qimen.errors import QimenError, UsageError
from pytest_qimen.phrases import say
from pytest_qimen.runner.ahead import share_of


def here(config: Any) -> int:
    """Return how many workers `-n` starts on this machine; UsageError for workers of another kind."""
    dist = config.getoption("dist", "no")
    if dist == "no" or config.option.collectonly or not config.getoption("tx", None):
        return 0
    places = parse_tx_spec_config(config)
    if dist != "load" or any(place.partition("//")[0] != "popen" or "chdir=" in place for place in places):
        raise UsageError(say("fuzz-workers"))
    return len(places)


class Spread(LoadScheduling):  # type: ignore[misc]
    """Gives cases to workers; nothing else is under way while one runs those that run alone."""

    collection: list[str] | None
    pending: list[int]
    node2pending: dict[WorkerController, list[int]]
    maxschedchunk: int | None

    def __init__(self, config: Any, log: Any, find: Callable[[str], Case], connections: int) -> None:
        super().__init__(config, log)
        self._find, self._fixed = find, connections > 1
        self._held: list[int] = []  # what runs alone and is not given to anybody yet
        self._alone: WorkerController | None = None  # who runs it
        self._searches: list[int] = []  # likewise not given to anybody yet
        self._cases = 0  # how many items are none; searches stand behind them

    @property
    def tests_finished(self) -> bool:
        """Return True when nothing is left to give away."""
        return self._only_searches() and not self._searches

    @property
    def has_pending(self) -> bool:
        """Return True while something is left to run."""
        return super().has_pending or bool(self._held) or bool(self._searches)

    def _only_searches(self) -> bool:
        """Return True when each worker has at most the last of its cases to run, and nothing runs alone."""
        if not self.collection_is_completed or self.pending or self._held or self._left(self._alone):
            return False
        return all(self._left(node) <= 1 for node in self.nodes)

    def _left(self, node: WorkerController | None) -> int:
        """Return how many cases the worker has to run."""
        return sum(number < self._cases for number in self.node2pending.get(node, ()))

    def schedule(self) -> None:
        """Give every worker its share, or something to begin with; a worker that came later gets the rest."""
        if self.collection is None and self._check_nodes_have_same_collection():
            self.collection = next(iter(self.node2collection.values()))
            identities = [plain_id(nodeid) for nodeid in self.collection]
            self._cases = sum(not one.startswith(SEARCH) for one in identities)
            self._held = [number for number, one in enumerate(identities) if self._runs_alone(one)]
            self.pending = sorted({*range(self._cases)}.difference(self._held))
            self._searches = [*range(self._cases, len(identities))]
            self.maxschedchunk = self.maxschedchunk or len(identities)
            if self._fixed:
                self._share(identities)
        for node in self.nodes if self.collection is not None else ():
            self.check_schedule(node)

    def _share(self, identities: list[str]) -> None:
        for node in self.nodes:
            number = int(node.gateway.id.removeprefix("gw"))
            own = [one for one in self.pending if share_of(identities[one], self.numnodes) == number]
            self._give(node, own)
        self.pending = []

    def _runs_alone(self, identity: str) -> bool:
        """Only flows do; those of a user that are not bundled are known to the workers alone."""
        try:
            return identity.startswith("flows/") and self._find(identity).alone
        except QimenError:
            return False

    def _give(self, node: WorkerController, numbers: list[int]) -> None:
        self.node2pending[node].extend(numbers)
        node.send_runtest_some(numbers)

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        """Give the worker more to do; when all but the last case of each are over, what runs alone.

        A worker begins with a case only when it knows the next one, or that none follows.
        """
        if self.pending:
            super().check_schedule(node, duration)
        elif self._held and all(self._left(one) <= 1 for one in self.nodes):
            self._alone, held, self._held = node, self._held, []
            self._give(node, held)
            self._end(node)
        elif self._only_searches():
            for one in self.nodes:
                self._end(one)

    def _end(self, node: WorkerController) -> None:
        """Give the worker its search, if there is one, and nothing after it."""
        if node.shutting_down:
            return
        if self._searches:
            own = self._cases + int(node.gateway.id.removeprefix("gw"))
            number = own if own in self._searches else self._searches[0]
            self._searches.remove(number)
            self._give(node, [number])
        node.shutdown()

    def remove_node(self, node: WorkerController) -> str | None:
        """Give away what a worker leaves that crashed; return the case in which it did."""
        pending = self.node2pending.pop(node)
        if not pending:
            return None
        assert self.collection is not None
        crashed = self.collection[pending.pop(0)]
        self._searches += [number for number in pending if number >= self._cases]
        cases = [number for number in pending if number < self._cases]
        if node is self._alone:
            self._held = cases
        else:
            self.pending.extend(cases)
        for other in self.nodes:
            self.check_schedule(other)
        return crashed
