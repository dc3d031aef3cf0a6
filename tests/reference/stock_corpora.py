"""What is sent to an endpoint to see its faults about stock, scrolls of items and confirmations."""

from tests.reference.endpoint_corpora import LINES, PLACE, SCROLL, Talk, row


def scrolls(talk: Talk) -> None:
    """Pages to the end, of a store and of a category; items by their codes; two scrolls in turns."""
    for asked in ({"ou_code": "OU1001"}, {"ou_code": "HZMD001", "merchant_cat_code": "LB0101"}):
        answer = talk.call(SCROLL, **asked)
        while answer is not None and (cursor := answer["result.scroll_id"]) and len(talk.heard) < 50:
            answer = talk.call(SCROLL, **asked, scroll_id=cursor)
    talk.call(SCROLL, ou_code="OU1001", sku_codes="230001,230002")
    talk.call(SCROLL, ou_code="none", sku_codes="230001")
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
    for item in ("1", "2", "3", f"{10**17}"):
        talk.call("storeinventory.query", **{LINES: [{"scItemId": item, "outerId": "O"}], **PLACE})


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
