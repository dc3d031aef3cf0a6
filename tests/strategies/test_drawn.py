"""Drawn messages: the legal ones are legal, the illegal ones break one thing."""

from collections import Counter
from collections.abc import Callable
from difflib import ndiff
from typing import Any

import pytest
from hypothesis import find, settings
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.messages.outside import outside
from pytest_qimen.rules import broken
from pytest_qimen.schema import explain, problems
from pytest_qimen.spec import load_all, load_api, methods
from pytest_qimen.strategies import answers_for, illegal_requests_for, requests_for
from pytest_qimen.strategies.illegal import JUDGED, spoils
from pytest_qimen.strategies.plan import Plan
from tests.strategies.draws import QUIET, drawn, faults, has_four_byte_sign, lines_of, name_in

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


def smallest(strategy: SearchStrategy[Any], oddity: Callable[[Any], bool]) -> Any:
    """What an example with this oddity shrinks to."""
    return find(strategy, oddity, settings=settings(QUIET, max_examples=2000))


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
    for number, line in enumerate(xml.repeat(expected, "orderLines.orderLine[]", 2), 1):
        xml.put(line, "orderLineNo", str(number))  # what tells them apart
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
