"""Legal variants that know nothing beforehand: what no earlier message made is refused."""

from collections.abc import Mapping

from pytest_qimen import xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
DOCUMENTS = "*order.create,*order.batchcreate,stockout.create,storeprocess.create"
_MADE: Mapping[str, str] = {  # name of a field -> whether an earlier message made what it names
    "itemCode": "select 1 from records where kind = 'item' and code = ?",
    "supplierCode": "select 1 from records where kind = 'supplier' and code = ?",
    "ownerCode": "select 1 from records where kind in ('item', 'combined') and owner = ?",
    "storeId": "select 1 from records where kind = 'store' and code = ?",
    "warehouseId": "select 1 from records where kind = 'store' and code = ?",
    "warehouse_id": "select 1 from records where kind = 'store' and code = ?",
}


def _refuse_unmade(*names: str) -> Hook:
    """Refuse what names a thing that no earlier message made."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        for element in request.root.iter("*") if request.root is not None else ():
            name, text = xml.name(element), xml.text(element)
            if name in names and text and state.one(_MADE[name], text) is None:
                raise Refused(f"there is no {name} {text!r}", "not-found")
        return proceed(state, message)

    return call


FAMILY.rows(
    ("no-goods-beforehand", _refuse_unmade("itemCode")),
    ("no-owners-beforehand", _refuse_unmade("ownerCode")),
    methods=f"{DOCUMENTS},inventory.query,stock.query",
)
FAMILY.rows(("no-suppliers-beforehand", _refuse_unmade("supplierCode")), methods=DOCUMENTS)
FAMILY.rows(
    ("no-stores-beforehand", _refuse_unmade("storeId", "warehouseId", "warehouse_id")),
    methods="itemstore.banding,*storeinventory.*,store.update",
)


def _owner_of_warehouses(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Refuse the query for an owner who has no warehouses."""
    if state.get("owner", message.text("ownerCode"), message.text("ownerCode")) is None:
        raise Refused("there is no such owner", "not-found")
    return proceed(state, message)


FAMILY.rows(("no-warehouses-beforehand", _owner_of_warehouses), methods="warehouseinfo.query")
