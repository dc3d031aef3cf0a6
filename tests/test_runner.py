"""Cases against endpoints of all kinds: who is blamed, what is waived, what is tried, what is left behind."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.apis import TARGET, TITLE
from support.servers import Endpoint, Request, answer, endpoint, free_port, response

from pytest_qimen import spec, xml
from pytest_qimen.cases import Case, Check, Step, bundled_cases, find_case
from pytest_qimen.client.tampers import AFTER, BEFORE
from pytest_qimen.client.transport import Transport
from pytest_qimen.messages import samples
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Created, Ledger, Outcome, Session, run_case
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.runner.model import Broke
from pytest_qimen.target.model import Target, Waiver, with_options
from pytest_qimen.verdict import Finding, Level, Status
from pytest_qimen.wire.signature import sign

SHOP, CREATE, CANCEL, QUERY = (
    spec.load_api(f"wms/{name}")
    for name in ("shop.synchronize", "entryorder.create", "order.cancel", "warehouseinfo.query")
)
PINS = {  # an endpoint that refuses what is pinned cannot say that it does not know it
    **{"ownerCode": ("HZ0001",), "warehouseCode": ("HZCK01",), "itemCode": ("SKU1",), "shopId": ("7",)},
    **{"userId": ("8",), "mainCategory": ("9",)},
}
SMOKE = "protocol/smoke/wms/answers"
MINIMAL = "wms/shop.synchronize/request/minimal"
NAME, CODE = "shop.shopName", "shop.shopCode"
NO = response("failure", "E1", "no")
NOWHERE = "qimen.no.such.method"
Replies = Mapping[str, Callable[[Request], bytes | str | None] | bytes | str | None]


def polite(request: Request) -> str:
    """An answer with every field of its method."""
    api = spec.load_api(request.method)
    return xml.write(samples.full(api.response, api.root)).decode()


class Run:
    """A Session against an endpoint that answers politely, but for what `replies` say."""

    client: Transport  # the same for all tests: a new one costs 20 ms

    def __init__(self, server: Endpoint, settings: dict[str, Any]) -> None:
        self.server = server
        self.ledger: list[Created] = []
        target = with_options(TARGET, url=server.url, **settings)
        self.session = Session(target, self.client, created=self.ledger.append)

    def __call__(self, case: Case | str) -> Outcome:
        return self.session.outcome(find_case(case) if isinstance(case, str) else case)


@contextmanager
def running(replies: Replies | None = None, **settings: Any) -> Iterator[Run]:
    def reply(request: Request) -> bytes | str | None:
        found = {NOWHERE: NO, **(replies or {})}.get(request.method, polite)
        return found(request) if callable(found) else found

    with endpoint(reply) as server:
        yield Run(server, settings)


@pytest.fixture(autouse=True, scope="module")
def _client() -> Iterator[None]:
    Run.client = Transport(connect_timeout=2, read_timeout=2)
    yield
    Run.client.close()


def flow(*steps: Step, **more: Any) -> Case:
    """A flow of these steps that requires nothing."""
    settings: dict[str, Any] = {"level": Level.MUST, "requirements": ("a.b",), "family": "flow"} | more
    return Case(
        id="flows/test/one",
        file="cases/flows/test.toml",
        role=steps[0].api.role,
        method=steps[0].api.method,
        title=TITLE,
        clause="003 flow",
        steps=steps,
        **settings,
    )


def single(**more: Any) -> Case:
    """A case of one step that is no flow."""
    return replace(flow(Step(SHOP)), id="wms/shop.synchronize/case/test", **more)


def boundary(scenario: str, path: str = NAME) -> str:
    """The id of a boundary of SHOP."""
    return f"wms/shop.synchronize/request/{path}/{scenario}"


def put(**values: str) -> tuple[Edit, ...]:
    """Changes that write these values (`a__b` for `a.b`)."""
    return tuple(Edit("put", name.replace("__", "."), value) for name, value in values.items())


def texts(run: "Run", method: str, path: str) -> list[str | None]:
    """What stood at the path in every request of the method."""
    return [xml.get(one.root, path) for one in run.server.requests if one.method == method]


# What comes before a case


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
        for scenario in ("longest", "longest-chinese", "one-character"):
            assert run(boundary(scenario)).status is Status.PASS
        assert run(MINIMAL).status is Status.PASS
        assert run.server.methods == ["service.heartbeat"] + ["shop.synchronize"] * 4


def test_an_unsupported_prerequisite_does_not_block() -> None:
    with running(without=("service.heartbeat",)) as run:
        assert run(SMOKE).status is Status.UNSUPPORTED
        assert run(MINIMAL).status is Status.PASS


def test_a_refused_key_that_only_the_other_side_knows_blocks() -> None:
    confirm = "erp/entryorder.confirm/request/minimal"
    with running({"entryorder.confirm": NO}) as run:
        outcome = run(confirm)
        assert outcome.status is Status.BLOCKED
        assert outcome.cause == (
            "entryorder.confirm refused a entryOrder.entryOrderCode that we made up: "
            "pin one that your system knows under [data] in the target file"
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
        assert outcome.cause.startswith("store.query refused a storeId that we made up: pin one that ")
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
    assert outcome.cause.startswith("entryorder.create refused a entryOrder.supplierCode that we made up")


def is_signed(request: Request) -> bool:
    params = {name: value for name, value in request.params.items() if name != "sign"}
    return request.params["sign"] == sign(params, request.body, TARGET.secret)


def test_an_endpoint_that_takes_the_full_message_may_not_refuse_the_smallest() -> None:
    """As one does that looks into a group that need not be there."""

    def reply(request: Request) -> str:
        return response() if b"<shopName>" in request.body else NO

    with running({"shop.synchronize": reply}) as run:
        assert run(MINIMAL).status is Status.FAIL


# One cause is one red line


def test_a_fault_of_every_answer_is_a_handful_of_red_lines() -> None:
    with serve(faults=["code-missing"]) as url:
        transport = Transport()
        session = Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
        cases = [
            case
            for name in ("protocol/smoke", "protocol/answer", "wms/shop.synchronize", "wms/entryorder.query")
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
    musts = {(one.check, one.path) for outcome in red for one in outcome.findings if one.level is Level.MUST}
    assert musts == {("envelope.code", "code")}
    blocked = {outcome.case.id: outcome.cause for outcome in outcomes if outcome.status is Status.BLOCKED}
    assert blocked == {
        f"wms/{method}/answer/{kind}": "protocol/answer/wms/success"
        for method in ("shop.synchronize", "entryorder.query")
        for kind in ("success", "failure")
    }
    others = Counter(outcome.status for outcome in outcomes)
    assert others.keys() == {Status.PASS, Status.INFO, Status.FAIL, Status.BLOCKED}
    assert others[Status.PASS] > 100


def test_a_fault_of_one_method_is_red_in_its_own_answer_case() -> None:
    with running({"shop.synchronize": response(code=None)}) as run:
        for kind in ("success", "failure"):
            assert run(f"protocol/answer/wms/{kind}").status is Status.PASS
        own = run("wms/shop.synchronize/answer/success")
        assert (own.status, [one.check for one in own.findings]) == (Status.FAIL, ["envelope.code"])
        assert run(boundary("every-code", "shop.sourcePlatformCode")).status is Status.PASS


def test_a_fault_of_one_case_is_red_there() -> None:
    def reply(request: Request) -> str:
        return response(message=None) if len(xml.get(request.root, NAME) or "") == 50 else response()

    with running({"shop.synchronize": reply}) as run:
        longest = run(boundary("longest"))
        assert [(one.check, one.level) for one in longest.findings] == [("envelope.message", Level.MUST)]
        assert longest.status is Status.FAIL


LEVELS = {  # level of the case, what the endpoint does, status
    ("must", NO): Status.FAIL,
    ("should", NO): Status.WARN,
    ("may", NO): Status.INFO,
    ("must", response(code="1" * 51)): Status.WARN,
    ("should", response(code="1" * 51)): Status.WARN,
    ("may", response(code="1" * 51)): Status.INFO,
    ("may", answer(response(), "500 Oops")): Status.FAIL,
    ("must", answer(response(), "500 Oops")): Status.FAIL,
    ("must", answer(response(), "201 Created")): Status.WARN,
    ("may", answer(response(), "201 Created")): Status.INFO,
    ("must", response(message="ORA-12345")): Status.WARN,
    ("may", response(message="ORA-12345")): Status.WARN,
    ("must", response(more="<colour>red</colour>")): Status.PASS,
    ("must", "oops"): Status.FAIL,
    ("may", "oops"): Status.PASS,
}


@pytest.mark.parametrize(("level", "reply", "status"), [(*key, status) for key, status in LEVELS.items()])
def test_levels(level: str, reply: bytes | str, status: Status) -> None:
    def one_of_two(request: Request) -> bytes | str:
        return reply if xml.get(request.root, NAME) == "this case" else response()

    step = Step(SHOP, changes=put(shop__shopName="this case"), expect="any" if level == "may" else "success")
    with running({"shop.synchronize": one_of_two}) as run:
        assert run(single(level=Level(level), steps=(step,))).status is status


def test_an_unreadable_answer_is_one_finding() -> None:
    with running({"shop.synchronize": "oops"}) as run:
        outcome = run(single())
        assert (outcome.status, outcome.cause) == (Status.FAIL, "")
    assert [one.check for one in outcome.findings] == ["envelope.xml"]


def test_whether_a_request_is_accepted_is_not_asked_of_the_form() -> None:
    with running({"shop.synchronize": NO}) as run:
        assert run(single(judges="answer")).status is Status.PASS
        assert run(single(judges="safety")).status is Status.PASS


def test_after_an_attack_the_next_call_is_judged() -> None:
    replies = iter([NO, NO])
    with running({"shop.synchronize": lambda request: next(replies)}) as run:
        outcome = run(flow(Step(SHOP), Step(SHOP), judges="safety"))
    assert [(one.check, one.step) for one in outcome.findings] == [("contract.accepts", 2)]


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
    ("unsupported", TODAY): (Status.UNSUPPORTED, "the profile leaves out shop.synchronize"),
}


@pytest.mark.parametrize(
    ("kind", "expires", "status", "cause"), [(*key, *found) for key, found in WAIVERS.items()]
)
def test_waivers(kind: str, expires: date, status: Status, cause: str) -> None:
    replies: Replies = {"shop.synchronize": {"fails": NO, "blocked": NO, "breaks": None}.get(kind, polite)}
    waiver = Waiver("wms/shop.synchronize/case/test", "ticket 1", TODAY - 9 * DAY, expires)
    without = ("shop.*",) if kind == "unsupported" else ()
    case = single(requires=(MINIMAL,) if kind == "blocked" else ())
    with running(replies, waivers=(waiver,), without=without, data=PINS) as run:
        outcome = run(case)
    assert (outcome.status, outcome.cause) == (status, cause)


def test_a_glob_says_nothing_of_a_case_that_passes() -> None:
    waiver = Waiver("wms/shop.synchronize/case/*", "ticket 1", TODAY, TODAY)
    with running(waivers=(waiver,)) as run:
        assert run(single()).status is Status.PASS
    with running({"shop.synchronize": NO}, waivers=(waiver,)) as run:
        assert run(single()).status is Status.WAIVED


def test_a_waived_prerequisite_blocks_and_one_that_holds_after_all_does_not() -> None:
    waiver = Waiver(MINIMAL, "ticket 1", TODAY, TODAY)
    with running({"shop.synchronize": NO}, waivers=(waiver,), data=PINS) as run:
        assert run(MINIMAL).status is Status.WAIVED
        assert run(boundary("longest")).status is Status.BLOCKED
    with running(waivers=(waiver,)) as run:
        assert run(MINIMAL).status is Status.STALE
        assert run(boundary("longest")).status is Status.PASS


# What is not tried

UNTRIED = {
    "a role": ({"roles": ("erp",)}, "the profile leaves out shop.synchronize"),
    "other methods": ({"methods": ("entryorder.*",)}, "the profile leaves out shop.synchronize"),
    "without": ({"without": ("*.synchronize",)}, "the profile leaves out shop.synchronize"),
    "read-only": ({"readonly": True}, "would write, and the run is read-only"),
    "pinned": ({"data": {"shopName": ("S1",)}}, "shop.shopName is pinned by the profile"),
}


@pytest.mark.parametrize(("settings", "cause"), UNTRIED.values(), ids=UNTRIED)
def test_what_is_not_tried(settings: dict[str, Any], cause: str) -> None:
    with running(**settings) as run:
        outcome = run(boundary("longest"))
        assert (outcome.status, outcome.cause) == (Status.UNSUPPORTED, cause)
        assert run.server.requests == []


def test_a_flow_needs_all_its_methods() -> None:
    both = flow(Step(CREATE), Step(SHOP), Step(QUERY))
    with running(without=("shop.*", "warehouseinfo.query")) as run:
        assert run(both).cause == "the profile leaves out shop.synchronize, warehouseinfo.query"
    with running(readonly=True) as run:
        assert run(flow(Step(QUERY))).status is Status.PASS
        assert run(both).cause == "would write, and the run is read-only"


PINNED = {  # change, expectation, tried
    ("put", NAME, "S1", "success"): True,
    ("put", NAME, "S2", "success"): True,
    ("put", NAME, "S3", "success"): False,
    ("put", NAME, "S3", "failure"): True,
    ("put", "shop.warehouseCode", "x", "success"): True,
    ("drop", NAME, "", "success"): True,
}


@pytest.mark.parametrize(("row", "tried"), PINNED.items())
def test_what_a_pin_forbids(row: tuple[str, str, str, str], tried: bool) -> None:
    op, path, value, expect = row
    step = Step(SHOP, changes=(Edit(op, path, value),), expect=expect)
    with running(data={"shopName": ("S1", "S2")}) as run:
        assert (run(single(steps=(step,))).status is not Status.UNSUPPORTED) is tried
        assert run(flow(step)).status is not Status.UNSUPPORTED


def test_pins_reach_the_endpoint() -> None:
    with running(data={"warehouseCode": ("CK7",), "shop.synchronize:shop.ownerCode": ("HZ7",)}) as run:
        run(single())
        assert texts(run, "shop.synchronize", "shop.warehouseCode") == ["CK7"]
        assert texts(run, "shop.synchronize", "shop.ownerCode") == ["HZ7"]


# Steps


def test_values_travel_from_step_to_step() -> None:
    case = flow(
        Step(CREATE, save={"code": "request:entryOrder.entryOrderCode", "id": "response:entryOrderId"}),
        Step(CANCEL, changes=put(orderCode="@code", orderId="@id", orderType="CGRK")),
        let={"unused": "@new"},
    )
    with running({"entryorder.create": response(more="<entryOrderId>W77</entryOrderId>")}) as run:
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
        flow(Step(SHOP, again=True)),
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
    with running(replies) as run:
        outcome = run(case)
        assert (outcome.status, outcome.cause) == (status, cause)
        assert "shop.synchronize" not in run.server.methods


WRONG = Step(CREATE, checks=(Check("code", "is", "9"),))


def test_a_failure_before_the_break_is_a_failure() -> None:
    with running({"shop.synchronize": None}) as run:
        outcome = run(flow(WRONG, Step(SHOP)))
    assert (outcome.status, outcome.cause) == (Status.FAIL, "")
    assert [(one.check, one.step) for one in outcome.findings] == [("contract.is", 1)]


def test_a_flow_ends_where_it_leaves_its_path() -> None:
    with running({"entryorder.create": NO}) as run:
        assert run(flow(Step(CREATE), Step(SHOP))).status is Status.FAIL
        assert run.server.methods == ["entryorder.create"]


def test_a_flow_goes_on_after_a_wrong_content() -> None:
    with running() as run:
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
    with running({"order.cancel": undone, **replies}) as run:
        outcome = run(flow(step, cleanup=(unsaved, CLEANUP)))
        assert outcome.status is status
        assert set(texts(run, "order.cancel", "orderCode")) == {"undone"}


def test_what_the_target_does_not_know_is_not_taken_back() -> None:
    with running(without=("order.cancel",)) as run:
        assert run(flow(Step(CREATE), cleanup=(CLEANUP,))).status is Status.PASS
        assert run.server.methods == ["entryorder.create"]


def test_the_request_that_is_shown_is_the_one_that_failed() -> None:
    case = flow(Step(CREATE), Step(QUERY, expect="failure"), cleanup=(CLEANUP,))
    with running() as run:
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
    with running() as run:
        outcome = run(case)
        created = texts(run, "entryorder.create", "entryOrder.entryOrderCode")
        assert texts(run, "shop.synchronize", CODE) == created
    assert len(set(created)) == 3
    assert outcome.steps == (1, 1, 1, 2, 2, 2, 3)
    (found,) = outcome.findings
    assert (found.step, found.expected) == (3, f"one of {', '.join(map(str, created))}")


def test_parallel_sends_the_same_bytes_several_times() -> None:
    with running() as run:
        outcome = run(flow(Step(SHOP, parallel=5)))
        sent = [(one.target, one.body) for one in run.server.requests]
    assert (len(outcome.exchanges), outcome.requests, outcome.steps) == (5, 5, (1,) * 5)
    assert (len(sent), len(set(sent))) == (5, 1)


def test_parallel_messages_may_have_keys_of_their_own() -> None:
    with running() as run:
        assert run(flow(Step(SHOP, parallel=5, distinct=True))).status is Status.PASS
        assert len(set(texts(run, "shop.synchronize", CODE))) == 5


def test_a_check_is_judged_only_where_its_name_was_given() -> None:
    absent = Check("code", "absent", True, given="told")
    for place, status in (("response:code", Status.FAIL), ("response:sub_code", Status.PASS)):
        with running() as run:
            told = Step(SHOP, save={"told": place}, checks=(absent,))
            assert run(replace(flow(told), let={"told": ""})).status is status


def test_again_sends_the_same_message() -> None:
    with running() as run:
        assert run(flow(Step(SHOP), Step(SHOP, again=True), Step(SHOP))).status is Status.PASS
        first, second, third = texts(run, "shop.synchronize", CODE)
    assert first == second != third


def test_abandoned_requests_arrive_and_are_not_judged() -> None:
    arrived = threading.Event()

    def refuse(request: Request) -> str:
        arrived.set()
        return NO

    case = flow(Step(SHOP, abandon=True, save={"code": "request:shop.shopCode"}), Step(QUERY))
    with running({"shop.synchronize": refuse}) as run:
        assert run(case).status is Status.PASS
        assert arrived.wait(10)


def test_a_request_that_cannot_even_be_abandoned_is_an_error() -> None:
    with running() as run:
        assert run(SMOKE).status is Status.INFO
    outcome = run(flow(Step(SHOP, abandon=True)))
    assert (outcome.status, outcome.cause) == (Status.ERROR, "connect: [Errno 111] Connection refused")


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


# What methods need to exist

ITEMQUERY, DELETE = (spec.load_api(f"store/{name}") for name in ("storeinventory.itemquery", "store.delete"))


def test_a_shared_setup_is_sent_once() -> None:
    with running() as run:
        for _ in range(3):
            assert run(flow(Step(ITEMQUERY))).status is Status.PASS
        counts = Counter(run.server.methods)
        place = "stores.store[].warehouseId"
        _, kept = texts(run, "storeinventory.iteminitial", place)
        assert texts(run, "storeinventory.itemquery", place) == [kept] * 3
    assert counts["storeinventory.iteminitial"] == 2  # as a prerequisite, and as the setup


def test_a_setup_of_ones_own_is_sent_each_time() -> None:
    numbers = itertools.count()

    def created(request: Request) -> str:
        return response(more=f"<storeId>{next(numbers)}</storeId>")

    with running({"store.create": created}) as run:
        for _ in range(3):
            assert run(flow(Step(DELETE))).status is Status.PASS
        assert texts(run, "store.delete", "storeId") == ["1", "2", "3"]


def test_what_the_step_writes_itself_is_not_set_up() -> None:
    with running() as run:
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
    "broken": (None, Status.ERROR, "protocol: Server disconnected without sending a response."),
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


# What is left behind


def test_what_was_accepted_is_in_the_ledger() -> None:
    with running({"shop.synchronize": NO}) as run:
        run(flow(Step(CREATE), Step(QUERY), Step(SHOP)))
        (code,) = texts(run, "entryorder.create", "entryOrder.entryOrderCode")
    (entry,) = run.ledger  # neither what only asks nor what was refused
    assert (entry.case, entry.method, entry.undo) == ("flows/test/one", "entryorder.create", "order.cancel")
    assert (entry.keys["entryOrder.entryOrderCode"], entry.undo_set["orderCode"]) == (code, code)


def test_an_entry_of_the_ledger_can_be_undone() -> None:
    with running() as run:
        run(flow(Step(CREATE)))
        assert run.session.undo(run.ledger[0])
        assert run.server.methods == ["entryorder.create", "order.cancel"]
        assert not run.session.undo(Created("a", "entryorder.create", {}))
    with running({"order.cancel": NO}) as run:
        run(flow(Step(CREATE)))
        assert not run.session.undo(run.ledger[0])


def entry(code: str, method: str = "a.create", undo: str = "a.cancel") -> Created:
    return Created("case", method, {"code": code}, undo, {"orderCode": code} if undo else {})


def test_the_ledger_undoes_the_latest_first_and_keeps_what_it_cannot() -> None:
    ledger, undone = Ledger(), []

    def undo(created: Created) -> bool:
        undone.append(created.keys["code"])
        return created.keys["code"] != "B"

    for one in (entry("A"), entry("B"), entry("C"), entry("nothing", undo=""), entry("A", "a.cancel", "")):
        ledger.enter(one)
    assert ledger.settle(undo) == [entry("B")]
    assert undone == ["C", "B"]
    assert ledger.settle(undo) == []


def test_a_dead_endpoint_ends_the_undoing() -> None:
    ledger, tried = Ledger(), []

    def undo(created: Created) -> bool:
        tried.append(created)
        raise Broke("connect: refused")

    for code in "ABC":
        ledger.enter(entry(code))
    assert ledger.settle(undo) == [entry("C"), entry("B"), entry("A")]
    assert len(tried) == 1


# Endpoints that are not there


def test_a_dead_endpoint_is_one_error() -> None:
    transport = Transport(connect_timeout=1, read_timeout=1)
    session = Session(with_options(TARGET, url=f"http://127.0.0.1:{free_port()}/"), transport)
    others = ["protocol/smoke/erp/answers", MINIMAL, "store/store.query/request/minimal", boundary("longest")]
    outcomes = [session.outcome(find_case(name)) for name in [SMOKE, *others]]
    transport.close()
    assert [one.status for one in outcomes] == [Status.ERROR] + [Status.BLOCKED] * 4
    assert outcomes[0].cause.startswith("connect: ")
    assert {one.cause for one in outcomes[1:]} == {SMOKE}


def test_an_endpoint_that_dies_in_the_middle_is_one_error() -> None:
    with running() as run:
        assert run(MINIMAL).status is Status.PASS
    dead = Transport(connect_timeout=1, read_timeout=1)  # the old client is closed, the old port, too
    run.session.transport = dead
    outcomes = [run(boundary(scenario)) for scenario in ("longest", "too-long", "one-character")]
    outcomes.append(run("erp/entryorder.confirm/request/minimal"))
    dead.close()
    assert [one.status for one in outcomes] == [Status.ERROR] + [Status.BLOCKED] * 3
    assert {one.cause for one in outcomes[1:]} == {outcomes[0].case.id}


def test_an_endpoint_that_breaks_on_one_message_is_tried_again() -> None:
    def reply(request: Request) -> str | None:
        return None if len(xml.get(request.root, NAME) or "") == 50 else response()

    with running({"shop.synchronize": reply}) as run:
        assert run(boundary("longest")).status is Status.ERROR
        assert run(boundary("one-character")).status is Status.PASS


def test_without_a_smoke_check_every_break_stands_alone() -> None:
    with running({"shop.synchronize": None}, without=("service.heartbeat",)) as run:
        assert run(single()).status is Status.ERROR
        assert run(single()).status is Status.ERROR


def test_an_endless_answer_is_a_fault() -> None:
    with running({"shop.synchronize": response(more=f"<x>{'x' * 2000}</x>")}) as run:
        small = run.session.transport = Transport(max_answer=1000)
        outcome = run(single())
        small.close()
    clause = "000 section 2.1"
    told = Finding(
        "http.size", Level.MUST, "", "an answer of reasonable size", "too-large: more than 1000 bytes", clause
    )
    assert (outcome.status, outcome.findings) == (Status.FAIL, (told,))


# Secrets


def test_an_outcome_shows_no_secret() -> None:
    secret = "s<&>c\"r.*e't"
    told = f"<![CDATA[wanted {secret}]]>"
    with running({"shop.synchronize": response("failure", message=told)}, secret=secret) as run:
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
    reply = answer(body, headers=f"X-Key: {secret}\r\n".encode())
    with running({"shop.synchronize": reply}, secret=secret) as run:
        exchange = run(single()).exchanges[-1]
    assert exchange.header("x-key") == "***"
    assert exchange.body.decode() == response(message="it is ***")


# All in one


def test_run_case_puts_nothing_down_to_a_case_that_nobody_is_told_of() -> None:
    with serve(faults=["code-missing"]) as url:
        target = embedded_target(Target(url="", app_key="", secret=""), url)
        for identity in (MINIMAL, "wms/shop.synchronize/request/typical"):
            outcome = run_case(find_case(identity), target)
            assert [finding.check for finding in outcome.findings] == ["envelope.code"], identity


def test_run_case_opens_and_closes_its_own_client() -> None:
    with endpoint(polite) as server:
        outcome = run_case(find_case(MINIMAL), with_options(TARGET, url=server.url))
        assert outcome.status is Status.PASS
        assert server.methods == ["service.heartbeat", "shop.synchronize"]
    transport = Transport()
    with endpoint(polite) as server:
        target = with_options(TARGET, url=server.url)
        assert run_case(find_case(SMOKE), target, transport).status is Status.INFO
        assert run_case(find_case(SMOKE), target, transport).status is Status.INFO
        transport.close()
        assert {one.connection for one in server.requests} == {1}
