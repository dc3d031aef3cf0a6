"""Store stock: set, changed by signed increments, moved, queried; a replayed bill number has one effect."""

from collections.abc import Mapping
from typing import NamedTuple

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.methods.registry import handles


class Goods(NamedTuple):
    """Where a quantity is kept: one row of the table inventory."""

    family: str
    place: str
    item: str
    sku: str
    type: str


def _goods(family: str, place: str, line: Data, names: Mapping[str, str]) -> Goods:
    item = line.text(names["item"])
    return Goods(family, place, item, line.text(names["sku"]), line.text(names["type"]))


# What the two families of methods and the TOP form call the same things.
_SC = {"item": "scItemId", "sku": "skuId", "type": "inventoryType", "bill": "billNum", "outer": "outerId"}
_FRONT = {**_SC, "item": "itemId"}
_TOP = {
    "item": "item_id",
    "sku": "sku_id",
    "type": "inventory_type",
    "bill": "bill_num",
    "outer": "outer_id",
}


_LINES = "storeInventories.storeInventory"


def _place(kind: str, identity: str) -> str:
    return f"{kind} {identity}"


def _set(state: State, goods: Goods, quantity: int) -> None:
    state.run("insert or replace into inventory values (?, ?, ?, ?, ?, ?)", *goods, str(quantity))


def _add(state: State, goods: Goods, quantity: int) -> None:
    sql = (
        "select quantity from inventory where family = ? and place = ? and item = ? and sku = ? and type = ?"
    )
    row = state.one(sql, *goods)
    _set(state, goods, quantity + (int(row[0]) if row else 0))


def _apply(state: State, store: Data, family: str, adds: bool, names: Mapping[str, str]) -> list[str]:
    """Book the lines of one store; the bill numbers that were booked before."""
    kind = store.text("warehouseType") or store.text("warehouse_type")
    place = _place(kind, store.text("warehouseId") or store.text("warehouse_id"))
    replayed = []
    lines = store.rows("storeInventories.storeInventory") + store.rows("store_inventories")
    for line in lines:
        bill = line.text(names["bill"])
        if not state.once(f"bill {family} {'update' if adds else 'initial'}", place, bill):
            replayed.append(bill)
            continue
        book = _add if adds else _set
        book(state, _goods(family, place, line, names), line.number("quantity"))
    return replayed


def _bills(state: State, replayed: list[str]) -> list[tuple[str, str]]:
    """(bill number, description) of every line that was not booked: replays and failures."""
    told = dict.fromkeys(replayed, "IDEMPOTENT") | {bill: reason[:50] for bill, reason in state.failed}
    return list(told.items())


def _write(state: State, request: Data, family: str, adds: bool, names: Mapping[str, str]) -> Data:
    replayed = []
    for store in request.rows("stores.store"):
        replayed += _apply(state, store, family, adds, names)
    answer = Data(flag="failure", code="partial", message="some lines failed") if state.failed else Data()
    errors = [Data(description=text, failedBillNum=bill) for bill, text in _bills(state, replayed)]
    if errors:
        answer["errorDescriptions"] = Data(error=errors)
    return answer


def _back(request: Data) -> str:
    """Return the family of back-end items: each account of Taobao has its own."""
    return f"sc {request.text('userId')}"


@handles("storeinventory.initial")
def initial(state: State, request: Data) -> Data:
    """Back-end items: the quantities as they are."""
    return _write(state, request, _back(request), False, _SC)


@handles("storeinventory.update")
def update(state: State, request: Data) -> Data:
    """Back-end items: signed changes."""
    return _write(state, request, _back(request), True, _SC)


@handles("storeinventory.iteminitial")
def initial_items(state: State, request: Data) -> Data:
    """Front-end items: the quantities as they are, none of them below zero (正数)."""
    lines = [line for store in request.rows("stores.store") for line in store.rows(_LINES)]
    if any(line.number("quantity") < 0 for line in lines):
        raise Refused("a quantity is negative", "invalid-quantity")
    return _write(state, request, "item", False, _FRONT)


@handles("storeinventory.itemupdate")
def update_items(state: State, request: Data) -> Data:
    """Front-end items: signed changes."""
    return _write(state, request, "item", True, _FRONT)


@handles("taobao.qimen.storeinventory.itemupdate")
def update_items_top(state: State, request: Data) -> Data:
    """The same over the TOP gateway, in snake_case."""
    replayed = []
    for store in request.rows("stores"):
        replayed += _apply(state, store, "item", True, _TOP)
    answer = (
        Data(flag="failure", qimen_code="partial", message="some lines failed") if state.failed else Data()
    )
    errors = [Data(descrpition=text, failed_bill_num=bill) for bill, text in _bills(state, replayed)]
    if errors:
        answer["error_descriptions"] = Data(error=errors)
    return answer


_KINDS = {"S": "STORE", "W": "WAREHOUSE"}


def _adjust(state: State, request: Data, family: str, names: Mapping[str, str]) -> Data:
    """Move what an order occupies: it becomes free in the original place and is taken from the target."""
    info = request.group("inventoryAdjustInfo")
    way = info.text("adjustType", "STS")
    original = _place(_KINDS.get(way[0], way[0]), info.text("originalWarehouseId"))
    target = _place(_KINDS.get(way[-1], way[-1]), info.text("targetWarehouseId"))
    if state.once(f"bill {family} adjust", original, info.text("billNum")):
        quantity = info.number("quantity")
        _add(state, _goods(family, original, info, names), quantity)
        _add(state, _goods(family, target, info, names), -quantity)
    return Data()


@handles("storeinventory.adjust")
def adjust(state: State, request: Data) -> Data:
    """Back-end items: an occupancy moves."""
    return _adjust(state, request, _back(request), _SC)


@handles("storeinventory.itemadjust")
def adjust_items(state: State, request: Data) -> Data:
    """Front-end items: an occupancy moves."""
    return _adjust(state, request, "item", _FRONT)


def _query(state: State, request: Data, family: str, names: Mapping[str, str]) -> Data:
    stores = []
    for store in request.rows("stores.store"):
        place = _place(store.text("warehouseType"), store.text("warehouseId"))
        lines = [
            _quantities(state, family, place, line, names)
            for line in store.rows("storeInventories.storeInventory")
        ]
        found = store.only("warehouseType", "warehouseId")
        stores.append(Data({**found, "storeInventories": Data(storeInventory=lines)}))
    return Data(stores=Data(store=stores))


def _quantities(state: State, family: str, place: str, line: Data, names: Mapping[str, str]) -> Data:
    rows = state.all(
        "select type, quantity from inventory where family = ? and place = ? and item = ? and sku = ?"
        " order by type",
        *(family, place, line.text(names["item"]), line.text(names["sku"])),
    )
    found = line.only(names["item"], names["outer"], names["sku"])
    if rows:
        details = [Data(inventoryType=type_, quantity=quantity) for type_, quantity in rows]
        found["quantityDetails"] = Data(quantityDetail=details)
    return found


@handles("storeinventory.query")
def query(state: State, request: Data) -> Data:
    """Back-end items: every kind of stock of each line asked for."""
    return _query(state, request, _back(request), _SC)


@handles("storeinventory.itemquery")
def query_items(state: State, request: Data) -> Data:
    """Front-end items: every kind of stock of each line asked for."""
    return _query(state, request, "item", _FRONT)
