"""Queries with another key than the document has: which cases the tables give, and how strict they are."""

import pytest

from pytest_qimen import spec
from pytest_qimen.cases.lookups import lookups
from pytest_qimen.cases.readback import readbacks
from pytest_qimen.messages.edits import Edit
from pytest_qimen.verdict import Level

SHOWING = [api for api in spec.load_all() if api.shows]
CASES = {case.id: case for api in SHOWING for case in lookups(api)}


def test_a_code_is_asked_for_in_every_way() -> None:
    start = "wms/entryorder.query/lookup/entryOrderCode/"
    found = {name.removeprefix(start): case.level for name, case in CASES.items() if name.startswith(start)}
    assert found == {
        **dict.fromkeys(("another", "beginning", "longer", "leading-zeros"), Level.MUST),
        **dict.fromkeys(("percent", "underscore", "asterisk"), Level.MUST),
        **dict.fromkeys(("hyphen", "quotes", "last-character"), Level.MUST),
        "other-case": Level.SHOULD,
    }


def test_the_document_is_found_before_it_is_not() -> None:
    made, found, asked = CASES["wms/entryorder.query/lookup/entryOrderCode/beginning"].steps
    assert Edit("put", "entryOrder.entryOrderCode", "@base+7") in made.changes
    assert (found.given, found.expect) == (True, "success")
    assert Edit("put", "entryOrderCode", "@base") in asked.changes
    assert Edit("drop", "entryOrderId") in asked.changes
    assert {check.kind for check in asked.checks} == {"not"}
    assert "@code1" in {check.value for check in asked.checks}


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("wms/entryorder.query/lookup/ownerCode", Level.SHOULD),
        ("wms/entryorder.query/lookup/entryOrderId", Level.SHOULD),
        ("wms/singleitem.query/lookup/ownerCode", Level.MUST),
        ("wms/transferorder.query/lookup/ownerCode", Level.MUST),
        ("wms/itemmapping.query/lookup/skuId", Level.SHOULD),
        ("store/store.query/lookup/storeId", Level.MUST),
    ],
)
def test_a_key_counts_as_it_is_demanded(key: str, level: Level) -> None:
    assert CASES[f"{key}/another"].level is level


def test_the_value_of_the_document_itself_is_cut_and_extended() -> None:
    start = "wms/transferorder.query/lookup/transferOrderCode/"
    made, _, blind, asked = CASES[f"{start}beginning"].steps
    assert made.save["own"] == "response:transferExecuteInfo.transferOrderCode"
    assert Edit("put", "transferOrderCode", "@-1+own") in asked.changes
    assert Edit("put", "transferOrderCode", "@new") in blind.changes
    assert {check.given for check in asked.checks} == {"blind=none"}
    assert Edit("put", "transferOrderCode", "@own+7") in CASES[f"{start}longer"].steps[3].changes


def test_a_second_code_that_nobody_demands_is_sent_to_be_asked_for() -> None:
    made, *_, asked = CASES["wms/itemmapping.query/lookup/skuId/beginning"].steps
    assert Edit("put", "skuId", "@digits") in made.changes
    assert Edit("put", "skuId", "@-1+own") in asked.changes


def test_the_longest_code_differs_in_its_last_character() -> None:
    case = CASES["wms/entryorder.query/lookup/entryOrderCode/last-character"]
    made, _, asked = case.steps
    assert case.let["long"] == "@new:49"
    assert Edit("put", "entryOrder.entryOrderCode", "@long+7") in made.changes
    assert Edit("put", "entryOrderCode", "@long+8") in asked.changes


def test_a_code_of_a_list_has_no_parts() -> None:
    assert {name for name in CASES if "orderprocess.query/lookup/orderType/" in name} == {
        "wms/orderprocess.query/lookup/orderType/another",
        "wms/orderprocess.query/lookup/orderType/neighbour",
    }


@pytest.mark.parametrize("scenario", ["beginning", "longer"])
def test_a_part_of_a_warehouse(scenario: str) -> None:
    asked = CASES[f"wms/entryorder.query/lookup/warehouseCode/{scenario}"].steps[-1]
    (check,) = asked.checks
    assert Edit("put", "warehouseCode", check.value[0]) in asked.changes
    assert check.value[1:] == ["OTHER"]


def test_a_document_without_a_warehouse_fits_all() -> None:
    (check,) = CASES["wms/stockout.query/lookup/warehouseCode/another"].steps[2].checks
    assert (check.kind, check.value) == ("only", ["@elsewhere", "OTHER"])


@pytest.mark.parametrize("api", SHOWING, ids=lambda api: api.method)
def test_something_tells_the_document(api: spec.Api) -> None:
    assert all(case.steps[-1].checks for case in lookups(api))
    assert {case.id for case in lookups(api)}.isdisjoint(case.id for case in readbacks(api))
