"""What lies in the warehouse: queried by item, page or sum; changed by counts, reports and shortages."""

from collections.abc import Mapping
from typing import Any

from pytest_qimen.reference.data import Data, dump, project
from pytest_qimen.reference.database import Refused, State, Store
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles
from pytest_qimen.spec import load_api

_FIELDS = {"warehouseCode": "warehouse", "ownerCode": "owner", "itemCode": "item", "itemId": "id"}
_COLUMNS = "warehouse, item, type, sum(quantity), sum(locked), max(id)"
_GROUP = "group by item, warehouse, type"  # over all owners, where none is asked for


CHECK = "PD201605010001"  # a count that the warehouse has made: nobody can order one


def seed(store: Store) -> None:
    """The count, so that there is one to query."""
    items = [Data(itemCode=f"SKU2016050{number}", quantity=str(number - 2)) for number in (1, 2, 3)]
    count = Data(
        warehouseCode="HZCK01",
        ownerCode="HZ0001",
        checkOrderCode=CHECK,
        checkOrderId=f"W{CHECK}",
        checkTime="2016-05-01 10:00:00",
        items=Data(item=items),
    )
    with store.transaction():
        state = State(store, "inventory.report")
        if not documents.reports(state, state.method, CHECK):
            documents.report(state, CHECK, count)


def _where(asked: Data, fields: Mapping[str, str]) -> tuple[str, list[str]]:
    """The condition of a query, and its values: only what was asked, so that SQLite can use its indexes.

    A known item without stock lies in no warehouse and is found whatever warehouse is asked for.
    """
    given = {column: text for name, column in fields.items() if (text := asked.text(name))}
    parts = ["warehouse in (?, '')" if column == "warehouse" else f"{column} = ?" for column in given]
    return " and ".join(["1", *parts]), list(given.values())


def _row(row: Any, asked: Data) -> Data:
    place, item, type_, quantity, locked, identity = row
    found = Data(
        warehouseCode=place or asked.text("warehouseCode"),
        itemCode=item,
        itemId=identity,
        inventoryType=type_,
        quantity=str(quantity),
        lockQuantity=str(locked),
    )
    return Data({name: value for name, value in found.items() if value})


@handles("inventory.query")
def query_items(state: State, request: Data) -> Data:
    """The stock of each item asked for: 0 of a known item that has none, no row for an unknown one."""
    found: list[Data] = []
    for asked in request.rows("criteriaList.criteria"):
        asked.pop("itemId", "")
        where, values = _where(asked, _FIELDS)
        rows = state.all(f"select {_COLUMNS} from shelf where {where} {_GROUP} order by 1, 2, 3", *values)
        rows = [row for row in rows if row[0]] or rows  # what lies nowhere says nothing beside what lies
        if type_ := asked.text("inventoryType"):
            empty = [(*row[:2], type_, 0, 0, row[5]) for row in rows[:1]]
            rows = [row for row in rows if row[2] == type_] or empty
        found += [data for row in rows if (data := _row(row, asked)) not in found]
    return Data(items=Data(item=found)) if found else Data()


@handles("stock.query")
def query_page(state: State, request: Data) -> Data:
    """One page of the stock that matches."""
    where, values = _where(request, {**_FIELDS, "inventoryType": "type"})
    total = state.one(f"select count(*) from (select 1 from shelf where {where} {_GROUP})", *values)[0]
    answer = Data(totalCount=str(total))
    sql = f"select {_COLUMNS} from shelf where {where} {_GROUP} order by 2, 1, 3 limit ? offset ?"
    if found := [_row(row, request) for row in state.all(sql, *values, *documents.page_of(request))]:
        answer["items"] = Data(item=found)
    return answer


@handles("inventorysum.query")
def query_sum(state: State, request: Data) -> Data:
    """One page of sums by item and warehouse, whatever the kind of stock."""
    where, values = _where(request, _FIELDS)
    sql = (
        "select warehouse, owner, item, sum(quantity), sum(locked), max(id) from shelf "
        f"where {where} group by owner, item, warehouse order by owner, item, warehouse"
    )
    found = [_sum(state, row) for row in state.all(sql, *values)]
    found = [row for row in found if _matches(row, request)]
    size, start = documents.page_of(request)
    message = load_api("inventorysum.query").response
    page = [project(message, "items.item[]", row) for row in found[start : start + size]]
    return Data(items=Data(item=page)) if page else Data()


def _sum(state: State, row: Any) -> Data:
    warehouse, owner, item, quantity, locked, identity = row
    known = state.get("item", owner, item) or Data()
    return Data(
        {
            **known.only("itemName", "skuProperty", "pcs", "categoryId", "categoryName"),
            "quantity": str(quantity + locked),
            "actualQty": str(quantity),
            "lockQty": str(locked),
            "wayQty": "0",
            "occupyQty": "0",
            "warehouseCode": warehouse,
            "itemId": identity or item,
        }
    )


def _matches(row: Data, request: Data) -> bool:
    if request.text("itemName") not in row.text("itemName"):
        return False
    names = ("skuProperty", "pcs", "categoryId", "categoryName")
    return all(request.text(name) in ("", row.text(name)) for name in names)


@handles("stockchange.report")
def report_change(state: State, request: Data) -> Data:
    """Signed changes, each line once per outBizCode: the lines of one request may share it."""
    for item in request.rows("items.item"):
        scope = dump(item.only("orderCode", "ownerCode", "warehouseCode", "itemCode", "inventoryType"))
        if not state.once("stockchange.report", scope, item.text("outBizCode")):
            continue
        place = (item.text("warehouseCode"), item.text("ownerCode"), item.text("itemCode"))
        for part in item.rows("batchs.batch") or [item]:
            type_ = part.text("inventoryType") or item.text("inventoryType")
            change = part.number("quantity")
            frozen = item.text("isLocked") == "Y"
            state.book(*place, type_, 0 if frozen else change, change if frozen else 0)
    return Data()


@handles("inventory.report")
def report_check(state: State, request: Data) -> Data:
    """What a count found, as signed changes; a replayed outBizCode changes nothing."""
    if not state.once("inventory.report", request.text("currentPage"), request.text("outBizCode")):
        return Data()
    documents.report(state, request.text("checkOrderCode"), request)
    for item in request.rows("items.item"):
        place = (request.text("warehouseCode"), request.text("ownerCode"), item.text("itemCode"))
        state.book(*place, item.text("inventoryType"), item.number("quantity"))
    return Data()


@handles("inventorycheck.query")
def query_check(state: State, request: Data) -> Data:
    """The count that a warehouse reported and one page of its lines."""
    code = request.text("checkOrderCode")
    return _report(state, "inventory.report", "inventorycheck.query", code, request, Data())


@handles("itemlack.report")
def report_lack(state: State, request: Data) -> Data:
    """What an order lacks; a replayed outBizCode changes nothing."""
    if state.once("itemlack.report", "", request.text("outBizCode")):
        documents.report(state, request.text("deliveryOrderCode"), request)
    return Data()


@handles("itemlack.query")
def query_lack(state: State, request: Data) -> Data:
    """What the order lacks, one page of it; an order that lacks nothing has no lines."""
    code = request.text("deliveryOrderCode")
    order = documents.find(state, "delivery", code)
    known = Data()
    if order:
        documents.refuse_others(order, request, "deliveryOrderId")
        known.update(
            warehouseCode=order.warehouse,
            deliveryOrderCode=code,
            deliveryOrderId=order.public,
            createTime=order.created,
        )
    return _report(state, "itemlack.report", "itemlack.query", code, request, known)


def _is_of(report: Data, request: Data) -> bool:
    """Return True for a report of the warehouse and the owner that the query names."""
    if request.text("warehouseCode") not in ("", documents.NO_WAREHOUSE, report.text("warehouseCode")):
        return False
    return not report.text("ownerCode") or request.text("ownerCode") in ("", report.text("ownerCode"))


def _report(state: State, source: str, method: str, code: str, request: Data, known: Data) -> Data:
    found = [report for report in documents.reports(state, source, code) if _is_of(report, request)]
    if not found and not known:
        raise Refused(f"there is no {code!r}", "not-found")
    message = load_api(method).response
    items = [item for report in found for item in report.rows("items.item")]
    size, start = documents.page_of(request)
    head = {name: value for name, value in found[0].items() if name != "items"} if found else {}
    answer = project(message, "", {"totalLines": str(len(items))}, known, head)
    if page := [project(message, "items.item[]", item) for item in items[start : start + size]]:
        answer["items"] = Data(item=page)
    return answer


@handles("inventoryrule.create")
def create_rule(state: State, request: Data) -> Data:
    """How an item's stock is shared between channels."""
    for rule in request.rows("inventoryRules"):
        state.put("rule", request.text("ownerCode"), rule.text("itemCode"), rule)
    return Data()
