"""What the simulated systems of these tests write: one message for a method, keys and lines as wanted.

Written from the documents, with the standard library only: it shares no code with the suite.
"""

from collections.abc import Callable, Mapping, Sequence

from tests.scenarios.store_letters import (
    banding,
    item_stock_change,
    order_status,
    publish,
    scroll,
    stock_change,
    store,
    top_stock,
)
from tests.scenarios.wish import Wish, now

SENDER = (
    "<senderInfo><name>张三</name><mobile>13800138000</mobile><province>浙江省</province><city>杭州市</city>"
    "<detailAddress>文一西路969号</detailAddress></senderInfo>"
)
PLACE = "<ownerCode>HZ0001</ownerCode><warehouseCode>HZCK01</warehouseCode>"
RECEIVER = SENDER.replace("senderInfo", "receiverInfo")


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
    return (
        f"<item><itemCode>{code}</itemCode><itemName>{name}</itemName><barCode>6901234567892</barCode>"
        "<itemType>ZC</itemType></item>"
    )


def single_item(wish: Wish) -> str:
    action = "update" if wish.want.get("change") else "add"
    name = "明前龙井 250g" if action == "add" else "明前龙井 500g"
    return (
        f"<actionType>{action}</actionType><warehouseCode>HZCK01</warehouseCode><ownerCode>HZ0001</ownerCode>"
        f"{_item(wish.key, name)}"
    )


def items(wish: Wish) -> str:
    rows = "".join(_item(f"{wish.key}-{place + 1}", "龙井") for place in range(wish.lines))
    place = "<warehouseCode>HZCK01</warehouseCode><ownerCode>HZ0001</ownerCode>"
    return f"<actionType>add</actionType>{place}<items>{rows}</items>"


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
    return f"{PLACE}<entryOrderCode>{wish.key}</entryOrderCode>{_page(wish)}"


def order_query(wish: Wish) -> str:
    return f"{PLACE}<orderCode>{wish.key}</orderCode>{_page(wish)}"


def inventory_query(wish: Wish) -> str:
    one = f"<criteria><warehouseCode>HZCK01</warehouseCode>{wish.item(1)}</criteria>"
    return f"<criteriaList>{one}</criteriaList>"


def stock_query(wish: Wish) -> str:
    return f"<warehouseCode>HZCK01</warehouseCode>{wish.item(1)}{_page(wish)}"


def item_query(wish: Wish) -> str:
    return "<ownerCode>HZ0001</ownerCode><itemCode>SKU20160501</itemCode>"


def status_query(wish: Wish) -> str:
    start = f"<startTime>{now()[:10]} 00:00:00</startTime>"
    return f"<ownerCode>HZ0001</ownerCode>{start}{_page(wish, 'currentPage')}"


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
