"""The store platform's and the gateway's memory over real HTTP: stores, bandings, stock, publishing."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.reference.endpoint_client import Answer, Client, Connect

LINES = "stores__store__storeInventories__storeInventory"
PLACE = {"stores__store__warehouseType": "STORE", "stores__store__warehouseId": "77"}
CURIOUS = "  中文 😀 & <b> \"'  x"


def write(client: Client, method: str, rows: list[dict[str, object]], **edits: object) -> Answer:
    return client.call(f"storeinventory.{method}", **{LINES: rows, **PLACE, **edits})


def row(bill: str, quantity: object, item: str = "5") -> dict[str, object]:
    return {"billNum": bill, "itemId": item, "inventoryType": "CERTAINTY", "quantity": quantity}


def quantity(client: Client, item: str = "5", **edits: object) -> str | None:
    rows = [{"itemId": item, "outerId": "O"}]
    answer = client.call("storeinventory.itemquery", **{LINES: rows, **PLACE, **edits})
    path = "stores.store.storeInventories.storeInventory.quantityDetails.quantityDetail.quantity"
    return answer[path]


def told(answer: Answer) -> list[tuple[str, str]]:
    names = answer.all("errorDescriptions.error[].failedBillNum")
    return list(zip(names, answer.all("errorDescriptions.error[].description"), strict=True))


def test_store_life(client: Client) -> None:
    made = client.call("store.create", storeName=CURIOUS, storeCode="S1")["storeId"] or ""
    assert made.isdigit()
    assert client.call("store.create", storeCode="S1")["storeId"] == made
    assert client.call("store.create", storeCode="S2")["storeId"] != made
    assert client.call("store.query", storeId=made)["storeName"] == CURIOUS
    assert client.call("store.update", storeId=made, storeName="n", storeCode="S1").ok
    assert client.call("store.query", storeId=made)["storeName"] == "n"
    assert client.call("store.delete", storeId=made).ok
    for method in ("query", "update", "delete"):
        assert not client.call(f"store.{method}", storeId=made).ok
    assert client.call("store.create", storeCode="S1")["storeId"] != made


def test_categories(client: Client) -> None:
    assert json.loads(client.call("storecategory.get")["storeCategory"] or "")["categories"]


def test_banding(client: Client) -> None:
    for action, stores in (("ADD", range(1, 201)), ("ADD", [1]), ("DELETE", [2, 999])):
        assert client.call(
            "itemstore.banding", itemId=9, actionType=action, storeIds__storeId=list(stores)
        ).ok
    assert not client.call("itemstore.banding", itemId=9, storeIds__storeId=list(range(1, 202))).ok
    stores = client.call("itemstore.query", itemId=9).all("storeIds.storeId[]")
    assert len(stores) == 199
    assert "2" not in stores
    assert client.call("storeitem.query", storeId=1).all("itemIds.itemId[]") == ["9"]
    assert client.call("storeitem.query", storeId=2).all("itemIds.itemId[]") == []


def test_signed_sums_and_replays(client: Client) -> None:
    assert quantity(client) is None
    assert told(write(client, "iteminitial", [row("B1", 10)])) == []
    assert told(write(client, "itemupdate", [row("B2", -25)])) == []
    replay = write(client, "itemupdate", [row("B2", -25), row("B3", 1)])
    assert replay.ok
    assert told(replay) == [("B2", "IDEMPOTENT")]
    assert quantity(client) == "-14"
    assert told(write(client, "iteminitial", [row("B1", 10)])) == [("B1", "IDEMPOTENT")]
    assert quantity(client) == "-14"
    assert write(client, "iteminitial", [row("B4", 7)]).ok
    assert quantity(client) == "7"


def test_keys_are_those_of_a_warehouse(client: Client) -> None:
    other = {"stores__store__warehouseId": "78"}
    for edits in ({}, other, other):
        assert write(client, "itemupdate", [row("B1", 3)], **edits).ok
    assert (quantity(client), quantity(client, **other)) == ("3", "3")
    twice = write(client, "itemupdate", [row("B2", 1), row("B2", 1)])
    assert told(twice) == [("B2", "IDEMPOTENT")]
    assert quantity(client) == "4"


def test_bad_line_fails_alone(client: Client) -> None:
    answer = write(client, "itemupdate", [row("B1", 1), row("B2", "x"), row("B3", 1)])
    assert not answer.ok
    assert [name for name, _ in told(answer)] == ["B2"]
    assert quantity(client) == "2"
    assert told(write(client, "itemupdate", [row("B2", 1)])) == []  # it was not counted as seen
    assert quantity(client) == "3"
    assert not write(client, "itemupdate", [row("B4", 1)], stores__store__warehouseId=None).ok
    assert quantity(client) == "3"


@pytest.mark.parametrize(("family", "item"), [("", "scItemId"), ("item", "itemId")])
def test_adjust_moves_an_occupancy(client: Client, family: str, item: str) -> None:
    line = {**row("B1", 10), item: "5"}
    write(client, f"{family}initial", [line])
    for _ in range(2):
        assert client.call(
            f"storeinventory.{family}adjust",
            **{f"inventoryAdjustInfo__{item}": 5},
            inventoryAdjustInfo__billNum="A1",
            inventoryAdjustInfo__adjustType="STW",
            inventoryAdjustInfo__originalWarehouseId="77",
            inventoryAdjustInfo__targetWarehouseId="77",
            inventoryAdjustInfo__inventoryType="CERTAINTY",
            inventoryAdjustInfo__quantity=4,
        ).ok
    rows = [{item: "5", "outerId": "O"}]
    found = []
    for kind in ("STORE", "WAREHOUSE"):
        place = {**PLACE, "stores__store__warehouseType": kind}
        answer = client.call(f"storeinventory.{family}query", **{LINES: rows, **place})
        found += answer.all(QUANTITY)
    assert found == ["14", "-4"]


QUANTITY = "stores.store.storeInventories.storeInventory.quantityDetails.quantityDetail.quantity"


def test_top_form_shares_the_stock(client: Client) -> None:
    method = "taobao.qimen.storeinventory.itemupdate"
    line = {"bill_num": "T1", "item_id": 5, "inventory_type": "CERTAINTY", "quantity": -2}
    edits = {
        "stores__store_inventories": [line],
        "stores__warehouse_id": "77",
        "stores__warehouse_type": "STORE",
    }
    first, replay = (client.call(method, **edits) for _ in range(2))
    assert first.ok
    assert first["qimen_code"]
    assert replay.ok
    assert replay["error_descriptions.error.descrpition"] == "IDEMPOTENT"
    assert replay["error_descriptions.error.failed_bill_num"] == "T1"
    assert quantity(client) == "-2"
    line["quantity"] = "x"
    line["bill_num"] = "T2"
    bad = client.call(method, **edits)
    assert not bad.ok
    assert bad["error_descriptions.error.failed_bill_num"] == "T2"


def test_racing_replays_have_one_effect(connect: Connect, client: Client) -> None:
    def race(number: int) -> None:
        racer = connect(client.endpoint)
        for bill in range(10):
            assert write(racer, "itemupdate", [row(f"B{bill}", 1)]).ok

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(race, range(8)))
    assert quantity(client) == "10"


def test_racing_documents_have_one_id(connect: Connect, client: Client) -> None:
    def race(number: int) -> str | None:
        return connect(client.endpoint).call("entryorder.create")["entryOrderId"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(race, range(16)))) == 1
    assert client.call("entryorder.query")["totalLines"] == "1"


def publish(
    client: Client, bill: str, rows: list[dict[str, object]], kind: int = 2, shop: str = "S1"
) -> Answer:
    dto = "batch_stock_publish_dto"
    return client.call(
        "alibaba.wdk.stock.publish",
        **{
            f"{dto}__bill_no": bill.rjust(18, "0"),
            f"{dto}__update_type": kind,
            f"{dto}__shop_code": shop,
            f"{dto}__stock_publish_dtos": [
                {**one, "order_no": str(one["order_no"]).rjust(18, "0")} for one in rows
            ],
        },
    )


def sku(number: int, amount: object = 1, order: str = "") -> dict[str, object]:
    return {"sku_code": f"K{number:02}", "quantity": amount, "order_no": f"{order}{number}"}


def published(client: Client) -> list[tuple[str, str]]:
    store = client.endpoint.store
    with store.lock:
        return store.db.execute("select sku, quantity from published order by sku").fetchall()


def test_publish(client: Client) -> None:
    assert publish(client, "B1", [sku(1, "21.45", "a"), sku(2, "-0.10", "b")], 1)["is_success"] == "true"
    assert publish(client, "B1", [sku(1, "5", "c")], 1)["is_success"] == "true"  # a replayed bill
    assert publish(client, "B2", [sku(1, "-21.5", "d")])["is_success"] == "true"
    assert publish(client, "B5", [sku(1, "9", "f"), sku(1, "9", "f")])["is_success"] != "true"
    assert publish(client, "B6", [sku(1, "abc", "g")])["is_success"] != "true"
    assert publish(client, "B3", [sku(2, "1", "b")])["is_success"] == "true"  # a replayed order
    assert published(client) == [("K01", "-0.05"), ("K02", "-0.10")]
    assert publish(client, "B4", [sku(1, "7", "e")], 1)["is_success"] == "true"
    assert published(client)[0] == ("K01", "7")


@pytest.mark.parametrize(("count", "good"), [(20, True), (21, False)])
def test_publish_limit(client: Client, count: int, good: bool) -> None:
    answer = publish(client, "B1", [sku(number) for number in range(count)])
    assert (answer["is_success"] == "true") is good
    assert len(published(client)) == (count if good else 0)


def test_scroll(client: Client) -> None:
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        answer = client.call("alibaba.wdk.sku.scroll.query", ou_code="OU1001", scroll_id=cursor)
        assert (answer["result.total"], answer["result.page_count"]) == ("45", "3")
        seen += answer.all("result.model_list.model_list[].sku_code")
        cursor, pages = answer["result.scroll_id"], pages + 1
    assert (len(seen), len(set(seen)), pages) == (45, 45, 3)
    assert seen == sorted(seen)


def test_scroll_for_codes_and_for_nobody(client: Client) -> None:
    method = "alibaba.wdk.sku.scroll.query"
    publish(client, "B1", [sku(1), sku(2)], shop="S9")
    found = client.call(method, ou_code="S9", sku_codes="K02,K07")
    assert found.all("result.model_list.model_list[].sku_code") == ["K02"]
    for edits in ({"ou_code": "none"}, {"ou_code": "S9", "scroll_id": "broken"}):
        assert client.call(method, **edits)["result.success"] == "false"
    many = ",".join(f"K{number}" for number in range(21))
    assert client.call(method, ou_code="S9", sku_codes=many)["result.err_code"] == "ILLEGAL_PARAMETERS"


def test_order_status(client: Client) -> None:
    assert client.call("orderStatus.sync", status="X_TO_SYSTEM").ok
    assert not client.call("orderStatus.sync", status="X_SHOP_ALLOCATION", storeId=None).ok


def test_sums_beyond_64_bits(client: Client) -> None:
    largest = 2**63 - 1
    for bill in ("B1", "B2", "B3"):
        assert write(client, "update", [{**row(bill, largest), "scItemId": 5}]).ok
    answer = client.call("storeinventory.query", **{LINES: [{"scItemId": 5, "outerId": "O"}], **PLACE})
    assert answer[QUANTITY] == str(3 * largest)
