"""Queries name what was asked for: the derived cases, what they judge, and what they let pass."""

from collections.abc import Iterator

import pytest

from pytest_qimen.boundaries import boundaries
from pytest_qimen.cases import find_case
from pytest_qimen.cases.derive import derived_cases
from pytest_qimen.cases.echoes import echoes
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults import plugs_of
from pytest_qimen.reference.hooks import Plug
from pytest_qimen.spec import load_all, load_api
from pytest_qimen.verdict import Level, Status
from tests.kills.matrix import outcomes

LACK = "wms/itemlack.query/readback/asked/"


def statuses(plugs: list[Plug]) -> Iterator[Status]:
    cases = [find_case(f"{LACK}{name}") for name in ("deliveryOrderCode", "warehouseCode")]
    return (outcome.status for outcome in outcomes(cases, plugs) if outcome.case in cases)


def test_a_must_where_the_key_is_demanded_else_a_should() -> None:
    levels = {case.id.removeprefix(LACK): case.level for case in echoes(load_api("wms/itemlack.query"))}
    assert levels == {
        "warehouseCode": Level.SHOULD,
        "deliveryOrderCode": Level.MUST,
        "deliveryOrderId": Level.SHOULD,
    }


def test_only_queries_have_them() -> None:
    assert {case.method for api in load_all() if not api.readonly for case in echoes(api)} == set()
    assert len([case for api in load_all() for case in echoes(api)]) >= 25


def test_another_key_is_seen() -> None:
    assert list(statuses(plugs_of(["asked-code-altered"]))) == [Status.FAIL, Status.WARN]
    assert list(statuses([])) == [Status.PASS, Status.INFO]


@pytest.mark.parametrize("value", ["OTHER", None])
def test_a_warehouse_may_be_none_in_particular_or_left_out(value: str | None) -> None:
    def data(request: object, answer: Data) -> None:
        answer.pop("warehouseCode", None)
        if value:
            answer["warehouseCode"] = value

    assert list(statuses([Plug("data", data, "itemlack.query")])) == [Status.PASS, Status.INFO]


def test_the_ordinary_value_beside_a_boundary_is_legal() -> None:
    """So that a refusal of a legal value is not excused by one of an illegal value."""
    page = find_case("wms/stock.query/request/pageSize/one").control
    assert page
    assert page.changes[0].value == "@number:2"
    for api in load_all():
        rows = api.request.by_path
        for case in derived_cases(api):
            if case.control and (row := rows[case.control.changes[0].path]).type != "string":
                size = int(case.control.changes[0].value.partition(":")[2])
                assert row.most is None or 10**size - 1 <= row.most
                assert row.digits is None or size <= row.digits[0] - row.digits[1]
                assert row.type != "boolean"


def test_a_field_stands_alone_where_it_is_left_out() -> None:
    api = load_api("store/storeinventory.query")
    path = "stores.store[].storeInventories.storeInventory[].scItemId"
    [absent] = [one for one in boundaries(api) if (one.path, one.scenario) == (path, "absent")]
    assert [edit.op for edit in absent.steps[0]] == ["put", "ensure", "drop"]
