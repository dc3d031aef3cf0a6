"""Findings, levels, known failures and profiles decide the status."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases import Step, bundled_cases
from pytest_qimen.client.transport import Transport
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target, Waiver
from pytest_qimen.verdict import Level, Status
from tests.runner.runs import (
    CREATE,
    MINIMAL,
    NAME,
    NO,
    PINS,
    QUERY,
    SHOP,
    Replies,
    boundary,
    flow,
    polite,
    put,
    running,
    single,
    texts,
)
from tests.support.servers import Request, answer, response


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
        longest = run(boundary("longest-chinese"))
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


TODAY = date(2026, 3, 1)
DAY = timedelta(days=1)


class Stopped(date):
    """A calendar on which it is always that day: tests run at midnight, too."""

    @classmethod
    def today(cls) -> "Stopped":
        return cls(TODAY.year, TODAY.month, TODAY.day)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_qimen.runner.session.date", Stopped)


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
@pytest.mark.usefixtures("today")
def test_waivers(kind: str, expires: date, status: Status, cause: str) -> None:
    replies: Replies = {"shop.synchronize": {"fails": NO, "blocked": NO, "breaks": None}.get(kind, polite)}
    waiver = Waiver("wms/shop.synchronize/case/test", "ticket 1", TODAY - 9 * DAY, expires)
    without = ("shop.*",) if kind == "unsupported" else ()
    case = single(requires=(MINIMAL,) if kind == "blocked" else ())
    with running(replies, waivers=(waiver,), without=without, data=PINS) as run:
        outcome = run(case)
    assert (outcome.status, outcome.cause) == (status, cause)


@pytest.mark.usefixtures("today")
def test_a_glob_says_nothing_of_a_case_that_passes() -> None:
    waiver = Waiver("wms/shop.synchronize/case/*", "ticket 1", TODAY, TODAY)
    with running(waivers=(waiver,)) as run:
        assert run(single()).status is Status.PASS
    with running({"shop.synchronize": NO}, waivers=(waiver,)) as run:
        assert run(single()).status is Status.WAIVED


@pytest.mark.usefixtures("today")
def test_a_waiver_that_lasts_when_a_run_begins_lasts_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waiver = Waiver("wms/shop.synchronize/case/*", "ticket 1", TODAY, TODAY)
    with running({"shop.synchronize": NO}, waivers=(waiver,)) as run:
        monkeypatch.setattr(Stopped, "today", lambda: TODAY + DAY)
        assert run(single()).status is Status.WAIVED


@pytest.mark.usefixtures("today")
def test_a_waived_prerequisite_blocks_and_one_that_holds_after_all_does_not() -> None:
    waiver = Waiver(MINIMAL, "ticket 1", TODAY, TODAY)
    with running({"shop.synchronize": NO}, waivers=(waiver,), data=PINS) as run:
        assert run(MINIMAL).status is Status.WAIVED
        assert run(boundary("longest")).status is Status.BLOCKED
    with running(waivers=(waiver,)) as run:
        assert run(MINIMAL).status is Status.STALE
        assert run(boundary("longest")).status is Status.PASS


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
    ("drop", NAME, "", "success"): False,
    ("drop", NAME, "", "failure"): True,
}


@pytest.mark.parametrize(("row", "tried"), PINNED.items())
def test_what_a_pin_forbids(row: tuple[str, str, str, str], tried: bool) -> None:
    op, path, value, expect = row
    step = Step(SHOP, changes=(Edit(op, path, value),), expect=expect)
    with running(data={"shopName": ("S1", "S2")}) as run:
        assert (run(single(steps=(step,))).status is not Status.UNSUPPORTED) is tried
        assert (run(flow(step)).status is not Status.UNSUPPORTED) is (tried or op == "put")


def test_pins_reach_the_endpoint() -> None:
    with running(data={"warehouseCode": ("CK7",), "shop.synchronize:shop.ownerCode": ("HZ7",)}) as run:
        run(single())
        assert texts(run, "shop.synchronize", "shop.warehouseCode") == ["CK7"]
        assert texts(run, "shop.synchronize", "shop.ownerCode") == ["HZ7"]
