"""Faults of what is to be kept apart or to be added up: owners, warehouses, lots, lines, parts, amounts."""

import struct
from collections.abc import Callable

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.calls import HEADS, after, changed, code_of, forgotten, lines_of
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_STOCK = "stock.query,inventory.query"


def _shared(name: str, known: str) -> Hook:
    """A key that is known, as this SQL tells of it and the item, is not looked at."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        for group in (message, *message.rows("criteriaList.criteria")):
            if state.one(known, group.text(name), group.text("itemCode")):
                group.pop(name)
        return proceed(state, message)

    return call


FAMILY.rows(
    (
        "stock-shared-by-owners",
        _shared("ownerCode", "select 1 from records where kind = 'item' and owner = ? and code = ?"),
    ),
    (
        "stock-shared-by-warehouses",
        _shared("warehouseCode", "select 1 from stock where warehouse = ? and item = ?"),
    ),
    methods=_STOCK,
)


def _last_of_an_item(message: Data) -> None:
    """Of the lines of one item and kind only the last counts."""
    lines = {(line.text("itemCode"), line.text("inventoryType")): line for line in message.rows("items.item")}
    message.group("items")["item"] = list(lines.values())


def _as_floats(state: State, message: Data, answer: Data) -> None:
    """Quantities are shown as floating point numbers of 32 bits keep them."""
    for line in lines_of(answer):
        line["quantity"] = str(int(struct.unpack("f", struct.pack("f", line.number("quantity")))[0]))


def _total_booked(message: Data) -> None:
    """What a count tells of the whole is taken for its surplus."""
    for line in message.rows("items.item"):
        line["quantity"] = line.text("totalQty", line.text("quantity"))


def _of_another_lot(state: State, message: Data, answer: Data) -> None:
    for line in lines_of(answer):
        line["batchCode"] = "another" if message.text("batchCode") else line.text("batchCode")


def _of_good_stock(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Only good stock is summed up."""

    def sums(state: State, message: Data) -> Data:
        state.run("delete from stock where type <> 'ZP'")
        return proceed(state, message)

    return forgotten(request, state, message, sums)


def _sent_goods_added(state: State, message: Data, answer: Data) -> None:
    """What left is added to the stock."""
    for line in message.rows("orderLines.orderLine"):
        item, gone = line.text("itemCode"), 2 * line.number("actualQty")
        state.run("update stock set quantity = quantity + ? where item = ?", gone, item)


FAMILY.rows(("sent-goods-added", after(_sent_goods_added)), methods="stockout.confirm,deliveryorder.confirm")
FAMILY.rows(("last-change-of-an-item", changed(_last_of_an_item)), methods="stockchange.report")
FAMILY.rows(("stock-as-short-floats", after(_as_floats)), methods=_STOCK)
FAMILY.rows(("counted-total-booked", changed(_total_booked)), methods="inventory.report")
FAMILY.rows(("stock-of-another-lot", after(_of_another_lot)), methods="stock.query")
FAMILY.rows(("sums-of-good-stock", _of_good_stock), methods="inventorysum.query")


def _counts_of_the_first(state: State, message: Data, answer: Data) -> None:
    """Every item of a transfer has the quantities of the first."""
    items = answer.group("transferOrderDetail").rows("items.item")
    for item in items:
        item.update(items[0].only("planCount", "outCount", "inCount"))


def _first_item(message: Data) -> None:
    if "items" in message:
        message.group("items")["item"] = message.rows("items.item")[:1]


FAMILY.rows(("transfer-counts-of-the-first", after(_counts_of_the_first)), methods="transferorder.query")
FAMILY.rows(("transfer-report-of-the-first", changed(_first_item)), methods="transferorder.report")


def _replaced(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """The warehouses of a message are all that their owner has."""
    state.run("delete from records where kind = 'warehouse' and owner = ?", message.text("ownerCode"))
    return proceed(state, message)


def _heads(change: Callable[[Data, Data], object]) -> Hook:
    """Every head of a document is seen together with its message."""
    return changed(lambda message: [change(message.group(name), message) for name in HEADS])


def _known_by_its_code(head: Data, message: Data) -> None:
    """A confirmation in parts is known by the document's code: the second part is a replay."""
    if head.pop("totalOrderLines", ""):
        head["outBizCode"] = code_of(head)


def _refuse_parts(head: Data, message: Data) -> None:
    if head.number("totalOrderLines") > len(message.rows("orderLines.orderLine")):
        raise Refused("lines are missing", "incomplete")


def _refuse_floats(head: Data, message: Data) -> None:
    """Amounts are added as floating point numbers and compared."""
    due, paid, total = (float(head.decimal(name)) for name in ("arAmount", "gotAmount", "totalAmount"))
    if total and due + paid != total:
        raise Refused("the amounts do not add up", "amounts")


FAMILY.rows(("warehouses-replaced", _replaced), methods="warehouseinfo.synchronize")
FAMILY.rows(
    ("confirmed-part-is-a-replay", _heads(_known_by_its_code)),
    methods="entryorder.confirm,stockout.confirm",
)
FAMILY.rows(("parts-refused", _heads(_refuse_parts)), methods="entryorder.create,stockout.create")
FAMILY.rows(("amounts-added-as-floats", _heads(_refuse_floats)), methods="deliveryorder.create")
FAMILY.rows(
    ("deliveries-of-any-trade", changed(lambda message: message.pop("orderSourceCode", ""))),
    methods="deliveryorder.query",
)
FAMILY.rows(
    ("statuses-without-a-beginning", changed(lambda message: message.update(startTime=""))),
    methods="orderstatus.batchquery",
)
