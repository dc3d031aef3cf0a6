"""What the endpoint does before it looks at a message: HTTP, parameters, signatures, parsing."""

import json
import socket
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pytest_qimen import schema, spec, xml
from pytest_qimen.errors import UsageError
from pytest_qimen.reference import SECRET, start
from pytest_qimen.wire import signature
from tests.reference.endpoint_client import Client, Connect

BEAT = b"<request><serialNumber>1</serialNumber></request>"
PUBLISH = "alibaba.wdk.stock.publish"


@pytest.mark.parametrize("method", ["service.heartbeat", "taobao.qimen.service.heartbeat"])
def test_good(client: Client, method: str) -> None:
    answer = client.post(method, BEAT)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/xml;charset=utf-8"
    assert (answer["flag"], answer["code"]) == ("success", "1")


@pytest.mark.parametrize(
    ("edits", "body"),
    [
        ({"sign": "0" * 32}, BEAT),
        ({"sign": ""}, BEAT),
        ({"sign": None}, BEAT),
        ({"sign": signature.sign({}, BEAT, SECRET)}, BEAT),
    ],
)
def test_bad_signature(client: Client, edits: dict[str, str | None], body: bytes) -> None:
    answer = client.post("service.heartbeat", body, **edits)
    assert (answer.status, answer.ok) == (200, False)
    assert (answer["sub_code"], answer["sub_message"]) == ("sign-check-failure", "Illegal request")


def test_tampered(client: Client) -> None:
    params = client.params("service.heartbeat")
    params["sign"] = signature.sign(params, BEAT, SECRET)
    assert client.send(params, BEAT).ok
    assert not client.send(params, BEAT + b" ").ok
    assert not client.send({**params, "sign": params["sign"].lower()}, BEAT).ok
    assert not client.send({**params, "timestamp": "2016-05-01 10:00:01"}, BEAT).ok
    assert not client.send({**params, "extra": ""}, BEAT).ok  # an empty one keeps its name


@pytest.mark.parametrize(
    "name", ["method", "timestamp", "format", "app_key", "v", "sign_method", "customerId"]
)
def test_missing_parameter(client: Client, name: str) -> None:
    params = client.params("service.heartbeat")
    del params[name]
    params["sign"] = signature.sign(params, BEAT, SECRET)
    answer = client.send(params, BEAT)
    assert not answer.ok
    assert name in (answer["message"] or "")


@pytest.mark.parametrize(
    "edits",
    [
        {"app_key": "someone"},
        {"customerId": "someone"},
        {"timestamp": "2016-02-30 10:00:00"},
        {"timestamp": "20160501100000"},
        {"v": "9"},
        {"format": "json"},
        {"method": "nothing.at.all"},
        {"method": "taobao.qimen.nothing"},
    ],
)
def test_wrong_parameter(client: Client, edits: dict[str, str]) -> None:
    params = {**client.params("service.heartbeat"), **edits}
    params["sign"] = signature.sign(params, BEAT, SECRET)
    assert not client.send(params, BEAT).ok


def test_extra_parameter_and_blanks(client: Client) -> None:
    answer = client.post("service.heartbeat", BEAT, partner_id="top-sdk java", 中文="测试 😀+&%")
    assert answer.ok


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<request>",
        b"<query><serialNumber>1</serialNumber></query>",
        b"<!DOCTYPE request><request><serialNumber>1</serialNumber></request>",
        b'<!DOCTYPE r [<!ENTITY a "1">]><request><serialNumber>&a;</serialNumber></request>',
        b"<request><serialNumber>\xff\xfe</serialNumber></request>",
        b"{}",
        b"<request><serialNumber>1</serialNumber></request><request/>",
        b"<request><serialNumber/></request>",
        b"<request/>",
    ],
)
def test_bad_body(client: Client, body: bytes) -> None:
    answer = client.post("service.heartbeat", body)
    assert (answer.status, answer.ok) == (200, False)


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>' + BEAT,
        b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n<!-- a --><?p?>" + BEAT,
        b"<request a='1'><x><y/></x><serialNumber><![CDATA[1]]></serialNumber><remark>r</remark></request>",
        b"<request>\n  <serialNumber>&#49;</serialNumber>\n</request>\n",
    ],
)
def test_legal_body(client: Client, body: bytes) -> None:
    assert client.post("service.heartbeat", body)["code"] == "1"


def test_get(client: Client) -> None:
    params = client.params("service.heartbeat")
    params["sign"] = signature.sign(params, b"", SECRET)
    assert not client.send(params, b"", verb="GET").ok


def test_form_type_with_raw_xml(client: Client) -> None:
    params = client.params("service.heartbeat")
    params["sign"] = signature.sign(params, BEAT, SECRET)
    assert client.send(params, BEAT, kind="application/x-www-form-urlencoded").ok


@pytest.mark.parametrize("method", signature.SIGN_METHODS)
def test_top_signatures(client: Client, method: str) -> None:
    fields = {"ou_code": "OU1001"}
    answer = client.top("alibaba.wdk.sku.scroll.query", fields, method)
    assert answer["result.success"] == "true"
    refused = client.send(client.params("alibaba.wdk.sku.scroll.query", sign="0" * 32), b"")
    assert refused.root.tag == "error_response"
    assert (refused["code"], refused["msg"]) == ("25", "Invalid signature")
    assert refused["sub_code"]


def test_top_in_json(client: Client) -> None:
    answer = client.top("alibaba.wdk.sku.scroll.query", {"ou_code": "OU1001"}, format="json")
    assert answer.headers["Content-Type"].startswith("application/json")
    found = json.loads(answer.body)["alibaba_wdk_sku_scroll_query_response"]["result"]
    assert (found["success"], found["total"], len(found["model_list"]["model_list"])) == (True, 45, 20)
    refused = json.loads(client.top(PUBLISH, {"batch_stock_publish_dto": "{"}, format="json").body)
    assert refused["error_response"]["code"] == 41


def test_one_name_two_protocols(client: Client) -> None:
    assert client.call("taobao.qimen.storeinventory.itemupdate").root.tag == (
        "qimen_storeinventory_itemupdate_response"
    )
    assert client.call("storeinventory.itemupdate").root.tag == "response"
    body = xml.write(client.message("storeinventory.itemupdate"))
    assert client.post("taobao.qimen.storeinventory.itemupdate", body).root.tag == "response"


def raw(client: Client, data: bytes) -> bytes:
    """Send bytes, say no more, and read until the other side closes."""
    port = client.connection.port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_chunked_and_pipelined(client: Client) -> None:
    params = client.params("service.heartbeat")
    params["sign"] = signature.sign(params, BEAT, SECRET)
    head = f"POST /qimen?{urlencode(params)} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n".encode()
    body = b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + BEAT[:5] + b"\r\n"
    body += b"%X;a=b\r\n%b\r\n0\r\nTrailer: 1\r\n\r\n" % (len(BEAT) - 5, BEAT[5:])
    found = raw(client, (head + body) * 2)
    assert found.count(b"100 Continue") == 2
    assert found.count(b"<flag>success</flag>") == 2


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nbroken\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
        b"POST / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000 + b"\r\n",
    ],
)
def test_no_http(client: Client, data: bytes) -> None:
    assert raw(client, data).startswith(b"HTTP/1.1 400 ")


def test_too_large(client: Client) -> None:
    answer = client.post("service.heartbeat", b"<request>" + b" " * (20 << 20) + b"</request>")
    assert (answer.ok, answer["code"]) == (False, "too-large")
    assert client.post("service.heartbeat", BEAT).ok


def test_stop_ends_connections_and_threads(connect: Connect) -> None:
    before = threading.active_count()
    endpoint = start()
    clients = [connect(endpoint) for _ in range(5)]
    assert all(client.post("service.heartbeat", BEAT).ok for client in clients)
    endpoint.stop()
    assert threading.active_count() == before
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", clients[0].connection.port), timeout=1)


def test_state_file(connect: Connect, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    for expected in (True, False):
        endpoint = start(state=path)
        client = connect(endpoint)
        if expected:
            assert client.call("entryorder.create").ok
        assert client.call("entryorder.query")["totalLines"] == "1"
        endpoint.stop()


def test_busy_port_and_bad_state_file(client: Client, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^port \d+: .*in use"):
        start(port=client.connection.port)
    (tmp_path / "state.db").write_text("no database " * 100)
    for path in (tmp_path / "state.db", tmp_path / "none" / "state.db"):
        with pytest.raises(UsageError, match=r"^state file .*state\.db: "):
            start(state=path)


@pytest.mark.parametrize("base", ["minimal", "full"])
@pytest.mark.parametrize("name", sorted(spec.methods()))
def test_every_method_answers_legally(client: Client, name: str, base: str) -> None:
    api = spec.load_api(name)
    root = client.message(name, base)
    for step in api.setup:
        sent = client.message(step["method"])
        answer = client.post(step["method"], xml.write(sent))
        for path, source in step["give"].items():
            side, _, where = source.partition(":")
            xml.put(root, path, xml.get(sent if side == "request" else answer.root, where) or "")
    if api.method == "orderStatus.sync":
        xml.put(root, "status", "X_TO_SYSTEM")
    answer = client.send_message(name, root)
    assert (answer["flag"] or answer["is_success"] or answer["result.success"]) in ("success", "true")
    assert not schema.problems(api, "response", answer.root)
