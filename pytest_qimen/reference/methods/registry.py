"""Functions in, the table of methods out: who answers what, and which methods are batches."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State

Handler: TypeAlias = Callable[[State, Data], Data]

HANDLERS: dict[str, Handler] = {}

# A line of these fails alone and is listed by its key; the others of the request are done.
_BILLS = ("stores.store[].storeInventories.storeInventory[]", "billNum")
BATCHES: Mapping[str, tuple[str, str]] = {
    "items.synchronize": ("items.item[]", "itemCode"),
    "deliveryorder.batchcreate": ("orders.order[]", "deliveryOrder.deliveryOrderCode"),
    "warehouseinfo.synchronize": ("warehouseInfos.warehouseInfo[]", "warehouseCode"),
    "storeinventory.initial": _BILLS,
    "storeinventory.update": _BILLS,
    "storeinventory.iteminitial": _BILLS,
    "storeinventory.itemupdate": _BILLS,
    "taobao.qimen.storeinventory.itemupdate": ("stores[].store_inventories[]", "bill_num"),
}


def handles(*methods: str) -> Callable[[Handler], Handler]:
    """Enter the function into the table under every one of `methods`."""

    def enter(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(methods, handler))
        return handler

    return enter


def failed_answer(listed: Data) -> Data:
    """The answer of a batch of which some lines failed: `listed` names them."""
    return Data(flag="failure", code="partial", message="some lines failed", **listed)
