"""Warehouses, shops, suppliers, couriers and the sums over delivery orders; the heartbeat."""

from pytest_qimen.reference.data import Data, load, project
from pytest_qimen.reference.database import State, now
from pytest_qimen.reference.methods.registry import failed_answer, handles
from pytest_qimen.spec import load_api

_COURIERS = {"SF": "顺丰速运", "YTO": "圆通速递", "ZTO": "中通快递", "STO": "申通快递", "EMS": "中国邮政"}


@handles("service.heartbeat")
def heartbeat(state: State, request: Data) -> Data:
    """The serial number and the time here."""
    return Data(code=request.text("serialNumber"), message=now())


@handles("warehouseinfo.synchronize")
def keep_warehouses(state: State, request: Data) -> Data:
    """An owner and its warehouses, added or updated; those that fail are listed."""
    owner = request.text("ownerCode")
    state.put("owner", owner, owner, request.only("ownerCode", "ownerName"))
    for info in request.rows("warehouseInfos.warehouseInfo"):
        state.put("warehouse", owner, info.text("warehouseCode"), info)
    if not state.failed:
        return Data()
    failed = [Data(warehouseCode=code[:50]) for code, _ in state.failed]
    return failed_answer(Data(warehouseInfos=Data(warehouseInfo=failed)))


@handles("warehouseinfo.query")
def query_warehouses(state: State, request: Data) -> Data:
    """The owner's warehouses, of every owner where none is named."""
    owner = request.text("ownerCode")
    message = load_api("warehouseinfo.query").response
    sql = "select data from records where kind = 'warehouse' and ?1 in ('', owner) order by owner, code"
    path = "warehouseInfos.WarehouseInfos[]"
    found = [project(message, path, load(row[0])) for row in state.all(sql, owner)]
    answer = project(message, "", state.get("owner", owner, owner) or {"ownerCode": owner})
    if found := [row for row in found if row]:
        answer["warehouseInfos"] = Data(WarehouseInfos=found)
    return answer


@handles("shop.synchronize")
def keep_shop(state: State, request: Data) -> Data:
    """A shop, added or updated."""
    shop = request.group("shop")
    state.put("shop", shop.text("ownerCode"), shop.text("shopCode"), shop)
    return Data()


@handles("supplier.synchronize")
def keep_supplier(state: State, request: Data) -> Data:
    """A supplier, added or updated."""
    state.put("supplier", "", request.text("supplierCode"), request)
    return Data()


@handles("expressinfo.query")
def query_couriers(state: State, request: Data) -> Data:
    """The couriers that every owner may use."""
    asked = request.text("expressCode")
    found = [
        Data(expressCode=code, expressName=name, brandCode=code, brandName=name, status="1")
        for code, name in _COURIERS.items()
        if asked in ("", code)
    ]
    return Data(expressInfos=Data(expressInfo=found)) if found else Data()


@handles("deliveryordersum.query")
def sum_deliveries(state: State, request: Data) -> Data:
    """How many delivery orders came, were cancelled and are done."""
    asked = [request.text(name) for name in ("warehouseCode", "ownerCode", "sourcePlatformCode")]
    for what in ("download", "pay", "delivery"):
        asked += [request.text(f"{what}StartTime"), request.text(f"{what}EndTime", "9999")]
    total, cancelled, done, held = state.one(
        "select count(*), coalesce(sum(status = 'CANCELED'), 0), coalesce(sum(status = 'DELIVERED'), 0),"
        " coalesce(sum(hung), 0) from orders where family = 'delivery' and ?1 in ('', warehouse)"
        " and ?2 in ('', owner) and ?3 in ('', json_extract(head, '$.sourcePlatformCode'))"
        " and created between ?4 and ?5 and coalesce(json_extract(head, '$.payTime'), '') between ?6 and ?7"
        " and iif(status = 'DELIVERED', changed, '') between ?8 and ?9",
        *asked,
    )
    effective = total - cancelled
    found = {
        **dict.fromkeys(("printQty", "reviewQty", "weightQty", "handQty", "collectQty"), done),
        "signQty": 0,
        "wayQty": done,
        "lockQty": held,
        "cancelQty": cancelled,
        "downloadQty": total,
        "effectQty": effective,
        "completionRate": f"{done / effective if effective else 0:.2f}",
        "warehouseCode": request.text("warehouseCode"),
    }
    texts = {name: str(value) for name, value in found.items() if value != ""}
    return project(load_api("deliveryordersum.query").response, "", texts)
