"""What is sent to an endpoint to see the faults of its state: functions from a Talk to what it hears."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from pytest_qimen import xml
from pytest_qimen.client.clock import CHINA
from tests.reference.endpoint_corpora import (
    LINES,
    PLACE,
    SCROLL,
    TOP_UPDATE,
    Talk,
    ask,
    entry,
    order_lines,
    pages,
    publish,
    row,
)


def state(talk: Talk) -> None:
    pages(talk, "E1")
    entry(talk, "E1", order_lines(3))
    pages(talk, "E1")
    talk.call("entryorder.query", entryOrderCode="none")
    for _ in range(2):
        entry(talk, "E2", order_lines(2), entryOrder__totalOrderLines=4)
        entry(talk, "E2", order_lines(2, 3), entryOrder__totalOrderLines=4)
    pages(talk, "E2")
    talk.call("deliveryorder.create", deliveryOrder__deliveryOrderCode="D1")
    for action in ("pending", "restore"):
        talk.call("order.pending", orderCode="D1", actionType=action)
        talk.call("orderprocess.query", orderCode="D1")
    talk.call("order.pending", orderCode="none")
    talk.call("deliveryorder.query", orderCode="D1")
    _state_of_the_smallest(talk)
    _state_of_lookups(talk)
    for code in ("E1", "none", "E1"):
        talk.call("order.cancel", orderCode=code, orderType="CGRK")
    pages(talk, "E1")
    pages(talk, "E2")
    talk.call("orderprocess.query", orderCode="E1")
    entry(talk, "E1", order_lines(1))
    pages(talk, "E1")
    confirm(talk, "E2", "O1", 5)
    lines = [
        {"itemCode": f"I{number}", "orderLineNo": number, "planQty": 9, "actualQty": 1} for number in (1, 2)
    ]
    key = {"entryOrder__entryOrderCode": "E2", "entryOrder__outBizCode": "O2"}
    talk.call("entryorder.confirm", **key, orderLines__orderLine=lines)
    pages(talk, "E2")
    talk.call("order.cancel", orderCode="E2", orderType="CGRK")
    pages(talk, "E2")
    talk.call("stockchange.report", items__item__itemCode="I9", items__item__quantity=-3)
    talk.call("inventory.query", criteriaList__criteria__itemCode="I9")
    _state_of_things(talk)
    _state_of_batches(talk)
    _state_of_reports(talk)
    _state_of_other_sides(talk)


def _state_of_lookups(talk: Talk) -> None:
    talk.call("storeinventory.iteminitial", **{LINES: [row("N1", -4)], **PLACE})
    talk.call("entryorder.create", entryOrder__entryOrderCode="Abc1")
    other = {"ownerCode": "none"}, {"warehouseCode": "none"}, {"entryOrderId": "none"}
    codes = ({"entryOrderCode": code} for code in ("Abc", "aBC1", "00Abc1", "Abc_", "Abc*"))
    for asked in (*other, *codes):
        talk.call("entryorder.query", **{"entryOrderCode": "Abc1", **asked})
    for sku in ("1", "2"):
        talk.call("itemmapping.create", skuId=sku)
    talk.call("itemmapping.query", skuId="1")


def _state_of_the_smallest(talk: Talk) -> None:
    for code, lacking in (("F1", "ownerCode"), ("F2", "orderType")):
        entry(talk, code, order_lines(1))
        asked = {"orderCode": code, "orderType": "CGRK", "ownerCode": "HZ0001", lacking: None}
        talk.call("order.cancel", **asked)
        pages(talk, code)
    entry(talk, "F3", order_lines(1), entryOrder__orderType=None)
    pages(talk, "F3")
    entry(talk, "F4", order_lines(1))
    talk.call("entryorder.confirm", entryOrder__entryOrderCode="F4", entryOrder__ownerCode=None)
    pages(talk, "F4")


def shown(talk: Talk) -> None:
    """Texts and dates that a query shows wrongly, of two items and of two lines."""
    names = ("1-2", "no", "&amp;lt;", "Ωम", "（Ａ）", "=1+1", "e\u0301", "x" * 41)
    for place, name in enumerate(names):
        item = {"item__itemCode": f"A{place}", "item__itemName": name, "item__color": f"c{place}"}
        talk.call("singleitem.synchronize", **item)
        talk.call("singleitem.query", itemCode=f"A{place}")
    more = {"item__itemCode": "A0", "item__itemName": "x", "item__color": "other"}
    talk.call("singleitem.synchronize", actionType="update", **more)
    talk.call("singleitem.query", itemCode="A0")
    lines = [{**line, "batchCode": line["planQty"], "productDate": "2024-02-29"} for line in order_lines(2)]
    entry(talk, "E1", lines)
    pages(talk, "E1")


def _state_of_things(talk: Talk) -> None:
    talk.call("service.heartbeat", serialNumber="9")
    for action, name in (("add", "a"), ("update", "b")):
        talk.call("singleitem.synchronize", actionType=action, item__itemCode="A1", item__itemName=name)
        talk.call("singleitem.query", itemCode="A1")
    talk.call("inventory.query", criteriaList__criteria__itemCode="A1")
    for code in ("S1", "S2"):
        talk.call("store.create", storeCode=code, address__city="A")
    talk.call("store.update", storeId=1000001, storeName="new", address__city="B")
    talk.call("store.query", storeId=1000001)
    for identity in (1000001, 5):
        talk.call("store.delete", storeId=identity)
    talk.call("store.query", storeId=1000001)
    talk.call("store.create", storeCode="S3")
    talk.call("itemstore.banding", itemId=8, storeIds__storeId=[2])
    for action, store in (("ADD", 1), ("ADD", 2), ("DELETE", 2)):
        talk.call("itemstore.banding", itemId=9, actionType=action, storeIds__storeId=[store, 3])
        for item in (8, 9):
            talk.call("itemstore.query", itemId=item)
    answer = talk.call(SCROLL, ou_code="OU1001")
    while answer is not None and (cursor := answer["result.scroll_id"]) and len(talk.heard) < 200:
        answer = talk.call(SCROLL, ou_code="OU1001", scroll_id=cursor)
    talk.call(SCROLL, ou_code="OU1001", sku_codes="230001")
    talk.call("entryorder.create", entryOrder__orderType="??", entryOrder__entryOrderCode="E7")
    talk.call("entryorder.query", entryOrderCode="E7")


def _state_of_batches(talk: Talk) -> None:
    rows = [{"itemCode": code, "itemType": kind} for code, kind in (("B1", "ZC"), ("B2", "??"), ("B3", "??"))]
    talk.call("items.synchronize", items__item=rows)
    long = [row(f"{'7' * 49}{end}", "abc") for end in "ABC"]
    talk.call("storeinventory.itemupdate", **{LINES: long, **PLACE})
    talk.call("singleitem.query", itemCode="B1")
    talk.call("storeinventory.itemupdate", **{LINES: [row("B1", 1), row("B2", "x"), row("B3", "x")], **PLACE})
    ask(talk)
    lines = [{"item_id": item, "quantity": 3, "inventory_type": "CERTAINTY"} for item in ("5", "6")]
    place = {"stores__warehouse_id": "77", "stores__warehouse_type": "STORE"}
    talk.call(TOP_UPDATE, **place, stores__store_inventories=lines)
    ask(talk)
    talk.call("storeinventory.itemquery", stores__store=[{"warehouseId": place} for place in ("77", "78")])


def _state_of_reports(talk: Talk) -> None:
    for page in (1, 2):
        talk.call("sn.report", currentPage=page, totalPage=2)
        talk.call("orderprocess.report", order__orderCode="D1", process__processStatus="PICK")
    batches = [{"batchCode": code, "actualQty": 1} for code in ("P1", "P2")]
    talk.call(
        "entryorder.confirm", orderLines__orderLine__actualQty=2, orderLines__orderLine__batchs__batch=batches
    )
    talk.call(
        "deliveryorder.create", deliveryOrder__orderType="HHCK", deliveryOrder__preDeliveryOrderCode="D1"
    )
    talk.call("orderstatus.batchquery")
    talk.call("orderstatus.batchquery", endTime="2000-01-02 00:00:00")
    talk.call("orderstatus.batchquery", orderType="QTCK")
    talk.call("orderstatus.batchquery", warehouseCode="none")
    talk.call("singleitem.synchronize", item__barCode="1;2;3")
    talk.call("singleitem.synchronize", item__supplierCode="G1")
    publish(talk, "P1", [("o1", "1")], 1)


def _state_of_other_sides(talk: Talk) -> None:
    for action, nick in (("add", "a"), ("update", "b")):
        talk.call("itemmapping.create", actionType=action, itemId="I1", shopItemId="7", shopNick=nick)
        talk.call("itemmapping.query", itemId="I1", shopItemId="7")
    talk.call("warehouseinfo.synchronize", ownerCode="HZ0001")
    talk.call("warehouseinfo.query")
    talk.call("storecategory.get")
    talk.call("expressinfo.query")
    talk.call("expressinfo.query", expressCode="SF")
    answer = talk.call("transferorder.create")
    code = answer["transferExecuteInfo.transferOrderCode"] if answer is not None else "none"
    for _ in range(2):
        talk.call("transferorder.query", transferOrderCode=code)
        talk.call("transferorder.report", transferOrderCode=code, orderStatus="40")
    talk.call("transferorder.query", transferOrderCode="TO-NONE")


def confirm(talk: Talk, code: str, key: str, quantity: int) -> None:
    talk.call(
        "entryorder.confirm",
        entryOrder__entryOrderCode=code,
        entryOrder__outBizCode=key,
        entryOrder__status="FULFILLED",
        orderLines__orderLine=[{"itemCode": "I1", "orderLineNo": 1, "actualQty": quantity}],
    )


def idempotency(talk: Talk) -> None:
    write(talk, "iteminitial", [row("A1", 10), row("A2", 3, "6")])
    for bill, quantity in (("B1", -4), ("B1", -4), ("b1", 1), ("B1", 5)):
        write(talk, "itemupdate", [row(bill, quantity)])
        ask(talk)
    write(talk, "itemupdate", [row("C1", 1), row("C1", 1), row("C2", 1, "6")])
    write(talk, "itemupdate", [row("LONGPREFIX1", 1), row("LONGPREFIX2", 1)])
    write(talk, "itemupdate", [row("B1", 2)], stores__store__warehouseId="78")
    write(talk, "itemupdate", [row("B0", 0)])
    write(talk, "itemupdate", [row("B9", -100)])
    write(talk, "update", [{**row("B1", 3), "scItemId": 5}])
    ask(talk)
    ask(talk, "78")
    write(talk, "itemupdate", [row("B7", 1)], stores__store__warehouseId="78")
    write(talk, "itemupdate", [row("B1", -4)])
    for bill in ("x" * 45 + "1", "x" * 45 + "2", "0012", "12"):
        write(talk, "itemupdate", [row(bill, 1)])
    ask(talk)
    write(talk, "iteminitial", [row("A3", 5)])
    write(talk, "itemupdate", [row("A3", 5)])
    ask(talk)
    for bill in ("J1", "J1"):
        talk.call(
            "storeinventory.itemadjust",
            inventoryAdjustInfo__billNum=bill,
            inventoryAdjustInfo__adjustType="STS",
            inventoryAdjustInfo__originalWarehouseId="77",
            inventoryAdjustInfo__targetWarehouseId="78",
            inventoryAdjustInfo__itemId=5,
            inventoryAdjustInfo__inventoryType="CERTAINTY",
            inventoryAdjustInfo__quantity=3,
        )
    ask(talk)
    ask(talk, "78")
    _idempotent_documents(talk)


def state_end(talk: Talk) -> None:
    """Whether the clock of the endpoint tells the time of China."""
    told = xml.get(talk.client.call("service.heartbeat").root, "message") or ""
    try:
        gap = datetime.now(CHINA).replace(tzinfo=None) - datetime.fromisoformat(told)
    except ValueError:
        talk.heard.append(f"no time: {told}")
    else:
        talk.heard.append(f"within the hour: {abs(gap) < timedelta(hours=1)}")


def idempotency_end(talk: Talk) -> None:
    """What cannot be said twice in the same bytes: a race, and a look at what no answer tells."""
    race(talk)
    store = talk.client.endpoint.store
    with store.lock:  # no answer of the gateway tells a quantity
        talk.heard.append(json.dumps(store.db.execute("select * from published order by sku").fetchall()))


def _idempotent_documents(talk: Talk) -> None:
    talk.call("storeprocess.create", processOrderCode="C1")
    talk.call("order.cancel", orderCode="C1", orderType="CNJG")
    talk.call("deliveryorder.batchcreate", orders__order=[{"deliveryOrder.deliveryOrderCode": "D8"}] * 2)
    talk.call("deliveryorder.query", orderCode="D8")
    for start in (1, 1, 3):
        entry(talk, "E4", order_lines(2, start), entryOrder__totalOrderLines=4)
    pages(talk, "E4")
    for _ in range(2):
        entry(talk, "E1", order_lines(2))
        confirm(talk, "E1", "O1", 5)
        for quantity in (5, 2):
            talk.call(
                "stockchange.report",
                items__item=[
                    {
                        "itemCode": "I9",
                        "inventoryType": "ZP",
                        "quantity": quantity,
                        "outBizCode": f"K{quantity}",
                    }
                ],
            )
        talk.call("deliveryorder.batchconfirm", orders__order__orderLines__orderLine__actualQty=2)
        pages(talk, "E1")
        talk.call("stock.query", itemCode=None, inventoryType=None)
        publish(talk, "P1", [("o1", "1.5")])
        publish(talk, "P2", [("o2", "-1")])
        publish(talk, "P3", [("o1", "2")])
        publish(talk, "P5", [("o6", "1"), ("o7", "3"), ("o7", "3")])
        publish(talk, "P4", [("o4", "5")], 2)
    publish(talk, "P1", [("o5", "7")])
    publish(talk, "P6", [("o8", "7")], 1, sku="K2")
    talk.call("storeinventory.query", **{LINES: [{"scItemId": 5, "outerId": "O"}], **PLACE})


def race(talk: Talk) -> None:
    """Eight copies of a request at once, and eight different ones; only the sums are heard."""
    for bills in (["R1"] * 8, [f"R1{number}" for number in range(8)]):
        racers = [(talk.client.twin(), bill) for bill in bills]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_increment, racers))
        for racer, _ in racers:
            racer.connection.close()
        ask(talk)


def _increment(racer: tuple[Any, str]) -> None:
    client, bill = racer
    message = client.message("storeinventory.itemupdate", **{LINES: [row(bill, 1)], **PLACE})
    client.send_message("storeinventory.itemupdate", message)


def write(talk: Talk, method: str, rows: list[dict[str, object]], **edits: object) -> None:
    talk.call(f"storeinventory.{method}", **{LINES: rows, **PLACE, **edits})
