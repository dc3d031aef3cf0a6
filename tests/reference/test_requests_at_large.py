"""The endpoint at its edges: odd targets, huge batches of broken lines, signatures that are explained."""

import time
from urllib.parse import urlencode

import pytest

from pytest_qimen import xml
from pytest_qimen.reference import SECRET, start
from pytest_qimen.reference.judging import _placed
from pytest_qimen.wire import signature
from tests.reference.endpoint_client import Client, Connect
from tests.reference.test_protocol import BEAT, raw

LINE = "stores.store[].storeInventories.storeInventory[]"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/qimen/x?method=service.heartbeat",
        "/router/rest",
        "//[x?a=b",
        "http://[::1",
        "http://h/",
        "*",
        "/../../../etc/passwd",
        "/<script>",
        "/仓",
        "/\udcff",
        "/" + "a" * 60_000,
    ],
)
def test_another_path_is_404_and_names_the_right_one(client: Client, target: str) -> None:
    found = raw(client, f"POST {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode("utf-8", "surrogateescape"))
    head, _, body = found.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert xml.get(xml.parse(body), "flag") == "failure"
    assert xml.get(xml.parse(body), "code") == "wrong-path"
    assert "send to /qimen?method=..." in (xml.get(xml.parse(body), "message") or "")
    assert not client.endpoint.crashes


@pytest.mark.parametrize("target", ["/qimen", "/qimen/", "http://127.0.0.1:80/qimen", "HTTP://[::1/qimen"])
def test_the_path_in_other_forms(client: Client, target: str) -> None:
    params = client.params("service.heartbeat")
    params["sign"] = signature.sign(params, BEAT, SECRET)
    head = f"POST {target}?{urlencode(params)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BEAT)}\r\n\r\n"
    assert b"<flag>success</flag>" in raw(client, head.encode() + BEAT)


@pytest.mark.parametrize(
    "query",
    ["", "?", "&&&", "=", "method=%ED%A0%80", "method=%ff", "method=\udcff", "a=b#c", "a&a=1", "%", "[x"],
)
def test_odd_queries_are_refused_and_end_nothing(client: Client, query: str) -> None:
    data = f"POST /qimen?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode("utf-8", "surrogateescape")
    found = raw(client, data)
    assert found.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"<flag>failure</flag>" in found
    assert not client.endpoint.crashes


def broken_batches(count: int) -> dict[str, tuple[str, bytes]]:
    """Batches of which every line is broken, by how they are built: {name: (method, body)}."""
    line = b"<storeInventory><billNum>%d</billNum></storeInventory>"
    store = b"<store><warehouseId>w</warehouseId><storeInventories>%b</storeInventories></store>"
    lines = [line % number for number in range(count)]
    item = b"<item><itemCode>%d</itemCode></item>"
    order = b"<order><deliveryOrder><deliveryOrderCode>%d</deliveryOrderCode></deliveryOrder></order>"
    items, orders = (b"".join(one % number for number in range(count)) for one in (item, order))
    return {
        "one store": ("storeinventory.update", b"<stores>%b</stores>" % (store % b"".join(lines))),
        "many stores": (
            "storeinventory.update",
            b"<stores>%b</stores>" % b"".join(map(store.__mod__, lines)),
        ),
        "items": (
            "items.synchronize",
            b"<actionType>add</actionType><warehouseCode>W</warehouseCode><ownerCode>O</ownerCode>"
            b"<items>%b</items>" % items,
        ),
        "orders": ("deliveryorder.batchcreate", b"<orders>%b</orders>" % orders),
    }


@pytest.mark.parametrize("name", broken_batches(0))
def test_a_batch_of_broken_lines_is_refused_in_linear_time(client: Client, name: str) -> None:
    spent = {}
    for count in (1000, 4000):
        method, body = broken_batches(count)[name]
        start_ = time.perf_counter()
        answer = client.post(method, b"<request>%b</request>" % body)
        spent[count] = time.perf_counter() - start_
        assert not answer.ok
        if name in ("items", "orders"):
            assert len(answer.body) > 100 * count  # each is named
    assert spent[4000] < 12 * spent[1000] + 1, spent  # quadratic: 16 times
    assert not client.endpoint.crashes


def test_more_lines_than_can_be_judged(client: Client) -> None:
    method, body = broken_batches(10_001)["items"]
    answer = client.post(method, b"<request>%b</request>" % body)
    assert (answer.ok, answer["code"]) == (False, "too-many")


def test_good_and_broken_lines_of_a_batch(client: Client) -> None:
    """Every third line is broken: just these are named, the others are done."""
    good = b"<itemName>a</itemName><barCode>1</barCode><itemType>ZC</itemType>"
    good = b"<item><itemCode>%d</itemCode>" + good + b"</item>"
    lines = [b"<item><itemCode>%d</itemCode></item>" % n if n % 3 == 0 else good % n for n in range(30)]
    head = b"<actionType>add</actionType><warehouseCode>W</warehouseCode><ownerCode>O</ownerCode>"
    answer = client.post(
        "items.synchronize", b"<request>%b<items>%b</items></request>" % (head, b"".join(lines))
    )
    assert not answer.ok
    assert answer.all("items.item[].itemCode") == [str(n) for n in range(0, 30, 3)]


@pytest.mark.parametrize(
    "body",
    [
        "<r/>",
        "<r><stores/></r>",
        "<r><stores><store/></stores></r>",
        "<r><stores><store><storeInventories><storeInventory/></storeInventories></store></stores></r>",
        "<r><stores><store><storeInventories><storeInventory/><x/><storeInventory/></storeInventories></store>"
        "<store><storeInventories><storeInventory/></storeInventories><storeInventories><storeInventory/>"
        "</storeInventories></store></stores><stores><store/></stores></r>",
        "<r xmlns='urn:x'><stores><store><storeInventories><storeInventory/></storeInventories></store>"
        "</stores></r>",
    ],
)
def test_places_are_those_of_the_xml_module(body: str) -> None:
    root = xml.parse(body.encode())
    found = list(_placed(root, LINE))
    assert [element for _, element in found] == xml.find(root, LINE)
    assert [place for place, _ in found] == [xml.place(element) for _, element in found]


def test_a_wrong_signature_is_explained_on_demand(connect: Connect) -> None:
    endpoint = start(explains=True)
    client = connect(endpoint)
    params = client.params("service.heartbeat")
    right = signature.sign(params, BEAT, SECRET)
    answer = client.send({**params, "sign": right.lower()}, BEAT)
    assert (answer["code"], answer["sub_code"], answer["message"]) == (
        "sign-check-failure",
        "sign-check-failure",
        "Illegal request",
    )
    assert answer["sub_message"] == (
        "Illegal request: the digest is in lower case; upper case is wanted · 摘要用了小写，应为大写"
    )
    wrong = signature.sign(params, b"", SECRET)
    told = client.send({**params, "sign": wrong}, BEAT)["sub_message"]
    assert told == "Illegal request: the body was not signed · 报文没有参与签名"
    told = client.send({**params, "sign": "0" * 32}, BEAT)["sub_message"]
    assert told
    assert told.startswith("Illegal request: no known mistake gives this signature")
    assert client.send({**params, "sign": right}, BEAT).ok
    top = client.params("alibaba.wdk.sku.scroll.query", sign_method="hmac", customerId=None)
    fields = {"ou_code": "OU1001"}
    top["sign"] = signature.sign({**top, **fields}, None, SECRET, "md5")
    told = client.send(top, urlencode(fields).encode(), "application/x-www-form-urlencoded")["sub_msg"]
    assert told == "Illegal request: it is a digest by md5; hmac is wanted · 摘要算法用了 md5，应为 hmac"
    top["sign_method"] = "md4"
    told = client.send(top, urlencode(fields).encode(), "application/x-www-form-urlencoded")["sub_msg"]
    assert told == "Illegal request: sign_method is none of md5, hmac, hmac-sha256"
    assert not endpoint.crashes


def test_a_blank_element_is_an_absent_one(client: Client) -> None:
    """Nothing blank is kept: a query that came after answered with an inventoryType of three blanks."""
    assert client.call("singleitem.synchronize", item__itemCode="I1", item__brandName="   ").ok
    with client.endpoint.store.lock:
        (data,) = client.endpoint.store.db.execute("select data from records where code = 'I1'").fetchone()
    assert "brandName" not in data


def test_a_blank_code_is_no_code(client: Client) -> None:
    answer = client.call("singleitem.synchronize", item__itemCode="   ")
    assert (answer.ok, answer["code"]) == (False, "need")
