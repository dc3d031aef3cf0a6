"""Cases against endpoints of all kinds: who is blamed, what is waived, what is tried at all, what is left behind."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.apis import TARGET, TITLE
from support.servers import Endpoint, Request, answer, endpoint, free_port, response

from pytest_qimen import samples, spec, xml
from pytest_qimen.cases import Case, Check, Step, bundled_cases, find_case
from pytest_qimen.change import Change
from pytest_qimen.embedded import embedded_target
from pytest_qimen.findings import Finding, Level, Status
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Created, Outcome, Session, run_case
from pytest_qimen.target import Target, Waiver, with_options
from pytest_qimen.transport import Transport

CREATE, CANCEL, QUERY = (
    spec.load_api(f"wms/{name}") for name in ("entryorder.create", "order.cancel", "entryorder.query")
)
SMOKE = "protocol/smoke/wms/answers"
MINIMAL = "wms/order.cancel/request/minimal"
NO = response("failure", "E1", "no")
Replies = Mapping[str, Callable[[Request], bytes | str | None] | bytes | str | None]


def polite(request: Request) -> str:
    """An answer with every field of its method."""
    api = spec.load_api(request.method)
    return xml.write(samples.full(api.response, api.root)).decode()


class Run:
    """A Session against an endpoint that answers politely, but for what `replies` say."""

    def __init__(self, server: Endpoint, settings: dict[str, Any]) -> None:
        self.server = server
        self.target = with_options(TARGET, url=server.url, **settings)
        self.transport = Transport(connect_timeout=2, read_timeout=2)
        self.ledger: list[Created] = []
        self.session = Session(self.target, self.transport, created=self.ledger.append)

    def __call__(self, case: Case | str) -> Outcome:
        return self.session.outcome(find_case(case) if isinstance(case, str) else case)


@contextmanager
def running(replies: Replies | None = None, **settings: Any) -> Iterator[Run]:
    def reply(request: Request) -> bytes | str | None:
        found = (replies or {}).get(request.method, polite)
        return found(request) if callable(found) else found

    with endpoint(reply) as server:
        run = Run(server, settings)
        try:
            yield run
        finally:
            run.transport.close()


def flow(*steps: Step, **more: Any) -> Case:
    """A flow of these steps that requires nothing."""
    settings: dict[str, Any] = {"level": Level.MUST, "requirements": ("a.b",), "family": "flow"} | more
    return Case(
        id="flows/test/one",
        file="cases/flows/test.toml",
        role="wms",
        method=steps[0].api.method,
        title=TITLE,
        clause="003 flow",
        steps=steps,
        **settings,
    )


def single(**more: Any) -> Case:
    """A case of one step that is no flow."""
    return replace(flow(Step(CANCEL)), id="wms/order.cancel/case/test", **more)


# What comes before a case


def test_a_prerequisite_that_fails_blocks_and_is_named() -> None:
    with running({"order.cancel": NO}) as run:
        assert run(SMOKE).status is Status.PASS
        assert run(MINIMAL).status is Status.FAIL
        blocked = run("wms/order.cancel/request/orderCode/too-long")
        assert (blocked.status, blocked.cause, blocked.exchanges) == (Status.BLOCKED, MINIMAL, ())
        further = run("wms/order.cancel/signature/tampered-body")
        assert (further.status, further.cause) == (Status.BLOCKED, MINIMAL)


def test_the_first_cause_is_named_not_the_last() -> None:
    with running({"service.heartbeat": "oops"}) as run:
        assert run(SMOKE).status is Status.FAIL
        blocked = run("wms/order.cancel/request/orderCode/too-long")
        assert (blocked.status, blocked.cause) == (Status.BLOCKED, SMOKE)
        assert run.server.methods == ["service.heartbeat"]


def test_a_prerequisite_runs_once() -> None:
    with running() as run:
        for scenario in ("too-long", "longest", "blank"):
            run(f"wms/order.cancel/request/orderCode/{scenario}")
        run(MINIMAL)
        assert run.server.methods[:2] == ["service.heartbeat", "order.cancel"]
        smallest = [one for one in run.server.requests if xml.get(one.root, "orderCode")]
        assert Counter(run.server.methods)["service.heartbeat"] == 1
        assert (
            len(smallest) == 1 + 2 + 2
        )  # blank is empty, and either answer leads to the role's answer cases


def test_an_unsupported_prerequisite_does_not_block() -> None:
    with running(without=("service.heartbeat",)) as run:
        assert run(SMOKE).status is Status.UNSUPPORTED
        assert run(MINIMAL).status is Status.PASS


def test_a_refused_key_that_only_the_other_side_knows_blocks() -> None:
    confirm = "erp/entryorder.confirm/request/minimal"
    with running({"entryorder.confirm": NO}) as run:
        outcome = run(confirm)
        assert (outcome.status, outcome.cause) == (
            Status.BLOCKED,
            "entryorder.confirm refused a entryOrder.entryOrderCode that we made up: pin one that your system "
            "knows under [data] in the target file",
        )
    with running({"entryorder.confirm": NO}, data={"entryOrderCode": ("E1",)}) as run:
        assert run(confirm).status is Status.FAIL


# One cause is one red line


def test_a_fault_of_every_answer_is_a_handful_of_red_lines() -> None:
    with serve(faults=["code-missing"]) as url:
        transport = Transport()
        session = Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
        cases = [
            case
            for name in ("protocol/smoke", "protocol/answer", "wms/order.cancel", "wms/entryorder.query")
            for case in bundled_cases(spec.data_dir("cases") / f"{name}.toml")
            if case.role == "wms" and case.family != "property"
        ]
        outcomes = [session.outcome(case) for case in cases]
        transport.close()
    red = [outcome for outcome in outcomes if outcome.status is Status.FAIL]
    assert [outcome.case.id for outcome in red] == [
        "protocol/answer/wms/success",
        "protocol/answer/wms/failure",
    ]
    assert {(one.check, one.path) for outcome in red for one in outcome.findings} == {
        ("envelope.code", "code")
    }
    blocked = {outcome.case.id: outcome.cause for outcome in outcomes if outcome.status is Status.BLOCKED}
    assert blocked == {
        f"wms/{method}/answer/{kind}": "protocol/answer/wms/success"
        for method in ("order.cancel", "entryorder.query")
        for kind in ("success", "failure")
    }
    others = Counter(outcome.status for outcome in outcomes)
    assert others.keys() == {Status.PASS, Status.INFO, Status.FAIL, Status.BLOCKED}
    assert others[Status.PASS] > 100


def test_a_fault_of_one_method_is_red_in_its_own_answer_case() -> None:
    with running({"order.cancel": response(code=None)}) as run:
        assert [run(f"protocol/answer/wms/{kind}").status for kind in ("success", "failure")] == [
            Status.PASS
        ] * 2
        own = run("wms/order.cancel/answer/success")
        assert (own.status, [one.check for one in own.findings]) == (Status.FAIL, ["envelope.code"])
        assert run("wms/order.cancel/request/orderType/every-code").status is Status.PASS


def test_a_fault_of_one_case_is_red_there() -> None:
    def reply(request: Request) -> str:
        return response(message=None) if len(xml.get(request.root, "orderCode") or "") == 50 else response()

    with running({"order.cancel": reply}) as run:
        longest = run("wms/order.cancel/request/orderCode/longest")
        assert [(one.check, one.level) for one in longest.findings] == [("envelope.message", Level.MUST)]
        assert longest.status is Status.FAIL


LEVELS = {  # level of the case, what the endpoint does, status
    ("must", NO): Status.FAIL,
    ("should", NO): Status.WARN,
    ("must", response(code="1" * 51)): Status.WARN,
    ("should", response(code="1" * 51)): Status.WARN,
    ("may", response(code="1" * 51)): Status.PASS,
    ("may", answer("", "500 Oops")): Status.FAIL,
    ("must", answer(response(), "500 Oops")): Status.FAIL,
    ("must", answer(response(), "201 Created")): Status.WARN,
    ("may", answer(response(), "201 Created")): Status.PASS,
    ("must", response(message="ORA-12345")): Status.WARN,
    ("may", response(message="ORA-12345")): Status.WARN,
    ("must", response(more="<colour>red</colour>")): Status.PASS,
    ("must", "oops"): Status.FAIL,
}


@pytest.mark.parametrize(("level", "reply", "status"), [(*key, status) for key, status in LEVELS.items()])
def test_levels(level: str, reply: bytes | str, status: Status) -> None:
    served = [response()] * 4 + [reply] * 9  # the answer cases come first and find nothing

    def next_one(request: Request) -> bytes | str:
        return reply if xml.get(request.root, "orderCode") == "X" else served[0]

    expect = "any" if level == "may" else "success"
    step = Step(CANCEL, changes=(Change("put", "orderCode", "X"),), expect=expect)
    with running({"order.cancel": next_one}) as run:
        assert run(single(level=Level(level), steps=(step,))).status is status


def test_an_unreadable_answer_is_one_finding() -> None:
    with running({"order.cancel": "oops"}) as run:
        outcome = run(single())
    assert [one.check for one in outcome.findings] == ["envelope.xml"]


def test_whether_a_request_is_accepted_is_not_asked_of_the_form() -> None:
    refused = single(judges="answer")
    with running({"order.cancel": NO}) as run:
        assert run(refused).status is Status.PASS


# Known failures

TODAY = date.today()
DAY = timedelta(days=1)
WAIVERS = {  # what the endpoint does, how long it is forgiven, status, cause
    ("fails", TODAY): (Status.WAIVED, f"until {TODAY}: ticket 1"),
    ("fails", TODAY - DAY): (Status.STALE, f"the waiver expired on {TODAY - DAY}"),
    ("passes", TODAY): (Status.STALE, "passes, but is known as failing: ticket 1"),
    ("passes", TODAY - DAY): (Status.STALE, "passes, but is known as failing: ticket 1"),
    ("breaks", TODAY): (Status.ERROR, "protocol: Server disconnected without sending a response."),
    ("blocked", TODAY): (Status.BLOCKED, MINIMAL),
    ("unsupported", TODAY): (Status.UNSUPPORTED, "the profile leaves out order.cancel"),
}


@pytest.mark.parametrize(
    ("kind", "expires", "status", "cause"), [(*key, *found) for key, found in WAIVERS.items()]
)
def test_waivers(kind: str, expires: date, status: Status, cause: str) -> None:
    replies: Replies = {"order.cancel": {"fails": NO, "blocked": NO, "breaks": None}.get(kind, polite)}
    waiver = Waiver("wms/order.cancel/case/*", "ticket 1", TODAY - 9 * DAY, expires)
    without = ("order.cancel",) if kind == "unsupported" else ()
    case = single(requires=(MINIMAL,) if kind == "blocked" else ())
    with running(replies, waivers=(waiver,), without=without) as run:
        outcome = run(case)
    assert (outcome.status, outcome.cause) == (status, cause)


def test_a_waived_prerequisite_blocks_and_one_that_holds_after_all_does_not() -> None:
    waiver = Waiver(MINIMAL, "ticket 1", TODAY, TODAY)
    with running({"order.cancel": NO}, waivers=(waiver,)) as run:
        assert run(MINIMAL).status is Status.WAIVED
        assert run("wms/order.cancel/request/orderCode/longest").status is Status.BLOCKED
    with running(waivers=(waiver,)) as run:
        assert run(MINIMAL).status is Status.STALE
        assert run("wms/order.cancel/request/orderCode/longest").status is Status.PASS


# What is not tried

UNTRIED = {
    "a role": ({"roles": ("erp",)}, "the profile leaves out order.cancel"),
    "other methods": ({"methods": ("entryorder.*",)}, "the profile leaves out order.cancel"),
    "without": ({"without": ("*.cancel",)}, "the profile leaves out order.cancel"),
    "read-only": ({"readonly": True}, "would write, and the run is read-only"),
    "pinned": ({"data": {"orderCode": ("O1",)}}, "orderCode is pinned by the profile"),
}


@pytest.mark.parametrize(("settings", "cause"), UNTRIED.values(), ids=UNTRIED)
def test_what_is_not_tried(settings: dict[str, Any], cause: str) -> None:
    with running(**settings) as run:
        outcome = run("wms/order.cancel/request/orderCode/longest")
        assert (outcome.status, outcome.cause) == (Status.UNSUPPORTED, cause)
        assert run.server.requests == []


def test_a_flow_needs_all_its_methods() -> None:
    both = flow(Step(CREATE), Step(CANCEL), Step(QUERY))
    with running(without=("order.cancel", "entryorder.query")) as run:
        assert run(both).cause == "the profile leaves out order.cancel, entryorder.query"
    with running(readonly=True) as run:
        assert run(flow(Step(QUERY))).status is Status.PASS
        assert run(both).cause == "would write, and the run is read-only"


PINNED = {  # change, expectation, tried
    ("put", "orderCode", "O1", "success"): True,
    ("put", "orderCode", "O2", "success"): True,
    ("put", "orderCode", "O3", "success"): False,
    ("put", "orderCode", "O3", "failure"): True,
    ("put", "warehouseCode", "x", "success"): True,
    ("drop", "orderCode", "", "success"): True,
}


@pytest.mark.parametrize(("row", "tried"), PINNED.items())
def test_what_a_pin_forbids(row: tuple[str, str, str, str], tried: bool) -> None:
    op, path, value, expect = row
    step = Step(CANCEL, changes=(Change(op, path, value),), expect=expect)
    with running(data={"orderCode": ("O1", "O2")}) as run:
        assert (run(single(steps=(step,))).status is not Status.UNSUPPORTED) is tried
        assert run(flow(step)).status is not Status.UNSUPPORTED


def test_pins_reach_the_endpoint() -> None:
    with running(data={"warehouseCode": ("CK7",), "order.cancel:orderType": ("CGRK",)}) as run:
        run(single())
        (sent,) = run.server.requests[-1:]
    assert (xml.get(sent.root, "warehouseCode"), xml.get(sent.root, "orderType")) == ("CK7", "CGRK")


# Steps


def test_values_travel_from_step_to_step() -> None:
    case = flow(
        Step(CREATE, save={"code": "request:entryOrder.entryOrderCode", "id": "response:entryOrderId"}),
        Step(CANCEL, changes=(Change("put", "orderCode", "@code"), Change("put", "orderId", "@id"))),
        let={"unused": "@new"},
    )
    with running({"entryorder.create": response(more="<entryOrderId>W77</entryOrderId>")}) as run:
        assert run(case).status is Status.PASS
        first, second = run.server.requests[-2:]
    assert xml.get(second.root, "orderCode") == xml.get(first.root, "entryOrder.entryOrderCode")
    assert xml.get(second.root, "orderId") == "W77"


BLOCKED_STEPS: dict[str, tuple[Case, Replies, Status, str]] = {
    "a preparation that is refused": (
        flow(Step(CREATE, given=True), Step(CANCEL)),
        {"entryorder.create": NO},
        Status.BLOCKED,
        "step 1 (entryorder.create): flag=failure code=E1 message=no",
    ),
    "a preparation that is accepted": (
        flow(Step(CREATE, given=True, expect="failure"), Step(CANCEL)),
        {"entryorder.create": response()},
        Status.BLOCKED,
        "step 1 (entryorder.create): flag=success code=0 message=ok",
    ),
    "a preparation that gives nothing": (
        flow(Step(CREATE, given=True, save={"id": "response:entryOrderId"}), Step(CANCEL)),
        {"entryorder.create": response()},
        Status.BLOCKED,
        "entryorder.create gave no response:entryOrderId",
    ),
    "a value that no answer held": (
        flow(
            Step(CREATE, save={"id": "response:entryOrderId"}),
            Step(CANCEL, changes=(Change("put", "orderId", "@id"),)),
        ),
        {"entryorder.create": response()},
        Status.BLOCKED,
        "no earlier answer gave 'id'; known: nothing",
    ),
    "each of what was not saved": (
        flow(Step(CANCEL, each="codes", changes=(Change("put", "orderCode", "@each"),))),
        {},
        Status.BLOCKED,
        "no earlier answer gave 'codes'; known: nothing",
    ),
    "the network": (
        flow(Step(CREATE), Step(CANCEL)),
        {"entryorder.create": None},
        Status.ERROR,
        "protocol: Server disconnected without sending a response.",
    ),
    "again without a step before": (
        flow(Step(CANCEL, again=True)),
        {},
        Status.ERROR,
        "flows/test/one: `again` needs a step before it",
    ),
    "an unknown change": (
        flow(Step(CANCEL, changes=(Change("swap"),))),
        {},
        Status.ERROR,
        "unknown change 'swap'; expected one of put, ensure, drop, empty, repeat, duplicate, reverse, shuffle, "
        "insert, as-is",
    ),
}


@pytest.mark.parametrize(("case", "replies", "status", "cause"), BLOCKED_STEPS.values(), ids=BLOCKED_STEPS)
def test_flows_that_break_off(case: Case, replies: Replies, status: Status, cause: str) -> None:
    with running(replies) as run:
        outcome = run(case)
        assert (outcome.status, outcome.cause) == (status, cause)
        assert "order.cancel" not in run.server.methods


def test_a_failure_before_the_break_is_a_failure() -> None:
    case = replace(flow(Step(CREATE, checks=(Check("code", "is", "9"),)), Step(CANCEL)), level=Level.MUST)
    with running({"order.cancel": None}) as run:
        outcome = run(case)
    assert (outcome.status, outcome.cause) == (Status.FAIL, "")
    assert [(one.check, one.step) for one in outcome.findings] == [("contract.is", 1)]


def test_a_flow_ends_where_it_leaves_its_path() -> None:
    with running({"entryorder.create": NO}) as run:
        outcome = run(flow(Step(CREATE), Step(CANCEL)))
        assert outcome.status is Status.FAIL
        assert run.server.methods[-1] == "entryorder.create"
        assert "order.cancel" not in run.server.methods


def test_a_flow_goes_on_after_a_wrong_content() -> None:
    with running() as run:
        case = flow(Step(CREATE, checks=(Check("code", "is", "9"),)), Step(CANCEL, expect="failure"))
        outcome = run(case)
    assert [(one.check, one.step) for one in outcome.findings] == [
        ("contract.is", 1),
        ("contract.refuses", 2),
    ]


CLEANUP = Step(CANCEL, changes=(Change("put", "orderCode", "undone"),))
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
    unsaved = Step(CANCEL, changes=(Change("put", "orderCode", "@unsaved"),))
    with running({"order.cancel": undone, **replies}) as run:
        outcome = run(flow(step, cleanup=(unsaved, CLEANUP)))
        codes = [
            xml.get(one.root, "orderCode") for one in run.server.requests if one.method == "order.cancel"
        ]
    assert outcome.status is status
    assert set(codes) == {"undone"}


def test_what_the_target_does_not_know_is_not_taken_back() -> None:
    with running(without=("order.cancel",)) as run:
        assert run(flow(Step(CREATE), cleanup=(CLEANUP,))).status is Status.PASS
        assert "order.cancel" not in run.server.methods


def test_the_request_that_is_shown_is_the_one_that_failed() -> None:
    case = flow(Step(CREATE), Step(QUERY, expect="failure"), cleanup=(CLEANUP,))
    with running() as run:
        text = "\n".join(explain(run(case)))
    assert "contract.refuses (must, request 2, 003 flow)" in text
    assert "method=entryorder.query&" in text
    assert "undone" not in text


def codes_of(run: Run, method: str) -> list[str | None]:
    return [xml.get(one.root, "orderCode") for one in run.server.requests if one.method == method]


def test_times_and_each() -> None:
    case = flow(
        Step(CREATE, times=3, save={"codes": "request:entryOrder.entryOrderCode"}),
        Step(
            CANCEL,
            each="codes",
            changes=(Change("put", "orderCode", "@each"),),
            save={"back": "request:orderCode"},
        ),
        Step(QUERY, checks=(Check("code", "in", "@back", on="any"),)),
    )
    with running() as run:
        outcome = run(case)
        created = [
            xml.get(one.root, "entryOrder.entryOrderCode")
            for one in run.server.requests
            if one.method == "entryorder.create"
        ]
        cancelled = codes_of(run, "order.cancel")
    assert len(set(created)) == 3
    assert cancelled == created
    assert outcome.steps == (1, 1, 1, 2, 2, 2, 3)
    (found,) = outcome.findings
    assert (found.step, found.expected) == (3, f"one of {', '.join(map(str, created))}")


def test_parallel_sends_the_same_bytes_several_times() -> None:
    with running() as run:
        outcome = run(flow(Step(CANCEL, parallel=5)))
        sent = {(one.target, one.body) for one in run.server.requests if one.method == "order.cancel"}
    assert (len(outcome.exchanges), outcome.requests, outcome.steps) == (5, 5, (1,) * 5)
    assert len(sent) == 1


def test_again_sends_the_same_message() -> None:
    with running() as run:
        run(flow(Step(CANCEL), Step(CANCEL, again=True), Step(CANCEL)))
        bodies = [one.body for one in run.server.requests if one.method == "order.cancel"]
    assert bodies[-3] == bodies[-2] != bodies[-1]


def test_abandoned_requests_arrive_and_are_not_judged() -> None:
    case = flow(Step(CANCEL, abandon=True, save={"code": "request:orderCode"}), Step(QUERY))
    with running({"order.cancel": NO}) as run:
        assert run(case).status is Status.PASS
    assert run.server.methods.count("order.cancel") == 1


def test_names_are_made_up_before_the_first_step() -> None:
    case = flow(
        Step(CANCEL, changes=(Change("put", "orderCode", "@a+x"),)),
        Step(CANCEL, changes=(Change("put", "orderCode", "@b"),)),
        let={"a": "@new", "b": "@a+y"},
    )
    with running() as run:
        run(case)
        first, second = codes_of(run, "order.cancel")
    assert (first or "x")[:-1] == (second or "y")[:-1] != ""
    assert (str(first)[-1], str(second)[-1]) == ("x", "y")


# What methods need to exist

ITEMQUERY = spec.load_api("store/storeinventory.itemquery")
DELETE = spec.load_api("store/store.delete")


def test_a_shared_setup_is_sent_once() -> None:
    with running() as run:
        for _ in range(3):
            assert run(flow(Step(ITEMQUERY))).status is Status.PASS
        counts = Counter(run.server.methods)
        sent = next(one for one in run.server.requests if one.method == "storeinventory.itemquery")
    assert (
        counts["storeinventory.iteminitial"] == 2
    )  # the smallest message of the setup's method, and the setup
    assert counts["storeinventory.itemquery"] == 3
    given = xml.get(sent.root, "stores.store[].warehouseId")
    assert given


def test_a_setup_of_ones_own_is_sent_each_time() -> None:
    made = iter(range(100))
    created = lambda request: response(more=f"<storeId>{next(made)}</storeId>")  # noqa: E731
    with running({"store.create": created}) as run:
        for _ in range(3):
            assert run(flow(Step(DELETE))).status is Status.PASS
        deleted = [
            xml.get(one.root, "storeId") for one in run.server.requests if one.method == "store.delete"
        ]
    assert len(set(deleted)) == 3


def test_a_setup_that_fails_blocks() -> None:
    with running({"store.create": NO}) as run:
        outcome = run(flow(Step(DELETE)))
        assert (outcome.status, outcome.cause) == (Status.BLOCKED, "store/store.create/request/minimal")


def test_a_setup_that_the_target_has_not_is_left_out() -> None:
    with running(without=("store.create",)) as run:
        assert run(flow(Step(DELETE))).status is Status.PASS
        assert set(run.server.methods) == {"store.delete", "storecategory.get"}


def test_a_field_that_takes_only_known_values_is_no_fault() -> None:
    known = samples.minimal(CANCEL.request)

    def reply(request: Request) -> str:
        return response() if xml.get(request.root, "ownerCode") in (None, xml.get(known, "ownerCode")) else NO

    with running({"order.cancel": reply}) as run:
        outcome = run("wms/order.cancel/request/ownerCode/longest")
    assert (outcome.status, outcome.cause) == (
        Status.BLOCKED,
        "ownerCode takes only values that the endpoint knows: pin some under [data] in the target file",
    )

    def shorter(request: Request) -> str:
        return NO if len(xml.get(request.root, "ownerCode") or "") == 50 else response()

    with running({"order.cancel": shorter}) as run:
        assert run("wms/order.cancel/request/ownerCode/longest").status is Status.FAIL


# What is left behind


def test_what_was_accepted_is_in_the_ledger() -> None:
    def reply(request: Request) -> str:
        return response(more="<entryOrderId>W1</entryOrderId>")

    with running({"entryorder.create": reply, "order.cancel": NO}) as run:
        run(flow(Step(CREATE), Step(QUERY), Step(CANCEL)))
        code = xml.get(run.server.requests[0].root, "entryOrder.entryOrderCode")
    assert [(entry.case, entry.method, entry.undo) for entry in run.ledger] == [
        ("flows/test/one", "entryorder.create", "order.cancel")
    ]
    assert run.ledger[0].keys["entryOrder.entryOrderCode"] == code
    assert run.ledger[0].undo_set["orderCode"] == code


def test_an_entry_of_the_ledger_can_be_undone() -> None:
    with running() as run:
        run(flow(Step(CREATE)))
        assert run.session.undo(run.ledger[0])
        assert run.server.methods[-1] == "order.cancel"
        assert not run.session.undo(Created("a", "entryorder.create", {}))
    with running({"order.cancel": NO}) as run:
        run(flow(Step(CREATE)))
        assert not run.session.undo(run.ledger[0])


# Endpoints that are not there


def test_a_dead_endpoint_is_one_error() -> None:
    transport = Transport(connect_timeout=1, read_timeout=1)
    session = Session(with_options(TARGET, url=f"http://127.0.0.1:{free_port()}/"), transport)
    ids = [
        SMOKE,
        "protocol/smoke/erp/answers",
        MINIMAL,
        "store/store.query/request/minimal",
        "protocol/signature/wdk/good",
    ]
    outcomes = [session.outcome(find_case(name)) for name in ids]
    transport.close()
    assert [one.status for one in outcomes] == [Status.ERROR] + [Status.BLOCKED] * 4
    assert outcomes[0].cause.startswith("connect: ")
    assert {one.cause for one in outcomes[1:]} == {SMOKE}


def test_an_endpoint_that_dies_in_the_middle_is_one_error() -> None:
    with running() as run:
        assert run(MINIMAL).status is Status.PASS
    assert run.server.methods
    dead = Transport(connect_timeout=1, read_timeout=1)
    run.session.transport = dead
    outcomes = [
        run(f"wms/order.cancel/request/orderCode/{name}") for name in ("longest", "too-long", "blank")
    ]
    outcomes.append(run("erp/entryorder.confirm/request/minimal"))
    dead.close()
    assert [one.status for one in outcomes] == [Status.ERROR] + [Status.BLOCKED] * 3
    assert {one.cause for one in outcomes[1:]} == {outcomes[0].case.id}


def test_an_endpoint_that_breaks_on_one_message_is_tried_again() -> None:
    def reply(request: Request) -> str | None:
        return None if len(xml.get(request.root, "orderCode") or "") == 50 else response()

    with running({"order.cancel": reply}) as run:
        assert run("wms/order.cancel/request/orderCode/longest").status is Status.ERROR
        assert run("wms/order.cancel/request/orderCode/blank").status is Status.INFO


def test_an_endless_answer_is_a_fault() -> None:
    big = answer(response(more="<x>" + "x" * 2000 + "</x>"))
    with running({"order.cancel": big}) as run:
        run.transport.close()
        run.session.transport = Transport(max_answer=1000)
        outcome = run(single())
        run.session.transport.close()
    assert outcome.status is Status.FAIL
    assert outcome.findings == (
        Finding(
            "http.size",
            Level.MUST,
            "",
            "an answer of reasonable size",
            "too-large: more than 1000 bytes",
            "000 section 2.1",
        ),
    )


# Secrets


def test_an_outcome_shows_no_secret() -> None:
    secret = "s<&>c\"r.*e't"
    told = f"<![CDATA[wanted {secret}]]>"
    with running({"order.cancel": response("failure", message=told)}, secret=secret) as run:
        outcome = run(single())
    assert {one.check for one in outcome.findings} == {"security.secret", "contract.accepts"}
    assert [one.actual for one in outcome.findings if one.check == "contract.accepts"] == [
        "flag=failure code=0 message=wanted ***"
    ]
    assert outcome.exchanges[-1].body.decode() == response("failure", message="<![CDATA[wanted ***]]>")
    assert secret not in "\n".join(explain(outcome))


def test_a_secret_in_a_header_or_an_escape_is_masked_too() -> None:
    secret = "s<&>cret"
    body = response(message="it is s&lt;&amp;&gt;cret")
    with running(
        {"order.cancel": answer(body, headers=f"X-Key: {secret}\r\n".encode())}, secret=secret
    ) as run:
        outcome = run(single())
    assert outcome.exchanges[-1].header("x-key") == "***"
    assert outcome.exchanges[-1].body.decode() == response(message="it is ***")


# All in one


def test_run_case_opens_and_closes_its_own_client() -> None:
    with endpoint(polite) as server:
        outcome = run_case(find_case(MINIMAL), with_options(TARGET, url=server.url))
        assert outcome.status is Status.PASS
        assert server.methods == ["service.heartbeat", "order.cancel"]
    transport = Transport()
    with endpoint(polite) as server:
        target = with_options(TARGET, url=server.url)
        assert run_case(find_case(SMOKE), target, transport).status is Status.PASS
        assert run_case(find_case(SMOKE), target, transport).status is Status.PASS
        transport.close()
        assert {one.connection for one in server.requests} == {1}
