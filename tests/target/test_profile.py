"""What a target's profile says of fields: tighter limits and assigned ids, honoured by every generator."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings

from pytest_qimen import schema, spec, xml
from pytest_qimen.cases import Case, Step, beyond, bundled_cases, fitted
from pytest_qimen.errors import DataError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.strategies import illegal_requests_for, requests_for
from pytest_qimen.target.model import Target, load_target
from pytest_qimen.target.profile import assigned, limited
from tests.support.files import write

ENTRY = spec.load_api("entryorder.create")
LIMITS = {
    "entryOrderCode": 12,
    "ownerCode": 4,
    "orderLines.orderLine[]": 3,
    "entryorder.create:orderLines.orderLine[].planQty": 50,
    "remark": 20,
}
SIZES = {  # path -> how large a value there is, and how large it may be
    "entryOrder.entryOrderCode": 12,
    "entryOrder.ownerCode": 4,
    "orderLines.orderLine[].ownerCode": 4,
    "entryOrder.remark": 20,
    "senderInfo.remark": 20,
    "orderLines.remark": 20,
}


def target(**more: Any) -> Target:
    return Target(url="http://127.0.0.1:1/", app_key="k", secret="s", **more)


def too_large(root: xml.Element) -> list[str]:
    """The places that hold more than LIMITS says."""
    found = [path for path, most in SIZES.items() for text in xml.values(root, path) if len(text) > most]
    found += ["orderLine"] * (len(xml.find(root, "orderLines.orderLine[]")) > 3)
    return found + [q for q in xml.values(root, "orderLines.orderLine[].planQty") if q and int(q) > 50]


def drawn(strategy: Any, count: int) -> list[Any]:
    found: list[Any] = []

    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(one: Any) -> None:
        found.append(one)

    draw()
    return found


def test_drawn_messages_keep_within_the_limits() -> None:
    free = [root for root in drawn(requests_for(ENTRY), 150) if too_large(root)]
    assert free
    found = drawn(requests_for(ENTRY, limits=LIMITS), 300)
    assert [too_large(root) for root in found if too_large(root)] == []
    assert {len(xml.find(root, "orderLines.orderLine[]")) for root in found} <= {1, 2, 3}
    assert [root for root in found if schema.problems(ENTRY, "request", root)] == []


def test_what_is_illegal_is_so_by_the_documents() -> None:
    for illegal in drawn(illegal_requests_for(ENTRY, limits=LIMITS), 150):
        assert too_large(illegal.legal) == []
        (problem, *_) = [one.rule for one in schema.problems(ENTRY, "request", illegal.message)] or ["rule"]
        assert problem in (illegal.rule, "rule")


def test_the_messages_of_cases_begin_within_the_limits() -> None:
    for base in ("minimal", "typical"):
        root = compose(Step(ENTRY, base), Context(target(limits=LIMITS), Keys()), {})
        assert too_large(root) == []
        assert schema.problems(ENTRY, "request", root) == ()
        assert too_large(compose(Step(ENTRY, base), Context(target(), Keys()), {}))


def cases(**more: Any) -> dict[str, Case]:
    path = spec.methods()["wms/entryorder.create"]
    return {case.id.split("/request/")[-1]: case for case in fitted(bundled_cases(path), target(**more))}


def test_boundaries_stand_where_the_profile_has_them() -> None:
    plain, found = cases(), cases(limits=LIMITS)
    assert plain.keys() - found.keys() == set()
    assert {name.rpartition("/")[2] for name in found.keys() - plain.keys()} == {"at-limit", "at-most"}

    def value(name: str, number: int = 0) -> str:
        return found[name].steps[number].changes[-1].value

    assert value("entryOrder.ownerCode/longest-emoji") == "😀" * 4
    assert value("entryOrder.entryOrderCode/longest") == "@new:12"
    assert value("orderLines.orderLine/at-limit") == "3"
    assert value("orderLines.orderLine.planQty/at-most") == "50"
    assert value("entryOrder.ownerCode/too-long") == "x" * 51
    assert found["entryOrder.ownerCode/too-long"] is plain["entryOrder.ownerCode/too-long"]
    untried = {case.id for case in found.values() if beyond(case, target(limits=LIMITS))}
    assert untried
    assert {name.rpartition("/")[2] for name in untried} == {"remark-below", "twelve"}


@pytest.mark.parametrize(
    ("change", "expect", "reason"),
    [
        (Edit("put", "entryOrder.ownerCode", "12345"), "success", "entryOrder.ownerCode holds at most 4"),
        (Edit("put", "entryOrder.ownerCode", "12345"), "any", "entryOrder.ownerCode holds at most 4"),
        (Edit("put", "entryOrder.ownerCode", "12345"), "failure", ""),
        (Edit("put", "entryOrder.ownerCode", "1234"), "success", ""),
        (Edit("put", "entryOrder.ownerCode", "@mine"), "success", ""),
        (
            Edit("put", "entryOrder.entryOrderCode", "@new:11#!"),
            "success",
            "entryOrder.entryOrderCode holds",
        ),
        (
            Edit("put", "orderLines.orderLine[].planQty", "51"),
            "success",
            "orderLines.orderLine[].planQty holds",
        ),
        (Edit("put", "orderLines.orderLine[2].planQty", "50"), "success", ""),
        (
            Edit("repeat", "orderLines.orderLine[]", "4"),
            "success",
            "orderLines.orderLine[] holds at most 3",
        ),
        (Edit("repeat", "orderLines.orderLine[]", "3"), "success", ""),
        (Edit("put", "orderLines.remark", "x" * 21), "success", "orderLines.remark holds at most 20"),
        (Edit("put", "entryOrder.warehouseCode", "x" * 50), "success", ""),
    ],
)
def test_what_only_the_profile_forbids_is_not_tried(change: Edit, expect: str, reason: str) -> None:
    path = spec.methods()["wms/entryorder.create"]
    case = bundled_cases(path)[0]
    found = beyond(
        replace(case, steps=(Step(ENTRY, changes=(change,), expect=expect),)), target(limits=LIMITS)
    )
    assert str(found or "").startswith(reason)
    assert bool(found) == bool(reason)
    assert not beyond(case, target(limits=LIMITS))


def test_assigned_ids_are_told_and_missed() -> None:
    mine = target(assigns=("itemId",), data={"itemId": ("W7", "W8")})
    root = compose(Step(ENTRY), Context(mine, Keys()), {})
    assert xml.values(root, "orderLines.orderLine[].itemId") == ["W7"]
    assert (
        xml.values(compose(Step(ENTRY), Context(target(), Keys()), {}), "orderLines.orderLine[].itemId") == []
    )
    found = cases(assigns=("itemId",))
    for scenario in ("absent", "empty"):
        case = found[f"orderLines.orderLine.itemId/{scenario}"]
        assert (case.level.value, case.steps[0].expect) == ("must", "failure")
    told = assigned(ENTRY, ("itemId",))
    for each in drawn(requests_for(told, pins=mine.pins(ENTRY)), 60):
        lines = xml.find(each, "orderLines.orderLine[]")
        assert all(xml.get(line, "itemId") in ("W7", "W8") for line in lines)
    wanted = ("need", "orderLines.orderLine.itemId")
    assert find(
        illegal_requests_for(told),
        lambda each: (each.rule, xml.schematic(each.path).replace("[]", "")) == wanted,
        settings=settings(max_examples=10_000, database=None),
    )


def test_without_a_profile_nothing_changes() -> None:
    assert limited(ENTRY, {}) is ENTRY
    assert limited(ENTRY, {"storeName": 3}) is ENTRY
    assert assigned(ENTRY, ("checkOrderId",)) is ENTRY
    found = bundled_cases(spec.methods()["wms/entryorder.create"])
    assert fitted(found, target()) == list(found)


MISTAKES = {
    "[limits]\nitemCode = 80": "limits.itemCode: the documents allow at most 50, got 80",
    "[limits]\nitemCode = 0": "limits.itemCode: expected a whole number of at least 1, got 0",
    '[limits]\nitemCode = "9"': "limits.itemCode: expected a whole number of at least 1, got '9'",
    "[limits]\nitemCoed = 9": (
        "limits.itemCoed: no method has a field of this name or path; did you mean itemCode?"
    ),
    "[limits]\norderType = 9": (
        "limits.orderType: has no length, number of elements or greatest value that could be smaller"
    ),
    "[limits]\nbill_no = 17": "limits.bill_no: the documents want at least 18, got 17",
    '[limits]\n"storeIds.storeId[]" = 201': "limits.storeIds.storeId[]: the documents allow at most ",
    "limits = 3": "target.limits: is not a key of this table",
    'assigns = ["itemCode"]': "assigns: expected fields that a receiver may assign: checkOrderId, ",
    'assigns = ["itemId"]': "assigns: deliveryorder.batchcreate needs a ",
    '[data]\nwarehouseCode = "'
    + "x" * 51
    + '"': "data.warehouseCode: combineitem.synchronize can have none of these values: ",
    '[data]\nitemCode = "ABCDE"\n[limits]\nitemCode = 4': "data.itemCode: combineitem.synchronize can have",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_target(write(tmp_path, "mine.toml", text))
    assert str(caught.value).startswith(f"{tmp_path / 'mine.toml'}: {MISTAKES[text]}")


LEGAL = [
    "[limits]\nitemCode = 50",
    '[limits]\n"entryorder.create:orderLines.orderLine[]" = 5',
    'methods = ["entryorder.*"]\nassigns = ["entryorder.query:entryOrderId"]',
    'methods = ["entryorder.*"]\n[data]\norderType = ["CGRK", "JYCK"]',
    'assigns = ["itemId"]\n[data]\nitemId = "W1"',
]


@pytest.mark.parametrize("text", LEGAL)
def test_legal_profiles(text: str, tmp_path: Path) -> None:
    load_target(write(tmp_path, "mine.toml", text))


def test_pins_are_the_legal_ones_of_each_field() -> None:
    mine = target(data={"orderType": ("JYCK", "CGRK")})
    assert mine.pins(ENTRY)["entryOrder.orderType"] == ("CGRK",)
    assert mine.pins(spec.load_api("deliveryorder.create"))["deliveryOrder.orderType"] == ("JYCK",)
