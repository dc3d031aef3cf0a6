"""The warehouse's memory over real HTTP: items, orders, pages, parts, ends, batches, history, transfers."""

import pytest
from endpoint_client import Answer, Client

from pytest_qimen import xml
from pytest_qimen.reference.database import now

CURIOUS = "  中文 😀 & <b> \"'\\%+ \u00e9  x"


def lines(count: int, start: int = 1) -> list[dict[str, object]]:
    return [
        {"orderLineNo": number, "itemCode": f"I{number}", "planQty": number}
        for number in range(start, start + count)
    ]


def entry(client: Client, code: str, rows: list[dict[str, object]], **edits: object) -> Answer:
    return client.call(
        "entryorder.create", entryOrder__entryOrderCode=code, orderLines__orderLine=rows, **edits
    )


def entry_page(client: Client, code: str, page: int = 1, size: int = 100) -> Answer:
    return client.call("entryorder.query", entryOrderCode=code, page=page, pageSize=size)


def test_item_is_kept_and_updated(client: Client) -> None:
    made = client.call("singleitem.synchronize", item__itemName=CURIOUS, item__itemCode="A1")
    asked = client.call("singleitem.query", itemCode="A1")
    assert (asked["item.itemName"], asked["item.itemId"]) == (CURIOUS, made["itemId"])
    again = client.call(
        "singleitem.synchronize", actionType="update", item__itemName="n", item__itemCode="A1"
    )
    assert again["itemId"] == made["itemId"]
    assert client.call("singleitem.query", itemCode="A1")["item.itemName"] == "n"
    assert not client.call("singleitem.query", itemCode="A2").ok
    assert not client.call("singleitem.query", itemCode="A1", ownerCode="other").ok


def test_batch_of_items_lists_the_bad_one(client: Client) -> None:
    rows = [{"itemCode": code, "itemType": kind} for code, kind in (("B1", "ZC"), ("B2", "??"), ("B3", "ZC"))]
    answer = client.call("items.synchronize", items__item=rows)
    assert not answer.ok
    assert answer.all("items.item[].itemCode") == ["B2"]
    assert [client.call("singleitem.query", itemCode=f"B{number}").ok for number in (1, 2, 3)] == [
        *(True, False, True)
    ]


def test_item_mappings(client: Client) -> None:
    for sku in ("1", "2"):
        assert client.call("itemmapping.create", itemId="I", shopItemId="S", skuId=sku, shopNick=CURIOUS).ok
    query = {"itemId": "I", "shopItemId": "S"}
    assert len(client.call("itemmapping.query", **query).all("itemMappings.itemMapping[].skuId")) == 2
    one = client.call("itemmapping.query", **query, skuId="2")
    assert one.all("itemMappings.itemMapping[].shopNick") == [CURIOUS]
    assert (
        client.call("itemmapping.query", itemId="I", shopItemId="T").all("itemMappings.itemMapping[]") == []
    )


def test_pages(client: Client) -> None:
    entry(client, "E1", lines(7))
    pages = [entry_page(client, "E1", page, 3) for page in (1, 2, 3, 4)]
    assert [page["totalLines"] for page in pages] == ["7"] * 4
    found = [page.all("orderLines.orderLine[].orderLineNo") for page in pages]
    assert found == [["1", "2", "3"], ["4", "5", "6"], ["7"], []]
    assert not entry_page(client, "E1", 0).ok
    assert not entry_page(client, "E1", 1, 101).ok
    assert not entry_page(client, "E2").ok


def test_replayed_document_has_one_effect(client: Client) -> None:
    first = entry(client, "E1", lines(2))
    again = entry(client, "E1", lines(2))
    assert first["entryOrderId"] == again["entryOrderId"]
    assert entry_page(client, "E1")["totalLines"] == "2"


def test_document_in_parts(client: Client) -> None:
    total = {"entryOrder__totalOrderLines": 5}
    assert entry(client, "E1", lines(2), **total).ok
    assert entry(client, "E1", lines(2), **total).ok  # a replay of the first part
    assert entry_page(client, "E1")["totalLines"] == "2"
    assert not entry(client, "E1", lines(4, 3), **total).ok  # six of five: nothing of it stays
    assert entry_page(client, "E1")["totalLines"] == "2"
    assert entry(client, "E1", lines(3, 3), **total).ok
    assert entry(client, "E1", lines(1, 6), **total).ok  # complete: nothing more is taken
    assert entry_page(client, "E1").all("orderLines.orderLine[].orderLineNo") == ["1", "2", "3", "4", "5"]


def test_cancel(client: Client) -> None:
    entry(client, "E1", lines(1))
    cancel = {"orderCode": "E1", "orderType": "CGRK"}
    assert entry_page(client, "E1")["entryOrder.status"] == "NEW"
    assert client.call("order.cancel", **cancel, cancelReason=CURIOUS).ok
    assert client.call("order.cancel", **cancel).ok
    assert entry_page(client, "E1")["entryOrder.status"] == "CANCELED"
    history = client.call("orderprocess.query", orderCode="E1", orderType="CGRK")
    assert history.all("orderProcess.processes.process[].processStatus") == ["NEW", "CANCELED"]
    assert history.all("orderProcess.processes.process[].operateInfo") == [CURIOUS]
    assert not client.call("order.cancel", orderCode="E2").ok
    assert not client.call("order.pending", orderCode="E1").ok


def test_finished_is_not_cancelled(client: Client) -> None:
    entry(client, "E1", lines(1))
    confirm(client, "E1", "O1", [1])
    assert entry_page(client, "E1")["entryOrder.status"] == "FULFILLED"
    assert not client.call("order.cancel", orderCode="E1", orderType="CGRK").ok


def test_pending_and_restore(client: Client) -> None:
    client.call("deliveryorder.create", deliveryOrder__deliveryOrderCode="D1")
    for action in ("pending", "pending", "restore"):
        assert client.call("order.pending", orderCode="D1", actionType=action, reason="r").ok
    history = client.call("orderprocess.query", orderCode="D1")
    assert history.all("orderProcess.processes.process[].operateInfo") == ["pending r", "restore r"]
    assert not client.call("order.pending", orderCode="D1", actionType="stop").ok
    assert not client.call("order.pending", orderCode="D2").ok


def confirm(
    client: Client, code: str, key: str, quantities: list[int], kind: int = 0, **edits: object
) -> Answer:
    rows = [
        {"itemCode": f"I{number}", "orderLineNo": number, "actualQty": quantity}
        for number, quantity in enumerate(quantities, 1)
    ]
    values = {
        "entryOrder__entryOrderCode": code,
        "entryOrder__outBizCode": key,
        "entryOrder__confirmType": kind,
        "entryOrder__status": "FULFILLED" if kind == 0 else "PARTFULFILLED",
        "entryOrder__ownerCode": "HZ0001",
        **edits,
    }
    return client.call("entryorder.confirm", orderLines__orderLine=rows, **values)


def stock(client: Client, item: str) -> dict[str, int]:
    answer = client.call("inventory.query", criteriaList__criteria=[{"itemCode": item}])
    kinds, quantities = (answer.all(f"items.item[].{name}") for name in ("inventoryType", "quantity"))
    return dict(zip(kinds, map(int, quantities), strict=True))


def test_confirms_are_increments_and_counted_once(client: Client) -> None:
    entry(client, "E1", lines(2))
    for key, kind in (("O1", 1), ("O1", 1), ("O2", 1), ("O3", 0)):
        assert confirm(client, "E1", key, [2, 3], kind).ok
    found = entry_page(client, "E1")
    assert found.all("orderLines.orderLine[].actualQty") == ["6", "9"]
    assert found["entryOrder.status"] == "FULFILLED"
    assert (stock(client, "I1"), stock(client, "I2")) == ({"ZP": 6}, {"ZP": 9})
    assert confirm(client, "unknown", "O4", [1]).ok


def test_confirm_in_parts(client: Client) -> None:
    for key in ("L1", "L1", "L2"):
        values = {"entryOrder__totalOrderLines": 2, "orderLines__orderLine__outBizCode": key}
        assert confirm(client, "E1", "O1", [5], 1, **values).ok
    assert stock(client, "I1") == {"ZP": 10}


def test_batches_book_their_own_kinds(client: Client) -> None:
    message = client.message("entryorder.confirm", entryOrder__ownerCode="HZ0001")
    line = xml.find(message, "orderLines.orderLine")[0]
    xml.put(line, "itemCode", "I1")
    xml.put(line, "actualQty", "5")
    for batch, quantity, kind in zip(xml.repeat(line, "batchs.batch[]", 2), "23", ("ZP", "CC"), strict=True):
        xml.put(batch, "actualQty", quantity)
        xml.put(batch, "inventoryType", kind)
    assert client.send_message("entryorder.confirm", message).ok
    assert stock(client, "I1") == {"ZP": 2, "CC": 3}
    xml.put(line, "actualQty", "6")  # the batches no longer add up
    assert not client.send_message("entryorder.confirm", message).ok


def test_signed_changes(client: Client) -> None:
    for key, quantity in (("K1", 5), ("K2", -8), ("K2", -8), ("K3", 0)):
        assert client.call(
            "stockchange.report",
            items__item__outBizCode=key,
            items__item__itemCode="I1",
            items__item__inventoryType="ZP",
            items__item__quantity=quantity,
        ).ok
    assert stock(client, "I1") == {"ZP": -3}


def test_stock_knows_items_without_stock(client: Client) -> None:
    assert stock(client, "A1") == {}
    client.call("singleitem.synchronize", item__itemCode="A1")
    assert stock(client, "A1") == {"ZP": 0}
    found = client.call("stock.query", itemCode="A1", ownerCode=None, inventoryType=None, warehouseCode=None)
    assert (found["totalCount"], found["items.item.quantity"]) == ("1", "0")


def test_count_is_reported_and_queried(client: Client) -> None:
    query = {"checkOrderCode": "C1", "page": 1, "pageSize": 2}
    assert not client.call("inventorycheck.query", **query).ok
    rows = [{"itemCode": f"I{number}", "quantity": number - 2} for number in (1, 2, 3)]
    for _ in range(2):
        assert client.call("inventory.report", checkOrderCode="C1", outBizCode="O1", items__item=rows).ok
    found = client.call("inventorycheck.query", **query)
    assert (found["totalLines"], found.all("items.item[].quantity")) == ("3", ["-1", "0"])
    assert stock(client, "I1") == {"ZP": -1}


def test_lack(client: Client) -> None:
    query = {"deliveryOrderCode": "D1"}
    assert not client.call("itemlack.query", **query).ok
    client.call("deliveryorder.create", deliveryOrder__deliveryOrderCode="D1")
    assert client.call("itemlack.query", **query)["totalLines"] == "0"
    for _ in range(2):
        client.call("itemlack.report", deliveryOrderCode="D1", outBizCode="O1", items__item__reason=CURIOUS)
    found = client.call("itemlack.query", **query)
    assert (found["totalLines"], found["items.item.reason"]) == ("1", CURIOUS)


def test_batch_of_orders(client: Client) -> None:
    rows = [
        {"deliveryOrder.deliveryOrderCode": code, "deliveryOrder.orderType": kind}
        for code, kind in (("D1", "JYCK"), ("D2", "HHCK"), ("D3", "??"), ("D4", "JYCK"), ("D1", "JYCK"))
    ]
    answer = client.call("deliveryorder.batchcreate", orders__order=rows)
    assert not answer.ok
    assert answer.all("orders.order[].deliveryOrderCode") == ["D2", "D3"]
    found = [client.call("deliveryorder.query", orderCode=f"D{number}") for number in (1, 2, 3, 4)]
    assert [one.ok for one in found] == [True, False, False, True]
    assert found[0]["totalLines"] == "1"


def test_delivery_is_confirmed_with_parcels(client: Client) -> None:
    client.call(
        "deliveryorder.create", deliveryOrder__deliveryOrderCode="D1", deliveryOrder__ownerCode="HZ0001"
    )
    for _ in range(2):
        answer = client.call(
            "deliveryorder.confirm",
            "full",
            deliveryOrder__deliveryOrderCode="D1",
            deliveryOrder__status="DELIVERED",
            packages__package__expressCode=CURIOUS[:50],
            orderLines__orderLine__actualQty=2,
            orderLines__orderLine__batchs=None,
        )
        assert answer.ok
    found = client.call("deliveryorder.query", orderCode="D1")
    assert found["packages.package.expressCode"] == CURIOUS[:50]
    assert (found["deliveryOrder.status"], found["orderLines.orderLine.actualQty"]) == ("DELIVERED", "2")


def test_statuses_by_time(client: Client) -> None:
    start = now()
    for number in range(5):
        entry(client, f"E{number}", lines(1))
    query = {"ownerCode": "HZ0001", "startTime": start, "endTime": "2099-01-01 00:00:00", "pageSize": 2}
    pages = [client.call("orderstatus.batchquery", **query, currentPage=page) for page in (1, 2, 3, 4)]
    codes = [page.all("orders.order[].orderCode") for page in pages]
    assert codes == [["E0", "E1"], ["E2", "E3"], ["E4"], []]
    assert {page["totalPage"] for page in pages} == {"3"}
    none = {**query, "startTime": "2098-01-01 00:00:00", "currentPage": 1}
    assert client.call("orderstatus.batchquery", **none)["totalPage"] == "0"


def test_warehouse_reports_a_step(client: Client) -> None:
    client.call("deliveryorder.create", deliveryOrder__deliveryOrderCode="D1")
    report = {"order__orderCode": "D1", "process__processStatus": "PICK", "process__operatorName": "张三"}
    assert client.call("orderprocess.report", **report).ok
    history = client.call("orderprocess.query", orderCode="D1")
    assert history.all("orderProcess.processes.process[].operatorName") == ["张三"]
    assert client.call("orderprocess.report", order__orderCode="unknown").ok


def test_processing(client: Client) -> None:
    made = [client.call("storeprocess.create", processOrderCode="P1")["processOrderId"] for _ in range(2)]
    assert made[0] == made[1]
    for _ in range(2):
        assert client.call(
            "storeprocess.confirm",
            processOrderCode="P1",
            outBizCode="O1",
            materialitems__item__itemCode="M",
            materialitems__item__quantity=6,
            productitems__item__itemCode="P",
            productitems__item__quantity=2,
        ).ok
    assert (stock(client, "M"), stock(client, "P")) == ({"ZP": -6}, {"ZP": 2})


def test_transfers(client: Client) -> None:
    create = [client.call("transferorder.create", erpOrderCode="T1") for _ in range(2)]
    code = create[0]["transferExecuteInfo.transferOrderCode"]
    assert code == create[1]["transferExecuteInfo.transferOrderCode"]
    found = client.call("transferorder.query", transferOrderCode=code)
    items = "transferOrderDetail.items.item"
    assert (found[f"{items}.outCount"], found["transferOrderDetail.orderStatus"]) == ("0", "0")
    item = {"scItemCode": found[f"{items}.scItemCode"], "inventoryType": found[f"{items}.inventoryType"]}
    moved = [{**item, "outCount": 3, "inCount": 2}]
    report = {"transferOrderCode": code, "erpOrderCode": "T1", "orderStatus": "20", "items__item": moved}
    assert client.call("transferorder.report", "full", **report).ok
    found = client.call("transferorder.query", transferOrderCode=code)
    assert (found[f"{items}.outCount"], found[f"{items}.inCount"]) == ("3", "2")
    assert not client.call("transferorder.query", transferOrderCode="none").ok


def test_warehouses_couriers_heartbeat(client: Client) -> None:
    client.call("warehouseinfo.synchronize", "full", ownerCode="W1", ownerName=CURIOUS)
    found = client.call("warehouseinfo.query", ownerCode="W1")
    assert found["ownerName"] == CURIOUS
    assert found["warehouseInfos.WarehouseInfos.warehouseCode"]
    assert client.call("warehouseinfo.query", ownerCode="W2")["warehouseInfos"] is None
    assert client.call("expressinfo.query", expressCode="SF")["expressInfos.expressInfo.status"] == "1"
    before = now()
    beat = client.call("service.heartbeat", serialNumber="S9")
    assert before <= (beat["message"] or "") <= now()
    assert beat["code"] == "S9"


def test_sums(client: Client) -> None:
    for code in ("D1", "D2"):
        client.call("deliveryorder.create", deliveryOrder__deliveryOrderCode=code)
    client.call("order.cancel", orderCode="D1")
    found = client.call("deliveryordersum.query", ownerCode="HZ0001", warehouseCode=None)
    assert [found[name] for name in ("downloadQty", "cancelQty", "effectQty")] == ["2", "1", "1"]
    client.call("singleitem.synchronize", item__itemCode="A1", item__itemName="龙井")
    confirm(client, "E1", "O1", [4])
    rows = client.call("inventorysum.query", ownerCode="HZ0001", page=1, pageSize=10, itemName="井")
    assert rows.all("items.item[].itemName") == ["龙井"]


@pytest.mark.parametrize("method", ["stockout", "returnorder"])
def test_other_orders(client: Client, method: str) -> None:
    group = {"stockout": "deliveryOrder", "returnorder": "returnOrder"}[method]
    codes = {f"{group}__{group}Code": "X1"}
    ids = {client.call(f"{method}.create", **codes)[f"{group}Id"] for _ in range(2)}
    assert len(ids) == 1
    for _ in range(2):
        confirm = {**codes, f"{group}__outBizCode": "O1", "orderLines__orderLine__actualQty": 3}
        assert client.call(f"{method}.confirm", **confirm).ok
    found = client.call(f"{method}.query", **{f"{group}Code": "X1"})
    assert found["orderLines.orderLine.actualQty"] == "3"
    assert found["totalLines"] == "1"
