"""Faults of counting: replays that count again, fresh requests that do not, signs and sums that are wrong."""

import time
from collections.abc import Callable
from itertools import count

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.calls import HEADS, double, forget
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("once")
Key = tuple[str, str, str]
_FRESH = count()
_BILLS = "*storeinventory.*"
_PUBLISH = "alibaba.wdk.stock.publish"
_KEYED = f"{_BILLS},{_PUBLISH},*.confirm,*.report,*.batchconfirm"  # methods that count by keys
_OVERLAP = 0.01  # seconds in which concurrent requests are sure to meet


def _fresh(key: Key) -> Key:
    """A key that was never seen."""
    return (*key[:2], f"{key[2]} {next(_FRESH)}")


def _again(*kinds: str) -> Hook:
    """Keys of these kinds never count as known."""

    def once(state: State, key: Key) -> Key:
        fits = not kinds or any(key[0].startswith(kind) for kind in kinds)
        return _fresh(key) if fits else key

    return once


def _since(state: State, key: Key) -> float:
    """When the request came that registered a key; 0 for a key that none did."""
    row = state.one("select at from seen where kind = ? and scope = ? and key = ?", *key)
    return float(row[0]) if row else 0.0


def _raced(state: State, key: Key) -> Key:
    """What another request registered while this one was under way is not seen."""
    return _fresh(key) if _since(state, key) > state.arrived else key


def _lost(state: State, key: Key) -> Key:
    """What comes while another request of the store is under way is taken for that one."""
    sql = "select key from seen where kind = ? and scope = ? and at > ?"
    others = [(*key[:2], row[0]) for row in state.all(sql, *key[:2], state.arrived)]
    return next((one for one in others if one not in state.keys), key)


def _overlap(request: Request, root: object) -> None:
    time.sleep(_OVERLAP)


def _unscoped(state: State, key: Key) -> Key:
    return key[0], "", key[2]


def _read(change: Callable[[str], str]) -> Hook:
    """Keys are compared as the change makes them."""
    return lambda state, key: (*key[:2], change(key[2]))


FAMILY.rows(
    ("replay-counts-again", _again()),
    ("replay-in-one-request-counts-again", lambda state, key: _fresh(key) if key in state.keys else key),
    ("key-compared-by-10", _read(lambda key: key[:10])),
    ("key-in-any-case", _read(str.lower)),
    ("keys-shared-by-methods", lambda state, key: ("", *key[1:])),
)


def _forgotten(state: State, key: Key) -> Key:
    """A key is forgotten after half a second."""
    since = _since(state, key)
    return _fresh(key) if since and state.arrived - since > 0.5 else key


def _until_another_store(state: State, key: Key) -> Key:
    """A key is forgotten with the next change of another store."""
    last = state.one("select scope from seen where kind = 'fault: last' order by at desc limit 1")
    state.run("insert or replace into seen values ('fault: last', ?, '', ?)", key[1], next(_FRESH))
    return _fresh(key) if _since(state, key) and last and last[0] != key[1] else key


FAMILY.rows(
    ("bill-num-replay-counts-again", _again("bill ")),
    ("bill-num-shared-by-warehouses", _unscoped),
    ("bill-num-until-another-store", _until_another_store),
    ("bill-num-of-first-line", lambda state, key: _fresh(key) if state.keys else key),
    ("bill-num-forgotten-after-a-while", _forgotten),
    ("bill-num-compared-by-40", _read(lambda key: key[:40])),
    ("bill-num-in-any-case", _read(str.lower)),
    ("bill-num-without-leading-zeros", _read(lambda key: key.lstrip("0") or "0")),
    methods=_BILLS,
)
FAMILY.rows(
    ("bill-no-replay-counts-again", _again("bill_no")),
    ("order-no-replay-counts-again", _again("order_no")),
    methods=_PUBLISH,
)
FAMILY.rows(("out-biz-code-replay-counts-again", _again()), methods="*.confirm")
FAMILY.rows(("report-replay-counts-again", _again()), methods="*.report")
FAMILY.rows(("batch-confirm-replay-counts-again", _again()), methods="*.batchconfirm")
FAMILY.add("concurrent-updates-lost", lambda _: {"element": _overlap, "once": _lost}, _BILLS)
FAMILY.add("concurrent-replays-both-win", lambda _: {"element": _overlap, "once": _raced}, _KEYED)


def _document_again(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A replayed document is made a second time: new id, its lines doubled."""
    answer = proceed(state, message)
    for group in HEADS:
        code = message.group(group).text(f"{group}Code")
        if code and not _is_first(state, code):
            double(state, code)
    return answer


def _is_first(state: State, code: str) -> bool:
    sql = "insert or ignore into seen values ('fault: document', '', ?, 0)"
    return state.run(sql, code) == 1


def _new_id(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Every time the document gets another id, by which alone it is found then."""
    answer = proceed(state, message)
    for name in answer:
        if name.endswith("Id"):
            old, answer[name] = answer.text(name), state.new_id("X")
            state.run("update orders set public = ? where public = ?", answer[name], old)
    return answer


def _replay_fails(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A replayed document is refused, and the first one is lost with it."""
    answer = proceed(state, message)
    for group in HEADS:
        code = message.group(group).text(f"{group}Code")
        if code and not _is_first(state, code):
            forget(state, code)
    return answer


FAMILY.rows(
    ("document-replay-doubles", _document_again),
    ("document-replay-new-id", _new_id),
    ("document-replay-deletes", _replay_fails),
    point="call",
    methods="*.create",
)


def _lines(message: Data) -> list[Data]:
    """Every line that carries a signed quantity, in any of the methods."""
    found = message.rows("items.item") + message.rows("batch_stock_publish_dto.stock_publish_dtos")
    for store in message.rows("stores.store") + message.rows("stores"):
        found += store.rows("storeInventories.storeInventory") + store.rows("store_inventories")
    if "inventoryAdjustInfo" in message:
        found.append(message.group("inventoryAdjustInfo"))
    return found


def _item(line: Data) -> str:
    """What a line of a store's stock calls its goods."""
    return line.text("scItemId") or line.text("itemId") or line.text("item_id")


def _quantity(change: Callable[[str], str]) -> Hook:
    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        for line in _lines(message):
            if "quantity" in line:
                line["quantity"] = change(line.text("quantity"))
        return proceed(state, message)

    return call


def _sets(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Increments set: what was there is forgotten first."""
    for line in _lines(message):
        state.run("delete from inventory where item = ?", _item(line))
        state.run("delete from stock where item = ?", line.text("itemCode"))
    return proceed(state, message)


def _floor(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    answer = proceed(state, message)
    state.run("update inventory set quantity = '0' where cast(quantity as integer) < 0")
    state.run("update stock set quantity = 0 where quantity < 0")
    return answer


def _refused_below_zero(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A line that leaves less than nothing of its goods is refused; other goods do not matter."""
    answer = proceed(state, message)
    sql = "select 1 from inventory where place = ? and item = ? and type = ? and quantity like '-%'"
    for store in message.rows("stores.store") + message.rows("stores"):
        kind = store.text("warehouseType") or store.text("warehouse_type")
        place = f"{kind} {store.text('warehouseId') or store.text('warehouse_id')}"
        for line in _lines(Data(stores=[store])):
            type_ = line.text("inventoryType") or line.text("inventory_type")
            if state.one(sql, place, _item(line), type_):
                raise Refused("not enough stock", "no-stock")
    return answer


def _zero_refused(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    if any(line.text("quantity") == "0" for line in _lines(message)):
        raise Refused("a quantity of 0", "bad-quantity")
    return proceed(state, message)


def _first_line(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Only the first line of every list is booked."""
    for store in message.rows("stores.store"):
        group = store.group("storeInventories")
        group["storeInventory"] = group.rows("storeInventory")[:1]
    if "items" in message:
        message.group("items")["item"] = message.rows("items.item")[:1]
    return proceed(state, message)


_CHANGES = f"{_BILLS},{_PUBLISH},stockchange.report,inventory.report"
FAMILY.rows(
    ("negative-taken-as-positive", _quantity(lambda text: text.removeprefix("-"))),
    ("negative-taken-as-zero", _quantity(lambda text: "0" if text.startswith("-") else text)),
    ("quantity-halved", _quantity(lambda text: _halved(text))),
    ("first-line-only", _first_line),
    ("stock-floored-at-zero", _floor),
    ("zero-quantity-refused", _zero_refused),
    point="call",
    methods=_CHANGES,
)


def _halved(text: str) -> str:
    return str(int(text) // 2) if text.lstrip("-").isdigit() else text


FAMILY.rows(
    ("increment-sets", _sets),
    ("negative-stock-refused", _refused_below_zero),
    point="call",
    methods="*update",
)
FAMILY.rows(("change-sets", _sets), point="call", methods="*.report")


def _adds(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A full amount adds: what was there comes on top."""
    before = state.all("select family, place, item, sku, type, cast(quantity as integer) from inventory")
    answer = proceed(state, message)
    items = {_item(line) for line in _lines(message)}
    for *key, quantity in before:
        if key[2] in items:
            state.run(
                "update inventory set quantity = cast(quantity as integer) + ?"
                " where family = ? and place = ? and item = ?"
                " and sku = ? and type = ?",
                *(quantity, *key),
            )
    return answer


FAMILY.rows(("initial-adds", _adds), point="call", methods="*initial")


def _update_type(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    batch = message.group("batch_stock_publish_dto")
    batch["update_type"] = {"1": "2", "2": "1"}.get(batch.text("update_type"), "1")
    return proceed(state, message)


FAMILY.rows(("publish-types-swapped", _update_type), point="call", methods=_PUBLISH)


def _one_sided(side: str) -> Hook:
    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        info = message.group("inventoryAdjustInfo")
        info[side] = f"nowhere {info.text(side)}"
        return proceed(state, message)

    return call


FAMILY.rows(
    ("adjust-takes-nothing", _one_sided("targetWarehouseId")),
    ("adjust-frees-nothing", _one_sided("originalWarehouseId")),
    ("adjust-ignored", lambda request, state, message, proceed: Data()),
    point="call",
    methods="*adjust",
)


def _idempotent_told(request: Request, answer: Data) -> None:
    """A replay is told as nothing in particular."""
    for name in ("errorDescriptions", "error_descriptions"):
        if answer.text("flag") == "success":
            answer.pop(name, None)


def _idempotent_wrong(request: Request, answer: Data) -> None:
    for group in (answer.group("errorDescriptions"), answer.group("error_descriptions")):
        for one in group.rows("error"):
            for name in ("failedBillNum", "failed_bill_num"):
                if name in one:
                    one[name] = "0"


FAMILY.rows(
    ("replay-not-named", _idempotent_told),
    ("replay-named-wrongly", _idempotent_wrong),
    point="data",
    methods=_BILLS,
)
