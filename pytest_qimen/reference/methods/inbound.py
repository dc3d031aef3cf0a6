"""Entry orders: created by an ERP, confirmed by a warehouse, queried page by page."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles


@handles("entryorder.create")
def create(state: State, request: Data) -> Data:
    """A new entry order, a further part of one, or a replay: the same id each time."""
    head = request.group("entryOrder")
    lines = request.rows("orderLines.orderLine")
    return Data(
        entryOrderId=documents.create(state, "entry", head.text("entryOrderCode"), head, lines).public
    )


@handles("entryorder.query")
def query(state: State, request: Data) -> Data:
    """The order and one page of its lines."""
    order = documents.asked(state, "entry", request.text("entryOrderCode"), request, "entryOrderId")
    names = {"entryOrderType": "orderType"}
    return documents.query(state, order, "entryorder.query", "entryOrder", request, names, {})


@handles("entryorder.confirm")
def confirm(state: State, request: Data) -> Data:
    """What arrived, as increments; a replayed outBizCode changes nothing."""
    head = request.group("entryOrder")
    lines = documents.unseen(state, head, request.rows("orderLines.orderLine"))
    if lines is None:
        return Data()
    code = head.text("entryOrderCode")
    documents.report(state, code, request)
    documents.confirm(state, "entry", code, head, lines, "FULFILLED")
    documents.book(state, head.text("warehouseCode"), head.text("ownerCode"), lines, 1)
    return Data()
