"""cases/later.toml: what it says of elements, methods and milder needs, and its errors."""

from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.spec.later import later, load_later

ELEMENT = '[element.oaid]\nbelow = ["receiverInfo"]\nmethods = ["*"]\nlabel = { zh = "a", en = "b" }\n'
WHOLE = f'{ELEMENT}example = "x"\n[method]\n[milder]\n'


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("wms/deliveryorder.create", "deliveryOrder.receiverInfo.oaid", True),
        ("wms/deliveryorder.batchcreate", "orders.order[2].deliveryOrder.receiverInfo.oaid", True),
        ("wms/deliveryorder.create", "deliveryOrder.senderInfo.oaid", False),
        ("wms/deliveryorder.create", "deliveryOrder.receiverInfo.oaidd", False),
        ("wms/deliveryorder.create", "oaid", False),
        ("wms/entryorder.create", "entryOrder.sourceWarehouseName", True),
        ("wms/stockout.create", "deliveryOrder.sourceWarehouseName", False),
        ("erp/returnpackage.report", "packages.package[1].status", True),
    ],
)
def test_where_an_element_may_stand(method: str, path: str, known: bool) -> None:
    found = spec.later_element(spec.load_api(method), path)
    assert (found is not None) is known
    assert found is None or found.label.zh in found.said().text("zh")


def test_no_later_name_is_one_of_the_documents() -> None:
    for api in spec.load_all():
        for message in (api.request, api.response):
            for row in message.fields:
                assert spec.later_element(api, row.path) is None, (api.name, row.path)
        assert not spec.later_method(api.method)


def test_every_element_has_a_message_to_be_sent_in() -> None:
    for one in later().elements:
        places = [(api, row) for api in spec.load_all() for row in api.request.fields if not row.leaf]
        assert any(one.stands_in(api, row.path) for api, row in places), one.name


def test_a_method_of_a_later_edition_is_no_misspelt_one() -> None:
    with pytest.raises(UsageError, match=r"receiverinfo\.query is a method of a later edition"):
        spec.load_api("taobao.qimen.receiverinfo.query")
    with pytest.raises(UsageError, match="did you mean"):
        spec.load_api("deliveryorder.creat")
    assert "later edition" in str(spec.nearest("wms/inventorybatch.*"))
    assert spec.later_method("inventorybatch.*") is None


def test_what_is_milder() -> None:
    api = spec.load_api("erp/orderexception.report")
    told = spec.milder_later(api, "orderType", "need")
    assert told
    assert told.text("zh") == "后续版本中 orderType 可不填"
    assert str(spec.milder_later(api, "messageDesc", "length")).startswith("a later edition allows 500")
    assert spec.milder_later(api, "orderType", "codes") is None
    assert spec.milder_later(api, "warehouseCode", "need") is None
    for name, row in later().milder.items():
        assert {*row.optional, *row.longer} <= spec.load_api(name).request.by_path.keys()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (ELEMENT + "[method]\n[milder]\n", "element.oaid.example: is missing"),
        (WHOLE.replace('["*"]', "[]"), "element.oaid.methods: expected at least one text"),
        (WHOLE.replace('example = "x"', 'example = "x"\nmore = 1'), "element.oaid.more: is not a key"),
        (WHOLE.replace("[method]", '[method]\n"a.b" = "c"'), "method.a.b: expected a table with zh and en"),
        (WHOLE + "[milder.a]\nlonger = { b = true }\n", "milder.a.longer.b: expected a whole number"),
        (WHOLE + "[milder.a]\nshorter = 1\n", "milder.a.shorter: is not a key"),
        (WHOLE + "[other]\n", "other: is not a key"),
        ("[method]\n[milder]\n", "element: is missing"),
    ],
)
def test_mistakes_of_the_file(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "cases" / "later.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        load_later(path)
    assert f"cases/later.toml: {complaint}" in str(caught.value)
