"""Faults of the queries: orders, lines, totals and items that are told wrongly."""

from collections.abc import Callable

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.calls import after, changed, code_of, lines_of
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_QUERY = "*query"


def _ask_for(message: Data, code: str) -> None:
    """Put another document's code into the question."""
    for name in ("orderCode", "entryOrderCode", "returnOrderCode", "deliveryOrderCode"):
        if name in message:
            message[name] = code


def _anothers(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """What does not exist is answered with the last order of that kind."""
    try:
        return proceed(state, message)
    except Refused:
        family = {"entryorder.query": "entry", "returnorder.query": "return", "stockout.query": "stockout"}
        sql = "select code from orders where family = ? order by id desc limit 1"
        row = state.one(sql, family.get(state.method, "delivery"))
        if not row:
            raise
        _ask_for(message, row[0])
        return proceed(state, message)


def _found_by(condition: str) -> Hook:
    """Show a document whose code is like the one that is not found: `condition` is SQL."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        try:
            return proceed(state, message)
        except Refused:
            row = state.one(f"select code from orders where {condition} order by id desc", code_of(message))
            if not row:
                raise
            _ask_for(message, row[0])
            return proceed(state, message)

    return call


def _highest(kind: str, *names: str) -> Hook:
    """Show the highest code of a kind where none is found; `names` are its owner and code in the message."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        try:
            return proceed(state, message)
        except Refused:
            row = state.one("select owner, code from records where kind = ? order by code desc", kind)
            if not row:
                raise
            message.update(zip(names, row[-len(names) :], strict=True))
            return proceed(state, message)

    return call


def _always_new(state: State, message: Data, answer: Data) -> None:
    for order in answer.rows("orders.order"):
        order["processStatus"] = "NEW"


def _ignoring(*names: str) -> Hook:
    return changed(lambda message: [message.pop(name, "") for name in names])


def _empty_for_unknown(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    try:
        return proceed(state, message)
    except Refused:
        return Data()


def _is_last(message: Data, answer: Data) -> bool:
    total = answer.number("totalLines", answer.number("totalCount"))
    return message.number("page", 1) * message.number("pageSize", 100) >= total


def _drop_last(state: State, message: Data, answer: Data) -> None:
    lines = lines_of(answer)
    if _is_last(message, answer) and lines:
        lines.pop()


def _repeat_first(state: State, message: Data, answer: Data) -> None:
    lines = lines_of(answer)
    lines.extend(lines[:1])


def _count(difference: int) -> Hook:
    def change(state: State, message: Data, answer: Data) -> None:
        for name in ("totalLines", "totalCount", "totalPage"):
            if name in answer:
                answer[name] = str(answer.number(name) + difference)

    return after(change)


def _page_total(state: State, message: Data, answer: Data) -> None:
    if "totalLines" in answer:
        answer["totalLines"] = str(len(lines_of(answer)))


def _reverse_even(state: State, message: Data, answer: Data) -> None:
    if message.number("page") % 2 == 0:
        lines_of(answer).reverse()


def _value(name: str, value: str) -> Hook:
    """A field below the answer's first group says something else."""

    def change(state: State, message: Data, answer: Data) -> None:
        for group in answer.values():
            if isinstance(group, Data) and name in group:
                group[name] = value

    return after(change)


def _quantities(change: Callable[[int], int]) -> Hook:
    def alter(state: State, message: Data, answer: Data) -> None:
        for line in lines_of(answer):
            for name in ("planQty", "quantity", "actualQty"):
                if isinstance(line, Data) and name in line:
                    line[name] = str(change(line.number(name)))

    return after(alter)


FAMILY.rows(
    ("query-answers-anothers", _anothers),
    ("query-of-unknown-is-bare", _empty_for_unknown),
    ("query-loses-last-line", after(_drop_last)),
    ("query-repeats-line", after(_repeat_first)),
    ("query-reverses-pages", after(_reverse_even)),
    (
        "query-ignores-page",
        changed(
            lambda message: message.update({name: "1" for name in ("page", "currentPage") if name in message})
        ),
    ),
    (
        "query-ignores-page-size",
        changed(lambda message: message.update({name: "1000" for name in ("pageSize",) if name in message})),
    ),
    (
        "query-counts-pages-from-zero",
        changed(lambda message: "page" in message and message.update(page=str(message.number("page") + 1))),
    ),
    ("query-last-page-forever", lambda request, state, message, proceed: _clamped(state, message, proceed)),
    ("query-total-plus-one", _count(1)),
    ("query-total-minus-one", _count(-1)),
    ("query-total-of-page", after(_page_total)),
    ("query-status-new", _value("status", "NEW")),
    ("query-warehouse-other", _value("warehouseCode", "HZCK99")),
    ("query-quantities-absolute", _quantities(abs)),
    ("query-quantities-double", _quantities(lambda quantity: quantity * 2)),
    ("query-shows-nothing", after(lambda state, message, answer: answer.clear())),
    ("query-quantities-zero", _quantities(lambda quantity: 0)),
    methods=_QUERY,
)


def _clamped(state: State, message: Data, proceed: Proceed) -> Data:
    answer = proceed(state, message)
    page = message.number("page", 1)
    while not lines_of(answer) and page > 1:
        page -= 1
        message["page"] = str(page)
        answer = proceed(state, message)
    return answer


def _moving(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Every second time a page shows the lines of the one before."""
    if state.count("fault: moving") % 2 and message.number("page") > 1:
        message["page"] = str(message.number("page") - 1)
    return proceed(state, message)


def _without(name: str) -> Hook:
    """The lines of the answer lack a field."""
    return after(lambda state, message, answer: [line.pop(name, "") for line in lines_of(answer)])


def _never_none(state: State, message: Data, answer: Data) -> None:
    for line in lines_of(answer):
        if line.text("quantity") == "0":
            line["quantity"] = "5"


def _other_transfer(state: State, message: Data, answer: Data) -> None:
    answer.group("transferOrderDetail")["erpOrderCode"] = "OTHER"


FAMILY.rows(
    ("query-ignores-owner", _ignoring("ownerCode")),
    ("query-ignores-warehouse", _ignoring("warehouseCode")),
    (
        "query-ignores-ids",
        _ignoring("entryOrderId", "returnOrderId", "deliveryOrderId", "orderId", "itemId"),
    ),
    ("codes-found-by-beginning", _found_by("substr(code, 1, length(?1)) = ?1")),
    ("codes-found-in-any-case", _found_by("upper(code) = upper(?1)")),
    ("codes-found-as-numbers", _found_by("ltrim(code, '0') = ltrim(?1, '0')")),
    ("codes-found-by-pattern", _found_by("code like ?1")),
    ("codes-found-by-asterisk", _found_by("code glob ?1")),
    methods="entryorder.query,returnorder.query,stockout.query,deliveryorder.query,orderprocess.query,"
    "singleitem.query",
)
FAMILY.rows(("mapping-ignores-sku", _ignoring("skuId")), methods="itemmapping.query")
FAMILY.rows(("warehouses-of-any-owner", _ignoring("ownerCode")), methods="warehouseinfo.query")
FAMILY.rows(
    ("unknown-transfer-is-the-last", _highest("transfer", "ownerCode", "transferOrderCode")),
    methods="transferorder.query",
)
FAMILY.rows(("unknown-store-is-the-last", _highest("store", "storeId")), methods="store.query")
FAMILY.rows(("query-order-changes", _moving), methods=_QUERY)
FAMILY.rows(
    ("frozen-not-told", _without("lockQuantity")),
    ("new-items-have-stock", after(_never_none)),
    methods="inventory.query,stock.query",
)
FAMILY.rows(
    ("carriers-all-told", changed(lambda message: message.pop("expressCode", ""))),
    ("carrier-status-lost", _without("status")),
    methods="expressinfo.query",
)


def _only(which: slice) -> Hook:
    """Of each list of a question only a part is looked at."""

    def cut(group: Data, name: str) -> None:
        if name in group:
            group[name] = group.rows(name)[which]

    def change(message: Data) -> None:
        cut(message.group("criteriaList"), "criteria")
        for store in message.rows("stores.store"):
            cut(store.group("storeInventories"), "storeInventory")
        cut(message.group("stores"), "store")

    return changed(change)


FAMILY.rows(
    ("several-asked-first-told", _only(slice(1, None))),
    ("several-asked-last-told", _only(slice(None, -1))),
    methods="inventory.query,storeinventory.query,storeinventory.itemquery",
)
FAMILY.rows(("transfer-is-anothers", after(_other_transfer)), methods="transferorder.query")
FAMILY.rows(
    ("statuses-without-pages", after(lambda state, message, answer: answer.update(totalPage="0"))),
    ("statuses-of-all-times", changed(lambda message: message.update(startTime="", endTime="9999"))),
    ("statuses-of-all-types", _ignoring("orderType")),
    ("statuses-of-all-warehouses", _ignoring("warehouseCode")),
    ("statuses-stay-new", after(_always_new)),
    methods="orderstatus.batchquery",
)


def _in_first_store(state: State, message: Data, answer: Data) -> None:
    """All lines stand in the first store."""
    first, *others = answer.rows("stores.store")
    lines = first.group("storeInventories")["storeInventory"]
    for other in others:
        lines += other.rows("storeInventories.storeInventory")
    answer.group("stores")["store"] = [first]


FAMILY.rows(
    ("stores-in-one", after(_in_first_store)), methods="storeinventory.query,storeinventory.itemquery"
)
