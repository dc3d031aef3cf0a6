"""A message becomes exactly the bytes that are sent, signed as its protocol wants; secrets do not show."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases import Step
from pytest_qimen.client.request import (
    FORM_TYPE,
    XML_TYPE,
    DraftRequest,
    draft,
    encode_pairs,
    finish,
    mask_query,
    seal,
)
from pytest_qimen.messages import samples
from pytest_qimen.runner.signed import signed
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.wire.signature import sign, verify
from tests.support.apis import TARGET, api, must

QIMEN = spec.load_api("wms/order.cancel")
STORE = spec.load_api("store/itemstore.banding")
TOP = spec.load_api("wdk/alibaba.wdk.stock.publish")
SMALL = api(must("code", example="测 1"))
MOMENT = "2026-05-01 10:00:00"


def made(target: Target = TARGET, one: spec.Api = SMALL) -> DraftRequest:
    """An unsigned request of a known moment."""
    found = draft(target, one, samples.minimal(one.request))
    found.set("timestamp", MOMENT)
    return found


def test_a_qimen_request() -> None:
    one = made()
    seal(TARGET, one)
    sent = finish(TARGET, one)
    body = '<?xml version="1.0" encoding="utf-8"?>\n<request><code>测 1</code></request>'.encode()
    params = {
        "method": "thing.create",
        "timestamp": MOMENT,
        "format": "xml",
        "app_key": "key",
        "v": "2.0",
        "sign_method": "md5",
        "customerId": "cust",
    }
    signature = sign(params, body, "s3cret")
    assert sent.http_method == "POST"
    assert sent.body == body
    assert sent.params == (*params.items(), ("sign", signature))
    assert sent.headers == (("Content-Type", XML_TYPE), ("Accept", "text/xml,application/json;q=0.1"))
    assert sent.url == (
        "http://127.0.0.1:1/qimen?method=thing.create&timestamp=2026-05-01+10%3A00%3A00&format=xml&app_key=key"
        f"&v=2.0&sign_method=md5&customerId=cust&sign={signature}"
    )
    assert sent.masked_url() == sent.url.replace(signature, "***")


def test_a_top_request() -> None:
    target = with_options(TARGET, session="s3ssion")
    one = made(target, TOP)
    seal(target, one)
    sent = finish(target, one)
    form = dict(parse_qsl(sent.body.decode(), keep_blank_values=True, strict_parsing=True))
    query = dict(sent.params)
    assert list(form) == ["batch_stock_publish_dto"]
    assert query["method"] == "alibaba.wdk.stock.publish"
    assert query["session"] == "s3ssion"
    assert "customerId" not in query
    assert query["sign"] == sign(query | form, None, "s3cret")
    assert dict(sent.headers)["Content-Type"] == FORM_TYPE
    assert "session=***&sign=***" in sent.masked_url()
    assert "s3ssion" not in sent.masked_url()


@pytest.mark.parametrize("one", [QIMEN, STORE, TOP, spec.load_api("taobao.qimen.storeinventory.itemupdate")])
def test_every_protocol_verifies(one: spec.Api) -> None:
    root = samples.full(one.request)
    xml.put(root, "remark", "中 & + % = ' \\ <😀>")
    sent = signed(TARGET, Step(one), root)
    query = dict(parse_qsl(urlsplit(sent.url).query, keep_blank_values=True, strict_parsing=True))
    assert query == dict(sent.params)
    if one.protocol == "top":
        assert verify(query | dict(parse_qsl(sent.body.decode())), None, "s3cret")
    else:
        assert verify(query, sent.body, "s3cret")
        assert xml.write(xml.parse(sent.body)) == sent.body


def test_what_the_target_does_not_give_is_left_out() -> None:
    one = made(with_options(TARGET, customer_id="", app_key="", version="3.0"))
    assert [name for name, _ in one.params] == ["method", "timestamp", "format", "v", "sign_method"]
    assert one.get("v") == "3.0"
    assert "session" not in dict(made(TARGET, TOP).params)
    assert "session" not in dict(made(with_options(TARGET, session="x")).params)


def test_the_method_of_the_gateway() -> None:
    assert made(TARGET, STORE).get("method") == "taobao.qimen.itemstore.banding"


def test_the_timestamp_is_now_in_china() -> None:
    one = draft(TARGET, SMALL, samples.minimal(SMALL.request))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", one.get("timestamp"))


def test_a_url_that_has_a_query() -> None:
    target = with_options(TARGET, url="http://127.0.0.1:1/qimen?tenant=a b")
    one = made(target)
    seal(target, one)
    assert finish(target, one).url.startswith("http://127.0.0.1:1/qimen?tenant=a b&method=thing.create&")


def test_a_draft_can_be_edited() -> None:
    one = made()
    one.set("v", "1.0")
    one.set("extra", "x")
    one.drop("format")
    assert [(name, one.get(name)) for name, _ in one.params] == [
        ("method", "thing.create"),
        ("timestamp", MOMENT),
        ("app_key", "key"),
        ("v", "1.0"),
        ("sign_method", "md5"),
        ("customerId", "cust"),
        ("extra", "x"),
    ]
    assert one.get("format") == ""
    one.header("content-type", "text/plain")
    one.header("ACCEPT", None)
    assert one.headers == [("content-type", "text/plain")]


PAIRS = {
    (): "",
    (("a", "1"), ("b", "")): "a=1&b=",
    (("a b", "1 2"),): "a+b=1+2",
    (("a", "中&=+%~/"),): "a=%E4%B8%AD%26%3D%2B%25~%2F",
}


@pytest.mark.parametrize(("pairs", "text"), PAIRS.items())
def test_pairs(pairs: tuple[tuple[str, str], ...], text: str) -> None:
    assert encode_pairs(pairs) == text
    assert encode_pairs(pairs, plus=False) == text.replace("+", "%20")


MASKED = {
    "http://h/p": "http://h/p",
    "http://h/p?a=1": "http://h/p?a=1",
    "http://h/p?sign=X&a=1": "http://h/p?sign=***&a=1",
    "http://h/p?a=1&sign=X&session=Y&sign=Z": "http://h/p?a=1&sign=***&session=***&sign=***",
    "http://h/p?sign=": "http://h/p?sign=***",
    "http://h/p?sign": "http://h/p?sign=***",
    "http://h/p?sign_method=md5&design=1": "http://h/p?sign_method=md5&design=1",
    "http://user:word@h/p?a=1": "http://***@h/p?a=1",
    "https://user@h:8080/p@q?sign=X": "https://***@h:8080/p@q?sign=***",
}


@pytest.mark.parametrize(("url", "masked"), MASKED.items())
def test_masks(url: str, masked: str) -> None:
    assert mask_query(url) == masked
