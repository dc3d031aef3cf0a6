"""Return orders: created by an ERP, confirmed by a warehouse, queried; returns that a warehouse reports."""

from pytest_qimen.reference import orders
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.registry import handles
from pytest_qimen.reference.store import State


@handles("returnorder.create")
def create(state: State, request: Data) -> Data:
    """A new return order or a replay of one: the same id each time."""
    head = request.group("returnOrder")
    lines = request.rows("orderLines.orderLine")
    return Data(
        returnOrderId=orders.create(state, "return", head.text("returnOrderCode"), head, lines).public
    )


@handles("returnorder.query")
def query(state: State, request: Data) -> Data:
    """The order and one page of its lines."""
    order = orders.wanted(state, "return", request.text("returnOrderCode"))
    return orders.query(state, order, "returnorder.query", "returnOrder", request, {}, {})


@handles("returnorder.confirm")
def confirm(state: State, request: Data) -> Data:
    """What came back, as increments; a replayed outBizCode changes nothing."""
    head = request.group("returnOrder")
    lines = orders.unseen(state, head, request.rows("orderLines.orderLine"))
    if lines is None:
        return Data()
    code = head.text("returnOrderCode")
    orders.report(state, code, request)
    known = orders.find(state, "return", code)
    orders.confirm(state, "return", code, head, lines, "FULFILLED")
    orders.book(state, head.text("warehouseCode"), known.owner if known else "", lines, 1)
    return Data()


@handles("returnapply.report")
def report_apply(state: State, request: Data) -> Data:
    """A return that the warehouse announces."""
    orders.report(state, request.text("orderCode"), request)
    return Data()


@handles("returnpackage.report")
def report_package(state: State, request: Data) -> Data:
    """Returned parcels handed over; a replayed outBizCode changes nothing."""
    if state.once("returnpackage.report", "", request.text("order.outBizCode")):
        orders.report(state, request.text("order.orderCode"), request)
    return Data()
