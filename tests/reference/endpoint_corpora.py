"""What is sent to an endpoint to see the faults of a family: functions from a Talk to what it hears."""

import http.client
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pytest_qimen import xml
from pytest_qimen.reference import SECRET
from pytest_qimen.reference.database import CHINA
from pytest_qimen.wire.signature import sign
from tests.reference.endpoint_client import CHUNKED

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
    talk.top(SCROLL, {"ou_code": "none"})


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
    BEAT.replace(b">1<", b"><!-- note -->1<"),
    BEAT.replace(b">1<", b">1<![CDATA[]]><"),
    BEAT.replace(b">1<", b">0<"),
    BEAT.replace(b"<request>", b"<request a='1'>"),
    BEAT.replace(b"<request>", b"<request xmlns:a='urn:a'>"),
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
    root = talk.client.message("entryorder.create", orderLines__orderLine=order_lines(2))
    body = xml.write(root).replace(b"</orderLine><", b"</orderLine><!-- note --><")
    talk.post("entryorder.create", body)
    talk.call("singleitem.synchronize", item__itemCode="A1", item__tagPrice="12345678.91")
    talk.call("singleitem.query", itemCode="A1")
    talk.call("entryorder.create", orderLines__orderLine__planQty="4294967307")
    params = talk.client.params("service.heartbeat")
    for name in [*params][1:]:
        talk.post("service.heartbeat", BEAT, **{name: None})
    for edits in ({"app_key": "x"}, {"customerId": "x"}, {"timestamp": "x"}, {"v": "9"}, {"format": "x"}):
        talk.post("service.heartbeat", BEAT, **edits)
    for time in ("2016-02-30 10:00:00", "2016/05/01 10:00"):
        talk.post("service.heartbeat", BEAT, timestamp=time)
    talk.post("none", BEAT)
    talk.post("taobao.qimen.service.heartbeat", BEAT)
    talk.post("x.taobao.qimen.service.heartbeat", BEAT)
    talk.top(TOP_UPDATE, {"operation_time": "2016-05-01 10:00:00", "stores": "[{"})
    talk.post("service.heartbeat", BEAT, partner_id="1")
    talk.post("service.heartbeat", BEAT, v="1.0")
    for kind in ("text/plain", "application/json"):
        talk.send(*signed(talk.client, BEAT, lambda _: None), kind=kind)
    talk.send(*signed(talk.client, BEAT, lambda _: None), verb="GET")
    message = talk.client.message("entryorder.create")
    message[:] = list(message)[::-1]
    talk.send_message("entryorder.create", message)
    message = talk.client.message("entryorder.create", orderLines__orderLine=[{"itemCode": "a"}] * 2)
    talk.send_message("entryorder.create", message)
    message = talk.client.message("entryorder.create", entryOrder__subOrderType="SAMPLE")  # a later edition
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
    yield {f"{head}receiverInfo": None}
    yield {f"{head}orderType": "HHCK"}
    yield {f"{head}orderFlag": "COD^LIMIT"}
    for value in ("x" * 500, "x" * 501):
        yield {f"{head}remark": value}
    yield {"orderLines__orderLine__remark": "r"}
    yield {"orderLines__orderLine__extendProps__a": "r"}
    yield {f"extendProps__key{number}": "v" for number in range(30)}
    yield {"orderLines__orderLine__planQty": "x"}


def spellings(talk: Talk) -> None:
    head = "deliveryOrder__"
    for value in (
        *("2016/02/16 10:26:39", "2016-02-16T10:26:39", "2016-2-6 1:26:39"),
        *("2016-13-01 10:26:39", "2016-02-16 10:26"),
    ):
        talk.call("deliveryorder.create", **{f"{head}createTime": value})
    for value in ("1,234.00", "12,5", "12.00-", "0x1F"):
        talk.call("deliveryorder.create", **{f"{head}totalAmount": value})
    talk.call("deliveryorder.create", **{f"{head}shopNick": "   "})
    for value in ("JYCKX", "JYCK,HHCK"):
        talk.call("deliveryorder.create", **{f"{head}orderType": value})
    for sign_of_its_own in "- 中":
        publish(talk, f"HZ{sign_of_its_own}00120160501103000", [("1", 1)])


def limits(talk: Talk) -> None:
    for count in (200, 201):
        talk.call("itemstore.banding", storeIds__storeId=list(range(count)))
    talk.call("itemstore.banding", actionType="DELETE", storeIds__storeId=list(range(201)))
    for count in (20, 21):
        publish(talk, f"B{count}", [(f"{count}x{number}", 1) for number in range(count)])
        talk.call(TOP_UPDATE, stores=[{"warehouse_id": f"w{number}"} for number in range(count)])
        talk.call(SCROLL, ou_code="OU1001", sku_codes=",".join(f"K{number}" for number in range(count)))
    for count in (1000, 1001):
        talk.call("sn.report", items__item=[{"sn": number} for number in range(count)])
        talk.call("order.sn.report", items__item=[{"sn": number} for number in range(count)])
    for size in (100, 101):
        talk.call("stock.query", pageSize=size)
    lines = [{"orderLineNo": number, "itemCode": "L", "planQty": 1} for number in range(11)]
    talk.call("entryorder.create", orderLines__orderLine=lines)
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
