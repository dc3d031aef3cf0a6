"""Faults of the second time: what a message that comes again gets as its answer."""

from pytest_qimen.reference.data import Data, dump
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.calls import code_of, double
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request
from pytest_qimen.wire.http import Reply

FAMILY = Family("call")
_PUBLISH = "alibaba.wdk.stock.publish"


def is_first(state: State, key: str) -> bool:
    """Whether a fault sees this key for the first time."""
    return state.run("insert or ignore into seen values ('fault', '', ?, 0)", key) == 1


def _numbers(message: Data, *names: str) -> list[str]:
    """What stands in the fields of a publication."""
    batch = message.group("batch_stock_publish_dto")
    lines = [line.text(name) for line in batch.rows("stock_publish_dtos") for name in names]
    return [text for text in [batch.text(name) for name in names] + lines if text]


def _whole(message: Data) -> list[str]:
    return [dump(message)]


def _broken_again(keys: Hook) -> dict[str, Hook]:
    """Where a key comes again, the answer has HTTP 500."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        known = [is_first(state, f"{state.method} {key}") for key in keys(message)]
        request.notes["again"] = not all(known)
        return proceed(state, message)

    def reply(request: Request, reply: Reply) -> None:
        if request.notes.get("again"):
            reply.status = 500

    return {"call": call, "reply": reply}


def _refused_again(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    if any(not is_first(state, number) for number in _numbers(message, "bill_no")):
        raise Refused("this document was handled before", "refused")
    return proceed(state, message)


def _process_cancelled(request: Request, reply: Reply) -> None:
    if request.root is not None and b">CNJG<" in request.incoming.body:
        reply.status = 500


FAMILY.add("replay-gets-500", lambda _: _broken_again(_whole))
FAMILY.add(
    "order-no-replay-gets-500",
    lambda _: _broken_again(lambda message: _numbers(message, "order_no")),
    _PUBLISH,
)
FAMILY.rows(("bill-no-replay-refused", _refused_again), methods=_PUBLISH)
FAMILY.rows(("process-cancel-gets-500", _process_cancelled), point="reply", methods="order.cancel")


def _double_in_batch(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """An order that stands twice in a batch has its lines twice."""
    answer = proceed(state, message)
    codes = [one.text("deliveryOrder.deliveryOrderCode") for one in message.rows("orders.order")]
    for code in {code for code in codes if codes.count(code) > 1}:
        double(state, code)
    return answer


def _part_again(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A part of a document that comes again has its lines twice."""
    answer = proceed(state, message)
    for group in message.values():
        if isinstance(group, Data) and group.text("totalOrderLines") and not is_first(state, dump(message)):
            double(state, code_of(group))
    return answer


FAMILY.rows(("part-replay-doubles", _part_again), methods="entryorder.create,stockout.create")
FAMILY.rows(("batch-twin-doubles", _double_in_batch), methods="deliveryorder.batchcreate")
