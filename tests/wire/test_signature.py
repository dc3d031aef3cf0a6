"""Known answers, then tampering: a signature holds for exactly the request it was made for."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.errors import UsageError
from pytest_qimen.wire.signature import SIGN_METHODS, sign, verify

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/sign.json").read_text(encoding="utf-8"))
DOCUMENT = {
    "app_key": "testerp_appkey",
    "customerId": "stub-cust-code",
    "format": "xml",
    "sign_method": "md5",
    "timestamp": "2015-04-26 00:00:07",
}

# No control characters: HMAC pads its key with NULs, so that secrets differing only in those are one.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
methods = st.sampled_from(SIGN_METHODS)
requests = st.tuples(
    st.dictionaries(texts.filter(lambda key: key != "sign"), texts, min_size=1, max_size=5),
    st.binary(max_size=20),
    texts,
    methods,
)


def signed(params: dict[str, str], body: bytes | str | None, secret: str, method: str) -> dict[str, str]:
    return params | {"sign": sign(params, body, secret, method)}


def vector_id(vector: dict[str, Any]) -> str:
    return f"{vector['case']}-{vector['variant']}-{vector['sign_method']}"


@pytest.mark.parametrize("vector", VECTORS, ids=vector_id)
def test_vector(vector: dict[str, Any]) -> None:
    params, body, secret, method = (vector[key] for key in ("params", "body", "secret", "sign_method"))
    assert sign(params, body, secret, method) == vector["sign"]
    if body is not None:
        assert sign(params, body.encode(), secret, method) == vector["sign"]
    sent = {key: value for key, value in params.items() if value}  # as the official client sends it
    assert verify(sent | {"sign": vector["sign"]}, body, secret, method)


@pytest.mark.parametrize(
    ("method", "version", "body", "digest"),
    [
        ("taobao.qimen.entryorder.query", "1.0", "", "D06D88CB34B2EC0E5C9BAB396C9542B6"),
        ("taobao.qimen.itemlack.report", "2.0", "body", "E4E83589F1454C1B677DDF0B59026C6A"),
    ],
    ids=["printed-digest", "printed-string"],
)
def test_document(method: str, version: str, body: str, digest: str) -> None:
    assert sign(DOCUMENT | {"method": method, "v": version}, body, "test") == digest


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"sign": ""}, False),
        ({"sign": "签名"}, False),
        ({"sign": sign(DOCUMENT, "", "test").lower()}, False),
        ({"sign": sign(DOCUMENT, "", "test") + "\n"}, False),
        ({"sign": sign(DOCUMENT, "", "test", "hmac")}, False),
        ({"session": ""}, False),  # signed without the name, verified with it
    ],
)
def test_verify_is_strict(change: dict[str, str], holds: bool) -> None:
    assert verify(signed(DOCUMENT, "", "test", "md5") | change, "", "test") is holds


def test_no_signature() -> None:
    assert not verify(DOCUMENT, "", "test")


def test_keys_are_in_byte_order() -> None:
    """Java would sort U+1F600 before U+FF5E, by its surrogates."""
    params = {"\U0001f600": "6", "\uff5e": "5", "a": "4", "_": "3", "B": "2", "1": "1"}
    assert sign(params, None, "s") == sign({"11B2_3a4\uff5e5": "\U0001f6006"}, None, "s")


@given(requests)
def test_signed_request_verifies(request: tuple[dict[str, str], bytes, str, str]) -> None:
    params, body, secret, method = request
    assert verify(signed(params, body, secret, method), body, secret, method)


@given(requests, st.data())
def test_tampering_is_noticed(request: tuple[dict[str, str], bytes, str, str], data: st.DataObject) -> None:
    params, body, secret, method = request
    sent = signed(params, body, secret, method)
    key = data.draw(st.sampled_from(sorted(params)))
    other = data.draw(texts)
    assert not verify(sent | {key: params[key] + other}, body, secret, method)
    assert not verify({name: value for name, value in sent.items() if name != key}, body, secret, method)
    assert not verify(sent, body + other.encode(), secret, method)
    assert not verify(sent, body, secret + other, method)


@given(requests, st.text(max_size=40))
def test_no_text_is_a_signature(request: tuple[dict[str, str], bytes, str, str], text: str) -> None:
    params, body, secret, method = request
    assert not verify(params | {"sign": text}, body, secret, method)


@pytest.mark.parametrize("call", [sign, verify])
def test_unknown_method(call: Any) -> None:
    with pytest.raises(UsageError) as error:
        call(DOCUMENT, "", "test", "MD5")
    assert str(error.value) == "unknown sign_method 'MD5': expected one of md5, hmac, hmac-sha256"
