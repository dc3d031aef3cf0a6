"""Every variant answers otherwise and yet legally: by the schema, with flag, code and message."""

import gzip
from datetime import datetime
from urllib.parse import urlencode

import pytest

from pytest_qimen import schema, spec, xml
from pytest_qimen.reference import SECRET
from pytest_qimen.reference.database import CHINA
from pytest_qimen.reference.variants import FAMILIES, SUBSET, VARIANTS
from pytest_qimen.wire import signature
from tests.reference.endpoint_client import Client, Connect
from tests.reference.test_faults import clean, heard

WALK = (  # in an order in which each finds what it needs
    *(
        "service.heartbeat",
        "singleitem.synchronize",
        "singleitem.query",
        "items.synchronize",
        "inventory.query",
    ),
    *(
        "entryorder.create",
        "entryorder.create",
        "entryorder.query",
        "entryorder.confirm",
        "entryorder.confirm",
    ),
    *("stock.query", "deliveryorder.create", "deliveryorder.query", "orderprocess.query", "order.cancel"),
    *("order.cancel", "orderstatus.batchquery", "stockchange.report", "store.create", "storecategory.get"),
    *("itemstore.banding", "itemstore.query", "storeinventory.iteminitial", "storeinventory.itemupdate"),
    *("storeinventory.itemupdate", "storeinventory.itemquery", "taobao.qimen.storeinventory.itemupdate"),
    *(
        "alibaba.wdk.stock.publish",
        "alibaba.wdk.sku.scroll.query",
        "warehouseinfo.query",
        "expressinfo.query",
    ),
)
REFUSES = {  # how many of them
    "replayed-documents-refused": 1,
    "replayed-reports-refused": 1,
    "cancelled-twice-refused": 1,
    "replays-failure": 2,
    "more-demanded": 8,
    "own-warehouse": 20,
    "no-stores-beforehand": 6,
    "no-warehouses-beforehand": 1,
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_is_legal(connect: Connect, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    now = datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    monkeypatch.setattr("tests.reference.endpoint_client.TIME", now)
    client = connect(variants=[name])
    refused = 0
    for method in WALK:
        api = spec.load_api(method)
        answer = client.call(method)
        root = answer.root
        assert xml.name(root) == api.root or root.tag == "error_response"
        verdict = answer["flag"] or answer["is_success"] or answer["result.success"]
        if verdict in ("success", "true"):
            assert not schema.problems(api, "response", root)
        else:
            assert verdict in ("failure", "false") or root.tag == "error_response"
            refused += 1
        if api.protocol == "qimen":
            assert answer["code"]
            assert answer["message"]
    if name == "subset-of-methods":
        assert refused == sum(method not in SUBSET for method in WALK)
    else:
        assert refused == REFUSES.get(name, 0)


def _family(name: str) -> str:
    family = next(family for family, variants in FAMILIES.items() if name in variants)
    return {"words": "state", "behaviour": "idempotency"}.get(family, "envelope")


# These are shown by tests of their own.
HIDDEN = {
    "gzip",
    "slow",
    "bad-signature-400",
    "strict-master-data",
    "own-warehouse",
    "fresh-timestamps-only",
    "connection-close",
    "no-suppliers-beforehand",
    "no-owners-beforehand",
    "no-warehouses-beforehand",
    "pages-behind-the-end-refused",
}


@pytest.mark.parametrize("name", sorted(VARIANTS.keys() - HIDDEN))
def test_variant_shows(name: str) -> None:
    families = (_family(name), "state", "idempotency", "parsing", "limits")
    assert any(tuple(heard(family, variants=[name])[0]) != clean(family) for family in families)


def test_gzip_for_those_who_take_it(connect: Connect) -> None:
    client = connect(variants=["gzip"])
    body = xml.write(client.message("service.heartbeat"))
    params = client.params("service.heartbeat")
    params["sign"] = signature.sign(params, body, SECRET)
    for accepted in ("gzip, deflate", "identity"):
        headers = {"Accept-Encoding": accepted}
        client.connection.request("POST", f"{client.path}?{urlencode(params)}", body, headers)
        response = client.connection.getresponse()
        data = response.read()
        if accepted != "identity":
            assert response.headers["Content-Encoding"] == "gzip"
            data = gzip.decompress(data)
        assert b"<flag>success</flag>" in data


def test_bad_signature_400(connect: Connect) -> None:
    client = connect(variants=["bad-signature-400"])
    assert client.post("service.heartbeat", b"", sign="0" * 32).status == 400
    assert client.call("service.heartbeat").status == 200


def test_slow(connect: Connect) -> None:
    client = connect(variants=["slow"])
    start = datetime.now()
    client.call("service.heartbeat")
    assert (datetime.now() - start).total_seconds() >= 0.02


def test_strict_master_data(connect: Connect) -> None:
    client = connect(variants=["strict-master-data"])
    assert client.call("entryorder.create").ok
    assert not client.call("entryorder.create", entryOrder__warehouseCode="nowhere").ok


def test_own_warehouse(connect: Connect) -> None:
    client = connect(variants=["own-warehouse"])
    assert client.call("entryorder.create", entryOrder__warehouseCode="7007").ok
    assert not client.call("entryorder.create").ok
    assert not client.call("entryorder.create", entryOrder__warehouseCode="HZCK01").ok


def test_fresh_timestamps_only(connect: Connect) -> None:
    assert not connect(variants=["fresh-timestamps-only"]).call("service.heartbeat").ok


def test_one_connection_or_many(connect: Connect) -> None:
    for name in ("http-1.0", "connection-close", "chunked"):
        client: Client = connect(variants=[name])
        closed = client.call("service.heartbeat").headers["Connection"] == "close"
        assert closed is (name != "chunked")
        assert client.call("service.heartbeat").ok
