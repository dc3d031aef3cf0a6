"""What was created is remembered and taken back; dead endpoints; secrets."""

from typing import Any

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases import Step, find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Network, Reason
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Created, Ledger, Left, Session, run_case
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.runner.model import Broke
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.verdict import Finding, Level, Status
from tests.runner.runs import (
    CREATE,
    MINIMAL,
    NAME,
    NO,
    QUERY,
    SHOP,
    SMOKE,
    boundary,
    flow,
    pinned_run,
    polite,
    single,
    texts,
)
from tests.support.apis import TARGET
from tests.support.servers import Request, answer, endpoint, free_port, response


def test_what_was_accepted_is_in_the_ledger() -> None:
    with pinned_run({"shop.synchronize": NO}) as run:
        run(flow(Step(CREATE), Step(QUERY), Step(SHOP)))
        (code,) = texts(run, "entryorder.create", "entryOrder.entryOrderCode")
    (entry,) = run.ledger  # neither what only asks nor what was refused
    assert (entry.case, entry.method, entry.undo) == ("flows/test/one", "entryorder.create", "order.cancel")
    assert (entry.keys["entryOrder.entryOrderCode"], entry.undo_set["orderCode"]) == (code, code)


def test_an_entry_of_the_ledger_can_be_undone() -> None:
    with pinned_run() as run:
        run(flow(Step(CREATE)))
        assert run.session.undo(run.ledger[0]) is None
        assert texts(run, "order.cancel", "orderCode") == [run.ledger[0].name]
        assert run.noted[-2:] == ["intent 0-2 order.cancel", "created 0-2 order.cancel"]
    with pinned_run({"order.cancel": NO}) as run:
        run(flow(Step(CREATE)))
        assert str(run.session.undo(run.ledger[0])) == "order.cancel: flag=failure code=E1 message=no"
    with pinned_run(without=("order.cancel",)) as run:
        run(flow(Step(CREATE)))
        assert "leaves out wms/order.cancel" in str(run.session.undo(run.ledger[0]))


ANSWERS = {
    "accepted": (response("success", "0", "ok"), "created"),
    "refused": (NO, "refused"),
    "refused by a status": (answer("no", "400 Bad Request"), "refused"),
    "a crash": (answer("no", "500 Internal Server Error"), "unsure"),
    "no verdict": (response("maybe", "0", "ok"), "unsure"),
    "no answer": (None, "unsure"),
}


@pytest.mark.parametrize(("reply", "word"), ANSWERS.values(), ids=list(ANSWERS))
def test_a_message_is_in_the_ledger_before_it_is_sent(reply: Any, word: str) -> None:
    seen: list[list[str]] = []

    def heard(request: Request) -> bytes | str | None:
        seen.append(list(run.noted))
        return reply

    with pinned_run({"entryorder.create": heard}) as run:
        run(flow(Step(CREATE)))
    assert seen[0] == ["intent 0-1 entryorder.create"]
    assert run.noted[:2] == ["intent 0-1 entryorder.create", f"{word} 0-1 entryorder.create"]


def test_what_only_asks_is_in_no_ledger() -> None:
    with pinned_run() as run:
        run(flow(Step(QUERY)))
    assert run.noted == []


def test_an_abandoned_message_is_unsure() -> None:
    with pinned_run() as run:
        run(flow(Step(CREATE, abandon=True)))
    assert run.noted == ["intent 0-1 entryorder.create", "unsure 0-1 entryorder.create"]


def test_what_has_no_clear_answer_is_taken_back_too() -> None:
    with pinned_run({"entryorder.create": None}) as run:
        run(flow(Step(CREATE)))
        assert run.session.ledger.settle(run.session.undo) == []
        assert texts(run, "order.cancel", "orderCode") == texts(
            run, "entryorder.create", "entryOrder.entryOrderCode"
        )
    with pinned_run({"entryorder.create": None, "order.cancel": NO}) as run:
        run(flow(Step(CREATE)))
        (left,) = run.session.ledger.settle(run.session.undo)
        assert (left.entry.method, left.sure) == ("entryorder.create", False)


def entry(code: str, method: str = "a.create", undo: str = "a.cancel", **more: Any) -> Created:
    return Created("case", method, {"code": code}, undo, {"orderCode": code} if undo else {}, **more)


REFUSED = Because(say("read-only"))


def test_the_ledger_undoes_the_latest_first_and_keeps_what_it_cannot() -> None:
    ledger, undone = Ledger(), []

    def undo(created: Created) -> Reason | None:
        undone.append(created.name)
        return REFUSED if created.name == "B" else None

    for one in (entry("A"), entry("B"), entry("C"), entry("nothing", undo=""), entry("A", "a.cancel", "")):
        ledger.enter(one)
    assert ledger.settle(undo) == [Left(entry("B"), REFUSED)]
    assert undone == ["C", "B"]
    assert ledger.settle(undo) == []


def test_what_came_to_its_end_is_not_taken_back() -> None:
    ledger = Ledger()
    for code in "ABC":
        ledger.enter(entry(code, until="a.confirm"))
    ledger.enter(entry("A", "a.confirm", ""))
    ledger.enter(entry("B", "a.confirm", "", final=False))
    assert [one.name for one in ledger.open.values()] == ["B", "C"]


@pytest.mark.parametrize(
    ("kind", "status", "open_"),
    [("0", "FULFILLED", 0), ("1", "PARTFULFILLED", 1), ("1", "REJECT", 0), ("1", "ACCEPT", 1), ("", "", 0)],
)
def test_the_last_confirmation_ends_an_order(kind: str, status: str, open_: int) -> None:
    confirm = spec.load_api("erp/entryorder.confirm")
    said = {"entryOrder.confirmType": kind, "entryOrder.status": status}
    changes = [Edit("put", path, value) for path, value in said.items() if value]
    code = (Edit("put", "entryOrder.entryOrderCode", "@order"),)
    with pinned_run() as run:
        run(flow(Step(CREATE, changes=code), Step(confirm, changes=(*code, *changes)), let={"order": "@new"}))
    assert len(run.session.ledger.open) == open_


def test_what_nothing_names_is_told() -> None:
    ledger = Ledger()
    ledger.enter(Created("case", "store.create", {}, "store.delete", {}, id="1"))
    ledger.enter(Created("case", "store.create", {}, "store.delete", {}, id="2"))
    assert [str(left.reason) for left in ledger.settle(lambda created: None)] == [
        str(say("nothing-names-it"))
    ] * 2


def test_a_dead_endpoint_ends_the_undoing() -> None:
    ledger, tried = Ledger(), []
    gone = Network("connect", "refused")

    def undo(created: Created) -> Reason | None:
        tried.append(created)
        raise Broke(gone)

    for code in "ABC":
        ledger.enter(entry(code))
    assert ledger.settle(undo) == [Left(entry(code), gone) for code in "CBA"]
    assert len(tried) == 1


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
    with pinned_run() as run:
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

    with pinned_run({"shop.synchronize": reply}) as run:
        assert run(boundary("longest")).status is Status.ERROR
        assert run(boundary("one-character")).status is Status.PASS


def test_without_a_smoke_check_every_break_stands_alone() -> None:
    with pinned_run({"shop.synchronize": None}, without=("service.heartbeat",)) as run:
        assert run(single()).status is Status.ERROR
        assert run(single()).status is Status.ERROR


TOO_LARGE = Network("too-large", say("more-than", size=1000))


def test_an_endless_answer_is_a_fault() -> None:
    with pinned_run({"shop.synchronize": response(more=f"<x>{'x' * 2000}</x>")}) as run:
        small = run.session.transport = Transport(max_answer=1000)
        outcome = run(single())
        small.close()
    clause = "000 section 2.1"
    told = Finding("http.size", Level.MUST, "", say("reasonable-size"), TOO_LARGE.said(), clause)
    assert (outcome.status, outcome.findings) == (Status.FAIL, (told,))


def test_an_outcome_shows_no_secret() -> None:
    secret = "s<&>c\"r.*e't"
    told = f"<![CDATA[wanted {secret}]]>"
    with pinned_run({"shop.synchronize": response("failure", message=told)}, secret=secret) as run:
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
    with pinned_run({"shop.synchronize": reply}, secret=secret) as run:
        exchange = run(single()).exchanges[-1]
    assert exchange.header("x-key") == "***"
    assert exchange.body.decode() == response(message="it is ***")


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
