"""A stock-keeping family in, flows out: drawn changes and replays, and what the queries then must show.

The documents give a query for the stock of stores, back-end and front-end items alike. None shows what
alibaba.wdk.stock.publish has published: of its sequences only the answers are judged. A negative initial
quantity or adjustment is nowhere defined and not drawn, nor is what would leave less than nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from pytest_qimen.cases import Case, Check, Step
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reasons import LeftOut, Reason, SharedStock
from pytest_qimen.runner.compose import OWN_STORE
from pytest_qimen.spec import Api, load_api
from pytest_qimen.target.model import Target

STORE = "stores.store[]"
LINE = f"{STORE}.storeInventories.storeInventory[]"
DETAIL = f"{LINE}.quantityDetails.quantityDetail[].quantity"
TOP = "stores[].store_inventories[]"
ADJUST = "inventoryAdjustInfo"
PUBLISH = "batch_stock_publish_dto"
KIND = "UNCERTAINTY"
PLACES = ("@warehouse", "@other")
FIELDS: Mapping[str, Sequence[str]] = {  # what the messages of all families call the same things
    "place": (f"{STORE}.warehouseId", "stores[].warehouse_id", f"{ADJUST}.originalWarehouseId"),
    "other": (f"{ADJUST}.targetWarehouseId",),
    "kind": (f"{LINE}.inventoryType", f"{TOP}.inventory_type", f"{ADJUST}.inventoryType"),
    "way": (f"{ADJUST}.adjustType",),
    "goods": (
        *(f"{group}.{name}" for group in (LINE, ADJUST) for name in ("scItemId", "itemId")),
        *(f"{TOP}.item_id", f"{PUBLISH}.stock_publish_dtos[].sku_code"),
    ),
    "quantity": (
        *(f"{LINE}.quantity", f"{TOP}.quantity", f"{ADJUST}.quantity"),
        f"{PUBLISH}.stock_publish_dtos[].quantity",
    ),
    "bill": (
        *(f"{LINE}.billNum", f"{TOP}.bill_num", f"{ADJUST}.billNum"),
        *(f"{PUBLISH}.stock_publish_dtos[].order_no", f"{PUBLISH}.bill_no"),
    ),
    "type": (f"{PUBLISH}.update_type",),
}


@dataclass(frozen=True, slots=True)
class Family:
    """Methods that keep one stock: `moves` names those that set, add and move, `query` the one that shows it.

    `goods` is what the store's methods call the item, `signed` whether less than nothing may be added.
    """

    goods: str
    moves: Mapping[str, str]
    query: str = ""
    signed: bool = True


_FRONT = {"set": "storeinventory.iteminitial", "move": "storeinventory.itemadjust"}
FAMILIES = {
    "storeinventory.update": Family(
        "scItemId",
        {"set": "storeinventory.initial", "add": "storeinventory.update", "move": "storeinventory.adjust"},
        "storeinventory.query",
    ),
    "storeinventory.itemupdate": Family(
        "itemId", _FRONT | {"add": "storeinventory.itemupdate"}, "storeinventory.itemquery"
    ),
    "taobao.qimen.storeinventory.itemupdate": Family(
        "itemId",
        _FRONT | {"add": "taobao.qimen.storeinventory.itemupdate"},
        "storeinventory.itemquery",
        signed=False,  # document 001 prints a positive quantity
    ),
    "alibaba.wdk.stock.publish": Family(
        "sku_code", dict.fromkeys(("set", "add"), "alibaba.wdk.stock.publish")
    ),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One thing done to the stock: set it in a place, add to it, move some to the other place, or replay.

    A replay sends again what the move of the number `quantity` sent, counted round without replays.
    """

    kind: str
    quantity: int = 0
    place: int = 0


Stock = tuple[int, int]  # what each place has


def kinds_of(case: Case, target: Target) -> tuple[str, ...]:
    """The moves of the case's family that the target takes; between two places only where there are two."""
    return tuple(
        kind
        for kind, method in FAMILIES[case.method].moves.items()
        if target.supports(load_api(method)) and (kind != "move" or places_of(case, target) == 2)
    )


def places_of(case: Case, target: Target) -> int:
    """In how many places stock is kept: in one where the family has no more or the profile pins it."""
    family = FAMILIES[case.method]
    return 1 if not family.query or _pinned(family, target, "place") else 2


def untestable(case: Case, target: Target) -> Reason | None:
    """Return why nothing can be said of the family: a method is left out, or other cases use its stock."""
    family = FAMILIES[case.method]
    needed = [name for name in (family.moves["set"], family.moves["add"], family.query) if name]
    missing = [name for name in needed if not target.supports(load_api(name))]
    if missing:
        return LeftOut(tuple(missing))
    pinned = [pin[0] for name in ("place", "goods") if (pin := _pinned(family, target, name))]
    return SharedStock(tuple(pinned)) if len(pinned) == 2 else None


def _pinned(family: Family, target: Target, name: str) -> tuple[str, str] | None:
    """The first field of this name that the profile pins in a method of the family, and its first value."""
    for method in (*family.moves.values(), *filter(None, (family.query,))):
        pins = target.pins(load_api(method))
        for path in FIELDS[name]:
            if path in pins:
                return path, pins[path][0]
    return None


def of_family(case: Case, target: Target) -> st.SearchStrategy[list[Move]]:
    """Return what may be drawn for the case's family on this target."""
    return moves(kinds_of(case, target), places_of(case, target), FAMILIES[case.method].signed)


def moves(kinds: Sequence[str], places: int, signed: bool) -> st.SearchStrategy[list[Move]]:
    """Return sequences that begin with a quantity, keep to `kinds` and never take more than there is."""
    place = st.integers(0, places - 1)
    drawn = {
        "set": st.integers(0, 50),
        "add": st.integers(-20 if signed else 0, 20),
        "move": st.integers(0, 20),
    }
    changes = [st.builds(Move, st.just(kind), drawn[kind], place) for kind in kinds]
    replay = st.builds(Move, st.just("replay"), st.integers(0, 7))
    start = st.builds(Move, st.just("set"), st.integers(1, 50))
    rest = st.lists(st.one_of(*changes, replay), max_size=8)
    return st.builds(lambda first, rest: _payable([first, *rest]), start, rest)


def _payable(drawn: Sequence[Move]) -> list[Move]:
    """The moves without those that might leave less than nothing or need a quantity that was never set."""
    kept: list[Move] = []
    for move in drawn:
        ready = {one.place for one in kept if one.kind == "set"}
        wanted = {move.place, 1 - move.place} if move.kind == "move" else {move.place}
        sets = move.kind == "replay" or (move.kind == "set" and move.quantity > 0)
        if (sets or wanted <= ready) and min(map(min, stocks([*kept, move]))) >= 0:
            kept.append(move)
    return kept


def stocks(done: Sequence[Move]) -> set[Stock]:
    """What there may be after these moves: one stock, or several where the documents leave something open.

    Open is whether an initial quantity of 0 is taken, and whether an occupancy moves, and to which side: the
    trade order to which it belongs is known to the platform alone. Replays and increments of 0 change
    nothing.
    """
    found: set[Stock] = {(0, 0)}
    for move in done:
        found = {after for before in found for after in _after(before, move)}
    return found


def _after(stock: Stock, move: Move) -> Iterator[Stock]:
    here, there = stock[move.place], stock[1 - move.place]
    if move.kind in ("replay", "move") or move == Move("set", 0, move.place):
        yield stock
    if move.kind == "set":
        yield _placed(move.place, move.quantity, there)
    elif move.kind == "add":
        yield _placed(move.place, here + move.quantity, there)
    elif move.kind == "move":
        for quantity in (move.quantity, -move.quantity):
            yield _placed(move.place, here + quantity, there - quantity)


def _placed(place: int, here: int, there: int) -> Stock:
    return (there, here) if place else (here, there)


def flow(case: Case, target: Target, done: Sequence[Move]) -> Case:
    """Return the case with the steps of these moves and the queries behind them."""
    family = FAMILIES[case.method]
    rows = _numbered(done)
    replayed = {number for move, number in rows if move.kind == "replay"}
    booked: list[Step] = []
    steps: list[Step] = []
    places: set[int] = set()
    for move, number in rows:
        if move.kind != "replay":
            booked.append(_step(family, target, move, given=move.place not in places))
            places.add(move.place)
            if number in replayed:
                booked[-1] = _numbers_kept(booked[-1], number)
        steps.append(_again(booked[number]) if move.kind == "replay" else booked[number])
    if family.query:
        steps += _queries(family, target, stocks(done), sorted(places))
    place, goods = (_pinned(family, target, name) for name in ("place", "goods"))
    fresh = OWN_STORE if family.query else "@number"
    let = {
        "warehouse": place[1] if place else fresh,
        "other": fresh,
        "goods": goods[1] if goods else "@number",
    }
    return replace(case, id=f"{case.id}/drawn", steps=tuple(steps), requires=(), let=let)


def _numbered(done: Sequence[Move]) -> list[tuple[Move, int]]:
    """Every move with its number, counted from 0 without replays; a replay with that of what it repeats."""
    rows: list[tuple[Move, int]] = []
    count = 0
    for move in done:
        rows.append((move, move.quantity % count if move.kind == "replay" else count))
        count += move.kind != "replay"
    return rows


def _step(family: Family, target: Target, move: Move, given: bool) -> Step:
    """Return the message of one move; what is not sure to be taken may be answered either way."""
    api = load_api(family.moves[move.kind])
    sure = move.kind != "move" and move.quantity != 0
    values = {
        "place": PLACES[move.place],
        "other": PLACES[1 - move.place],
        "kind": KIND,
        "way": "STS",
        "goods": "@goods",
        "quantity": str(move.quantity),
        "type": "1" if move.kind == "set" else "2",
    }
    return Step(
        api, changes=_puts(api, target, values), expect="success" if sure else "any", given=given and sure
    )


def _numbers_kept(step: Step, number: int) -> Step:
    """Return the step, that keeps the numbers under which its message counts."""
    found = [path for path in FIELDS["bill"] if path in step.api.request.by_path]
    return replace(
        step, save={f"bill{place}x{number}": f"request:{path}" for place, path in enumerate(found)}
    )


def _puts(api: Api, target: Target, values: Mapping[str, str]) -> tuple[Edit, ...]:
    """Return each value in the field that this method has for it, where the profile pins nothing there."""
    pins = target.pins(api)
    return tuple(
        Edit("put", path, value)
        for name, value in values.items()
        for path in FIELDS[name]
        if path in api.request.by_path and path not in pins
    )


def _again(step: Step) -> Step:
    """Return the message of an earlier step once more, under the same numbers."""
    numbers = tuple(
        Edit("put", place.removeprefix("request:"), f"@{name}") for name, place in step.save.items()
    )
    return Step(step.api, changes=(*step.changes, *numbers), expect="any")


def _queries(family: Family, target: Target, found: set[Stock], places: Sequence[int]) -> Iterator[Step]:
    """Yield what each place has; then both together, because what is moved must not get lost."""
    for place in places:
        quantities = sorted({stock[place] for stock in found})
        yield _query(family, target, PLACES[place], [str(quantity) for quantity in quantities])
    sums = {sum(stock) for stock in found}
    if len(places) == 2 and len(sums) == 1:
        single = _query(family, target, PLACES[0], [])
        both = (
            Edit("repeat", STORE, "2"),
            *single.changes,
            *(Edit("put", f"stores.store[{place + 1}].warehouseId", PLACES[place]) for place in places),
        )
        check = Check(DETAIL, "sum", sums.pop(), where={"inventoryType": KIND})
        yield replace(single, changes=both, checks=(check,))


def _query(family: Family, target: Target, place: str, values: Sequence[str]) -> Step:
    """Return the query of one place, which must show one of the values."""
    api = load_api(family.query)
    check = Check(
        DETAIL,
        "is" if len(values) == 1 else "in",
        values[0] if len(values) == 1 else list(values),
        where={"inventoryType": KIND},
    )
    return Step(api, changes=_puts(api, target, {"place": place, "goods": "@goods"}), checks=(check,))


def words(done: Sequence[Move]) -> str:
    """Return the moves as people say them; the places are A and B."""
    said = {"set": "initial {0} in {1}", "add": "update {0:+} in {1}", "move": "{0} moved to {1}"}
    return ", then ".join(
        f"number {number + 1} again"
        if move.kind == "replay"
        else said[move.kind].format(move.quantity, "AB"[move.place])
        for move, number in _numbered(done)
    )
