"""What happens to documents until they end: cancelled, held, their history; processing and transfers."""

from pytest_qimen.reference.data import Data, dump, load, project
from pytest_qimen.reference.database import Refused, State, now
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles
from pytest_qimen.spec import load_api


@handles("order.cancel")
def cancel(state: State, request: Data) -> Data:
    """The document is cancelled; one that is finished or unknown is refused, a cancelled one stays so."""
    order = documents.named(state, request.text("orderCode"), request.text("orderType"))
    if order.status in documents.FINISHED:
        raise Refused(f"order {order.code!r} is {order.status}", "finished")
    if order.status != "CANCELED":
        documents.change(state, order, "CANCELED", operateInfo=request.text("cancelReason")[:200])
    return Data()


@handles("order.pending")
def pend(state: State, request: Data) -> Data:
    """The document is held back or set free again; its history says so."""
    order = documents.named(state, request.text("orderCode"), request.text("orderType"))
    if order.status in (*documents.FINISHED, "CANCELED"):
        raise Refused(f"order {order.code!r} is {order.status}", "finished")
    action = request.text("actionType")
    state.run("update orders set hung = ?, changed = ? where id = ?", action == "pending", now(), order.id)
    if order.hung != (action == "pending"):
        reason = request.text("reason")
        documents.step(state, order, "OTHER", operateInfo=f"{action} {reason}".strip()[:200])
    return Data()


@handles("orderprocess.query")
def query(state: State, request: Data) -> Data:
    """The history of a document, oldest step first."""
    order = documents.named(state, request.text("orderCode"), request.text("orderType"))
    message = load_api("orderprocess.query").response
    sql = "select status, time, data from steps where parent = ? order by id"
    steps = [
        project(message, _STEP, {"processStatus": status, "operateTime": time}, load(data))
        for status, time, data in state.all(sql, order.id)
    ]
    head = {
        "orderCode": order.code,
        "orderId": order.public,
        "orderType": order.type,
        "warehouseCode": order.warehouse,
    }
    answer = project(message, "orderProcess", head)
    answer["processes"] = Data(process=steps)
    return Data(orderProcess=answer)


_STEP = "orderProcess.processes.process[]"


@handles("orderprocess.report")
def report(state: State, request: Data) -> Data:
    """A step that the warehouse took."""
    process = request.group("process")
    documents.report(state, request.text("order.orderCode"), request)
    try:
        order = documents.named(state, request.text("order.orderCode"), request.text("order.orderType"))
    except Refused:  # an order that this side does not know: the report is kept, that is all
        return Data()
    details = process.only("operatorCode", "operatorName", "operateTime", "operateInfo", "remark")
    documents.step(state, order, process.text("processStatus"), **details)
    state.run("update orders set changed = ? where id = ?", now(), order.id)
    return Data()


@handles("orderexception.report")
def report_exception(state: State, request: Data) -> Data:
    """Something went wrong with a delivery; a replayed messageId changes nothing."""
    if state.once("orderexception.report", "", request.text("messageId")):
        documents.report(state, request.text("deliveryOrderCode"), request)
    return Data()


@handles("orderstatus.batchquery")
def query_many(state: State, request: Data) -> Data:
    """One page of an owner's documents that changed within the time asked for."""
    where = "owner = ?1 and changed between ?2 and ?3 and ?4 in ('', warehouse) and ?5 in ('', type)"
    asked = [request.text("ownerCode"), request.text("startTime"), request.text("endTime", now())]
    asked += [request.text("warehouseCode"), request.text("orderType")]
    total = state.one(f"select count(*) from orders where {where}", *asked)[0]
    size = max(request.number("pageSize"), 1)
    start = size * (max(request.number("currentPage"), 1) - 1)
    sql = f"select * from orders where {where} order by id limit {size} offset {start}"
    found = [_status(state, documents.Order(*row)) for row in state.all(sql, *asked)]
    answer = Data(totalPage=str(-(-total // size)))
    if found:
        answer["orders"] = Data(order=found)
    return answer


def _status(state: State, order: documents.Order) -> Data:
    status, time, data = state.one(
        "select status, time, data from steps where parent = ? order by id desc limit 1", order.id
    )
    sources = state.all(
        "select distinct json_extract(data, '$.sourceOrderCode') from lines where parent = ?", order.id
    )
    head = {
        "orderCode": order.code,
        "orderId": order.public,
        "orderType": order.type,
        "warehouseCode": order.warehouse,
        "processStatus": status,
        "operateTime": time,
        "orderSourceCodes": Data(orderSourceCode=[row[0] for row in sources if row[0]]),
    }
    return project(load_api("orderstatus.batchquery").response, "orders.order[]", head, load(data))


@handles("storeprocess.create")
def create_process(state: State, request: Data) -> Data:
    """A new processing order or a replay of one: the same id each time."""
    lines = request.rows("materialitems.item") + request.rows("productitems.item")
    order = documents.create(state, "process", request.text("processOrderCode"), request, lines)
    return Data(processOrderId=order.public)


@handles("storeprocess.confirm")
def confirm_process(state: State, request: Data) -> Data:
    """What was used and what was made; a replayed outBizCode changes nothing."""
    if not state.once("storeprocess.confirm", "", request.text("outBizCode")):
        return Data()
    code = request.text("processOrderCode")
    documents.report(state, code, request)
    if order := documents.find(state, "process", code):
        documents.change(state, order, "FULFILLED", operateTime=request.text("orderCompleteTime"))
    place = (request.text("warehouseCode"), request.text("ownerCode"))
    documents.book(state, *place, request.rows("materialitems.item"), -1)
    documents.book(state, *place, request.rows("productitems.item"), 1)
    return Data()


@handles("transferorder.create")
def create_transfer(state: State, request: Data) -> Data:
    """A new transfer order or a replay of one: the same code each time."""
    owner, erp = request.text("ownerCode"), request.text("erpOrderCode")
    known = state.get("transfer by erp", owner, erp)
    code = known.text("code") if known else state.new_id("TO")
    if not known:
        state.put("transfer by erp", owner, erp, Data(code=code))
        state.put("transfer", owner, code, Data({**request, "orderStatus": "0"}))
    found = {
        "ownerCode": owner,
        "transferOrderCode": code,
        "expectOutStoreTime": request.text("expectStartTime"),
    }
    message = load_api("transferorder.create").response
    return Data(transferExecuteInfo=project(message, "transferExecuteInfo", found))


@handles("transferorder.query")
def query_transfer(state: State, request: Data) -> Data:
    """What was planned and what was moved."""
    owner, code = request.text("ownerCode"), request.text("transferOrderCode")
    known = state.get("transfer", owner, code) or state.get("transfer", *_elsewhere(state, code))
    if known is None:
        raise Refused(f"there is no transfer order {code!r}", "not-found")
    moved = {_goods(item): item for item in known.rows("items.item")}
    items = [
        {
            **item,
            "planCount": item.text("count"),
            **{name: moved.get(_goods(item), Data()).text(name, "0") for name in ("outCount", "inCount")},
        }
        for item in known.rows("transferItems.transferItem")
    ]
    message = load_api("transferorder.query").response
    answer = project(message, "transferOrderDetail", {"transferOrderCode": code}, known)
    answer["items"] = Data(
        item=[project(message, "transferOrderDetail.items.item[]", item) for item in items]
    )
    return Data(transferOrderDetail=answer)


def _elsewhere(state: State, code: str) -> tuple[str, str]:
    row = state.one("select owner from records where kind = 'transfer' and code = ?", code)
    return (row[0] if row else ""), code


def _goods(item: Data) -> str:
    return dump(item.only("scItemCode", "inventoryType"))


@handles("transferorder.report")
def report_transfer(state: State, request: Data) -> Data:
    """How far a transfer has come: the numbers as they stand, so that a replay changes nothing."""
    code = request.text("transferOrderCode")
    documents.report(state, code, request)
    owner, _ = _elsewhere(state, code)
    if state.get("transfer", owner, code):
        state.put("transfer", owner, code, request.only("orderStatus", "items"))
    return Data()
