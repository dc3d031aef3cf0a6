"""A case whose prerequisite failed is blocked and names it."""

from typing import Any

import pytest

from pytest_qimen.cases import Step
from pytest_qimen.verdict import Status
from pytest_qimen.wire.signature import sign
from tests.runner.runs import (
    CREATE,
    MINIMAL,
    NO,
    NOWHERE,
    PINS,
    SHOP,
    SMOKE,
    Replies,
    boundary,
    flow,
    put,
    running,
    single,
)
from tests.support.apis import TARGET
from tests.support.servers import Request, response


def test_a_prerequisite_that_fails_blocks_and_is_named() -> None:
    with running({"shop.synchronize": NO}, data=PINS) as run:
        assert run(SMOKE).status is Status.INFO
        assert run(MINIMAL).status is Status.FAIL
        blocked = run(boundary("too-long"))
        assert (blocked.status, blocked.cause, blocked.exchanges) == (Status.BLOCKED, MINIMAL, ())
        further = run("wms/shop.synchronize/signature/tampered-body")
        assert (further.status, further.cause) == (Status.BLOCKED, MINIMAL)


def test_the_first_cause_is_named_not_the_last() -> None:
    with running({"service.heartbeat": "oops"}) as run:
        assert run(SMOKE).status is Status.FAIL
        blocked = run(boundary("too-long"))
        assert (blocked.status, blocked.cause) == (Status.BLOCKED, SMOKE)
        assert set(run.server.methods) == {"service.heartbeat"}


def test_a_prerequisite_runs_once() -> None:
    with running() as run:
        for scenario in ("longest-emoji", "longest-chinese", "one-character"):
            assert run(boundary(scenario)).status is Status.PASS
        assert run(MINIMAL).status is Status.PASS
        assert run.server.methods == ["service.heartbeat"] + ["shop.synchronize"] * 4


HEARTBEAT = "wms/service.heartbeat/request/minimal"


def test_an_unsupported_prerequisite_does_not_block() -> None:
    with running(without=("service.heartbeat",)) as run:
        assert run(HEARTBEAT).status is Status.UNSUPPORTED
        assert run(single(requires=(HEARTBEAT,))).status is Status.PASS


def test_a_refused_key_that_only_the_other_side_knows_blocks() -> None:
    confirm = "erp/entryorder.confirm/request/minimal"
    with running({"entryorder.confirm": NO}) as run:
        outcome = run(confirm)
        assert outcome.status is Status.BLOCKED
        assert outcome.cause == (
            "entryorder.confirm was refused; the endpoint may not know the entryOrder.entryOrderCode in it, "
            "which the suite made up: write a value that it knows into the target file, below [data]: "
            '"entryorder.confirm:entryOrder.entryOrderCode" = "…" (the mere name pins it in every method)'
        )
    with running({"entryorder.confirm": NO}, data=PINS | {"entryOrderCode": ("E1",)}) as run:
        assert run(confirm).status is Status.FAIL


REFUSED = {  # what an ERP says to whatever it is told of an order -> how the smallest message ends
    "E1 failure": Status.BLOCKED,
    "订单不存在": Status.BLOCKED,
    "数量超过未知订单": Status.BLOCKED,
    "该时间段无订单": Status.BLOCKED,
    "数量不能为负数": Status.FAIL,
    "operateTime: wrong format": Status.FAIL,
    "签名校验失败": Status.FAIL,
    "Illegal request": Status.FAIL,
}


@pytest.mark.parametrize(("words", "status"), REFUSED.items())
def test_a_refusal_that_speaks_of_something_else_does_not_block(words: str, status: Status) -> None:
    with running({"entryorder.confirm": response("failure", "E1", words)}) as run:
        assert run("erp/entryorder.confirm/request/minimal").status is status


WITHOUT_SETUP = {"read-only": {"readonly": True}, "without the method": {"without": ("store.create",)}}


@pytest.mark.parametrize("settings", WITHOUT_SETUP.values(), ids=WITHOUT_SETUP)
def test_a_refused_key_that_nothing_could_set_up_blocks(settings: dict[str, Any]) -> None:
    query = "store/store.query/request/minimal"
    with running({"store.query": NO}, **settings) as run:
        outcome = run(query)
        assert outcome.status is Status.BLOCKED
        assert outcome.cause.startswith("store.query was refused; the endpoint may not know the storeId in")
    with running({"store.query": NO}, data=PINS | {"storeId": ("7",)}, **settings) as run:
        assert run(query).status is Status.FAIL


WORDS = {  # what the endpoint says of the smallest message -> how that ends
    "no warehouse HZCK01": Status.BLOCKED,
    "没有仓库": Status.BLOCKED,
    "货主不存在": Status.BLOCKED,
    "shop.ownerCode: unknown": Status.BLOCKED,
    "no": Status.FAIL,
    "系统异常": Status.FAIL,
    "the method is not available": Status.FAIL,
}


@pytest.mark.parametrize(("words", "status"), WORDS.items())
def test_master_data_excuse_a_refusal_that_speaks_of_them(words: str, status: Status) -> None:
    with running({"shop.synchronize": response("failure", "E1", words)}) as run:
        assert run(MINIMAL).status is status
    with running({"shop.synchronize": response("failure", "E1", words)}, data=PINS) as run:
        assert run(MINIMAL).status is Status.FAIL


FORMS = {  # what the endpoint says to a wrong signature, an unknown method and broken XML -> how minimal ends
    "all in the same words": ("item", "item", "item", Status.BLOCKED),
    "all in other words": ("sign", "method", "xml", Status.BLOCKED),
    "it takes every signature for wrong": ("item", "method", "xml", Status.FAIL),
    "it does not know the method": ("sign", "item", "xml", Status.FAIL),
    "it cannot read the message": ("sign", "method", "item", Status.FAIL),
    "two of them in the same words": ("item", "item", "xml", Status.BLOCKED),
}


@pytest.mark.parametrize(("signature", "method", "broken", "status"), FORMS.values(), ids=FORMS)
def test_a_refusal_that_is_that_of_a_wrong_form_is_not_excused(
    signature: str, method: str, broken: str, status: Status
) -> None:
    """An ERP may refuse a report of an order that it does not know, but not because it verifies wrongly."""

    def reply(request: Request) -> str:
        if not request.body.endswith(b"</request>"):
            return response("failure", "E1", broken)
        return response("failure", "E1", "item" if is_signed(request) else signature)

    replies: Replies = {"entryorder.confirm": reply, NOWHERE: response("failure", "E1", method)}
    with running(replies) as run:
        assert run("erp/entryorder.confirm/request/minimal").status is status


def test_the_clean_up_has_no_say_in_what_is_excused() -> None:
    """The flow names a supplier that nobody pinned and its message is refused for it; then it tidies up."""
    supplied = Step(CREATE, changes=put(entryOrder__supplierCode="GYS001"))
    replies: Replies = {"entryorder.create": response("failure", "E1", "unknown supplier GYS001")}
    with running(replies) as run:
        outcome = run(flow(supplied, cleanup=(Step(SHOP, expect="any"),)))
        assert run.server.methods[-1] == "shop.synchronize"
    assert outcome.status is Status.BLOCKED
    assert outcome.cause.startswith(
        "entryorder.create was refused; the endpoint may not know the entryOrder.supplierCode"
    )


def is_signed(request: Request) -> bool:
    params = {name: value for name, value in request.params.items() if name != "sign"}
    return request.params["sign"] == sign(params, request.body, TARGET.secret)


def test_an_endpoint_that_takes_the_full_message_may_not_refuse_the_smallest() -> None:
    """As one does that looks into a group that need not be there."""

    def reply(request: Request) -> str:
        return response() if b"<shopName>" in request.body else NO

    with running({"shop.synchronize": reply}) as run:
        assert run(MINIMAL).status is Status.FAIL
