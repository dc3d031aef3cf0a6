"""Named wrong callers: each requirement that is judged can fail, and a right caller raises nothing."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from hashlib import md5

import pytest

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Caller, Heard
from pytest_qimen.calls.journal import Journal
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks.callers.judging import judge
from pytest_qimen.client.request import DraftRequest, draft, finish, seal
from pytest_qimen.messages import samples
from pytest_qimen.spec import load_api
from pytest_qimen.verdict import Finding
from pytest_qimen.wire.signature import sign
from tests.support.heard import CALLER, SECRET, TARGET, heard_message, heard_of

Change = Callable[[DraftRequest], object]
METHOD = "wms/entryorder.create"


def message(method: str = METHOD) -> xml.Element:
    return samples.minimal(load_api(method).request)


def sent(change: Change, *, after: Change = lambda made: None, method: str = METHOD) -> Heard:
    """A request that was changed before it was signed, and after."""
    made = draft(TARGET, load_api(method), message(method))
    change(made)
    seal(TARGET, made)
    after(made)
    return heard_of(finish(TARGET, made))


def with_body(method: str = METHOD, **values: str) -> Heard:
    root = message(method)
    for path, value in values.items():
        xml.put(root, path.replace("__", "."), value)
    return heard_message(load_api(method), root)


def findings(*heard: Heard, caller: Caller = CALLER) -> list[Finding]:
    """What is found about the last of the calls."""
    journal = Journal()
    try:
        found = [judge(Call(one, number), caller, journal) for number, one in enumerate(heard, 1)]
    finally:
        journal.close()
    return list(found[-1])


def put(name: str, value: str) -> Change:
    return lambda made: made.set(name, value)


def signed_as(value: Callable[[DraftRequest], str]) -> Change:
    def change(made: DraftRequest) -> None:
        made.signature = [value(made)]

    return change


def raw(heard: Heard, old: str, new: str) -> Heard:
    assert old in heard.target
    return replace(heard, target=heard.target.replace(old, new))


def signed(params: dict[str, str], body: bytes = b"") -> str:
    return sign(params, body, SECRET)


def respelled(made: DraftRequest) -> None:
    made.drop("customerId")
    made.set("customerid", "c")


def digest(made: DraftRequest, order: Callable[[list[str]], list[str]] = sorted, end: str = SECRET) -> str:
    text = "".join(order([name + value for name, value in made.params if name != "sign"]))
    return md5(f"{SECRET}{text}".encode() + made.body + end.encode()).hexdigest().upper()


def in_gbk(made: DraftRequest) -> None:
    text = made.body.decode().partition("?>")[2]
    made.body = f'<?xml version="1.0" encoding="gbk"?>{text}'.encode("gbk")
    made.header("Content-Type", "text/xml;charset=gbk")


def with_list(method: str, path: str, count: int, **values: str) -> Heard:
    """A message with a list of this length; a value may hold a place for the number."""
    root = message(method)
    for number, element in enumerate(xml.repeat(root, path, count)):
        for name, value in values.items():
            xml.put(element, name, value.format(number))
    return heard_message(load_api(method), root)


PUBLISH, DTO = "wdk/alibaba.wdk.stock.publish", "batch_stock_publish_dto.stock_publish_dtos"
SCROLL = "wdk/alibaba.wdk.sku.scroll.query"
NOTHING: Change = lambda made: None  # noqa: E731
LATE = timedelta(minutes=20)
IMPLIED = {  # what else is judged where a requirement is broken
    "call.url-encoded": {"call.signed"},
    "split.serials": {"split.pages"},
    "top.form": {"top.sign"},
}
WRONG: dict[str, Callable[[], Heard]] = {
    "call.signed": lambda: sent(NOTHING, after=signed_as(lambda made: "0" * 32)),
    "call.sign-upper-case": lambda: sent(NOTHING, after=signed_as(lambda made: made.signature[0].lower())),
    "call.sign-body": lambda: sent(NOTHING, after=signed_as(lambda made: signed(dict(made.params)))),
    "call.sign-all-parameters": lambda: sent(NOTHING, after=put("session", "s-1")),
    "call.sign-raw-values": lambda: sent(
        NOTHING,
        after=signed_as(
            lambda made: sign(
                {name: value.replace(" ", "%20").replace(":", "%3A") for name, value in made.params},
                made.body,
                SECRET,
            )
        ),
    ),
    "call.method": lambda: sent(put("method", "no.such.method")),
    "call.method-form": lambda: sent(put("method", "taobao.qimen.entryorder.create")),
    "call.timestamp": lambda: sent(put("timestamp", "2026/11/28 08:00")),
    "call.timestamp-now": lambda: sent(put("timestamp", "2020-01-01 00:00:00")),
    "call.version": lambda: sent(put("v", "3.0")),
    "call.app-key": lambda: sent(put("app_key", "another")),
    "call.customer": lambda: sent(lambda made: made.drop("customerId")),
    "call.customer-spelling": lambda: sent(lambda made: respelled(made)),
    "call.format": lambda: sent(put("format", "json")),
    "call.sign-method": lambda: sent(put("sign_method", "sha1")),
    "call.url-encoded": lambda: raw(sent(put("customerId", "测试")), "%E6%B5%8B", "%B2%E2"),
    "call.encoded-once": lambda: sent(put("customerId", "a%20b")),
    "call.no-duplicates": lambda: sent(lambda made: made.params.append(("v", "2.0"))),
    "call.no-empty-parameter": lambda: sent(put("session", "")),
    "call.post": lambda: replace(sent(NOTHING), verb="PUT"),
    "call.content-type": lambda: sent(lambda made: made.header("Content-Type", "text/plain")),
    "call.charset": lambda: sent(lambda made: made.header("Content-Type", "text/xml;charset=gbk")),
    "call.secrets-stay": lambda: sent(put("session", f"x{SECRET}")),
    "message.xml": lambda: sent(lambda made: setattr(made, "body", made.body[:-3])),
    "message.need": lambda: with_body(entryOrder__entryOrderCode=""),
    "message.other-warehouse": lambda: with_body(entryOrder__warehouseCode=""),
    "message.length": lambda: with_body(entryOrder__entryOrderCode="x" * 51),
    "message.format": lambda: with_body(entryOrder__orderCreateTime="2016/2/16 10:26:39"),
    "message.type": lambda: with_body(entryOrder__totalOrderLines="three"),
    "message.null-text": lambda: with_body(entryOrder__supplierName="null"),
    "message.unknown": lambda: with_body(entryOrder__suplierName="x"),
    "split.total-true": lambda: with_body(entryOrder__totalOrderLines="0"),
    "call.sign-sorted": lambda: sent(NOTHING, after=signed_as(lambda made: digest(made, lambda text: text))),
    "call.sign-secret-both-ends": lambda: sent(NOTHING, after=signed_as(lambda made: digest(made, end=""))),
    "key.line-codes-differ": lambda: with_list(METHOD, "orderLines.orderLine[]", 2, outBizCode="twice"),
    "key.publish-form": lambda: with_body(PUBLISH, batch_stock_publish_dto__bill_no="short"),
    "message.batches-add-up": lambda: with_body(
        "erp/entryorder.confirm",
        orderLines__orderLine__actualQty="3",
        orderLines__orderLine__batchs__batch__actualQty="2",
    ),
    "message.codes": lambda: with_body(entryOrder__orderType="ABCD"),
    "message.codes-open": lambda: with_body(entryOrder__logisticsCode="ABCD"),
    "message.digits": lambda: with_body("wms/singleitem.synchronize", item__length="1.23456"),
    "message.duplicate": lambda: with_list(METHOD, "entryOrder.entryOrderCode", 2),
    "message.empty-lists": lambda: with_body(entryOrder__relatedOrders__relatedOrder=""),
    "message.rule": lambda: with_body("wms/deliveryorder.create", deliveryOrder__orderType="HHCK"),
    "message.sums": lambda: with_body(
        "wms/deliveryorder.create",
        deliveryOrder__totalAmount="9",
        deliveryOrder__arAmount="1",
        deliveryOrder__gotAmount="1",
    ),
    "message.utf-8": lambda: sent(in_gbk),
    "page.size": lambda: with_body("wms/entryorder.query", pageSize="101"),
    "page.first": lambda: with_body("wms/entryorder.query", page="0"),
    "split.pages": lambda: with_body("erp/inventory.report", currentPage="0"),
    "split.codes": lambda: with_body(SCROLL, sku_codes=",".join(map(str, range(21)))),
    "split.publish": lambda: with_list(PUBLISH, f"{DTO}[]", 21, order_no="{:018}"),
    "split.serials": lambda: with_list("erp/sn.report", "items.item[]", 1001),
    "split.stores": lambda: with_list("store/itemstore.banding", "storeIds.storeId[]", 201),
    "split.top-stores": lambda: with_list("store/taobao.qimen.storeinventory.itemupdate", "stores[]", 21),
    "top.form": lambda: replace(sent(NOTHING, method=PUBLISH), body=b"batch_stock_publish_dto=%7Bno"),
    "top.names": lambda: with_body(PUBLISH, batch_stock_publish_dto__bill_no=""),
    "top.sign": lambda: sent(NOTHING, after=signed_as(lambda made: "0" * 32), method=PUBLISH),
}


def test_a_right_caller_raises_nothing() -> None:
    assert findings(sent(NOTHING)) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_caller_is_named(name: str) -> None:
    rows = findings(WRONG[name]())
    assert f"caller.{name}" in {one.check for one in rows}
    judged = {one.check.removeprefix("caller.") for one in rows if one.level.is_judged}
    assert judged - {name} == IMPLIED.get(name, set())


@pytest.mark.parametrize("method", [METHOD, PUBLISH, "store/storeinventory.update", "erp/entryorder.confirm"])
def test_a_right_caller_of_each_protocol_raises_nothing(method: str) -> None:
    assert [one for one in findings(sent(NOTHING, method=method)) if one.level.is_judged] == []


def test_a_wrong_caller_of_one_call_breaks_its_requirement_at_its_level() -> None:
    for name, wrong in WRONG.items():
        requirement = load_caller_requirements()[f"caller.{name}"]
        levels = {one.level for one in findings(wrong()) if one.check == requirement.id}
        assert levels == {requirement.level}, name


def test_a_total_is_held_against_the_lines_of_its_own_order() -> None:
    api = load_api("wms/deliveryorder.batchcreate")
    root = message("wms/deliveryorder.batchcreate")
    (order,) = xml.find(root, "orders.order[]")
    xml.put(order, "deliveryOrder.totalOrderLines", "1")
    lines = {"deliveryOrder.deliveryOrderCode": "second", "deliveryOrder.totalOrderLines": "2"}
    other = deepcopy(order)
    for path, value in lines.items():
        xml.put(other, path, value)
    (line,) = xml.find(other, "orderLines.orderLine[]")
    line.addnext(deepcopy(line))
    order.addnext(other)
    assert "caller.split.total-true" not in {one.check for one in findings(heard_message(api, root))}
    xml.put(other, "deliveryOrder.totalOrderLines", "1")
    wrong = [one for one in findings(heard_message(api, root)) if one.check == "caller.split.total-true"]
    assert [one.path for one in wrong] == ["orders.order[2].deliveryOrder.totalOrderLines"]


def test_what_a_recording_lost_is_not_judged() -> None:
    wrong = WRONG["call.signed"]()
    assert not findings(replace(wrong, lost=frozenset(("sign",))))
    assert not findings(wrong, caller=replace(CALLER, secret=""))
    noted = findings(replace(wrong, lost=frozenset(("body",))))
    assert [one.level for one in noted] == ["may"]


def bill(number: str, quantity: str) -> Heard:
    method = "store/storeinventory.update"
    line = "stores__store__storeInventories__storeInventory__"
    return with_body(method, **{f"{line}billNum": number, f"{line}quantity": quantity})


def test_a_bill_number_names_one_content() -> None:
    again = {one.check for one in findings(bill("b1", "5"), bill("b1", "5"))}
    assert again == set()
    found = {one.check: one.actual for one in findings(bill("b1", "5"), bill("b1", "6"))}
    assert "used before for other content" in str(found["caller.key.bill-once"])


def test_an_out_biz_code_names_one_content() -> None:
    def confirm(code: str, quantity: str) -> Heard:
        return with_body(
            "erp/entryorder.confirm", entryOrder__outBizCode=code, orderLines__orderLine__actualQty=quantity
        )

    assert {one.check for one in findings(confirm("k", "1"), confirm("k2", "2"))} == set()
    assert "caller.key.message-once" in {one.check for one in findings(confirm("k", "1"), confirm("k", "2"))}


def test_a_new_key_after_an_unclear_answer_is_noted() -> None:
    first = bill("b1", "5")
    lost = replace(first, status=0)
    good = replace(first, status=200, answer=b"<response><flag>success</flag></response>")
    assert "caller.key.stable" in {one.check for one in findings(lost, bill("b2", "5"))}
    assert "caller.key.stable" not in {one.check for one in findings(good, bill("b2", "5"))}
    assert "caller.key.stable" not in {one.check for one in findings(lost, bill("b1", "5"))}


def test_an_accepted_document_code_names_one_document() -> None:
    first = with_body(entryOrder__entryOrderCode="E1")
    good = replace(first, status=200, answer=b"<response><flag>success</flag></response>")
    other = with_body(entryOrder__entryOrderCode="E1", orderLines__orderLine__planQty="77")
    assert "caller.key.document-once" in {one.check for one in findings(good, other)}
    assert findings(replace(good, answer=b"<response><flag>failure</flag></response>"), other) == []
    assert findings(good, first) == []


def test_a_message_that_comes_again_late_is_stamped_anew() -> None:
    first = sent(NOTHING)
    assert first.at
    late = replace(first, at=first.at + LATE)
    assert "caller.call.timestamp-fresh" in {one.check for one in findings(first, late)}
    assert findings(first, replace(first, at=first.at + timedelta(minutes=1))) == []
