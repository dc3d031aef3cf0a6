"""Documents of every kind until they end: cancelled, held, their steps, troubles and statuses."""

from pytest_qimen.reference.data import Data, load, project
from pytest_qimen.reference.database import Refused, State, now
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles
from pytest_qimen.spec import load_api


@handles("order.cancel")
def cancel(state: State, request: Data) -> Data:
    """Cancel the document; refuse if it is unknown or finished; one that is cancelled already stays so."""
    order = documents.to_end(state, request)
    if order.status in documents.FINISHED:
        raise Refused(f"order {order.code!r} is {order.status}", "finished")
    if order.status != "CANCELED":
        documents.change(state, order, "CANCELED", operateInfo=request.text("cancelReason")[:200])
    return Data()


@handles("order.pending")
def pend(state: State, request: Data) -> Data:
    """Hold the document back or release it, and note that in its history."""
    order = documents.to_end(state, request)
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
    """Return the history of a document, oldest step first."""
    order = documents.named(state, request.text("orderCode"), request.text("orderType"))
    documents.refuse_others(order, request, "orderId")
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
    """Keep a step that the warehouse took."""
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
    """Keep the report of a trouble with a delivery; a replayed messageId changes nothing."""
    if state.once("orderexception.report", "", request.text("messageId")):
        documents.report(state, request.text("deliveryOrderCode"), request)
    return Data()


@handles("orderstatus.batchquery")
def query_many(state: State, request: Data) -> Data:
    """Return one page of the owner's documents that changed within the given time."""
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
