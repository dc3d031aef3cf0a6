"""Faults of keys of the second rank: a line, a sku, a lot or a sub-order without what it belongs to."""

from collections.abc import Callable
from typing import Any

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import HEADS, after, changed
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.faults.replays import is_first
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_LINES = "storeInventories.storeInventory"


def _counted_everywhere(state: State, message: Data, answer: Data) -> None:
    """What is confirmed of a line counts for the lines of that number in all documents but its own, too."""
    for one in message.rows("orders.order") or [message]:
        head = next(one.group(name) for name in HEADS if name in one)
        code = next(head.text(name) for name in head if name.endswith("OrderCode"))
        for line in one.rows("orderLines.orderLine"):
            state.run(
                "update lines set actual = actual + ? where json_extract(data, '$.orderLineNo') = ?"
                " and parent not in (select id from orders where code = ?)",
                *(line.number("actualQty"), line.text("orderLineNo"), code),
            )


def _first_line_of_a_number(message: Data) -> None:
    """The lines of a batch that have one number are all like the first of them."""
    first: dict[str, Data] = {}
    for one in message.rows("orders.order"):
        for line in one.rows("orderLines.orderLine"):
            line.update(first.setdefault(line.text("orderLineNo"), Data(line)))


def _of_one(name: str, group: Callable[[Data], list[Data]], *, given: str) -> Any:
    """What stands under a key of the second rank is kept under it alone: the first key is always the same."""

    def change(message: Data) -> None:
        for one in group(message):
            if one.text(given):
                one[name] = "1"

    return changed(change)


def _itself(message: Data) -> list[Data]:
    return [message]


def _store_lines(message: Data) -> list[Data]:
    return [line for store in message.rows("stores.store") for line in store.rows(_LINES)]


def _replayed_sub_order(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """An adjustment of a sub-order is done once, whatever its order and its bill number."""
    sub = message.text("inventoryAdjustInfo.tbSubTradeOrder")
    return proceed(state, message) if is_first(state, f"sub {sub}") else Data()


def _lot_of_the_first(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A lot belongs to the item with which it came first."""
    for item in message.rows("items.item"):
        for lot in item.rows("batchs.batch"):
            code = lot.text("batchCode")
            known = state.get("fault", "lot", code) or Data(itemCode=item.text("itemCode"))
            state.put("fault", "lot", code, known)
            item.update(known)
    return proceed(state, message)


def _of_the_last(name: str, method: str) -> Any:
    """The query shows the report that came last, under the code that was asked for."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        asked, sql = message.text(name), "select code from reports where method = ? order by id desc"
        if row := state.one(sql, method):
            message[name] = row[0]
            message.pop(name.replace("Code", "Id"), "")
        answer = proceed(state, message)
        if name in answer:
            answer[name] = asked
        return answer

    return call


def _in_all_histories(state: State, message: Data, answer: Data) -> None:
    """A step is written into the history of every document."""
    state.run(
        "insert into steps (parent, status, time, data) select orders.id, s.status, s.time, s.data"
        " from orders, (select * from steps order by id desc limit 1) s where orders.id != s.parent"
    )


def _instead_of_others(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A mapping of a shop item takes the place of the one that it had, whatever the sku."""
    sql = "delete from records where kind = 'mapping' and json_extract(data, '$.shopItemId') = ?"
    state.run(sql, message.text("shopItemId"))
    return proceed(state, message)


def _all_transfers(state: State, message: Data, answer: Data) -> None:
    """What is reported of a transfer is written into all of them."""
    for owner, code in state.all("select owner, code from records where kind = 'transfer'"):
        state.put("transfer", owner, code, message.only("items"))


FAMILY.rows(
    ("lines-of-any-order-confirmed", after(_counted_everywhere)),
    methods="*order.confirm,stockout.confirm,deliveryorder.batchconfirm",
)
FAMILY.rows(("batch-lines-by-number", changed(_first_line_of_a_number)), methods="deliveryorder.batchcreate")
FAMILY.rows(("items-of-one-owner", _of_one("ownerCode", _itself, given="ownerCode")), methods="singleitem.*")
FAMILY.rows(("mappings-by-sku-alone", _of_one("shopItemId", _itself, given="skuId")), methods="itemmapping.*")
FAMILY.rows(("mappings-of-one-sku", _instead_of_others), methods="itemmapping.create")
FAMILY.rows(
    ("shelf-stock-by-sku-alone", _of_one("itemId", _store_lines, given="skuId")),
    methods="storeinventory.iteminitial,storeinventory.itemquery",
)
FAMILY.rows(("sub-orders-adjusted-once", _replayed_sub_order), methods="storeinventory.*adjust")
FAMILY.rows(("lots-of-the-first-item", _lot_of_the_first), methods="stockchange.report")
FAMILY.rows(
    ("shortages-of-the-last-order", _of_the_last("deliveryOrderCode", "itemlack.report")),
    methods="itemlack.query",
)
FAMILY.rows(
    ("counts-of-the-last", _of_the_last("checkOrderCode", "inventory.report")), methods="inventorycheck.query"
)
FAMILY.rows(("steps-of-all-orders", after(_in_all_histories)), methods="orderprocess.report")
FAMILY.rows(("transfers-reported-together", after(_all_transfers)), methods="transferorder.report")
