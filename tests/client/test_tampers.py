"""Tampers of bodies, parameters and HTTP."""

from datetime import datetime, timedelta

import pytest

from pytest_qimen import xml
from pytest_qimen.client.clock import china_now
from pytest_qimen.client.delivery import DELIVERIES
from tests.client.tampered import BODIES, BODY, HEAD, PARAMS, TOP, is_verified, params, qimen, sent


@pytest.mark.parametrize(("name", "body"), BODIES.items(), ids=BODIES)
def test_bodies(name: str, body: bytes) -> None:
    plain, found = qimen(), qimen(name)
    assert plain.body == HEAD + BODY
    assert found.body == body
    assert (found.http_method, found.headers) == (plain.http_method, plain.headers)
    unsigned = {key: value for key, value in plain.params if key != "sign"}
    assert {key: value for key, value in found.params if key != "sign"} == unsigned


def test_gbk() -> None:
    plain, found = qimen(), qimen("gbk")
    assert found.body == b'<?xml version="1.0" encoding="GBK"?>\n' + BODY.decode().encode("gbk")
    assert xml.get(xml.parse(found.body), "a") == "测 1"
    assert dict(found.headers) == dict(plain.headers) | {"Content-Type": "text/xml;charset=GBK"}


def moved(days: int) -> str:
    return (datetime.strptime(china_now(), "%Y-%m-%d %H:%M:%S") + timedelta(days=days)).strftime("%Y-%m-%d")


@pytest.mark.parametrize(("name", "changed"), PARAMS.items())
def test_params(name: str, changed: dict[str, str | None]) -> None:
    expected = {key: value for key, value in (params() | changed).items() if value is not None}
    assert params(name) == expected
    assert (qimen(name).body, qimen(name).headers) == (qimen().body, qimen().headers)


@pytest.mark.parametrize(("name", "days"), [("old-timestamp", -400), ("future-timestamp", 400)])
def test_timestamps(name: str, days: int) -> None:
    before = moved(days)
    found = params(name)
    assert found["timestamp"][:10] in (before, moved(days))
    assert found | {"timestamp": ""} == params() | {"timestamp": ""}


def test_other_ways_to_write_a_query() -> None:
    mixed = qimen("set-param:partner_id=a b c", "mixed-blanks").url
    assert "partner_id=a+b%20c" in mixed
    assert "%20" in mixed.partition("partner_id")[0]  # the timestamp's
    small = qimen("small-percent").url
    assert "%3a" in small
    assert "%3A" not in small
    for name in ("mixed-blanks", "small-percent"):
        assert is_verified(qimen(name))
        assert is_verified(sent(TOP, xml.parse(BODY), name), "top")


@pytest.mark.parametrize("name", [name for name in DELIVERIES if name])
def test_deliveries(name: str) -> None:
    plain, found = qimen(), qimen(f"delivery:{name}")
    assert (found.delivery, found.body) == (name, plain.body)
    assert found.headers == plain.headers + DELIVERIES[name]
