"""What is sent to an endpoint to see the faults of a family: functions from a Talk to what it hears."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from endpoint_client import CHUNKED, PERCENT

from pytest_qimen import xml
from pytest_qimen.reference import SECRET
from pytest_qimen.reference.database import CHINA
from pytest_qimen.wire import encoding
from pytest_qimen.wire.signature import sign

BEAT = b"<request><serialNumber>1</serialNumber></request>"
PLACE = {"stores__store__warehouseType": "STORE", "stores__store__warehouseId": "77"}
LINES = "stores__store__storeInventories__storeInventory"
DTO = "batch_stock_publish_dto"
PUBLISH, SCROLL = "alibaba.wdk.stock.publish", "alibaba.wdk.sku.scroll.query"
TOP_UPDATE = "taobao.qimen.storeinventory.itemupdate"


class Talk:
    """A client that writes down what it hears, whatever it is."""

    def __init__(self, client: Any) -> None:
        self.client, self.heard = client, []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def say(*args: Any, **edits: Any) -> Any:
            try:
                answer = getattr(self.client, name)(*args, **edits)
            except (http.client.HTTPException, OSError) as error:
                self.client.connection.close()
                self.heard.append(type(error).__name__)
                return None
            self.heard.append(f"{answer.status} {answer.headers['Content-Type']} {timeless(answer.body)!r}")
            return answer

        return say


def timeless(answer: bytes) -> bytes:
    """The answer with today's times taken out."""
    today = datetime.now(CHINA).strftime("%Y-%m-%d")
    return re.sub(rf"{today} \d\d:\d\d:\d\d".encode(), b"NOW", answer)


def signed(
    client: Any, body: bytes, change: Callable[[dict[str, str]], Any], **more: str
) -> tuple[Any, bytes]:
    """The parameters of a well-signed request after `change`."""
    params = client.params("service.heartbeat", **more)
    params["sign"] = sign(params, body, SECRET)
    change(params)
    return params, body


def beat(text: str, **edits: str) -> bytes:
    return f"<request><serialNumber>1</serialNumber><remark>{text}</remark></request>".encode()


def signature(talk: Talk) -> None:
    client = talk.client
    same: Callable[[dict[str, str]], Any] = lambda params: None  # noqa: E731
    bodies = [BEAT, beat("中文"), beat("😀"), beat("100%25+a"), BEAT + b"\n", BEAT.replace(b"><", b">\r\n<")]
    for body in bodies:
        talk.send(*signed(client, body, same))
    talk.send(*signed(client, BEAT, same, Zone="1", partner_id="top sdk"))
    talk.send(*signed(client, BEAT, same), kind=PERCENT)
    params, body = signed(client, BEAT, same)
    talk.send(dict(reversed(params.items())), body)
    for change in (
        lambda params: params.update(sign=params["sign"].lower()),
        lambda params: params.update(sign=f" {params['sign']} "),
        lambda params: params.update(sign=params["sign"][:16]),
        lambda params: params.update(sign=params["sign"][:8] + "0" * 24),
        lambda params: params.update(sign=""),
        lambda params: params.pop("sign"),
        lambda params: params.update(sign="0" * 32),
        lambda params: params.update(sign="z" * 32),
        lambda params: params.update(extra="1"),
        lambda params: params.update(v="1.0"),
        lambda params: params.update(sign_method="md51"),
        lambda params: params.update(sign=sign(params, BEAT, "")),
        lambda params: params.update(sign=sign(params, b"", SECRET)),
    ):
        talk.send(*signed(client, BEAT, change))
    for body in (beat("x" * 3000), beat("中文")):
        talk.send(signed(client, body, same)[0], body.replace(b">1<", b">2<"))
    talk.top(SCROLL, {"ou_code": "none"}, "hmac-sha256")
    body = encoding.encode(*update("B1", 1, talk))[1]
    talk.post("storeinventory.itemupdate", body, sign="0" * 32)
    ask(talk)


def update(bill: str, quantity: object, talk: Talk) -> tuple[Any, xml.Element]:
    from pytest_qimen import spec

    edits = {LINES: [row(bill, quantity)], **PLACE}
    return spec.load_api("storeinventory.itemupdate"), talk.client.message(
        "storeinventory.itemupdate", **edits
    )


def row(bill: str, quantity: object, item: str = "5") -> dict[str, object]:
    return {"billNum": bill, "itemId": item, "inventoryType": "CERTAINTY", "quantity": quantity}


def ask(talk: Talk, place: str = "77") -> None:
    rows = [{"itemId": item, "outerId": "O"} for item in ("5", "6")]
    talk.call("storeinventory.itemquery", **{LINES: rows, **PLACE, "stores__store__warehouseId": place})


def envelope(talk: Talk) -> None:
    talk.post("service.heartbeat", BEAT)
    talk.call("entryorder.create")
    talk.call("entryorder.query")
    talk.call("entryorder.query", entryOrderCode="none")
    talk.call("service.heartbeat", serialNumber=None)
    talk.call(TOP_UPDATE)


BODIES = [
    b"<request><serialNumber>1</serialNumber>",
    b"<query><serialNumber>1</serialNumber></query>",
    b"<!DOCTYPE request><request><serialNumber>1</serialNumber></request>",
    b'<!DOCTYPE r [<!ENTITY a "7">]><request><serialNumber>&a;</serialNumber></request>',
    b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><request><serialNumber>1</serialNumber>'
    b"<remark>&a;</remark></request>",
    b"<request><serialNumber>1\xff</serialNumber></request>",
    b"<request><serialNumber>1</serialNumber><remark>a\x07</remark></request>",
    b"<request><serialNumber>1</serialNumber><remark>a & b</remark></request>",
    BEAT + b"<request/>",
    b"<request><serialNumber><![CDATA[1]]></serialNumber></request>",
    b"<request><!-- note --><serialNumber>1</serialNumber></request>",
    b"<?note a?>" + BEAT,
    b"<?xml version='1.0' encoding='utf-8'?>" + BEAT,
    b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>' + BEAT,
    b"\xef\xbb\xbf" + BEAT,
    BEAT.replace(b"><", b">\r\n<"),
    BEAT.replace(b"><", b">\n  <"),
    BEAT.replace(b">1<", b">&#49;<"),
    BEAT.replace(b"<request>", b"<request a='1'>"),
    beat("中文"),
    beat("😀"),
    beat("x" * 100_000),
    beat(""),
    beat("x" * 400).replace(b"remark", b"vendor"),
]


def parsing(talk: Talk) -> None:
    for body in BODIES:
        talk.post("service.heartbeat", body)
    for text in ("中文", "a😀", " b ", "a  b", "a&<>'\"b", "a%+\\b", "lower", "0012", "x" * 30, "①"):
        talk.call("singleitem.synchronize", item__itemCode="A1", item__itemName=text)
        talk.call("singleitem.query", itemCode="A1")
    talk.call("singleitem.synchronize", item__itemCode="A1", item__tagPrice="12345678.91")
    talk.call("singleitem.query", itemCode="A1")
    talk.call("entryorder.create", orderLines__orderLine__planQty="4294967307")
    params = talk.client.params("service.heartbeat")
    for name in [*params][1:]:
        talk.post("service.heartbeat", BEAT, **{name: None})
    for edits in ({"app_key": "x"}, {"customerId": "x"}, {"timestamp": "x"}, {"v": "9"}, {"format": "x"}):
        talk.post("service.heartbeat", BEAT, **edits)
    talk.post("none", BEAT)
    talk.post("taobao.qimen.service.heartbeat", BEAT)
    talk.post("service.heartbeat", BEAT, partner_id="1")
    talk.post("service.heartbeat", BEAT, v="1.0")
    talk.send(*signed(talk.client, BEAT, lambda _: None), kind="text/plain")
    talk.send(*signed(talk.client, BEAT, lambda _: None), verb="GET")
    message = talk.client.message("entryorder.create")
    message[:] = list(message)[::-1]
    talk.send_message("entryorder.create", message)
    message = talk.client.message("entryorder.create", orderLines__orderLine=[{"itemCode": "a"}] * 2)
    talk.send_message("entryorder.create", message)
    params, body = signed(talk.client, BEAT, lambda _: None)
    talk.send(params, body, kind=CHUNKED)


def fields(talk: Talk) -> None:
    for edits in _edits():
        talk.call("deliveryorder.create", **edits)
    talk.call("stockchange.report", items__item__quantity=-1)
    talk.call("stockchange.report", items__item__quantity=0)
    talk.call("stockchange.report", items__item__itemCode=None)
    talk.call("entryorder.create", orderLines__orderLine__planQty="0")
    talk.call("entryorder.create", orderLines__orderLine__planQty="7", entryOrder__totalOrderLines="x")
    talk.call("entryorder.query", pageSize=101)
    talk.call("entryorder.query", page=0)
    talk.call("singleitem.synchronize", item__barCode="a;b")
    talk.call("itemstore.banding", itemId=2**40)
    talk.call("itemstore.banding", storeIds__storeId=list(range(201)))
    for bill in ("x" * 17, "x" * 18, "x" * 50, "x" * 51):
        publish(talk, bill, [("a", 1)])
    message = talk.client.message("entryorder.query")
    message.append(xml.copy(message[0]))
    talk.send_message("entryorder.query", message)
    message = talk.client.message("entryorder.create")
    xml.clear(xml.ensure(message, "entryOrder.senderInfo"))
    talk.send_message("entryorder.create", message)
    talk.call("singleitem.synchronize", item__shelfLife=2**31 - 1)
    talk.call("orderStatus.sync", status="X_PACKAGED", storeId=None, type=None)
    talk.call(
        "entryorder.create", orderLines__orderLine=[*order_lines(2), {"planQty": "1", "itemCode": None}]
    )


def _edits() -> Iterator[dict[str, object]]:
    head = "deliveryOrder__"
    yield {}
    for value in (None, "x" * 51, "x" * 50, "中" * 50, "😀" * 30, "x"):
        yield {f"{head}deliveryOrderCode": value}
    for value in ("JYCK", "jyck", "QTCK", "??"):
        yield {f"{head}orderType": value}
    for value in (
        "2016-02-30 10:00:00",
        "2016-02-29 10:00:00",
        "2016/2/16 10:26:39",
        "x",
        "2016-05-01 00:00:00",
    ):
        yield {f"{head}createTime": value}
    for value in ("1.005", "1", "1.5", "12345678901.00", "x"):
        yield {f"{head}totalAmount": value}
    yield {f"{head}orderType": "HHCK"}
    yield {f"{head}orderFlag": "COD^LIMIT"}
    for value in ("x" * 500, "x" * 501):
        yield {f"{head}remark": value}
    yield {"orderLines__orderLine__remark": "r"}
    yield {"orderLines__orderLine__extendProps__a": "r"}
    yield {f"extendProps__key{number}": "v" for number in range(30)}
    yield {"orderLines__orderLine__planQty": "x"}


def limits(talk: Talk) -> None:
    for count in (200, 201):
        talk.call("itemstore.banding", storeIds__storeId=list(range(count)))
    for count in (20, 21):
        publish(talk, f"B{count}", [(f"{count}x{number}", 1) for number in range(count)])
        talk.call(TOP_UPDATE, stores=[{"warehouse_id": f"w{number}"} for number in range(count)])
        talk.call(SCROLL, ou_code="OU1001", sku_codes=",".join(f"K{number}" for number in range(count)))
    for count in (1000, 1001):
        talk.call("sn.report", items__item=[{"sn": number} for number in range(count)])
        talk.call("order.sn.report", items__item=[{"sn": number} for number in range(count)])
    for size in (100, 101):
        talk.call("stock.query", pageSize=size)
    for length in (17, 18, 50, 51):
        publish(talk, "b" * length, [("1", 1)])
        publish(talk, f"c{length}", [("o" * length, 1)])


def publish(
    talk: Talk, bill: str, rows: list[tuple[str, object]], kind: int = 2, fill: int = 18, sku: str = "K1"
) -> None:
    lines = [
        {
            "sku_code": sku,
            "quantity": amount,
            "order_no": order if len(order) > 16 else order.rjust(fill, "0"),
        }
        for order, amount in rows
    ]
    bill = bill if len(bill) > 16 else bill.rjust(fill, "0")
    talk.call(
        PUBLISH, **{f"{DTO}__bill_no": bill, f"{DTO}__update_type": kind, f"{DTO}__stock_publish_dtos": lines}
    )


def order_lines(count: int, start: int = 1) -> list[dict[str, object]]:
    return [{"orderLineNo": n, "itemCode": f"I{n}", "planQty": n + 1} for n in range(start, start + count)]


def entry(talk: Talk, code: str, rows: list[dict[str, object]], **edits: object) -> None:
    talk.call("entryorder.create", entryOrder__entryOrderCode=code, orderLines__orderLine=rows, **edits)


def pages(talk: Talk, code: str, size: int = 2) -> None:
    for page in (1, 2, 3):
        talk.call("entryorder.query", entryOrderCode=code, page=page, pageSize=size)


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
    for code in ("E1", "none", "E1"):
        talk.call("order.cancel", orderCode=code, orderType="CGRK")
    pages(talk, "E1")
    pages(talk, "E2")
    talk.call("orderprocess.query", orderCode="E1")
    entry(talk, "E1", order_lines(1))
    pages(talk, "E1")
    confirm(talk, "E2", "O1", 5)
    talk.call("order.cancel", orderCode="E2", orderType="CGRK")
    pages(talk, "E2")
    talk.call("stockchange.report", items__item__itemCode="I9", items__item__quantity=-3)
    talk.call("inventory.query", criteriaList__criteria__itemCode="I9")
    _state_of_things(talk)
    _state_of_batches(talk)
    _state_of_reports(talk)
    _state_of_other_sides(talk)


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
    for action, store in (("ADD", 1), ("ADD", 2), ("DELETE", 2)):
        talk.call("itemstore.banding", itemId=9, actionType=action, storeIds__storeId=[store, 3])
        talk.call("itemstore.query", itemId=9)
    answer = talk.call(SCROLL, ou_code="OU1001")
    while answer is not None and (cursor := answer["result.scroll_id"]) and len(talk.heard) < 200:
        answer = talk.call(SCROLL, ou_code="OU1001", scroll_id=cursor)
    talk.call(SCROLL, ou_code="OU1001", sku_codes="230001")
    talk.call("entryorder.create", entryOrder__orderType="??", entryOrder__entryOrderCode="E7")
    talk.call("entryorder.query", entryOrderCode="E7")


def _state_of_batches(talk: Talk) -> None:
    rows = [{"itemCode": code, "itemType": kind} for code, kind in (("B1", "ZC"), ("B2", "??"), ("B3", "??"))]
    talk.call("items.synchronize", items__item=rows)
    talk.call("singleitem.query", itemCode="B1")
    talk.call("storeinventory.itemupdate", **{LINES: [row("B1", 1), row("B2", "x")], **PLACE})
    ask(talk)


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
