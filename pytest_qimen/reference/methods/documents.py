"""Documents of a warehouse, whatever their kind: created, split, queried page by page, confirmed, ended."""

from collections.abc import Mapping
from typing import NamedTuple

from pytest_qimen.reference.data import Data, dump, load, project
from pytest_qimen.reference.database import Refused, State, now
from pytest_qimen.spec import load_api

NO_WAREHOUSE = "OTHER"  # none in particular
FINISHED = ("FULFILLED", "DELIVERED", "CLOSED", "REJECT")
PREFIXES = {"entry": "EO", "return": "RO", "stockout": "SO", "delivery": "DO", "process": "PO"}
_TYPES = {  # the kinds of document that an orderType stands for
    "entry": "SCRK LYRK CCRK CGRK DBRK QTRK B2BRK XNRK",
    "return": "THRK HHRK XTRK",
    "stockout": "PTCK DBCK B2BCK SCCK QTCK CGTH XNCK",
    "delivery": "JYCK HHCK BFCK QTCK",
    "process": "CNJG",
}


class Order(NamedTuple):
    """A row of the table orders."""

    id: int
    family: str
    code: str
    public: str
    owner: str
    warehouse: str
    type: str
    status: str
    hung: int
    expected: int
    created: str
    changed: str
    head: str


def find(state: State, family: str, code: str) -> Order | None:
    """The document of a kind by its code."""
    row = state.one("select * from orders where family = ? and code = ?", family, code)
    return Order(*row) if row else None


def wanted(state: State, family: str, code: str) -> Order:
    """The same; refused where there is none."""
    if order := find(state, family, code):
        return order
    raise Refused(f"there is no order {code!r}", "not-found")


def asked(state: State, family: str, code: str, request: Data, id_: str) -> Order:
    """Return the document that has every key of a query; refused where there is none."""
    order = wanted(state, family, code)
    refuse_others(order, request, id_)
    return order


def refuse_others(order: Order, request: Data, id_: str) -> None:
    """Refuse a document of another owner, warehouse, type or id than the query names."""
    keys = [(order.owner, request.text("ownerCode")), (order.public, request.text(id_))]
    if NO_WAREHOUSE not in (order.warehouse, request.text("warehouseCode")):
        keys.append((order.warehouse, request.text("warehouseCode")))
    keys.append((order.type, request.text("orderType")))
    if any(has and names and has != names for has, names in keys):
        raise Refused(f"there is no order {order.code!r} of these keys", "not-found")


def to_end(state: State, request: Data) -> Order:
    """The document that a cancellation or a hold names by all its keys; its type need only be of the kind."""
    type_ = request.text("orderType")
    order = named(state, request.text("orderCode"), type_)
    if type_ and type_ not in _TYPES[order.family].split():
        raise Refused(f"there is no order {order.code!r} of type {type_!r}", "not-found")
    refuse_others(order, Data({**request, "orderType": ""}), "orderId")
    return order


def named(state: State, code: str, type_: str) -> Order:
    """The document of any kind by its code; its type decides where several kinds have it."""
    rows = [Order(*row) for row in state.all("select * from orders where code = ? order by id desc", code)]
    if not rows:
        raise Refused(f"there is no order {code!r}", "not-found")
    return next((row for row in rows if type_ in _TYPES[row.family].split()), rows[0])


def create(state: State, family: str, code: str, head: Data, lines: list[Data]) -> Order:
    """The document, new or the one that a replay or a further part of it names."""
    if known := find(state, family, code):
        _extend(state, known, lines)
        return known
    time = now()
    owner = head.text("ownerCode") or next((line.text("ownerCode") for line in lines), "")
    state.run(
        "insert into orders (family, code, public, owner, warehouse, type, expected, created, changed, head,"
        " status) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NEW')",
        *(family, code, state.new_id(PREFIXES[family]), owner, head.text("warehouseCode")),
        *(head.text("orderType"), head.number("totalOrderLines"), time, time, dump(head)),
    )
    order = wanted(state, family, code)
    add_lines(state, order, lines)
    step(state, order, "NEW")
    return order


def _extend(state: State, order: Order, lines: list[Data]) -> None:
    """Take a further part of a document that is sent in parts (totalOrderLines); a replay adds nothing."""
    have = state.one("select count(*) from lines where parent = ?", order.id)[0]
    if have >= order.expected:
        return
    new = [line for line in lines if not _has_line(state, order, line_key(line))]
    if have + len(new) > order.expected:
        raise Refused(f"more lines than the {order.expected} announced", "too-many-lines")
    add_lines(state, order, new)


def line_key(line: Data) -> str:
    """What tells a line from the others of its document."""
    return line.text("outBizCode") or line.text("orderLineNo") or dump(line)


def _has_line(state: State, order: Order, key: str) -> bool:
    return bool(state.one("select 1 from lines where parent = ? and line = ?", order.id, key))


def add_lines(state: State, order: Order, lines: list[Data]) -> None:
    """Append lines to a document."""
    state.db.executemany(
        "insert into lines (parent, line, data) values (?, ?, ?)",
        [(order.id, line_key(line), dump(line)) for line in lines],
    )


def step(state: State, order: Order, status: str, **details: str) -> None:
    """Write a line into the document's history."""
    state.run(
        "insert into steps (parent, status, time, data) values (?, ?, ?, ?)",
        *(order.id, status, details.pop("operateTime", "") or now(), dump(details)),
    )


def change(state: State, order: Order, status: str, **details: str) -> None:
    """Give the document a status and note it in its history."""
    state.run("update orders set status = ?, changed = ? where id = ?", status, now(), order.id)
    step(state, order, status, **details)


def page_of(request: Data) -> tuple[int, int]:
    """(how many, from where) of the page that a query asks for."""
    size = max(request.number("pageSize", 100), 0)
    page = max(request.number("page", request.number("currentPage", 1)), 1)
    return size, size * (page - 1)


def query(
    state: State,
    order: Order,
    method: str,
    group: str,
    request: Data,
    names: Mapping[str, str],
    line_names: Mapping[str, str],
) -> Data:
    """The answer to a query: the document below `group` and one page of its lines.

    `names` and `line_names` give fields of the answer that the document knows by another name.
    """
    message = load_api(method).response
    head = load(order.head)
    head.update({new: head[old] for new, old in names.items() if old in head})
    own = {"status": order.status, f"{group}Id": order.public}
    total = state.one("select count(*) from lines where parent = ?", order.id)[0]
    answer = Data(totalLines=str(total))
    answer[group] = project(message, group, own, head)
    answer.update(project(message, "", head.only("packages")))
    lines = []
    sql = "select data, actual from lines where parent = ? order by id limit ? offset ?"
    for text, actual in state.all(sql, order.id, *page_of(request)):
        line = load(text)
        line.update({new: line[old] for new, old in line_names.items() if old in line})
        lines.append(project(message, "orderLines.orderLine[]", {"actualQty": str(actual)}, line))
    if lines:
        answer["orderLines"] = Data(orderLine=lines)
    return answer


def confirm(
    state: State, family: str, code: str, head: Data, lines: list[Data], done: str, more: Data | None = None
) -> None:
    """Book what happened to a document that this side knows: its status, its lines, its packages."""
    order = find(state, family, code)
    if order is None:
        return
    part = head.text("confirmType") == "1"
    status = head.text("status") or (f"PART{done}" if part else done)
    for line in lines:
        _receive(state, order, line)
    merged = Data({**load(order.head), **head.only(*_CONFIRMED), **(more or {})})
    state.run("update orders set head = ? where id = ?", dump(merged), order.id)
    change(
        state,
        order,
        status,
        operatorCode=head.text("operatorCode"),
        operatorName=head.text("operatorName"),
        operateTime=head.text("operateTime"),
    )


_CONFIRMED = (
    *("operateTime", "orderConfirmTime", "operatorCode", "operatorName", "returnReason", "remark"),
    *("logisticsCode", "logisticsName", "expressCode", "invoices", "senderInfo"),
)


def _receive(state: State, order: Order, line: Data) -> None:
    """Add what arrived or left to the line that the confirmation means: by number, or else by item."""
    found = None
    if number := line.text("orderLineNo"):
        found = state.one(
            "select id from lines where parent = ? and json_extract(data, '$.orderLineNo') = ?",
            *(order.id, number),
        )
    found = found or state.one(
        "select id from lines where parent = ? and json_extract(data, '$.itemCode') = ? order by id limit 1",
        *(order.id, line.text("itemCode")),
    )
    if found:
        state.run("update lines set actual = actual + ? where id = ?", line.number("actualQty"), found[0])


def book(state: State, warehouse: str, owner: str, lines: list[Data], sign: int) -> None:
    """Add the lines' quantities to the stock, batch by batch where they name batches."""
    for line in lines:
        if not line.text("itemCode"):
            continue  # optional in some confirmations of 003: nothing is named, so nothing is booked
        for part in line.rows("batchs.batch") or [line]:
            type_ = part.text("inventoryType") or line.text("inventoryType")
            quantity = sign * part.number("actualQty", part.number("quantity"))
            state.book(warehouse, line.text("ownerCode") or owner, line.text("itemCode"), type_, quantity)


def report(state: State, code: str, data: Data) -> None:
    """Keep a report as it came."""
    state.run("insert into reports (method, code, data) values (?, ?, ?)", state.method, code, dump(data))


def reports(state: State, method: str, code: str) -> list[Data]:
    """The reports of a method about a document, oldest first."""
    sql = "select data from reports where method = ? and code = ? order by id"
    return [load(row[0]) for row in state.all(sql, method, code)]


def unseen(state: State, head: Data, lines: list[Data]) -> list[Data] | None:
    """The lines of a confirmation that were not booked yet; None for a replay of the whole.

    A confirmation without a number is known by all that it says; one that is sent in parts (totalOrderLines)
    by its lines' own outBizCode.
    """
    key = head.text("outBizCode")
    if head.number("totalOrderLines") <= len(lines):
        return lines if state.once(state.method, "", key or dump(Data(head=head, lines=lines))) else None
    return [line for line in lines if state.once(f"{state.method} line", key, key and line_key(line))] or None
