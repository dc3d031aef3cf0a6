"""Confirmations, stock, reports and queries."""

import pytest

from pytest_qimen import xml
from pytest_qimen.reference.database import now
from tests.reference.endpoint_client import Client
from tests.reference.warehouse_calls import CURIOUS, confirm, entry, entry_page, lines


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
