"""Return orders: created by an ERP, confirmed by a warehouse, queried; returns that a warehouse reports."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles


@handles("returnorder.create")
def create(state: State, request: Data) -> Data:
    """A new return order or a replay of one: the same id each time."""
    head = request.group("returnOrder")
    lines = request.rows("orderLines.orderLine")
    return Data(
        returnOrderId=documents.create(state, "return", head.text("returnOrderCode"), head, lines).public
    )


@handles("returnorder.query")
def query(state: State, request: Data) -> Data:
    """The order and one page of its lines."""
    order = documents.asked(state, "return", request.text("returnOrderCode"), request, "returnOrderId")
    return documents.query(state, order, "returnorder.query", "returnOrder", request, {}, {})


@handles("returnorder.confirm")
def confirm(state: State, request: Data) -> Data:
    """What came back, as increments; a replayed outBizCode changes nothing."""
    head = request.group("returnOrder")
    lines = documents.unseen(state, head, request.rows("orderLines.orderLine"))
    if lines is None:
        return Data()
    code = head.text("returnOrderCode")
    documents.report(state, code, request)
    known = documents.find(state, "return", code)
    documents.confirm(state, "return", code, head, lines, "FULFILLED")
    documents.book(state, head.text("warehouseCode"), known.owner if known else "", lines, 1)
    return Data()


@handles("returnapply.report")
def report_apply(state: State, request: Data) -> Data:
    """A return that the warehouse announces."""
    documents.report(state, request.text("orderCode"), request)
    return Data()


@handles("returnpackage.report")
def report_package(state: State, request: Data) -> Data:
    """Returned parcels handed over; a replayed outBizCode changes nothing."""
    if state.once("returnpackage.report", "", request.text("order.outBizCode")):
        documents.report(state, request.text("order.orderCode"), request)
    return Data()
