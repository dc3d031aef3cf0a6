"""What is sent to an endpoint to see its faults about stock, scrolls of items and confirmations."""

import json

from pytest_qimen import xml
from tests.reference.endpoint_corpora import DTO, LINES, PLACE, PUBLISH, SCROLL, TOP_UPDATE, Talk, row


def scrolls(talk: Talk) -> None:
    """Pages to the end, of a store and of a category; items by their codes; two scrolls in turns."""
    for asked in ({"ou_code": "OU1001"}, {"ou_code": "HZMD001", "merchant_cat_code": "LB0101"}):
        answer = talk.call(SCROLL, **asked)
        while answer is not None and (cursor := answer["result.scroll_id"]) and len(talk.heard) < 50:
            answer = talk.call(SCROLL, **asked, scroll_id=cursor)
    talk.call(SCROLL, ou_code="OU1001", sku_codes="230001,230002")
    talk.call(SCROLL, ou_code="none", sku_codes="230001")
    talk.call(SCROLL, ou_code="OU1001", scroll_id="none")
    first, second = (talk.call(SCROLL, ou_code="OU1001") for _ in range(2))
    for answer in (second, first):
        talk.call(SCROLL, ou_code="OU1001", scroll_id=answer["result.scroll_id"] if answer else "1")


def stocks(talk: Talk) -> None:
    """Stock that is set to 0, changed with a final quantity, and numbers beyond 53 bits."""
    numbers = iter(range(100))

    def write(method: str, item: str, quantity: object, **more: object) -> None:
        line = {**row(f"S{next(numbers)}", quantity), "scItemId": item, **more}
        talk.call(f"storeinventory.{method}", **{LINES: [line], **PLACE})

    for item, quantity in (("1", 4), ("1", 0), ("2", 4), ("3", 2**53 + 1), (f"{10**17 + 1}", 5)):
        write("initial", item, quantity)
    write("update", "2", 3, finalQuantity=7)
    write("update", "2", -9)
    write("update", "2", "x")
    talk.call("storeinventory.query", userId=7, **{LINES: [{"scItemId": "2", "outerId": "O"}], **PLACE})
    talk.call(
        "storeinventory.query",
        userId=3012345678 + 2**32,
        **{LINES: [{"scItemId": "2", "outerId": "O"}], **PLACE},
    )
    talk.call("storeinventory.adjust", inventoryAdjustInfo__adjustType="WTW")
    for item in ("1", "2", "3", f"{10**17}"):
        talk.call("storeinventory.query", **{LINES: [{"scItemId": item, "outerId": "O"}], **PLACE})
    write("iteminitial", "1", 1, itemId=2**53 + 1, outerId="O")
    line = {**TOP_LINE, "item_id": 2**53 + 1}
    place = {"warehouse_type": "STORE", "warehouse_id": "77", "store_inventories": [line]}
    talk.top(TOP_UPDATE, {"operation_time": "2016-05-01 10:00:00", "stores": json.dumps([place])})
    talk.call("storeinventory.itemquery", **{LINES: [{"itemId": 2**53 + 1, "outerId": "O"}], **PLACE})
    talk.call("storeinventory.itemupdate", **{LINES: [row(f"H{n}", 1) for n in range(101)], **PLACE})
    talk.call(
        "storeinventory.itemupdate", **{LINES: [{**row("HX", -1), "billType": "TAOBAO_EXCLUDED"}], **PLACE}
    )
    asked = {LINES: [{"itemId": "5", "outerId": "O"}]}
    three = {LINES: [{"itemId": item, "outerId": "O"} for item in ("1", "2", "5")]}
    talk.call("storeinventory.itemquery", **three, **PLACE)
    talk.call("storeinventory.itemquery", **asked, **PLACE)
    for house in ("07a", "7a", "07A"):
        place = {"stores__store__warehouseType": "WAREHOUSE", "stores__store__warehouseId": house}
        talk.call(
            "storeinventory.iteminitial", **{LINES: [row(f"H{house}", ord(house[-1]) + len(house))], **place}
        )
        talk.call("storeinventory.itemquery", **asked, **{**place, "stores__store__warehouseId": "07a"})
    talk.top(PUBLISH, {DTO: published("abc")})
    talk.top(PUBLISH, {DTO: published("1", "2")})


TOP_LINE = {
    **{"bill_num": "T1", "bill_type": "BALANCE", "item_id": 5, "outer_id": "O"},
    **{"inventory_type": "CERTAINTY", "quantity": 2},
}


def published(*quantities: str) -> str:
    """The publication of so many lines with one order number."""
    line = {"sku_code": "1", "order_no": "O" * 20, "order_type": "1", "order_desc": "x"}
    return json.dumps(
        {
            **{
                "update_type": 2,
                "bill_no": f"B{len(quantities):020}",
                "bill_type": 9001,
                "publish_source": "RT",
            },
            **{"warehouse_code": "W", "shop_code": "S", "channel_source_id": "1", "operator": "x"},
            "channel_source_type": 4,
            "stock_publish_dtos": [{**line, "quantity": one} for one in quantities],
        }
    )


def stores(talk: Talk) -> None:
    """A store under a new code, one that is not there, refused links, and a store that is deleted."""
    talk.call("store.create", storeCode="7111")
    talk.call("store.query", storeId="7111")
    answer = talk.call("store.create", storeCode="S1")
    store = answer["storeId"] if answer is not None else "1"
    for identity in (store, "999"):
        talk.call("store.update", storeId=identity, storeCode="S2")
    talk.call("itemstore.banding", itemId=5, storeIds__storeId=[store, "999"])
    talk.call("itemstore.query", itemId=5)
    for item in range(100, 151):
        talk.call("itemstore.banding", itemId=item, storeIds__storeId=[store])
    talk.call("storeitem.query", storeId=store)
    talk.call("store.update", storeId=store, storeCode="S1", storeKeeper__zipCode="1", storeKeeper__fax="2")
    talk.call("store.query", storeId=store)
    talk.call("storeitem.query", storeId=store)
    talk.call("store.delete", storeId=store)
    talk.call("itemstore.query", itemId=5)


def overlooked(talk: Talk) -> None:
    """A second line that is wrong, the longest text with an ampersand, and a key called like a field."""
    lines = [{"itemCode": code, "orderLineNo": number, "planQty": 1} for number, code in enumerate("ab", 1)]
    for before in (1, 11):
        wrong = {**lines[1], "itemCode": "x" * 51}
        talk.call("entryorder.create", orderLines__orderLine=[*lines[:1] * before, wrong])
    _broken_in_the_second(talk)
    talk.call("store.create", storeName=f"{'x' * 49}&")
    talk.call("entryorder.create", extendProps__purchaseOrderCode="y", entryOrder__extendProps__ownerCode="y")
    talk.call("entryorder.query", entryOrderCode="RK201605010001")


def _broken_in_the_second(talk: Talk) -> None:
    """Two changes, of which the second tells more than its lots add up to."""
    lots = [{"batchCode": "A", "quantity": 2}]
    edits = {"items__item__batchs__batch": lots, "items__item__quantity": 2}
    message = talk.client.message("stockchange.report", **edits)
    xml.put(xml.repeat(message, "items.item[]", 2)[1], "quantity", "3")
    talk.send_message("stockchange.report", message)


def confirmed(talk: Talk) -> None:
    """A stock-out order with lots and parcels, a step, stock in lots of another kind, batches."""
    name = "deliveryOrder__deliveryOrderCode"
    line = {"itemCode": "I1", "orderLineNo": 1}
    talk.call("stockout.create", **{name: "C1"}, orderLines__orderLine=[{**line, "planQty": 9}])
    lots = [{"batchCode": lot, "actualQty": quantity} for lot, quantity in (("A", 1), ("B", 2))]
    for number, house in (("N1", ""), ("N1", "HZCK01"), ("", "HZCK01"), ("", "HZCK01")):
        talk.call(
            "stockout.confirm",
            **{name: "C1", "deliveryOrder__outBizCode": number, "deliveryOrder__warehouseCode": house},
            deliveryOrder__orderConfirmTime="2016-05-03 14:00:00",
            orderLines__orderLine__itemCode="I1",
            orderLines__orderLine__actualQty=3,
            orderLines__orderLine__batchs__batch=lots,
            packages__package__expressCode=f"P{number}",
        )
        talk.call("stockout.query", deliveryOrderCode="C1")
    edits = {"process__processStatus": "PICK", "process__operateTime": "2016-05-03 14:00:00"}
    talk.call("orderprocess.report", order__orderCode="C1", **edits)
    parts = [{"batchCode": "A", "quantity": 2, "inventoryType": "CC"}]
    edits = {"items__item__itemCode": "C1", "items__item__quantity": 2, "items__item__batchs__batch": parts}
    talk.call("stockchange.report", **edits)
    talk.call("stock.query", itemCode="C1")
    line = {"orderLines__orderLine__itemCode": "C1", "orderLines__orderLine__actualQty": 2}
    parts = [{"batchCode": "A", "actualQty": 2, "inventoryType": "CC"}]
    talk.call("entryorder.confirm", **line, orderLines__orderLine__batchs__batch=parts)
    talk.call("stock.query", itemCode="C1")
    items = [{"itemCode": f"B{n}", "itemName": "x", "itemType": "ZC", "barCode": "1"} for n in range(21)]
    talk.call("items.synchronize", items__item=items)
    talk.call("singleitem.query", itemCode="B20")
    lines = [{**line, "ownerCode": "HZ0001", "actualPrice": 1, "planQty": 1}] * 2
    talk.call(
        "deliveryorder.batchcreate",
        orders__order__deliveryOrder__deliveryOrderCode="C2",
        orders__order__orderLines__orderLine=lines,
    )
    talk.call("deliveryorder.query", orderCode="C2")
