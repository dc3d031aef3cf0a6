"""Workers of xdist and what each of them is given: what runs alone comes last, and on one of them."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.runner.ahead import share_of
from pytest_qimen.runner.spread import Spread

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


def spread(config: pytest.Config, connections: int, workers: int) -> tuple[Spread, list[Worker]]:
    """A scheduler whose workers have collected everything and were given their first cases."""
    options = {"maxschedchunk": None, "tx": [f"{workers}*popen"], "dist": "load", "numprocesses": workers}
    option = SimpleNamespace(**options)
    known = SimpleNamespace(getoption=options.get, getvalue=options.get, option=option, hook=config.hook)
    found = Spread(known, None, find_case, connections)
    assert found.numnodes == workers
    nodes = [Worker(number) for number in range(workers)]
    for node in nodes:
        found.add_node(node)
        found.add_node_collection(node, [*ALONE, *OTHERS])
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
