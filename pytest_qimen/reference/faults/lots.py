"""Faults about lots of goods (批次): they count twice, or stand beside another item."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import changed, lines_of
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_QUANTITIES = ("actualQty", "quantity")


def _twice(message: Data) -> None:
    """A line with lots counts, and its lots count, too."""
    for line in (*message.rows("orderLines.orderLine"), *message.rows("items.item")):
        lots = line.rows("batchs.batch")
        for part in (line, *lots) if lots else ():
            part.update({name: str(2 * part.number(name)) for name in _QUANTITIES if name in part})


def _mixed(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Stock is told with the lot that was reported last, whatever the item."""
    for item in message.rows("items.item"):
        for lot in item.rows("batchs.batch"):
            state.put("fault", "", "lot", lot.only("batchCode"))
    answer = proceed(state, message)
    for line in lines_of(answer):
        line.update(state.get("fault", "", "lot") or {})
    return answer


FAMILY.rows(
    ("lots-count-twice", changed(_twice)),
    methods="entryorder.confirm,stockout.confirm,deliveryorder.confirm,stockchange.report",
)
FAMILY.rows(("lots-mixed", _mixed), methods="stockchange.report,stock.query,inventory.query")
