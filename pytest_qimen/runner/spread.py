"""Ids of cases in, which worker of xdist runs which: what runs alone comes last, on one worker.

Else it is as xdist does it, but where each worker has several connections: then its share is fixed from the
beginning, so that it can begin with cases ahead of their turn.
"""

from collections.abc import Callable
from typing import Any

from xdist.scheduler import LoadScheduling  # type: ignore[import-untyped]
from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

from pytest_qimen.cases import Case, plain_id
from pytest_qimen.errors import QimenError
from pytest_qimen.runner.ahead import share_of


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

    @property
    def tests_finished(self) -> bool:
        """Return True when nothing is left to give away."""
        return super().tests_finished and not self._held and not self.node2pending.get(self._alone)

    @property
    def has_pending(self) -> bool:
        """Return True while something is left to run."""
        return super().has_pending or bool(self._held)

    def schedule(self) -> None:
        """Give every worker its share, or something to begin with; a worker that came later gets the rest."""
        if self.collection is None and self._check_nodes_have_same_collection():
            self.collection = next(iter(self.node2collection.values()))
            identities = [plain_id(nodeid) for nodeid in self.collection]
            self._held = [number for number, one in enumerate(identities) if self._runs_alone(one)]
            self.pending = sorted({*range(len(identities))}.difference(self._held))
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
        elif self._held and all(len(pending) <= 1 for pending in self.node2pending.values()):
            self._alone, held, self._held = node, self._held, []
            self._give(node, held)
            node.shutdown()
        elif self.tests_finished and not node.shutting_down:
            node.shutdown()

    def remove_node(self, node: WorkerController) -> str | None:
        """Give away what a worker leaves that crashed; return the case in which it did."""
        pending = self.node2pending.pop(node)
        if not pending:
            return None
        assert self.collection is not None
        crashed = self.collection[pending.pop(0)]
        if node is self._alone:
            self._held = pending
        else:
            self.pending.extend(pending)
        for other in self.nodes:
            self.check_schedule(other)
        return crashed
