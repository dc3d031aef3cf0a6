"""Scripted answers are about what was asked for: its code, id, warehouse and owner stand in every one."""

import pytest

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.cases.scenario import Script
from pytest_qimen.messages import samples
from pytest_qimen.scenarios.script import Answers
from pytest_qimen.spec import Api, load_api
from pytest_qimen.wire.http import Reply

PAGED = ("entryorder.query", "deliveryorder.query", "returnorder.query", "stockout.query", "stock.query")
FORMS = ("half", "whole", "shrinks", "endless", "fails")
VALUES = (
    ("wms/inventory.query", Script("quantity", "0")),
    ("wms/stock.query", Script("quantity", "7")),
    ("wms/singleitem.query", Script("text", "红")),
    ("wms/entryorder.query", Script("state", "PARTFULFILLED")),
    ("wms/deliveryorder.query", Script("state", "PARTFULFILLED")),
)


def call_of(api: Api, **values: str) -> Call:
    """Return a call with these values at every leaf of that name."""
    root = samples.minimal(api.request)
    for row in api.request.leaves:
        if row.name in values and xml.find(root, row.parent):
            xml.put(root, row.path, values[row.name])
    return Call(Heard("call 1", "POST", f"/qimen?method={api.method}", body=xml.write(root)))


def answered(api: Api, script: Script, call: Call, answers: Answers | None = None) -> xml.Element:
    """Return the scripted answer where the counterpart knows nothing of what is asked for."""
    refused = f"<{api.root}><flag>failure</flag><code>1</code><message>unknown</message></{api.root}>"
    reply = (answers or Answers()).reply(script, call, lambda: Reply(refused.encode()))
    return xml.parse(reply.body)


def told(root: xml.Element, *names: str) -> set[str]:
    return {xml.text(leaf) for leaf in root.iter("*") if xml.name(leaf) in names}


ASKED = {
    **dict.fromkeys(("entryOrderCode", "orderCode", "returnOrderCode", "deliveryOrderCode"), "MINE1"),
    **dict.fromkeys(("entryOrderId", "orderId", "returnOrderId", "deliveryOrderId", "itemId"), "WMINE1"),
    **{"warehouseCode": "WH9", "ownerCode": "OWN9", "itemCode": "SKU9"},
}
CODES = ("entryOrderCode", "returnOrderCode", "deliveryOrderCode")
IDS = ("entryOrderId", "returnOrderId", "deliveryOrderId")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", PAGED)
def test_every_page_is_of_what_was_asked_for(method: str, form: str) -> None:
    api, answers = load_api(f"wms/{method}"), Answers()
    for page in ("1", "2", "2", "3"):
        call = call_of(api, page=page, pageSize="20", **ASKED)
        root = answered(api, Script("pages", form), call, answers)
        assert told(root, *CODES) <= {"MINE1"}
        assert told(root, *IDS) <= {"WMINE1"}
        assert told(root, "warehouseCode") <= {"WH9"}
        assert told(root, "ownerCode") <= {"OWN9"}
        if method == "stock.query":
            assert told(root, "itemCode") <= {"SKU9"}
        elif xml.get(root, "flag") == "success":
            assert told(root, *CODES) == {"MINE1"}


def test_lines_of_one_item_differ_by_their_batch() -> None:
    api = load_api("wms/stock.query")
    root = answered(api, Script("pages", "half"), call_of(api, page="1", pageSize="20", **ASKED))
    assert len(told(root, "batchCode")) == 20


def test_an_order_that_was_created_before_is_the_one_that_is_paged() -> None:
    """The counterpart knows it: its kind and status are its own, not those of an example."""
    api = load_api("wms/entryorder.query")
    known = (
        "<response><flag>success</flag><code>0</code><message/><totalLines>1</totalLines><entryOrder>"
        "<entryOrderCode>MINE1</entryOrderCode><warehouseCode>ITS</warehouseCode><status>ACCEPT</status>"
        "</entryOrder><orderLines><orderLine><itemCode>A</itemCode></orderLine></orderLines></response>"
    )
    call = call_of(api, page="1", pageSize="20", entryOrderCode="MINE1")
    reply = Answers().reply(Script("pages", "half"), call, lambda: Reply(known.encode()))
    root = xml.parse(reply.body)
    assert (told(root, "warehouseCode"), told(root, "status")) == ({"ITS"}, {"ACCEPT"})
    assert len(xml.find(root, "orderLines.orderLine[]")) == 20


@pytest.mark.parametrize(("name", "script"), VALUES)
def test_a_single_value_is_of_what_was_asked_for(name: str, script: Script) -> None:
    api = load_api(name)
    root = answered(api, script, call_of(api, **ASKED))
    assert told(root, *CODES) <= {"MINE1"}
    assert told(root, "warehouseCode") <= {"WH9"}
    assert told(root, "itemCode") <= {"SKU9"} or "order" in name


def test_statuses_are_of_the_time_that_was_asked_for() -> None:
    api = load_api("wms/orderstatus.batchquery")
    values = {"startTime": "2026-01-02 00:00:00", "orderType": "JYCK"}
    root = answered(api, Script("pages", "counted"), call_of(api, currentPage="1", pageSize="20", **values))
    assert told(root, "operateTime") == {"2026-01-02 00:00:00"}


def test_two_documents_are_given_two_ids() -> None:
    api = load_api("wms/entryorder.create")
    ids = [
        told(answered(api, Script(), call_of(api, entryOrderCode=code)), "entryOrderId")
        for code in ("A", "B")
    ]
    assert ids == [{"WA"}, {"WB"}]
