"""Processing orders in a warehouse: created by an ERP, confirmed with what was used and what was made."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles


@handles("storeprocess.create")
def create_process(state: State, request: Data) -> Data:
    """Create a processing order; a replay gets the id of the first one."""
    lines = request.rows("materialitems.item") + request.rows("productitems.item")
    order = documents.create(state, "process", request.text("processOrderCode"), request, lines)
    return Data(processOrderId=order.public)


@handles("storeprocess.confirm")
def confirm_process(state: State, request: Data) -> Data:
    """Book what was used and what was made; a replayed outBizCode changes nothing."""
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
