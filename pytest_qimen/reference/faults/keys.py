"""Faults of keys: what a document or a number is known by, and what it is taken for."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import changed
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_BILLS = "storeinventory.*,taobao.qimen.storeinventory.itemupdate"


def _without(name: str) -> Hook:
    """A key of the message is not looked at."""
    return changed(lambda message: message.pop(name, ""))


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
