"""Faults of the queries of stock, counts, shortages and links: a key does not count, or not all of it."""

from collections.abc import Callable
from itertools import product
from typing import Any

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import after, changed, lines_of
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_BEGINS = "select {0} from {1} where substr({0}, 1, length(?1)) = ?1 order by {0} desc"
_IS_BEGUN = "select {0} from {1} where {0} = substr(?1, 1, length({0})) order by {0} desc"
_QUOTED = "select {0} from {1} where {0} = substr(?1, 1, instr(?1, '''') - 1)"
_WITHOUT_HYPHENS = (
    "select {0} from {1} where replace({0}, '-', '') = replace(?1, '-', '') order by {0} = ?1 desc"
)
_OF_40 = "select {0} from {1} where substr({0}, 1, 40) = substr(?1, 1, 40) order by {0} = ?1 desc"


def _ignoring(name: str) -> Hook:
    """The query does not look at a key, wherever it stands."""

    def change(message: Data) -> None:
        for group in (message, *message.rows("criteriaList.criteria")):
            group.pop(name, "")

    return changed(change)


def _found(
    column: str, table: str, names: str, groups: Callable[[Data], list[Data]], like: str = _BEGINS
) -> Hook:
    """A code, under any of its names, is taken for the last one in the table that is like it."""
    sql = like.format(column, table)

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        for group, name in product(groups(message), names.split()):
            row: Any = state.one(sql, group.text(name)) if group.text(name) else None
            if row:
                group[name] = row[0]
        return proceed(state, message)

    return call


def _itself(message: Data) -> list[Data]:
    return [message, *message.rows("criteriaList.criteria")]


def _store_lines(message: Data) -> list[Data]:
    stores = message.rows("stores.store")
    return [line for store in stores for line in store.rows("storeInventories.storeInventory")]


FAMILY.rows(
    ("stock-ignores-owner", _ignoring("ownerCode")),
    ("stock-found-by-beginning", _found("item", "stock", "itemCode", _itself)),
    methods="stock.query,inventory.query",
)
FAMILY.rows(
    ("reports-ignore-owner", _ignoring("ownerCode")),
    ("reports-ignore-warehouse", _ignoring("warehouseCode")),
    methods="inventorycheck.query,itemlack.query",
)
FAMILY.rows(
    ("counts-found-by-beginning", _found("code", "reports", "checkOrderCode", _itself)),
    methods="inventorycheck.query",
)
FAMILY.rows(
    ("shortages-found-by-beginning", _found("code", "reports", "deliveryOrderCode", _itself)),
    methods="itemlack.query",
)
FAMILY.rows(
    ("links-found-by-beginning", _found("item", "relations", "itemId", _itself)),
    methods="itemstore.query",
)
FAMILY.rows(
    ("store-stock-found-by-beginning", _found("item", "inventory", "scItemId", _store_lines)),
    methods="storeinventory.query",
)
FAMILY.rows(
    ("shelf-stock-found-by-beginning", _found("item", "inventory", "itemId", _store_lines)),
    methods="storeinventory.itemquery",
)
FAMILY.rows(
    ("links-found-by-more", _found("store", "relations", "storeId", _itself, _IS_BEGUN)),
    methods="storeitem.query",
)
FAMILY.rows(
    ("skus-found-by-more", _found("sku", "skus", "sku_codes", _itself, _IS_BEGUN)),
    methods="alibaba.wdk.sku.scroll.query",
)
_DOCUMENTS = "entryorder.query,returnorder.query,stockout.query,deliveryorder.query,orderprocess.query"
_CODES = "entryOrderCode returnOrderCode deliveryOrderCode orderCode"
for _kind, _like in (
    ("by-quotes", _QUOTED),
    ("without-hyphens", _WITHOUT_HYPHENS),
    ("by-40-characters", _OF_40),
):
    FAMILY.rows(
        (f"codes-found-{_kind}", _found("code", "orders", _CODES, _itself, _like)), methods=_DOCUMENTS
    )
for _kind, _like in (("by-quotes", _QUOTED), ("without-hyphens", _WITHOUT_HYPHENS)):
    for _name, _column, _table, _field, _methods in (
        ("stock", "item", "stock", "itemCode", "stock.query,inventory.query"),
        ("counts", "code", "reports", "checkOrderCode", "inventorycheck.query"),
        ("shortages", "code", "reports", "deliveryOrderCode", "itemlack.query"),
    ):
        found = _found(_column, _table, _field, _itself, _like)
        FAMILY.rows((f"{_name}-found-{_kind}", found), methods=_methods)
_SKUS = "(select json_extract(data, '$.skuId') sku from records where kind = 'mapping')"
for _kind, _like in (("beginning", _BEGINS), ("more", _IS_BEGUN)):
    for _name, _column, _table, _field, _methods in (
        ("owners", "owner", "records", "ownerCode", "singleitem.query,transferorder.query,itemmapping.query"),
        ("owners-of-orders", "owner", "orders", "ownerCode", _DOCUMENTS),
        ("warehouses-of-orders", "warehouse", "orders", "warehouseCode", _DOCUMENTS),
        ("order-ids", "public", "orders", "orderId", "deliveryorder.query,orderprocess.query"),
        ("mapped-skus", "sku", _SKUS, "skuId", "itemmapping.query"),
        ("transfers", "code", "records", "transferOrderCode", "transferorder.query"),
        ("stores", "code", "records", "storeId", "store.query"),
    ):
        found = _found(_column, _table, _field, _itself, _like)
        FAMILY.rows((f"{_name}-found-by-{_kind}", found), methods=_methods)


def _without(*names: str) -> Hook:
    return changed(lambda message: [message.pop(name, "") for name in names])


def _category(like: str) -> Hook:
    table = "(select json_extract(data, '$.categoryId') code from records where kind = 'item')"
    return _found("code", table, "categoryId", _itself, like)


FAMILY.rows(
    ("sums-ignore-categories", _without("categoryId", "categoryName")),
    ("sums-ignore-properties", _without("skuProperty", "pcs")),
    ("sums-ignore-owner", _without("ownerCode")),
    ("sums-ignore-warehouse", _without("warehouseCode")),
    ("sums-ignore-ids", _without("itemId")),
    ("sums-of-any-name", _without("itemName")),
    ("sums-found-by-beginning", _category(_BEGINS)),
    ("sums-found-by-more", _category(_IS_BEGUN)),
    methods="inventorysum.query",
)


def _all_effective(state: State, message: Data, answer: Data) -> None:
    """Orders that were cancelled count as valid."""
    answer["effectQty"] = answer.text("downloadQty")


FAMILY.rows(
    ("stock-ignores-warehouse", _ignoring("warehouseCode")),
    ("stock-owners-found-by-beginning", _found("owner", "stock", "ownerCode", _itself)),
    ("stock-owners-found-by-more", _found("owner", "stock", "ownerCode", _itself, _IS_BEGUN)),
    methods="stock.query,inventory.query",
)
FAMILY.rows(
    ("cancelled-orders-effective", after(_all_effective)),
    ("delivery-sums-of-any-owner", _without("ownerCode")),
    ("delivery-sums-of-any-platform", _without("sourcePlatformCode")),
    ("delivery-sums-of-any-download", _without("downloadStartTime", "downloadEndTime")),
    ("delivery-sums-of-any-payment", _without("payStartTime", "payEndTime")),
    ("delivery-sums-of-any-delivery", _without("deliveryStartTime", "deliveryEndTime")),
    methods="deliveryordersum.query",
)
FAMILY.rows(
    ("status-owners-found-by-beginning", _found("owner", "orders", "ownerCode", _itself)),
    ("status-owners-found-by-more", _found("owner", "orders", "ownerCode", _itself, _IS_BEGUN)),
    methods="orderstatus.batchquery",
)
FAMILY.rows(
    ("shelf-skus-found-by-beginning", _found("sku", "inventory", "skuId", _store_lines)),
    ("shelf-skus-found-by-more", _found("sku", "inventory", "skuId", _store_lines, _IS_BEGUN)),
    methods="storeinventory.itemquery",
)
FAMILY.rows(
    ("sku-stores-found-by-beginning", _found("ou", "skus", "ou_code", _itself)),
    ("skus-found-by-beginning", _found("sku", "skus", "sku_codes", _itself)),
    methods="alibaba.wdk.sku.scroll.query",
)
_CARRIERS = "(select 'STO' code union select 'SF' union select 'YTO' union select 'ZTO' union select 'EMS')"
FAMILY.rows(
    ("carriers-found-by-beginning", _found("code", _CARRIERS, "expressCode", _itself)),
    ("carriers-found-by-more", _found("code", _CARRIERS, "expressCode", _itself, _IS_BEGUN)),
    methods="expressinfo.query",
)


def _ends_early(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """The page before the last one gives no cursor."""
    answer = proceed(state, message)
    cursor = answer.text("result.scroll_id")
    if cursor and not proceed(state, Data({**message, "scroll_id": cursor})).text("result.scroll_id"):
        answer.group("result").pop("scroll_id")
    return answer


def _of_another_day(state: State, message: Data, answer: Data) -> None:
    for line in lines_of(answer):
        line.update(productDate="2001-01-01", expireDate="2001-01-02")


FAMILY.rows(("scroll-ends-early", _ends_early), methods="alibaba.wdk.sku.scroll.query")
FAMILY.rows(("stock-of-other-days", after(_of_another_day)), methods="stock.query")
