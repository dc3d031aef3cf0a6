"""Faults of keys: what a document or a number is known by, and what it is taken for."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import after, changed
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_BILLS = "storeinventory.*,taobao.qimen.storeinventory.itemupdate"


def _by_bar_code(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """An item that is not found by its code is found by its bar code."""
    sql = "select code from records where kind = 'item' and json_extract(data, '$.barCode') = ?"
    if row := state.one(sql, message.text("itemCode")):
        message["itemCode"] = row[0]
    return proceed(state, message)


def _without(name: str) -> Hook:
    """A key of the message is not looked at."""
    return changed(lambda message: message.pop(name, ""))


def _of_its_kind(message: Data) -> None:
    """One type of delivery is taken for any other."""
    if message.text("orderType") == "HHCK":
        message.pop("orderType")


FAMILY.rows(("process-of-neighbouring-type", changed(_of_its_kind)), methods="orderprocess.query")
FAMILY.rows(
    ("cancel-of-any-owner", _without("ownerCode")),
    ("cancel-in-any-warehouse", _without("warehouseCode")),
    ("cancel-of-any-type", _without("orderType")),
    methods="order.cancel",
)


def _used_up(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Remember the numbers of the lines that were refused."""
    for number, _ in state.failed:
        state.run("insert or ignore into seen values ('fault: refused', '', ?, 0)", number)
    return proceed(state, message)


def _is_used_up(state: State, wanted: tuple[str, str, str]) -> tuple[str, str, str]:
    """A number that was refused before is taken for a replay."""
    if state.one("select 1 from seen where kind = 'fault: refused' and key = ?", wanted[2]):
        state.run("insert or ignore into seen values (?, ?, ?, 0)", *wanted)
    return wanted


FAMILY.add("refused-bill-is-used-up", lambda _: {"call": _used_up, "once": _is_used_up}, _BILLS)
FAMILY.rows(
    ("bill-numbers-in-latin", lambda state, wanted: (*wanted[:2], str(wanted[2].encode("latin", "replace")))),
    point="once",
    methods=_BILLS,
)
FAMILY.rows(("items-found-by-bar-code", _by_bar_code), methods="singleitem.query")
FAMILY.rows(
    (
        "stock-of-every-kind",
        changed(
            lambda message: [one.pop("inventoryType", "") for one in message.rows("criteriaList.criteria")]
        ),
    ),
    methods="inventory.query",
)
FAMILY.rows(
    ("change-number-of-any-goods", lambda state, wanted: (wanted[0], "", wanted[2])),
    point="once",
    methods="stockchange.report",
)


def _of_another_store(state: State, message: Data, answer: Data) -> None:
    """Behind the last item of a scroll comes one of another store."""
    result = answer.group("result")
    if message.text("scroll_id") and "scroll_id" not in result and "model_list" in result:
        result.group("model_list")["model_list"].append(Data(sku_code="8", ou_code="OU9"))


FAMILY.rows(
    ("scroll-goes-on-in-another-store", after(_of_another_store)), methods="alibaba.wdk.sku.scroll.query"
)
