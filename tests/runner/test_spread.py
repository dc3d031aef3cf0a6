"""Workers of xdist and what each of them is given: what runs alone comes last, and on one of them."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.errors import UsageError
from pytest_qimen.runner.ahead import share_of
from pytest_qimen.runner.spread import Spread, here

ALONE = ["cases/flows/paging.toml::sums-one-a-page", "cases/flows/stock.toml::one-kind"]
OTHERS = [f"cases/wms/order.cancel.toml::request/{number}" for number in range(9)]


class Worker:
    """A worker as xdist's controller sees it: it begins with a case when it knows the next one."""

    def __init__(self, number: int) -> None:
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.given: list[int] = []
        self.shutting_down = False

    def send_runtest_some(self, numbers: Sequence[int]) -> None:
        assert not self.shutting_down
        self.given += numbers

    def shutdown(self) -> None:
        self.shutting_down = True

    @property
    def ready(self) -> bool:
        """Whether it may run the first of what it was given."""
        return len(self.given) >= (1 if self.shutting_down else 2)


def spread(config: pytest.Config, connections: int, workers: int, *more: str) -> tuple[Spread, list[Worker]]:
    """A scheduler whose workers have collected everything and were given their first cases."""
    options = {"maxschedchunk": None, "tx": [f"{workers}*popen"], "dist": "load", "numprocesses": workers}
    option = SimpleNamespace(**options)
    known = SimpleNamespace(getoption=options.get, getvalue=options.get, option=option, hook=config.hook)
    found = Spread(known, None, find_case, connections)
    assert found.numnodes == workers
    nodes = [Worker(number) for number in range(workers)]
    for node in nodes:
        found.add_node(node)
        found.add_node_collection(node, [*ALONE, *OTHERS, *more])
    found.schedule()
    return found, nodes


def played(found: Spread, nodes: Sequence[Worker]) -> list[tuple[str, str, int]]:
    """Run everything, the workers taking turns; the worker, the case, and how many could run beside it."""
    done = []
    while any(node.ready for node in nodes):
        for node in nodes:
            if node.ready:
                number = node.given[0]
                beside = sum(other.ready for other in nodes) - 1
                assert found.collection
                done.append((node.gateway.id, found.collection[number], beside))
                node.given.pop(0)
                found.mark_test_complete(node, number)
        if found.tests_finished:
            for node in nodes:
                node.shutdown()
    return done


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_nothing_runs_beside_what_runs_alone(
    connections: int, workers: int, pytestconfig: pytest.Config
) -> None:
    done = played(*spread(pytestconfig, connections, workers))
    assert sorted(case for _, case, _ in done) == sorted([*ALONE, *OTHERS])
    alone = [(node, beside) for node, case, beside in done if case in ALONE]
    assert alone == [(alone[0][0], 0)] * len(ALONE)


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_worker_searches_after_all_cases_it_has(
    connections: int, workers: int, pytestconfig: pytest.Config
) -> None:
    searches = [f"fuzz-{number + 1}" for number in range(workers)]
    done = played(*spread(pytestconfig, connections, workers, *searches))
    assert sorted(case for _, case, _ in done) == sorted([*ALONE, *OTHERS, *searches])
    for node in range(workers):
        own = [case for name, case, _ in done if name == f"gw{node}"]
        assert own[-1] == searches[node]
    assert all(beside == 0 for _, case, beside in done if case in ALONE)


def test_a_search_that_had_not_begun_in_a_worker_that_crashed_is_for_the_next(
    pytestconfig: pytest.Config,
) -> None:
    found, (first, second) = spread(pytestconfig, 1, 2, "fuzz-1", "fuzz-2")
    while not first.shutting_down or len(first.given) > 2:
        for node in (first, second):
            if node.ready:
                found.mark_test_complete(node, node.given.pop(0))
    assert found.remove_node(first) in [*ALONE, *OTHERS]
    assert not found.tests_finished
    late = Worker(2)
    found.add_node(late)
    found.add_node_collection(late, [*ALONE, *OTHERS, "fuzz-1", "fuzz-2"])
    found.schedule()
    searched = [(node, case) for node, case, _ in played(found, [second, late]) if case.startswith("fuzz-")]
    assert sorted(searched) == [("gw1", "fuzz-2"), ("gw2", "fuzz-1")]
    assert found.tests_finished


def test_a_search_in_which_a_worker_crashed_is_over(pytestconfig: pytest.Config) -> None:
    found, (first, second) = spread(pytestconfig, 1, 2, "fuzz-1", "fuzz-2")
    while any(found._left(node) for node in (first, second)):
        for node in (first, second):
            if node.ready:
                found.mark_test_complete(node, node.given.pop(0))
    assert found.remove_node(first) == "fuzz-1"
    assert found.tests_finished


KINDS = {  # how xdist starts workers -> how many of them can share a search
    ("no", ()): 0,
    ("load", ("popen", "popen")): 2,
    ("load", ("3*popen",)): 3,
    ("load", ("popen//python=python3.12",)): 1,
    ("load", ("popen//chdir=elsewhere",)): None,
    ("worksteal", ("popen",)): None,
    ("each", ("popen",)): None,
    ("load", ("popen", "ssh=user@host")): None,
}


@pytest.mark.parametrize(("dist", "places", "workers"), [(*key, found) for key, found in KINDS.items()])
def test_which_workers_share_a_search(dist: str, places: tuple[str, ...], workers: int | None) -> None:
    options = {"dist": dist, "tx": list(places)}
    known = SimpleNamespace(
        getoption=lambda name, default=None: options.get(name, default),
        getvalue=options.get,
        option=SimpleNamespace(collectonly=False),
    )
    if workers is None:
        with pytest.raises(UsageError, match="--qimen-fuzz: workers of xdist only as -n starts them"):
            here(known)
        return
    assert here(known) == workers


def test_a_worker_with_several_connections_knows_its_share(pytestconfig: pytest.Config) -> None:
    done = played(*spread(pytestconfig, 4, 2))
    for node, case, _ in done:
        if case in OTHERS:
            share = share_of(case.replace("cases/", "").replace(".toml::", "/"), 2)
            assert node == f"gw{share}"


@pytest.mark.parametrize("connections", [1, 4])
def test_what_a_crashed_worker_leaves_is_run_by_another(
    connections: int, pytestconfig: pytest.Config
) -> None:
    found, (first, second) = spread(pytestconfig, connections, 2)
    crashed = found.remove_node(first)
    assert crashed in OTHERS
    done = played(found, [second])
    assert sorted(case for _, case, _ in done) == sorted({*ALONE, *OTHERS} - {crashed})


def test_what_runs_alone_stays_alone_after_a_crash(pytestconfig: pytest.Config) -> None:
    found, nodes = spread(pytestconfig, 1, 3)
    while not any(node.shutting_down for node in nodes):
        for node in nodes:
            if node.ready:
                found.mark_test_complete(node, node.given.pop(0))
    (alone,) = [node for node in nodes if node.shutting_down]
    assert len(alone.given) > len(ALONE)  # its last case of the others comes first
    found.mark_test_complete(alone, alone.given.pop(0))
    assert found.remove_node(alone) == ALONE[0]
    rest = [node for node in nodes if node is not alone]
    done = played(found, rest)
    assert [beside for _, case, beside in done if case == ALONE[1]] == [0]
    assert not found.has_pending
