"""Drawn messages meet the independent validators: legal ones pass, illegal ones break exactly one thing."""

from collections import Counter
from collections.abc import Callable
from difflib import ndiff
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.outside import outside
from pytest_qimen.rules import broken
from pytest_qimen.schema import explain, problems, undeclared
from pytest_qimen.spec import Api, CodeList, Field, Message, load_all, load_api, methods
from pytest_qimen.strategies import answers_for, illegal_requests_for, requests_for, values_of
from pytest_qimen.strategies.illegal import JUDGED, spoils
from pytest_qimen.strategies.plan import Plan
from pytest_qimen.toml import Text

METHODS = list(methods())
SMALL = (  # messages of a few fields, for the tests that need many
    "wms/transferorder.query",
    "wms/order.cancel",
    "wms/itemmapping.create",
    "store/storeitem.query",
    "store/itemstore.banding",
    "erp/wavenum.report",
    "wms/inventoryrule.create",
    "store/orderStatus.sync",
)
DIRECTIONS: dict[str, Callable[..., SearchStrategy[xml.Element]]] = {
    "request": requests_for,
    "response": answers_for,
}
QUIET = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def drawn(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """`count` draws, the same in every run."""
    found: list[Any] = []

    @settings(QUIET, max_examples=count)
    @given(strategy)
    def keep(value: Any) -> None:
        found.append(value)

    keep()
    return found


def smallest(strategy: SearchStrategy[Any], oddity: Callable[[Any], bool]) -> Any:
    """What an example with this oddity shrinks to."""
    return find(strategy, oddity, settings=settings(QUIET, max_examples=2000))


def faults(api: Api, direction: str, root: xml.Element) -> list[Any]:
    """What is wrong with the message once it has been written and read."""
    sent = xml.parse(xml.write(root))
    return [*problems(api, direction, sent), *broken(api, direction, sent)]


def leaves(root: xml.Element) -> Counter[tuple[str, str]]:
    """Every element's path without numbers and its text."""
    return Counter((path.replace("[]", ""), xml.text(element)) for path, element in xml.walk(root))


def added(base: xml.Element, root: xml.Element) -> list[str]:
    """The lines that `root` has more (+) or less (-) than `base`."""
    before, after = (xml.write(each, pretty=True).decode().splitlines() for each in (base, root))
    return [line[0] + line[2:].strip() for line in ndiff(before, after) if line[0] in "+-"]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("method", METHODS)
def test_legal_is_legal(method: str, direction: str) -> None:
    api = load_api(method)
    found = drawn(DIRECTIONS[direction](method), 20)
    assert len(found) == 20
    assert [fault for root in found for fault in faults(api, direction, root)] == []
    assert [reasons for root in found if (reasons := explain(api, direction, root))] == []


@pytest.mark.parametrize("method", METHODS)
def test_illegal_breaks_one_thing(method: str) -> None:
    api = load_api(method)
    for illegal in drawn(illegal_requests_for(method), 8):
        root = xml.parse(xml.write(illegal.message))
        found = [(each.path, each.rule) for each in problems(api, "request", root)]
        found += [
            (each.path, each.rule.id) for each in broken(api, "request", root) if each.rule.level in JUDGED
        ]
        assert found == [(illegal.path, illegal.rule)]
        assert illegal.level in JUDGED
        assert illegal.why.startswith(f"{illegal.path}: expected ")
        assert faults(api, "request", illegal.legal) == []
        changed = (leaves(root) - leaves(illegal.legal)) + (leaves(illegal.legal) - leaves(root))
        place = xml.schematic(illegal.path).replace("[]", "")
        assert changed
        assert {path for path, _ in changed if path != place and not path.startswith(f"{place}.")} == set()


def test_every_constraint_can_be_broken() -> None:
    """Each must and should of each request has a spoil; doubtful constraints have none."""
    for api in load_all():
        found = {(spoil.rule, spoil.field) for spoil in spoils(Plan(api, "request", {}))}
        wanted = {(rule.id, "") for rule in api.rules if rule.direction == "request" and rule.level in JUDGED}
        for row in api.request.leaves:
            if not row.key:
                wanted |= {(wrong.rule, row.path) for wrong in outside(row)}
            if row.repeated and row.limit:
                wanted.add(("limit", row.path))
        assert wanted <= found, api.name
        needed = {row.path for row in api.request.fields if row.need == "must" and not row.repeated}
        assert needed <= {field for rule, field in found if rule == "need"}, api.name


@pytest.mark.parametrize("method", SMALL)
def test_lxml_and_xmlschema_agree(method: str) -> None:
    """Ten thousand messages in all, a fifth of them illegal."""
    api = load_api(method)
    legal = drawn(requests_for(method), 1000)
    illegal = drawn(illegal_requests_for(method), 250)
    assert len(legal + illegal) * len(SMALL) == 10_000
    for root in legal:
        assert (problems(api, "request", root), explain(api, "request", root)) == ((), ()), xml.write(root)
    for each in illegal:
        verdicts = [bool(judge(api, "request", each.message)) for judge in (problems, explain)]
        assert verdicts == [each.rule not in {rule.id for rule in api.rules}] * 2, xml.write(each.message)


def lines_of(root: xml.Element) -> list[xml.Element]:
    return xml.find(root, "orderLines.orderLine[]")


def has_four_byte_sign(root: xml.Element) -> bool:
    return any(sign > "\uffff" for element in root.iter() for sign in xml.text(element))


def base_of(method: str) -> xml.Element:
    return Plan(load_api(method), "request", {}).least


@pytest.mark.parametrize(
    ("oddity", "difference"),
    [
        (
            lambda root: any(len(xml.text(element)) == 500 for element in root.iter()),
            [f"+<remark>{'0' * 500}</remark>"],
        ),
        (
            lambda root: any(len(xml.text(element)) > 200 for element in root.iter()),
            [f"+<remark>{'0' * 201}</remark>"],
        ),
        (
            lambda root: xml.get(root, "entryOrder.orderType") not in ("CGRK", None),
            ["-<orderType>CGRK</orderType>", "+<orderType>SCRK</orderType>"],
        ),
        (
            lambda root: "厂商字段" in {xml.name(element) for element in root.iter()},
            ["+<厂商字段>0</厂商字段>"],
        ),
    ],
    ids=["longest", "long", "code", "undeclared"],
)
def test_shrinks_to_the_one_oddity(oddity: Callable[[xml.Element], bool], difference: list[str]) -> None:
    root = smallest(requests_for("entryorder.create"), oddity)
    assert added(base_of("entryorder.create"), root) == difference


def test_shrinks_to_one_more_line() -> None:
    root = smallest(requests_for("entryorder.create"), lambda root: len(lines_of(root)) > 1)
    expected = base_of("entryorder.create")
    xml.repeat(expected, "orderLines.orderLine[]", 2)
    assert xml.write(root) == xml.write(expected)


def test_shrinks_to_two_swapped_groups() -> None:
    root = smallest(requests_for("entryorder.create"), lambda root: root[0].tag == "orderLines")
    assert leaves(root) == leaves(base_of("entryorder.create"))


def test_shrinks_to_one_character() -> None:
    root = smallest(requests_for("entryorder.create"), has_four_byte_sign)
    (change,) = (line for line in added(base_of("entryorder.create"), root) if line[0] == "+")
    assert change.partition(">")[2].partition("<")[0] == "\U00010000"


@pytest.mark.parametrize(
    ("rule", "path", "made"),
    [
        ("length", "preDeliveryOrderCode", {"preDeliveryOrderCode"}),
        ("type", "totalAmount", {"totalAmount"}),
        ("format", "createTime", set()),
        ("codes", "orderType", set()),
        (
            "exchange-names-its-order",
            "preDeliveryOrderCode",
            {"orderType", "preDeliveryOrderCode", "preDeliveryOrderId"},
        ),
    ],
)
def test_illegal_shrinks_to_one_edit(rule: str, path: str, made: set[str]) -> None:
    """`made` is what the field needs around it to be there at all."""
    illegal = smallest(illegal_requests_for("deliveryorder.create"), lambda each: bool(each.rule == rule))
    assert illegal.path == f"deliveryOrder.{path}"
    base = base_of("deliveryorder.create")
    assert {name_in(line) for line in added(base, illegal.legal)} == made
    assert {name_in(line) for line in added(illegal.legal, illegal.message)} == {path}


def name_in(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def field(**row: Any) -> Field:
    return Field("it", need="must", example="x", **row)


def one_field(row: Field) -> Api:
    title = Text("测试", "Test")
    return Api("one", "wms", "qimen", title, "", Message("request", (row,)), Message("response", ()))


LABELS = {code: Text("码", "Code") for code in ("A", "Bc", "d", "1", "2")}
CODES = CodeList("letters", ("A", "Bc", "d"), LABELS)
ROWS = {
    "string": field(type="string"),
    "string-50": field(type="string", max=50),
    "string-1": field(type="string", max=1),
    "string-18-to-50": field(type="string", min=18, max=50),
    "alphanumeric": field(type="string", min=18, max=50, format="alphanumeric"),
    "date": field(type="string", max=10, format="date"),
    "datetime": field(type="string", max=19, format="datetime"),
    "time": field(type="string", max=8, format="time"),
    "codes": field(type="string", max=50, codes=CODES),
    "codes-int": field(type="int", codes=CodeList("digits", ("1", "2"), LABELS)),
    "codes-joined": field(type="string", max=5, codes=CODES, separator="^"),
    "joined": field(type="string", separator=";"),
    "joined-20": field(type="string", separator=",", limit=20),
    "int": field(type="int"),
    "int-to-100": field(type="int", least=1, most=100),
    "int-signed": field(type="int", signed=True),
    "long": field(type="long"),
    "number": field(type="number"),
    "decimal-18-2": field(type="decimal", digits=(18, 2)),
    "decimal-4-3-signed": field(type="decimal", digits=(4, 3), signed=True),
    "string-signed": field(type="string", signed=True),
    "boolean": field(type="boolean"),
    "doubtful": field(type="int", doubt="two readings"),
}


@cache
def drawn_values(row: str) -> list[str]:
    return drawn(values_of(ROWS[row]), 600)


@pytest.mark.parametrize("name", ROWS)
def test_values_are_legal_and_outside_is_not(name: str) -> None:
    row = ROWS[name]
    api = one_field(row)

    def judged(value: str) -> list[tuple[str, str]]:
        root = xml.new("request")
        xml.append(root, "it").text = value
        return [(each.field, each.rule) for each in problems(api, "request", xml.parse(xml.write(root)))]

    assert [value for value in drawn_values(name) if judged(value)] == []
    for wrong in outside(row):
        assert judged(wrong.value) == [("it", wrong.rule)], wrong
    assert bool(outside(row)) == (name not in ("string", "string-signed", "joined", "doubtful"))


@pytest.mark.parametrize(
    ("row", "oddity"),
    [
        ("string-50", lambda value: len(value) == 50 and len(value.encode()) == 200),
        ("string-50", lambda value: len(value) == 49),
        ("string-50", lambda value: len(value) == 1),
        ("string-50", lambda value: "&" in value or "<" in value),
        ("string-50", lambda value: "测" in value),
        ("string-50", lambda value: "\r" in value or "\t" in value),
        ("int", lambda value: value == str(2**31 - 1)),
        ("int-to-100", lambda value: value == "100"),
        ("int-signed", lambda value: int(value) < 0),
        ("long", lambda value: value == str(2**63 - 1)),
        ("decimal-18-2", lambda value: value == "9999999999999999.99"),
        ("decimal-4-3-signed", lambda value: value.startswith("-")),
        ("date", lambda value: value.endswith("-02-29")),
        ("datetime", lambda value: "-02-29 " in value),
        ("codes-joined", lambda value: value == "Bc^d"),
        ("joined-20", lambda value: value.count(",") == 3),
    ],
)
def test_values_reach(row: str, oddity: Callable[[str], bool]) -> None:
    assert any(oddity(value) for value in drawn_values(row))


@pytest.mark.parametrize("row", ["int", "int-signed", "int-to-100", "long", "number"])
def test_quantities_are_not_zero(row: str) -> None:
    values = [int(value) for value in drawn_values(row)]
    assert 0 not in values
    assert any(value < 0 for value in values) == (row == "int-signed")


def test_every_kind_of_edit_is_drawn() -> None:
    api = load_api("entryorder.create")
    found = drawn(requests_for(api), 900)
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
    found = [getattr(each, "message", each) for each in drawn(build("deliveryorder.create", pins=pins), 200)]
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
