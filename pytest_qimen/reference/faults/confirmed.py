"""Faults of confirmations and batches: lots, parcels, times, numbers and entries that get lost."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import HEADS, changed, code_of, earlier, lines_of
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_CONFIRMS = "entryorder.confirm,returnorder.confirm,stockout.confirm,deliveryorder.confirm"
_QUERIES = "entryorder.query,returnorder.query,stockout.query,deliveryorder.query"


def _first_lot(message: Data) -> None:
    """Of the lots of a line only the first counts."""
    for line in message.rows("orderLines.orderLine"):
        if lots := line.rows("batchs.batch"):
            line.update(lots[0].only("actualQty"))


def _lots_of_the_line(message: Data) -> None:
    """Every lot of a line is of the line's kind."""
    for line in (*message.rows("items.item"), *message.rows("orderLines.orderLine")):
        for lot in line.rows("batchs.batch"):
            lot.pop("inventoryType", None)


def _first_lot_alone(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """All of a line is shown as the first lot that was confirmed last."""
    for line in message.rows("orderLines.orderLine"):
        for lot in reversed(line.rows("batchs.batch")):
            state.put("fault", "", "first lot", lot.only("batchCode"))
    answer = proceed(state, message)
    for line in lines_of(answer):
        line.update(state.get("fault", "", "first lot") or {})
    return answer


def _last_parcels(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """The parcels of a confirmation take the place of those of the one before."""
    code = code_of(message.group("deliveryOrder"))
    state.run("update orders set head = json_remove(head, '$.packages') where code = ?", code)
    return proceed(state, message)


def _earlier(message: Data) -> None:
    """Times are taken for those of Greenwich and shown eight hours early."""
    for head, name in (*((head, "orderConfirmTime") for head in HEADS), ("process", "operateTime")):
        group = message.group(head)
        if text := group.text(name):
            group[name] = earlier(text)


def _adds_up() -> Hook:
    """A confirmation without a number is never taken for one that came before."""
    numbers = count(1)

    def change(message: Data) -> None:
        for name in HEADS:
            if name in message and not message.text(f"{name}.outBizCode"):
                message.group(name)["fault"] = str(next(numbers))

    return changed(change)


def _used_up(_: str) -> Mapping[str, Hook]:
    """The outBizCode of a refused message is taken for a replay afterwards."""
    refused: set[str | None] = set()

    def numbers(request: Request) -> set[str | None]:
        return {one.text for one in request.root.iter("outBizCode")} if request.root is not None else set()

    def problems(request: Request, found: list[Any]) -> list[Any]:
        if found:
            refused.update(numbers(request))
        return found

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        return Data() if refused & numbers(request) else proceed(state, message)

    return {"problems": problems, "call": call}


def _entries(change: Callable[[list[Data]], list[Data]]) -> Hook:
    """The entries of a batch are changed."""

    def alter(message: Data) -> None:
        for group, name in (("orders", "order"), ("items", "item")):
            if rows := message.rows(f"{group}.{name}"):
                message.group(group)[name] = change(rows)

    return changed(alter)


def _one_line(orders: list[Data]) -> list[Data]:
    """Each order keeps its first line."""
    for order in orders:
        order.group("orderLines")["orderLine"] = order.rows("orderLines.orderLine")[:1]
    return orders


FAMILY.rows(("lots-behind-the-first-lost", changed(_first_lot)), methods=_CONFIRMS)
FAMILY.rows(("lots-shown-as-the-first", _first_lot_alone), methods=f"{_CONFIRMS},{_QUERIES}")
FAMILY.rows(("lots-of-the-kind-of-the-line", changed(_lots_of_the_line)), methods="stockchange.report")
FAMILY.rows(
    ("received-lots-of-the-kind-of-the-line", changed(_lots_of_the_line)), methods="entryorder.confirm"
)
FAMILY.rows(("parcels-of-the-last-step", _last_parcels), methods="stockout.confirm,deliveryorder.confirm")
FAMILY.rows(("times-of-reports-shifted", changed(_earlier)), methods=f"{_CONFIRMS},orderprocess.report")
FAMILY.rows(("final-confirmations-add-up", _adds_up()), methods=_CONFIRMS)
FAMILY.add("refused-confirmation-is-used-up", _used_up, f"{_CONFIRMS},stockchange.report")
FAMILY.rows(
    ("batch-ends-at-twenty", _entries(lambda rows: rows[:20])),
    methods="deliveryorder.batchcreate,deliveryorder.batchconfirm,items.synchronize",
)
FAMILY.rows(
    ("batch-keeps-first-lines", _entries(_one_line)),
    methods="deliveryorder.batchcreate,deliveryorder.batchconfirm",
)
