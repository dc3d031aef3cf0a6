"""Goods, owners, suppliers and stores are made before messages speak of them; else nothing is blocked."""

from typing import Any

import pytest

from pytest_qimen.cases import Step
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import run_case
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.spec import load_api
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.verdict import Status
from tests.runner.runs import CREATE, NO, flow, put, running, texts

SYNCHRONIZE, LINE = "singleitem.synchronize", "orderLines.orderLine[].itemCode"
TYPICAL = Step(CREATE, base="typical", expect="success")
BANDING = Step(load_api("itemstore.banding"), expect="success")
PROCESS = Step(load_api("storeprocess.create"), expect="success")


def test_all_messages_speak_of_the_same_goods() -> None:
    with running() as run:
        for _ in range(2):
            run(flow(Step(CREATE)))
        run(flow(Step(load_api("entryorder.confirm"))))
        (made,) = texts(run, SYNCHRONIZE, "item.itemCode")
        assert made
        assert texts(run, "entryorder.create", LINE) == [made] * 2
        assert texts(run, "entryorder.confirm", LINE) == [made]


def test_what_goods_are_made_of_is_other_goods() -> None:
    with running() as run:
        run(flow(PROCESS))
        material, product = (
            texts(run, "storeprocess.create", f"{name}.item[].itemCode")
            for name in ("materialitems", "productitems")
        )
        assert material + product == texts(run, SYNCHRONIZE, "item.itemCode")
        assert material != product


def test_suppliers_and_stores_are_made_where_a_message_names_them() -> None:
    with running() as run:
        run(flow(Step(CREATE)))
        assert "supplier.synchronize" not in run.server.methods
        run(flow(TYPICAL))
        assert texts(run, "entryorder.create", "entryOrder.supplierCode") == [
            None,
            *texts(run, "supplier.synchronize", "supplierCode"),
        ]


def test_what_a_step_says_is_sent() -> None:
    with running() as run:
        run(flow(Step(CREATE, changes=put(orderLines__orderLine__itemCode="X"))))
        assert texts(run, "entryorder.create", "orderLines.orderLine.itemCode") == ["X"]


@pytest.mark.parametrize(
    ("replies", "settings"),
    [
        ({SYNCHRONIZE: NO}, {}),
        ({SYNCHRONIZE: None}, {}),
        ({}, {"without": ("singleitem.synchronize",)}),
        ({}, {"data": {"itemCode": ("SKU20160501",)}}),
    ],
    ids=["refused", "not answered", "not supported", "pinned"],
)
def test_what_is_not_made_blocks_nothing(replies: Any, settings: dict[str, Any]) -> None:
    with running(replies, **settings) as run:
        assert run(flow(Step(CREATE, expect="success"))).status is Status.PASS
        assert texts(run, "entryorder.create", LINE) == ["SKU20160501"]


@pytest.mark.parametrize(
    ("variant", "step"),
    [
        ("no-goods-beforehand", Step(CREATE, expect="success")),
        ("no-goods-beforehand", PROCESS),
        ("no-owners-beforehand", Step(CREATE, expect="success")),
        ("no-suppliers-beforehand", TYPICAL),
        ("no-stores-beforehand", Step(load_api("storeinventory.initial"), expect="success")),
        ("no-stores-beforehand", BANDING),
    ],
)
def test_an_endpoint_that_knows_nothing_beforehand(variant: str, step: Step) -> None:
    with serve(variants=[variant]) as url:
        target = embedded_target(Target(url="", app_key="", secret=""), url)
        unmade = with_options(target, without=("*.synchronize", "store.create"))
        assert run_case(flow(step), unmade).status is not Status.PASS
        assert run_case(flow(step), target).status is Status.PASS
