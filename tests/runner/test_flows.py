"""Steps in order: values travel, cleanups run, repetitions repeat."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from pytest_qimen.cases import Case, Check, Step
from pytest_qimen.client.tampers import AFTER, BEFORE
from pytest_qimen.report.explain import explain
from pytest_qimen.verdict import Level, Status
from tests.runner.runs import (
    CANCEL,
    CODE,
    CREATE,
    NO,
    QUERY,
    SHOP,
    SMOKE,
    Replies,
    flow,
    pinned_run,
    polite,
    put,
    texts,
)
from tests.support.servers import Request, response


def test_values_travel_from_step_to_step() -> None:
    case = flow(
        Step(CREATE, save={"code": "request:entryOrder.entryOrderCode", "id": "response:entryOrderId"}),
        Step(CANCEL, changes=put(orderCode="@code", orderId="@id", orderType="CGRK")),
        let={"unused": "@new"},
    )
    with pinned_run({"entryorder.create": response(more="<entryOrderId>W77</entryOrderId>")}) as run:
        assert run(case).status is Status.PASS
        assert run.server.methods == ["entryorder.create", "order.cancel"]
        created = texts(run, "entryorder.create", "entryOrder.entryOrderCode")
        assert texts(run, "order.cancel", "orderCode") == created != [None]
        assert texts(run, "order.cancel", "orderId") == ["W77"]


BLOCKED_STEPS: dict[str, tuple[Case, Replies, Status, str]] = {
    "a preparation that is refused": (
        flow(Step(CREATE, given=True), Step(SHOP)),
        {"entryorder.create": NO},
        Status.BLOCKED,
        "step 1 (entryorder.create): flag=failure code=E1 message=no",
    ),
    "a preparation that is accepted": (
        flow(Step(CREATE, given=True, expect="failure"), Step(SHOP)),
        {"entryorder.create": response()},
        Status.BLOCKED,
        "step 1 (entryorder.create): flag=success code=0 message=ok",
    ),
    "a preparation that gives nothing": (
        flow(Step(CREATE, given=True, save={"id": "response:entryOrderId"}), Step(SHOP)),
        {"entryorder.create": response()},
        Status.BLOCKED,
        "step 1 (entryorder.create): entryorder.create gave no response:entryOrderId",
    ),
    "a value that no answer held": (
        flow(
            Step(CREATE, save={"id": "response:entryOrderId"}), Step(SHOP, changes=put(shop__shopCode="@id"))
        ),
        {"entryorder.create": response()},
        Status.BLOCKED,
        "step 2 (shop.synchronize): no earlier answer gave 'id'; known: nothing",
    ),
    "each of what was not saved": (
        flow(Step(SHOP, each="codes", changes=put(shop__shopCode="@each"))),
        {},
        Status.BLOCKED,
        "no earlier answer gave 'codes'; known: nothing",
    ),
    "the network": (
        flow(Step(CREATE), Step(SHOP)),
        {"entryorder.create": None},
        Status.ERROR,
        "step 1 (entryorder.create): protocol: Server disconnected without sending a response.",
    ),
    "again without a step before": (
        flow(Step(SHOP, again=1)),
        {},
        Status.ERROR,
        "flows/test/one: `again` needs a step before it",
    ),
    "an unknown tamper": (
        flow(Step(SHOP, tampers=("flip",))),
        {},
        Status.ERROR,
        f"unknown tamper 'flip'; expected one of {', '.join([*BEFORE, *AFTER])}",
    ),
}


@pytest.mark.parametrize(("case", "replies", "status", "cause"), BLOCKED_STEPS.values(), ids=BLOCKED_STEPS)
def test_flows_that_break_off(case: Case, replies: Replies, status: Status, cause: str) -> None:
    with pinned_run(replies) as run:
        outcome = run(case)
        assert (outcome.status, outcome.cause) == (status, cause)
        assert "shop.synchronize" not in run.server.methods


WRONG = Step(CREATE, checks=(Check("code", "is", "9"),))


def test_a_failure_before_the_break_is_a_failure() -> None:
    with pinned_run({"shop.synchronize": None}) as run:
        outcome = run(flow(WRONG, Step(SHOP)))
    assert (outcome.status, outcome.cause) == (Status.FAIL, "")
    assert [(one.check, one.step) for one in outcome.findings] == [("contract.is", 1)]


def test_a_flow_ends_where_it_leaves_its_path() -> None:
    with pinned_run({"entryorder.create": NO}) as run:
        assert run(flow(Step(CREATE), Step(SHOP))).status is Status.FAIL
        assert run.server.methods == ["entryorder.create"]


def test_a_flow_goes_on_after_a_wrong_content() -> None:
    with pinned_run() as run:
        outcome = run(flow(WRONG, Step(SHOP, expect="failure")))
    found = [(one.check, one.step) for one in outcome.findings]
    assert found == [("contract.is", 1), ("contract.refuses", 2)]


CLEANUP = Step(CANCEL, changes=put(orderCode="undone", orderId="", orderType="CGRK"))


ENDS: dict[str, tuple[Step, Replies, Status]] = {
    "well": (Step(CREATE), {}, Status.PASS),
    "with a failure": (Step(CREATE), {"entryorder.create": NO}, Status.FAIL),
    "blocked": (Step(CREATE, given=True), {"entryorder.create": NO}, Status.BLOCKED),
    "broken": (Step(CREATE), {"entryorder.create": None}, Status.ERROR),
}


@pytest.mark.parametrize(("step", "replies", "status"), ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("undone", [polite, NO, None], ids=["accepted", "refused", "broken"])
def test_what_was_created_is_taken_back_whatever_happened(
    step: Step, replies: Replies, status: Status, undone: Any
) -> None:
    unsaved = Step(CANCEL, changes=put(orderCode="@unsaved", orderId="", orderType="CGRK"))
    with pinned_run({"order.cancel": undone, **replies}) as run:
        outcome = run(flow(step, cleanup=(unsaved, CLEANUP)))
        assert outcome.status is status
        assert set(texts(run, "order.cancel", "orderCode")) == {"undone"}


def test_what_the_target_does_not_know_is_not_taken_back() -> None:
    with pinned_run(without=("order.cancel",)) as run:
        assert run(flow(Step(CREATE), cleanup=(CLEANUP,))).status is Status.PASS
        assert run.server.methods == ["entryorder.create"]


def test_the_request_that_is_shown_is_the_one_that_failed() -> None:
    case = flow(Step(CREATE), Step(QUERY, expect="failure"), cleanup=(CLEANUP,))
    with pinned_run() as run:
        outcome = run(case)
        told = "\n".join(explain(outcome))
    assert outcome.steps == (1, 2, 0)
    assert "contract.refuses (must, request 2, 003 flow)" in told
    assert "method=warehouseinfo.query&" in told
    assert "undone" not in told


def test_times_and_each() -> None:
    case = flow(
        Step(CREATE, times=3, save={"codes": "request:entryOrder.entryOrderCode"}),
        Step(
            SHOP,
            each="codes",
            changes=put(shop__shopCode="@each"),
            save={"back": "request:shop.shopCode"},
        ),
        Step(QUERY, checks=(Check("code", "in", "@back", on="any"),)),
    )
    with pinned_run() as run:
        outcome = run(case)
        created = texts(run, "entryorder.create", "entryOrder.entryOrderCode")
        assert texts(run, "shop.synchronize", CODE) == created
    assert len(set(created)) == 3
    assert outcome.steps == (1, 1, 1, 2, 2, 2, 3)
    (found,) = outcome.findings
    assert (found.step, str(found.expected)) == (3, f"one of {', '.join(map(str, created))}")


def test_parallel_sends_the_same_bytes_several_times() -> None:
    with pinned_run() as run:
        outcome = run(flow(Step(SHOP, parallel=5)))
        sent = [(one.target, one.body) for one in run.server.requests]
    assert (len(outcome.exchanges), outcome.requests, outcome.steps) == (5, 5, (1,) * 5)
    assert (len(sent), len(set(sent))) == (5, 1)


def test_parallel_messages_may_have_keys_of_their_own() -> None:
    with pinned_run() as run:
        assert run(flow(Step(SHOP, parallel=5, distinct=True))).status is Status.PASS
        assert len(set(texts(run, "shop.synchronize", CODE))) == 5


def test_a_check_is_judged_only_where_its_name_was_given() -> None:
    absent = Check("code", "absent", True, given="told")
    for place, status in (("response:code", Status.FAIL), ("response:sub_code", Status.PASS)):
        with pinned_run() as run:
            told = Step(SHOP, save={"told": place}, checks=(absent,))
            assert run(replace(flow(told), let={"told": ""})).status is status


def test_again_sends_the_same_message() -> None:
    with pinned_run() as run:
        assert run(flow(Step(SHOP), Step(SHOP, again=1), Step(SHOP))).status is Status.PASS
        first, second, third = texts(run, "shop.synchronize", CODE)
    assert first == second != third


def test_abandoned_requests_arrive_and_are_not_judged() -> None:
    arrived = threading.Event()

    def refuse(request: Request) -> str:
        arrived.set()
        return NO

    case = flow(Step(SHOP, abandon=True, save={"code": "request:shop.shopCode"}), Step(QUERY))
    with pinned_run({"shop.synchronize": refuse}) as run:
        assert run(case).status is Status.PASS
        assert arrived.wait(10)


def test_a_request_that_cannot_even_be_abandoned_is_an_error() -> None:
    with pinned_run() as run:
        assert run(SMOKE).status is Status.INFO
    outcome = run(flow(Step(SHOP, abandon=True)))
    assert (outcome.status, outcome.cause) == (Status.ERROR, "connect: [Errno 111] Connection refused")


@pytest.mark.parametrize(("answer", "sent"), [(NO, 1), (polite, 2)])
def test_a_refusal_may_end_a_flow_without_a_judgement(answer: Any, sent: int) -> None:
    case = flow(Step(SHOP, "bare", expect="any", stop=True), Step(QUERY))
    with pinned_run({"shop.synchronize": answer}) as run:
        assert run(case).status is Status.INFO
        assert len(run.server.methods) == sent


@pytest.mark.parametrize(
    ("given", "status"),
    [("id", Status.FAIL), ("id=W1", Status.FAIL), ("id=W2", Status.PASS), ("none", Status.PASS)],
)
def test_a_check_hangs_on_what_was_saved(given: str, status: Status) -> None:
    check = Check("entryOrderId", "is", "W9", given=given)
    case = flow(
        Step(CREATE, save={"id": "response:entryOrderId"}), Step(CREATE, checks=(check,)), let={"none": ""}
    )
    with pinned_run({"entryorder.create": response(more="<entryOrderId>W1</entryOrderId>")}) as run:
        assert run(case).status is status


@pytest.mark.parametrize(
    ("level", "status"), [(Level.SHOULD, Status.WARN), (Level.MUST, Status.BLOCKED), (Level.MAY, Status.WARN)]
)
def test_what_was_found_before_a_flow_broke_off_counts(level: Level, status: Status) -> None:
    check = Check("entryOrderId", "is", "W9", level=Level.SHOULD)
    case = flow(
        Step(CREATE, checks=(check,)), Step(SHOP, changes=put(shop__shopCode="@unsaved")), level=level
    )
    with pinned_run({"entryorder.create": response()}) as run:
        assert run(case).status is status
