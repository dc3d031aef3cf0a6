"""A stock-keeping family in, flows out: drawn initials, updates and replays, and the sum they must give."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from pytest_qimen.cases import Case, Check, Step
from pytest_qimen.change import Change
from pytest_qimen.spec import load_api
from pytest_qimen.target import Target

STORE = "stores.store[]"
LINE = f"{STORE}.storeInventories.storeInventory[]"
DETAIL = f"{LINE}.quantityDetails.quantityDetail[].quantity"
KIND = "UNCERTAINTY"
FAMILIES = {  # update -> (initial, query, the field that names the goods)
    "storeinventory.update": ("storeinventory.initial", "storeinventory.query", "scItemId"),
    "storeinventory.itemupdate": ("storeinventory.iteminitial", "storeinventory.itemquery", "itemId"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One thing done to the stock: set it, add to it (signed), or send the last message once more."""

    kind: str
    quantity: int = 0


def moves() -> st.SearchStrategy[list[Move]]:
    """Sequences that begin with an initial quantity and never take more than there is."""
    change = st.one_of(
        st.builds(Move, st.just("add"), st.integers(-20, 20)),
        st.just(Move("replay")),
        st.builds(Move, st.just("set"), st.integers(1, 50)),
    )
    start = st.builds(Move, st.just("set"), st.integers(1, 50))
    return st.builds(lambda first, rest: _payable([first, *rest]), start, st.lists(change, max_size=6))


def _payable(drawn: Sequence[Move]) -> list[Move]:
    """The moves without those that would make the stock negative, which the documents leave open."""
    kept: list[Move] = []
    for move in drawn:
        if total([*kept, move]) >= 0:
            kept.append(move)
    return kept


def total(done: Sequence[Move]) -> int:
    """What the query must show: the last initial quantity and everything added since, replays for nothing."""
    stock = 0
    for move in done:
        stock = move.quantity if move.kind == "set" else stock + move.quantity
    return stock


def flow(case: Case, target: Target, done: Sequence[Move]) -> Case:
    """The case with the steps of these moves and the query behind them."""
    initial, query, goods = FAMILIES[case.method]
    methods = {"set": initial, "add": case.method}
    steps: list[Step] = []
    for move in done:
        if move.kind == "replay":
            steps.append(Step(steps[-1].api, again=True, expect="any"))
        else:
            steps.append(_step(methods[move.kind], goods, target, move.quantity, given=not steps))
    shown = Check(DETAIL, "is", str(total(done)), where={"inventoryType": KIND})
    steps.append(_step(query, goods, target, None, checks=(shown,)))
    return Case(
        id=f"{case.id}/drawn",
        file=case.file,
        role=case.role,
        method=case.method,
        level=case.level,
        family=case.family,
        title=case.title,
        clause=case.clause,
        requirements=case.requirements,
        steps=tuple(steps),
        let={"warehouse": "@new", "goods": "@number"},
    )


def _step(
    method: str,
    goods: str,
    target: Target,
    quantity: int | None,
    given: bool = False,
    checks: tuple[Check, ...] = (),
) -> Step:
    api = load_api(f"store/{method}")
    values = {
        f"{STORE}.warehouseId": "@warehouse",
        f"{LINE}.{goods}": "@goods",
        f"{LINE}.inventoryType": KIND,
    }
    if quantity is not None:
        values[f"{LINE}.quantity"] = str(quantity)
    pins = target.pins(api)
    changes = tuple(
        Change("put", path, value)
        for path, value in values.items()
        if path in api.request.by_path and path not in pins
    )
    return Step(api, changes=changes, given=given, checks=checks)


def words(done: Sequence[Move]) -> str:
    """The moves as people say them."""
    said = {"set": "initial {0}", "add": "update {0:+}", "replay": "the same again"}
    return ", then ".join(said[move.kind].format(move.quantity) for move in done)
