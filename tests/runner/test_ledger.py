"""What was created is remembered and taken back; dead endpoints; secrets."""

from pytest_qimen import xml
from pytest_qimen.cases import Step, find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Network
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Created, Ledger, Session, run_case
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
    polite,
    running,
    single,
    texts,
)
from tests.support.apis import TARGET
from tests.support.servers import Request, answer, endpoint, free_port, response


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


TOO_LARGE = Network("too-large", say("more-than", size=1000))


def test_an_endless_answer_is_a_fault() -> None:
    with running({"shop.synchronize": response(more=f"<x>{'x' * 2000}</x>")}) as run:
        small = run.session.transport = Transport(max_answer=1000)
        outcome = run(single())
        small.close()
    clause = "000 section 2.1"
    told = Finding("http.size", Level.MUST, "", say("reasonable-size"), TOO_LARGE.said(), clause)
    assert (outcome.status, outcome.findings) == (Status.FAIL, (told,))


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
