"""What the simulated OMS writes: one message for a method of stores, of their stock and of WDK."""

import json
from collections.abc import Callable
from typing import Any

from tests.scenarios.wish import Wish, now


def _stock_rows(wish: Wish, row: Callable[[int], str]) -> str:
    rows = wish.rows(
        lambda number: f"<storeInventory>{row(number)}<quantity>{wish.quantity}</quantity></storeInventory>"
    )
    return (
        f"<userId>3012345678</userId><operationTime>{now()}</operationTime><stores><store><warehouseType>STORE</warehouseType>"
        f"<warehouseId>1234567</warehouseId><storeInventories>{rows}</storeInventories></store></stores>"
    )


def stock_change(wish: Wish) -> str:
    return _stock_rows(
        wish,
        lambda number: (
            f"<billNum>{wish.key}{number:03}</billNum><scItemId>59012345{number:04}</scItemId>"
            "<inventoryType>CERTAINTY</inventoryType>"
        ),
    )


def item_stock_change(wish: Wish) -> str:
    return _stock_rows(
        wish,
        lambda number: (
            f"<billNum>{wish.key}{number:03}</billNum><billType>BALANCE</billType><itemId>52123456{number:04}</itemId>"
            f"<outerId>SKU{number:05}</outerId><inventoryType>UNCERTAINTY</inventoryType>"
        ),
    )


def store(wish: Wish) -> str:
    return (
        f"<storeCode>{wish.key}</storeCode><shopId>71234567</shopId><companyName>某某茶业</companyName><storeName>店</storeName>"
        f"<storeType>NORMAL</storeType><mainCategory>{wish.known.get('category', '1001')}</mainCategory>"
        "<startTime>09:00:00</startTime>"
        "<endTime>21:00:00</endTime><address><province>浙江省</province><city>杭州市</city><area>余杭区</area>"
        "<detailAddress>文一西路969号</detailAddress></address><storeKeeper><tel>0571-88880001</tel>"
        "<mobile>13800138006</mobile></storeKeeper>"
    )


def banding(wish: Wish) -> str:
    one = [wish.known.get("storeId", "1234567")]
    ids = one if wish.lines == 1 else [str(2000000 + wish.first + place) for place in range(wish.lines)]
    listed = "".join(f"<storeId>{number}</storeId>" for number in ids)
    return f"<actionType>ADD</actionType><itemId>521234567890</itemId><storeIds>{listed}</storeIds>"


def order_status(wish: Wish) -> str:
    status = ("X_ALLOCATION_NOTIFIED", "X_SHOP_ALLOCATION")[min(wish.part, 1)]
    return (
        f"<sellerCode>3012345678</sellerCode><parentOrderCode>{wish.key}</parentOrderCode><orderCodes><orderCode>{wish.key}</orderCode>"
        f"</orderCodes><storeId>1234567</storeId><type>FAHUO</type><status>{status}</status><operator>张三</operator>"
        f"<actionTime>{now()}</actionTime>"
    )


def publish(wish: Wish) -> dict[str, str]:
    rows = [
        {
            "sku_code": f"SKU{wish.first + place:05}",
            "quantity": "21.45",
            "order_no": f"{wish.key}L{wish.first + place}",
            "order_type": "10006800",
            "order_desc": "销售出库",
        }
        for place in range(wish.lines)
    ]
    head: dict[str, Any] = {
        "update_type": 2,
        "bill_no": f"{wish.key}P{wish.part}",
        "bill_type": 9001,
        "publish_source": "RT",
        "warehouse_code": "HZCK01",
    }
    head |= {
        "shop_code": "HZMD001",
        "channel_source_id": "370001",
        "operator": "RT.张三",
        "channel_source_type": 4,
    }
    if wish.want.get("kind") == "full":
        head["update_type"] = 1
    return {"batch_stock_publish_dto": json.dumps(head | {"stock_publish_dtos": rows}, ensure_ascii=False)}


def scroll(wish: Wish) -> dict[str, str]:
    if wish.total > 1:
        codes = [f"SKU{wish.first + place:05}" for place in range(wish.lines)]
        return {"ou_code": "HZMD001", "sku_codes": ",".join(codes)}
    cursor = wish.want.get("cursor", "")
    return {"ou_code": "HZMD001"} | ({"scroll_id": cursor} if cursor else {})


def top_stock(wish: Wish) -> dict[str, str]:
    stores = [
        {
            "store_inventories": [
                {
                    "bill_num": f"{wish.key}{wish.first + place:03}",
                    "bill_type": "BALANCE",
                    "item_id": 521234567890,
                    "outer_id": "SKU20160501",
                    "inventory_type": "UNCERTAINTY",
                    "quantity": wish.quantity,
                }
            ],
            "warehouse_type": "STORE",
            "warehouse_id": str(1234567 + wish.first + place),
        }
        for place in range(wish.lines)
    ]
    return {"operation_time": now(), "stores": json.dumps(stores)}
