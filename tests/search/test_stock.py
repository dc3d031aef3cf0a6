"""Drawn sequences of stock changes: the model, the flows they become, and the defects that they find."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings

from pytest_qimen.cases import Case, find_case, flow_toml, load_cases
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search import stock
from pytest_qimen.search.property import drawer
from pytest_qimen.search.stock import Move
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.verdict import Status

CASES = {
    method: find_case(f"{'wdk' if method.startswith('alibaba') else 'store'}/{method}/property/sums")
    for method in stock.FAMILIES
}
BACK = CASES["storeinventory.update"]
GREEN = (Status.PASS, Status.INFO)
EVERY_MOVE = [
    Move("set", 30),
    Move("set", 20, 1),
    Move("add", 7),
    Move("add", -12, 1),
    Move("move", 5),
    Move("replay", 2),
    Move("add", 0),
    Move("set", 0, 1),
    Move("replay", 4),
]


@contextmanager
def endpoint(*faults: str, **options: object) -> Iterator[Session]:
    with serve(faults=faults) as url:
        transport = Transport(read_timeout=10)
        target = with_options(embedded_target(Target(url="", app_key="", secret=""), url), **options)
        try:
            yield Session(target, transport, draw=drawer(30, 0))
        finally:
            transport.close()


def outcome(case: Case, *faults: str, **options: object) -> Outcome:
    with endpoint(*faults, **options) as session:
        return session.outcome(case)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ([Move("set", 5)], {(5, 0)}),
        ([Move("set", 5), Move("add", -3), Move("replay", 1), Move("add", 0)], {(2, 0)}),
        ([Move("set", 5), Move("set", 9), Move("replay", 0)], {(9, 0)}),
        ([Move("set", 5), Move("set", 0), Move("add", 1)], {(6, 0), (1, 0)}),
        ([Move("set", 5), Move("set", 8, 1), Move("move", 2)], {(5, 8), (7, 6), (3, 10)}),
        ([Move("set", 5), Move("set", 8, 1), Move("move", 2, 1)], {(5, 8), (3, 10), (7, 6)}),
    ],
)
def test_the_model(done: list[Move], expected: set[stock.Stock]) -> None:
    assert stock.stocks(done) == expected


@settings(max_examples=200, database=None)
@given(stock.moves(("set", "add", "move"), 2, True))
def test_no_drawn_sequence_takes_more_than_there_is(done: list[Move]) -> None:
    assert done[0].kind == "set"
    assert done[0].quantity > 0
    assert min(min(one) for count in range(len(done)) for one in stock.stocks(done[: count + 1])) >= 0


@pytest.mark.parametrize("method", stock.FAMILIES)
def test_the_clean_endpoint_passes(method: str) -> None:
    found = outcome(CASES[method])
    assert (found.status, found.cause) == (Status.PASS, "")
    assert found.drawn > 30


@pytest.mark.parametrize(
    ("method", "fault", "found"),
    [
        ("storeinventory.update", "increment-sets", "update"),
        ("storeinventory.update", "negative-taken-as-positive", "update -"),
        ("storeinventory.update", "initial-adds", "initial"),
        ("storeinventory.update", "bill-num-replay-counts-again", "again"),
        ("storeinventory.update", "adjust-frees-nothing", "moved to"),
        ("storeinventory.update", "adjust-takes-nothing", "moved to"),
        ("storeinventory.itemupdate", "negative-taken-as-zero", "update -"),
        ("storeinventory.itemupdate", "adjust-frees-nothing", "moved to"),
        ("taobao.qimen.storeinventory.itemupdate", "quantity-halved", "initial"),
        ("taobao.qimen.storeinventory.itemupdate", "bill-num-replay-counts-again", "again"),
        ("alibaba.wdk.stock.publish", "negative-refused", "update -"),
    ],
)
def test_a_defect_is_found_and_shrunk(method: str, fault: str, found: str) -> None:
    red = outcome(CASES[method], fault)
    assert red.status in (Status.FAIL, Status.WARN), red.cause
    assert found in red.cause
    assert red.cause.count(", then ") <= 3


def saved(text: str, folder: Path) -> Case:
    """The flow, written down and read again."""
    path = folder / "cases" / "flows" / "drawn.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    [read] = load_cases(path)
    return read


@pytest.mark.parametrize("method", stock.FAMILIES)
def test_a_sequence_is_a_flow_that_runs_again(method: str, tmp_path: Path) -> None:
    with endpoint() as session:
        done = [
            move
            for move in EVERY_MOVE
            if move.kind in ("replay", *stock.kinds_of(CASES[method], session.target))
        ]
        case = stock.flow(CASES[method], session.target, done)
        read = saved(flow_toml(case), tmp_path)
        assert (read.steps, read.let) == (case.steps, case.let)
        assert session.outcome(read).status in GREEN
    assert outcome(read, "increment-sets", "negative-refused").status in (Status.FAIL, Status.WARN)


def test_the_shrunk_sequence_shows_the_defect_again(tmp_path: Path) -> None:
    red = outcome(BACK, "bill-num-replay-counts-again")
    told = "\n".join(explain(red))
    read = saved(told[told.index("[[flow]]") :], tmp_path)
    assert read.steps == red.case.steps
    assert outcome(read, "bill-num-replay-counts-again").status is Status.FAIL
    assert outcome(read).status in GREEN


def test_an_endpoint_that_moves_nothing_is_not_blamed() -> None:
    """The trade order behind an adjustment is known to the platform alone."""
    assert outcome(BACK, "method-refused@*adjust").status is Status.PASS


def test_pins_narrow_what_is_drawn() -> None:
    one = {"warehouseId": ("1234567",)}
    both = one | {"scItemId": ("590123456789",)}
    assert outcome(BACK, data=one).status is Status.PASS
    found = outcome(BACK, data=both)
    assert (found.status, "are pinned" in found.cause) == (Status.UNSUPPORTED, True)


def test_a_family_that_is_not_whole_is_not_tested() -> None:
    found = outcome(BACK, without=("storeinventory.query",))
    assert found.status is Status.UNSUPPORTED
    assert outcome(BACK, without=("storeinventory.adjust",)).status is Status.PASS
