"""The suite calls a listener: its legal messages raise nothing, its illegal ones are named at their field."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from shutil import which
from urllib.parse import quote, urlsplit

import pytest

import pytest_qimen
from pytest_qimen import spec
from pytest_qimen.cases import Case, Kind, bundled_cases
from pytest_qimen.client.clock import china_now
from pytest_qimen.client.request import draft, finish, seal
from pytest_qimen.client.transport import Transport
from pytest_qimen.listening.model import Judged
from pytest_qimen.listening.session import Listening
from pytest_qimen.messages import samples
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.runner.signed import signed
from pytest_qimen.wire.signature import sign
from tests.checks.callers.test_own_messages import EMPTY, near, plain
from tests.support.heard import TARGET

KINDS = (Kind.BOUNDARY, Kind.MINIMAL, Kind.TYPICAL)
METHODS = list(spec.methods())[::9]
# What the suite does on purpose, message by message: it speaks of documents that nobody created before.
JOURNAL = (
    "caller.key.",
    "caller.sequence.",
    "caller.split.",
    "caller.page.",
    "caller.scroll.",
    "caller.read.",
)


def sent(method: str) -> Iterator[tuple[Case, Judged]]:
    """Send every case of one message that the method has; yield each with its judged call."""
    wanted = [case for case in bundled_cases(spec.methods()[method]) if case.kind in KINDS]
    wanted = [case for case in wanted if len(case.steps) == 1]
    with pytest_qimen.listen(customer_id=TARGET.customer_id) as listener:
        target = replace(TARGET, url=listener.url)
        transport, context = Transport.to(target), Context(target, Keys())
        for case in wanted:
            transport.send(signed(target, case.steps[0], compose(case.steps[0], context, {})))
        transport.close()
        yield from zip(wanted, listener.calls(), strict=True)


@pytest.mark.parametrize("method", METHODS)
def test_own_messages(method: str) -> None:
    legal = illegal = 0
    for case, judged in sent(method):
        found = [one for one in judged.findings if one.level.is_judged]
        if case.steps[0].expect == "success":
            legal += 1
            raised = {one.check for one in found if not one.check.startswith(JOURNAL)}
            assert raised <= ({"caller.message.empty-lists"} if case.id.endswith(EMPTY) else set()), case.id
        elif case.steps[0].expect == "failure":
            illegal += 1
            changed = {plain(change.path) for change in case.steps[0].changes}
            assert any(near(plain(one.path), changed) for one in found), (case.id, found)
    assert legal > 3
    assert illegal or method == "wms/service.heartbeat"


def request_of(url: str) -> tuple[str, bytes]:
    """Return a signed URL and its body."""
    target = replace(TARGET, url=url)
    api = spec.load_api("wms/entryorder.create")
    made = draft(target, api, samples.minimal(api.request))
    seal(target, made)
    found = finish(target, made)
    return found.url, found.body


def test_urllib_raises_nothing(qimen_listener: Listening) -> None:
    url, body = request_of(qimen_listener.url)
    request = urllib.request.Request(url, body, {"Content-Type": "text/xml;charset=utf-8"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert b"success" in answer.read()
    assert not qimen_listener.bad("should")


@pytest.mark.skipif(not which("curl"), reason="needs curl")
def test_curl_raises_nothing(qimen_listener: Listening) -> None:
    url, body = request_of(qimen_listener.url)
    words = ["curl", "-sS", "-H", "Content-Type: text/xml", "--data-binary", "@-", url]
    found = subprocess.run(words, input=body, capture_output=True, timeout=60, check=True)
    assert b"success" in found.stdout, found.stderr
    assert not qimen_listener.bad("should")


def test_the_bytes_of_the_official_java_client_raise_nothing(qimen_listener: Listening) -> None:
    body = (
        "<request><entryOrder><entryOrderCode>RK1</entryOrderCode><orderType>CGRK</orderType>"
        "<ownerCode>O1</ownerCode><purchaseOrderCode>P1</purchaseOrderCode><remark>&quot;收货&quot;</remark>"
        "<warehouseCode>OTHER</warehouseCode></entryOrder><orderLines><orderLine><itemCode>I1</itemCode>"
        "<itemId>W1</itemId><ownerCode>O1</ownerCode><planQty>1</planQty></orderLine></orderLines></request>"
    ).encode()
    params = {
        "app_key": TARGET.app_key,
        "method": "entryorder.create",
        "v": "2.0",
        "timestamp": china_now(),
        "partner_id": "top-sdk-java-20160607",
        "format": "xml",
        "sign_method": "md5",
        "customerId": TARGET.customer_id,
    }
    params["sign"] = sign(params, body, TARGET.secret, "md5")
    query = "&".join(f"{name}={quote(value, safe='').replace('%20', '+')}" for name, value in params.items())
    parts = urlsplit(qimen_listener.url)
    head = (
        f"POST {parts.path}?{query} HTTP/1.1\r\nAccept-Encoding: gzip\r\n"
        "Content-Type: text/xml;charset=utf-8\r\nUser-Agent: Java/1.8.0_151\r\n"
        f"Host: {parts.netloc}\r\nAccept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\n"
        f"Connection: keep-alive\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection((parts.hostname or "", parts.port or 0), 30) as client:
        client.sendall(head + body)
        assert b"200" in client.recv(1 << 16).partition(b"\r\n")[0]
    assert not qimen_listener.bad("should"), qimen_listener.bad("should")


def test_a_script_of_its_own_ends_with_an_assertion(qimen_listener: Listening) -> None:
    code = (
        f"import urllib.request as u; u.urlopen(u.Request({qimen_listener.url!r}, b'<request/>'), timeout=30)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    (bad,) = qimen_listener.bad()
    assert "caller.call.method" in {one.check for one in bad.findings}
