"""Pins, limits and bases of drawn messages."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.schema import undeclared
from pytest_qimen.spec import load_api
from pytest_qimen.strategies import answers_for, illegal_requests_for, requests_for
from pytest_qimen.strategies.plan import Plan
from tests.strategies.draws import drawn, faults, has_four_byte_sign, lines_of


def test_every_kind_of_edit_is_drawn() -> None:
    api = load_api("entryorder.create")
    found = drawn(requests_for(api), 1800)
    names = [child.name for child in api.request.children()]
    oddities: dict[str, Callable[[xml.Element], bool]] = {
        "undeclared": lambda root: bool(undeclared(api, "request", root)),
        "remark": lambda root: root.find("remark") is not None or root.find("orderLines/remark") is not None,
        "extendProps": lambda root: any(
            len(each) for each in root.iter("extendProps") if each.find("key1") is None
        ),
        "order": lambda root: [each.tag for each in root if each.tag in names][:2] == names[1::-1],
        "empty": lambda root: any(not len(each) and not each.text for each in root.iter()),
        "twenty": lambda root: len(lines_of(root)) == 20,
        "smallest": lambda root: len(list(root.iter())) <= 12,
        "fullest": lambda root: len(list(root.iter())) >= 65,
        "emoji": has_four_byte_sign,
    }
    assert {name for name, odd in oddities.items() if not any(map(odd, found))} == set()


def test_keys_differ_and_lines_stay_within_the_limit() -> None:
    api = load_api("alibaba.wdk.stock.publish")
    lengths = set()
    for root in drawn(requests_for(api), 200):
        keys = xml.values(root, "batch_stock_publish_dto.stock_publish_dtos[].order_no")
        assert len(keys) == len(set(keys))
        assert not undeclared(api, "request", root)
        lengths.add(len(keys))
    assert {1, 20} <= lengths <= set(range(1, 21))


@pytest.mark.parametrize("build", [requests_for, illegal_requests_for])
def test_pins_are_honoured(build: Callable[..., SearchStrategy[Any]]) -> None:
    pins = {
        "warehouseCode": "仓1",
        "orderLines.orderLine[].ownerCode": ["H1", "x" * 51, "H2"],
        "deliveryorder.create:deliveryOrder.orderType": ["HHCK", "JYCK"],
        "noSuchField": "1",
    }
    found = [getattr(each, "message", each) for each in drawn(build("deliveryorder.create", pins=pins), 600)]
    pinned = {
        path: {value for root in found for value in xml.values(root, path)}
        for path in (
            "deliveryOrder.warehouseCode",
            "orderLines.orderLine[].ownerCode",
            "deliveryOrder.orderType",
        )
    }
    assert list(pinned.values()) == [{"仓1"}, {"H1", "H2"}, {"HHCK", "JYCK"}]


def test_what_a_rule_adds_is_pinned() -> None:
    pins = {"orderType": "HHCK", "preDeliveryOrderCode": ["P1", "P2"], "preDeliveryOrderId": "W1"}
    for root in drawn(requests_for("deliveryorder.create", pins=pins), 100):
        assert xml.get(root, "deliveryOrder.preDeliveryOrderCode") in ("P1", "P2")
        assert xml.get(root, "deliveryOrder.preDeliveryOrderId") == "W1"


def test_pins_and_rules_together() -> None:
    api = load_api("deliveryorder.confirm")
    for root in drawn(requests_for(api, pins={"actualQty": "5"}), 200):
        assert faults(api, "request", root) == []
        assert set(xml.values(root, "orderLines.orderLine[].actualQty")) <= {"5"}


@pytest.mark.parametrize(
    ("pins", "text"),
    [
        (
            {"warehouseCode": "x" * 51},
            "pin 'warehouseCode': deliveryorder.create can have none of its values",
        ),
        ({"orderType": ["A", "B"]}, "orderType: expected one of JYCK"),
        ({"remark": ""}, "pin 'remark': .*an empty value is none"),
        ({"remark": []}, "pin 'remark': .*none given"),
        ({"remark": "\x00"}, r"pin 'remark': .*XML cannot carry '\\x00'"),
    ],
)
@pytest.mark.parametrize("build", [requests_for, illegal_requests_for])
def test_impossible_pin(build: Callable[..., SearchStrategy[Any]], pins: dict[str, Any], text: str) -> None:
    with pytest.raises(UsageError, match=text):
        build("deliveryorder.create", pins=pins)


def test_pins_that_exclude_each_other() -> None:
    with pytest.raises(
        UsageError, match=r"pins totalPage = 2, currentPage = 3: no legal request of sn.report: .*at most"
    ):
        requests_for("sn.report", pins={"currentPage": "3", "totalPage": "2"})


def test_base() -> None:
    api = load_api("entryorder.create")
    base = Plan(api, "request", {}).least
    xml.put(base, "entryOrder.remark", "mine")
    xml.repeat(base, "orderLines.orderLine[]", 7)
    found = drawn(requests_for(api, base=base), 100)
    assert [fault for root in found for fault in faults(api, "request", root)] == []
    assert {len(lines_of(root)) for root in found} >= {7}
    assert "mine" in {xml.get(root, "entryOrder.remark") for root in found}
    with pytest.raises(
        UsageError, match=r"base: no legal request of entryorder.create: .*entryOrder: expected"
    ):
        requests_for(api, base=xml.new("request"))


def test_strategies_are_kept_and_draws_are_not() -> None:
    assert requests_for("order.cancel") is requests_for("order.cancel")
    assert requests_for("order.cancel", pins={"ownerCode": "1"}) is not requests_for("order.cancel")
    for build in (requests_for, answers_for):
        for root in drawn(build("order.cancel"), 20):
            assert len(root)
            xml.clear(root)


def test_unknown_method() -> None:
    with pytest.raises(UsageError, match=r"unknown method 'order\.cancle'"):
        requests_for("order.cancle")
