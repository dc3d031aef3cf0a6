"""Items, documents and their states."""

from tests.reference.endpoint_client import Client
from tests.reference.warehouse_calls import CURIOUS, confirm, entry, entry_page, lines


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
