"""What the simulated systems of these tests write: one message for a method, keys and lines as wanted.

Written from the documents, with the standard library only: it shares no code with the suite.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

SENDER = (
    "<senderInfo><name>张三</name><mobile>13800138000</mobile><province>浙江省</province><city>杭州市</city>"
    "<detailAddress>文一西路969号</detailAddress></senderInfo>"
)
RECEIVER = SENDER.replace("senderInfo", "receiverInfo")


def now() -> str:
    """Return the time in China as the documents print it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600))


class Wish:
    """What one message should hold."""

    def __init__(self, key: str, want: Mapping[str, Any], known: Mapping[str, str]) -> None:
        self.key, self.want, self.known = key, want, known
        self.lines = int(want.get("lines", 1))
        self.text = escape(str(want.get("text", "")))
        self.quantity = int(want.get("quantity", 5))
        self.first = 1  # the number of the first line
        self.total = self.lines
        self.part = 0

    def rows(self, one: Callable[[int], str]) -> str:
        """Return the lines of the message."""
        return "".join(one(self.first + place) for place in range(self.lines))

    def item(self, number: int) -> str:
        """Return the code, and the id where the warehouse gave one, of the goods of a line."""
        code = f"SKU{number:05}" if self.total > 1 else self.known.get("itemCode", "SKU20160501")
        given = self.known.get("itemId", "") if code == self.known.get("itemCode") else ""
        return f"<itemCode>{code}</itemCode>" + (f"<itemId>{given}</itemId>" if given else "")

    def total_lines(self) -> str:
        """Return totalOrderLines where the document comes in parts."""
        return f"<totalOrderLines>{self.total}</totalOrderLines>" if self.total > self.lines else ""

    def remark(self) -> str:
        """Return the remark."""
        return f"<remark>{self.text}</remark>" if self.text else ""


def _order_line(wish: Wish, number: int) -> str:
    out = f"<outBizCode>{wish.key}-{number}</outBizCode>" if wish.total > wish.lines else ""
    return (
        f"<orderLine>{out}<orderLineNo>{number}</orderLineNo><ownerCode>HZ0001</ownerCode>{wish.item(number)}"
        f"<planQty>{wish.quantity}</planQty></orderLine>"
    )


def _lines(wish: Wish) -> str:
    return f"<orderLines>{wish.rows(lambda number: _order_line(wish, number))}</orderLines>"


def entry_order(wish: Wish) -> str:
    return (
        f"<entryOrder>{wish.total_lines()}<entryOrderCode>{wish.key}</entryOrderCode><ownerCode>HZ0001</ownerCode>"
        f"<warehouseCode>HZCK01</warehouseCode><orderType>CGRK</orderType>{wish.remark()}</entryOrder>{_lines(wish)}"
    )


def _delivery(wish: Wish, key: str) -> str:
    priced = _lines(wish).replace("</planQty>", "</planQty><actualPrice>99.00</actualPrice>")
    return (
        f"<deliveryOrder><deliveryOrderCode>{key}</deliveryOrderCode><orderType>JYCK</orderType>"
        f"<warehouseCode>HZCK01</warehouseCode><createTime>{now()}</createTime><placeOrderTime>{now()}</placeOrderTime>"
        f"<operateTime>{now()}</operateTime><shopNick>某某茶叶旗舰店</shopNick><logisticsCode>SF</logisticsCode>"
        f"{SENDER}{RECEIVER}{wish.remark()}</deliveryOrder>{priced}"
    )


def delivery_order(wish: Wish) -> str:
    return _delivery(wish, wish.key)


def delivery_batch(wish: Wish) -> str:
    count, wish.lines, wish.total = wish.lines, 1, 1
    orders = "".join(f"<order>{_delivery(wish, f'{wish.key}-{place + 1}')}</order>" for place in range(count))
    return f"<orders>{orders}</orders>"


def return_order(wish: Wish) -> str:
    sold = wish.known.get("deliveryOrderCode", "FH201605010001")
    return (
        f"<returnOrder><returnOrderCode>{wish.key}</returnOrderCode><ownerCode>HZ0001</ownerCode>"
        f"<warehouseCode>HZCK01</warehouseCode><orderType>THRK</orderType><preDeliveryOrderCode>{sold}</preDeliveryOrderCode>"
        f"<logisticsCode>SF</logisticsCode>{SENDER}</returnOrder>{_lines(wish)}"
    )


def stock_out(wish: Wish) -> str:
    return (
        f"<deliveryOrder>{wish.total_lines()}<deliveryOrderCode>{wish.key}</deliveryOrderCode><orderType>PTCK</orderType>"
        f"<warehouseCode>HZCK01</warehouseCode><ownerCode>HZ0001</ownerCode><createTime>{now()}</createTime>{RECEIVER}"
        f"</deliveryOrder>{_lines(wish)}"
    )


def _item(code: str, name: str) -> str:
    return f"<item><itemCode>{code}</itemCode><itemName>{name}</itemName><barCode>6901234567892</barCode><itemType>ZC</itemType></item>"


def single_item(wish: Wish) -> str:
    action = "update" if wish.want.get("change") else "add"
    name = "明前龙井 250g" if action == "add" else "明前龙井 500g"
    return (
        f"<actionType>{action}</actionType><warehouseCode>HZCK01</warehouseCode><ownerCode>HZ0001</ownerCode>"
        f"{_item(wish.key, name)}"
    )


def items(wish: Wish) -> str:
    rows = "".join(_item(f"{wish.key}-{place + 1}", "龙井") for place in range(wish.lines))
    return f"<actionType>add</actionType><warehouseCode>HZCK01</warehouseCode><ownerCode>HZ0001</ownerCode><items>{rows}</items>"


def combination(wish: Wish) -> str:
    item = wish.item(1)
    item += "" if "<itemId>" in item else "<itemId>WSKU0000001</itemId>"
    return (
        f"<itemCode>{wish.key}</itemCode><ownerCode>HZ0001</ownerCode><items><item>{item}"
        "<quantity>2</quantity></item></items>"
    )


def cancel(wish: Wish) -> str:
    known = f"<orderId>{wish.known['orderId']}</orderId>" if wish.known.get("orderId") else ""
    return (
        f"<warehouseCode>HZCK01</warehouseCode><ownerCode>HZ0001</ownerCode><orderCode>{wish.key}</orderCode>{known}"
        f"<orderType>{wish.known.get('orderType', 'CGRK')}</orderType>"
    )


def pending(wish: Wish) -> str:
    return f"<actionType>{wish.want.get('kind') or 'pending'}</actionType>{cancel(wish)}"


def _page(wish: Wish, name: str = "page") -> str:
    return f"<{name}>{wish.want.get('page', 1)}</{name}><pageSize>20</pageSize>"


def entry_query(wish: Wish) -> str:
    return f"<ownerCode>HZ0001</ownerCode><warehouseCode>HZCK01</warehouseCode><entryOrderCode>{wish.key}</entryOrderCode>{_page(wish)}"


def order_query(wish: Wish) -> str:
    return f"<ownerCode>HZ0001</ownerCode><warehouseCode>HZCK01</warehouseCode><orderCode>{wish.key}</orderCode>{_page(wish)}"


def inventory_query(wish: Wish) -> str:
    return f"<criteriaList><criteria><warehouseCode>HZCK01</warehouseCode>{wish.item(1)}</criteria></criteriaList>"


def stock_query(wish: Wish) -> str:
    return f"<warehouseCode>HZCK01</warehouseCode>{wish.item(1)}{_page(wish)}"


def item_query(wish: Wish) -> str:
    return "<ownerCode>HZ0001</ownerCode><itemCode>SKU20160501</itemCode>"


def status_query(wish: Wish) -> str:
    return f"<ownerCode>HZ0001</ownerCode><startTime>{now()[:10]} 00:00:00</startTime>{_page(wish, 'currentPage')}"


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
        f"<storeType>NORMAL</storeType><mainCategory>{wish.known.get('category', '1001')}</mainCategory><startTime>09:00:00</startTime>"
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
    status = ("X_ALLOCATION_NOTIFIED", "X_COMMODITY_CONFIRM")[min(wish.part, 1)]
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


LETTERS: Mapping[str, Callable[[Wish], str | dict[str, str]]] = {
    "entryorder.create": entry_order,
    "deliveryorder.create": delivery_order,
    "deliveryorder.batchcreate": delivery_batch,
    "returnorder.create": return_order,
    "stockout.create": stock_out,
    "singleitem.synchronize": single_item,
    "items.synchronize": items,
    "combineitem.synchronize": combination,
    "order.cancel": cancel,
    "order.pending": pending,
    "entryorder.query": entry_query,
    "deliveryorder.query": order_query,
    "inventory.query": inventory_query,
    "stock.query": stock_query,
    "singleitem.query": item_query,
    "orderstatus.batchquery": status_query,
    "storeinventory.update": stock_change,
    "storeinventory.initial": stock_change,
    "storeinventory.itemupdate": item_stock_change,
    "store.create": store,
    "storecategory.get": lambda wish: "",
    "itemstore.banding": banding,
    "orderStatus.sync": order_status,
    "alibaba.wdk.stock.publish": publish,
    "alibaba.wdk.sku.scroll.query": scroll,
    "taobao.qimen.storeinventory.itemupdate": top_stock,
}
MOST: Sequence[tuple[str, int]] = (  # how many lines a message of a method may have
    ("alibaba.", 20),
    ("taobao.", 20),
    ("itemstore.", 200),
    ("", 50),
)
