"""What a message needs is set up once."""

import itertools
from collections import Counter

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases import Step
from pytest_qimen.messages import samples
from pytest_qimen.verdict import Status
from tests.runner.runs import (
    CANCEL,
    CODE,
    NO,
    PINS,
    SHOP,
    Run,
    boundary,
    flow,
    pinned_run,
    polite,
    put,
    running,
    texts,
)
from tests.support.servers import Request, response


def test_properties_need_somebody_who_draws() -> None:
    with running() as run:
        outcome = run("wms/shop.synchronize/property/legal-accepted")
        assert (outcome.status, outcome.cause) == (Status.UNSUPPORTED, "nobody draws messages here")


def test_names_are_made_up_before_the_first_step() -> None:
    case = flow(
        Step(SHOP, changes=put(shop__shopCode="@a+x")),
        Step(SHOP, changes=put(shop__shopCode="@b")),
        let={"a": "@new", "b": "@a+y"},
    )
    with running() as run:
        run(case)
        first, second = (str(text) for text in texts(run, "shop.synchronize", CODE))
    assert first[:-1] == second[:-1] != ""
    assert first[-1] + second[-1] == "xy"


ITEMQUERY, DELETE = (spec.load_api(f"store/{name}") for name in ("storeinventory.itemquery", "store.delete"))


def test_what_a_setup_makes_is_not_what_other_cases_take_back() -> None:
    """A link of goods and store that a query asks for has a store of its own: other cases unlink theirs."""
    numbers = itertools.count(1)
    create = {"store.create": lambda _: response("success", more=f"<storeId>{next(numbers)}</storeId>")}
    with running(create) as run:
        for name in ("itemstore.banding", "itemstore.query"):
            assert run(f"store/{name}/request/minimal").status is Status.PASS
        found = texts(run, "itemstore.banding", "storeIds.storeId[]")
    assert len(found) == len(set(found)) == 2


def test_a_shared_setup_is_sent_once() -> None:
    with running() as run:
        for _ in range(3):
            assert run(flow(Step(ITEMQUERY))).status is Status.PASS
        counts = Counter(run.server.methods)
        place = "stores.store[].warehouseId"
        _, kept = texts(run, "storeinventory.iteminitial", place)
        assert texts(run, "storeinventory.itemquery", place) == [kept] * 3
    assert counts["storeinventory.iteminitial"] == 2  # as a prerequisite, and as the setup


def test_a_count_is_reported_before_it_is_asked_for() -> None:
    with running() as run:
        assert run(flow(Step(spec.load_api("inventorycheck.query")))).status is Status.PASS
        sent = [
            texts(run, method, "checkOrderCode")[-1]
            for method in ("inventory.report", "inventorycheck.query")
        ]
    assert sent[0] == sent[1]


def test_a_setup_of_ones_own_is_sent_each_time() -> None:
    numbers = itertools.count()

    def created(request: Request) -> str:
        return response(more=f"<storeId>{next(numbers)}</storeId>")

    with running({"store.create": created}) as run:
        for _ in range(3):
            assert run(flow(Step(DELETE))).status is Status.PASS
        assert texts(run, "store.delete", "storeId") == ["1", "2", "3"]


def test_what_the_step_writes_itself_is_not_set_up() -> None:
    with pinned_run() as run:
        fields = {path: "CGRK" for setup in CANCEL.setup for path in setup["give"]}
        assert run(flow(Step(CANCEL, changes=put(**fields)))).status is Status.PASS
        assert run.server.methods == ["order.cancel"]


@pytest.mark.parametrize(
    ("expect", "sent"),
    [("success", ["order.cancel"]), ("failure", ["entryorder.create", "order.cancel"])],
)
def test_the_fields_of_a_setup_belong_together(expect: str, sent: list[str]) -> None:
    """A step that speaks of an order of its own does not get the id of another; a wrong code is not alone."""
    with running({} if expect == "success" else {"order.cancel": NO}) as run:
        case = flow(Step(CANCEL, changes=put(orderCode="mine"), expect=expect))
        assert run(case).status is Status.PASS
        assert run.server.methods[-len(sent) :] == sent
        assert texts(run, "order.cancel", "orderId") == [None if expect == "success" else "WRK201605010001"]


def test_a_setup_that_fails_blocks() -> None:
    with running({"store.create": NO}, data=PINS) as run:
        outcome = run(flow(Step(DELETE)))
        assert (outcome.status, outcome.cause) == (Status.BLOCKED, "store/store.create/request/minimal")


SECOND = {  # how the second message of a setup's method is answered, status, cause
    "refused": (NO, Status.BLOCKED, "store.create: flag=failure code=E1 message=no"),
    "broken": (
        None,
        Status.ERROR,
        "protocol: Server disconnected without sending a response. (kept connection; not sent again)",
    ),
}


@pytest.mark.parametrize(("second", "status", "cause"), SECOND.values(), ids=SECOND)
def test_a_setup_that_fails_later(second: str | None, status: Status, cause: str) -> None:
    numbers = itertools.count()

    def reply(request: Request) -> str | None:
        return second if next(numbers) else polite(request)

    with running({"store.create": reply}) as run:
        outcome = run(flow(Step(DELETE)))
    assert (outcome.status, outcome.cause) == (status, cause)


def test_a_setup_that_the_target_has_not_is_left_out() -> None:
    with running(without=("store.create",)) as run:
        assert run(flow(Step(DELETE))).status is Status.PASS
        assert run.server.methods == ["store.delete"]


def test_a_field_that_takes_only_known_values_is_no_fault() -> None:
    known = xml.get(samples.minimal(SHOP.request), "shop.ownerCode")

    def reply(request: Request) -> str:
        return response() if xml.get(request.root, "shop.ownerCode") in (None, known) else NO

    with running({"shop.synchronize": reply}) as run:
        outcome = run(boundary("longest", "shop.ownerCode"))
    assert outcome.status is Status.BLOCKED
    assert outcome.cause == (
        "shop.ownerCode takes only values that the endpoint knows: pin some under [data] in the target file"
    )


def test_a_field_that_takes_only_short_values_is_a_fault() -> None:
    def reply(request: Request) -> str:
        return NO if len(xml.get(request.root, "shop.ownerCode") or "") == 50 else response()

    with running({"shop.synchronize": reply}) as run:
        assert run(boundary("longest", "shop.ownerCode")).status is Status.FAIL


def _store_of(run: Run) -> str:
    let = {"store": "@own-store"}
    changes = put(storeId="@store")
    assert run(flow(Step(DELETE, changes=changes), let=let)).status is Status.PASS
    return str(texts(run, "store.delete", "storeId")[-1])


def test_a_case_gets_a_store_of_its_own() -> None:
    with running({"store.create": response(more="<storeId>4711</storeId>")}) as run:
        assert _store_of(run) == "4711"


@pytest.mark.parametrize("answer", [NO, response()])
def test_where_no_store_is_made_its_number_is_made_up(answer: str) -> None:
    with running({"store.create": answer}) as run:
        assert len(_store_of(run)) == 15


def test_a_target_without_store_create_is_not_asked_for_one() -> None:
    with running(methods=("store.delete",)) as run:
        assert len(_store_of(run)) == 15
        assert "store.create" not in run.server.methods
