"""Stock-out and delivery orders: created singly or in batches, confirmed, queried; serials and waves."""

from pytest_qimen.reference.data import Data, load
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import failed_answer, handles

_LINE_NAMES = {"orderSourceCode": "sourceOrderCode", "subSourceCode": "subSourceOrderCode"}


def _create(state: State, family: str, request: Data) -> documents.Order:
    head = request.group("deliveryOrder")
    lines = request.rows("orderLines.orderLine")
    return documents.create(state, family, head.text("deliveryOrderCode"), head, lines)


@handles("stockout.create")
def create_stockout(state: State, request: Data) -> Data:
    """A new stock-out order, a further part of one, or a replay: the same id each time."""
    order = _create(state, "stockout", request)
    return Data(deliveryOrderId=order.public, createTime=order.created)


@handles("deliveryorder.create")
def create(state: State, request: Data) -> Data:
    """A new delivery order or a replay of one: the same id each time."""
    order = _create(state, "delivery", request)
    answer = Data(
        createTime=order.created, deliveryOrderId=order.public, warehouseCode=order.warehouse or "OTHER"
    )
    return Data({**answer, **load(order.head).only("logisticsCode")})


@handles("deliveryorder.batchcreate")
def create_many(state: State, request: Data) -> Data:
    """Several delivery orders; those that fail are listed, the others are created."""
    failed = list(state.failed)
    for one in request.rows("orders.order"):
        try:
            with state.attempt():
                _create(state, "delivery", one)
        except Refused as error:
            failed.append((one.text("deliveryOrder.deliveryOrderCode"), error.message))
    if not failed:
        return Data()
    listed = [Data(deliveryOrderCode=code, message=reason) for code, reason in failed]
    return failed_answer(Data(orders=Data(order=listed)))


@handles("stockout.query")
def query_stockout(state: State, request: Data) -> Data:
    """The order, its parcels and one page of its lines."""
    order = documents.asked(state, "stockout", request.text("deliveryOrderCode"), request, "deliveryOrderId")
    return documents.query(state, order, "stockout.query", "deliveryOrder", request, {}, {})


@handles("deliveryorder.query")
def query(state: State, request: Data) -> Data:
    """The order, its parcels and one page of its lines."""
    order = documents.asked(state, "delivery", request.text("orderCode"), request, "orderId")
    _refuse_other_trades(state, order, request.text("orderSourceCode"))
    return documents.query(state, order, "deliveryorder.query", "deliveryOrder", request, {}, _LINE_NAMES)


def _refuse_other_trades(state: State, order: documents.Order, trade: str) -> None:
    """Refuse an order all of whose lines are of other trade orders than the query names."""
    sql = "select distinct json_extract(data, '$.sourceOrderCode') from lines where parent = ?"
    known = {row[0] for row in state.all(sql, order.id)} - {None, ""}
    if trade and known and trade not in known:
        raise Refused(f"there is no order {order.code!r} of trade order {trade!r}", "not-found")


def _confirm(state: State, family: str, request: Data) -> None:
    head = request.group("deliveryOrder")
    lines = documents.unseen(state, head, request.rows("orderLines.orderLine"))
    if lines is None:
        return
    code = head.text("deliveryOrderCode")
    documents.report(state, code, request)
    known = documents.find(state, family, code)
    documents.confirm(state, family, code, head, lines, "DELIVERED", _parcels(known, request))
    documents.book(state, head.text("warehouseCode"), known.owner if known else "", lines, -1)


def _parcels(known: documents.Order | None, request: Data) -> Data:
    """The parcels of this confirmation behind those of the ones before."""
    earlier = load(known.head).rows("packages.package") if known else []
    parcels = [*earlier, *request.rows("packages.package")]
    return Data(packages=Data(package=parcels)) if parcels else Data()


@handles("stockout.confirm")
def confirm_stockout(state: State, request: Data) -> Data:
    """What left, as increments; a replayed outBizCode changes nothing."""
    _confirm(state, "stockout", request)
    return Data()


@handles("deliveryorder.confirm")
def confirm(state: State, request: Data) -> Data:
    """What left, as increments; a replayed outBizCode changes nothing."""
    _confirm(state, "delivery", request)
    return Data()


@handles("deliveryorder.batchconfirm")
def confirm_many(state: State, request: Data) -> Data:
    """Several confirmations at once, each with its own outBizCode."""
    for one in request.rows("orders.order"):
        _confirm(state, "delivery", one)
    return Data()


@handles("deliveryorder.batchcreate.answer")
def take_answer(state: State, request: Data) -> Data:
    """How an asynchronous batch ended, order by order."""
    for one in request.rows("orders.order"):
        documents.report(state, one.text("deliveryOrderCode"), one)
    return Data()


@handles("sn.report")
def report_delivery_serials(state: State, request: Data) -> Data:
    """Serial numbers of a delivery, page by page."""
    return _serials(state, request, request.group("deliveryOrder"), "deliveryOrderCode")


@handles("order.sn.report")
def report_serials(state: State, request: Data) -> Data:
    """Serial numbers of any document, page by page."""
    return _serials(state, request, request.group("order"), "orderCode")


def _serials(state: State, request: Data, head: Data, name: str) -> Data:
    if state.once(state.method, request.text("currentPage"), head.text("outBizCode")):
        documents.report(state, head.text(name), request)
    return Data()


@handles("wavenum.report")
def report_wave(state: State, request: Data) -> Data:
    """Which orders a wave holds."""
    documents.report(state, request.text("waveNum"), request)
    return Data()
