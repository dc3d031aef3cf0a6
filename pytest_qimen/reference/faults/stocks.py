"""Faults of the stock of stores: what is set, added and shown of it."""

from collections.abc import Callable, Iterator

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.calls import after, changed, passed
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")


def _lines(message: Data) -> Iterator[Data]:
    for store in message.rows("stores.store"):
        yield from store.rows("storeInventories.storeInventory")


def _without_zero(message: Data) -> None:
    """Stock is not set to 0."""
    for store in message.rows("stores.store"):
        group = store.group("storeInventories")
        group["storeInventory"] = [one for one in group.rows("storeInventory") if one.number("quantity")]


def _first(count: int) -> Hook:
    """So many lines of each store are looked at."""

    def change(message: Data) -> None:
        for store in message.rows("stores.store"):
            lines = store.rows("storeInventories.storeInventory")
            store["storeInventories"] = Data(storeInventory=lines[:count])

    return changed(change)


def _not_sold_elsewhere(message: Data) -> None:
    """What was sold on other channels changes nothing."""
    for line in _lines(message):
        if line.text("billType") == "TAOBAO_EXCLUDED":
            line["quantity"] = "0"


def _refuse_warehouses(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Nothing moves from one warehouse to another."""
    if message.text("inventoryAdjustInfo.adjustType") == "WTW":
        raise Refused("no such way", "unknown")
    return proceed(state, message)


def _spelled(spell: Callable[[str], str]) -> Hook:
    """Warehouses whose codes are spelled alike are one."""

    def change(message: Data) -> None:
        for store in message.rows("stores.store"):
            store["warehouseId"] = spell(store.text("warehouseId"))

    return changed(change)


def _final_added(message: Data) -> None:
    """What is told of the quantity afterwards is added, too."""
    for line in _lines(message):
        if final := line.text("finalQuantity"):
            line["quantity"] = final


def _rounded(text: str) -> str:
    """A long number as a floating point number keeps it."""
    return str(int(float(text))) if len(text) > 15 else text


def _short_ids(message: Data) -> None:
    for line in _lines(message):
        for name in ("scItemId", "itemId"):
            if text := line.text(name):
                line[name] = _rounded(text)


def _rounded_stock(state: State, message: Data, answer: Data) -> None:
    for line in _lines(answer):
        for detail in line.rows("quantityDetails.quantityDetail"):
            detail["quantity"] = _rounded(detail.text("quantity"))


def _never_negative(state: State, message: Data, answer: Data) -> None:
    """Stock that would be below zero is zero."""
    state.run("update inventory set quantity = '0' where quantity like '-%'")


def _at_length(state: State, message: Data, answer: Data) -> None:
    """What failed is told in more words than the answer may have."""
    for error in answer.rows("errorDescriptions.error"):
        error["description"] = f"{error.text('description')}: {'x' * 50}"


def _short_top_ids(message: Data) -> None:
    for store in message.rows("stores"):
        for line in store.rows("store_inventories"):
            line["item_id"] = _rounded(line.text("item_id"))


_PUBLISHED = {"is_success": "true", "msg_code": "SUCCESS", "message": "success"}
FAMILY.rows(
    ("stock-never-below-zero", after(_never_negative)),
    ("failures-told-at-length", after(_at_length)),
    ("final-quantity-is-added", changed(_final_added)),
    methods="storeinventory.update,storeinventory.itemupdate",
)
FAMILY.rows(
    ("lines-behind-a-hundred-lost", _first(100)),
    methods="storeinventory.update,storeinventory.itemupdate",
)
FAMILY.rows(
    ("third-line-not-answered", _first(2)),
    methods="storeinventory.query,storeinventory.itemquery",
)
FAMILY.rows(
    ("accounts-share-stock", changed(lambda message: message.update(userId="1"))),
    (
        "accounts-of-32-bits",
        changed(lambda message: message.update(userId=str(message.number("userId") % 2**32))),
    ),
    methods="storeinventory.*",
)
FAMILY.rows(("moves-between-warehouses-refused", _refuse_warehouses), methods="storeinventory.adjust")
FAMILY.rows(("sold-elsewhere-ignored", changed(_not_sold_elsewhere)), methods="storeinventory.itemupdate")
FAMILY.rows(
    ("warehouses-in-any-case", _spelled(str.lower)),
    ("warehouses-as-numbers", _spelled(lambda text: text.lstrip("0"))),
    methods="storeinventory.*",
)
FAMILY.rows(("top-items-as-floats", changed(_short_top_ids)), methods="taobao.qimen.storeinventory.*")
FAMILY.rows(
    ("published-words-accepted", passed("invalid-quantity", **_PUBLISHED)),
    ("order-number-twice-accepted", passed("duplicate", **_PUBLISHED)),
    methods="alibaba.wdk.stock.publish",
)
FAMILY.rows(("initial-ignores-zero", changed(_without_zero)), methods="storeinventory.initial")
FAMILY.rows(("items-as-floats", changed(_short_ids)), methods="storeinventory.*")
FAMILY.rows(
    ("stock-as-floats", after(_rounded_stock)), methods="storeinventory.query,storeinventory.itemquery"
)
