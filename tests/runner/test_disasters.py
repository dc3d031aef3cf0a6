"""An endpoint that fails in the middle of a flow: it says where and why, clean-up runs, the rest goes on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from pytest_qimen.cases import Case, Step, find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reference import Endpoint, start
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status
from pytest_qimen.wire.http import Incoming
from tests.support.servers import Request, answer, endpoint, response

FLOW = find_case(
    "flows/inbound/held-and-released"
)  # creates, holds, sets free, queries; cleans up by a cancel
NEXT = find_case("flows/inbound/cancelled")
GREEN = (Status.PASS, Status.INFO)
GARBAGE = {
    "bytes": answer(b"\x00\xff\xfe garbage"),
    "html": answer("<html><body>502 Bad Gateway</body></html>", headers=b"Content-Type: text/html\r\n"),
    "nothing": answer(b""),
    "half": answer("<response><flag>success</fl"),
    "crash": answer("java.lang.NullPointerException", "500 Internal Server Error"),
}


@dataclass
class Doomed:
    """A warehouse that does what it should until the `count`th request for `method`; then `disaster`."""

    method: str
    disaster: "Callable[[Doomed, Request], bytes | None]"
    count: int = 1
    dead: bool = False
    backend: Endpoint = field(default_factory=start)
    called: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: Request) -> bytes | None:
        self.called.append(request.method)
        if self.dead:
            return None
        if request.method == self.method:
            self.count -= 1
            if self.count == 0:
                return self.disaster(self, request)
        return self.ordinary(request)

    def ordinary(self, request: Request) -> bytes:
        incoming = Incoming(request.verb, request.target, "HTTP/1.1", request.headers, request.body)
        return self.backend.answer(incoming).encode(False)

    def restart(self) -> None:
        """Forget everything."""
        self.backend.stop()
        self.backend = start()


@contextmanager
def running(doomed: Doomed) -> Iterator[Session]:
    with endpoint(doomed.reply) as made:
        transport = Transport(read_timeout=0.3)
        try:
            yield Session(embedded_target(Target(url="", app_key="", secret=""), made.url), transport)
        finally:
            doomed.released.set()
            transport.close()
            doomed.backend.stop()


def prepared(session: Session, doomed: Doomed, flow: Case = FLOW) -> None:
    """Run what the flow requires, so that the next requests are its own."""
    count, doomed.count = doomed.count, 0
    for identity in flow.requires:
        assert session.outcome(find_case(identity)).status is Status.PASS
    doomed.count = count
    doomed.called.clear()


def ended(doomed: Doomed) -> tuple[Outcome, Outcome]:
    """How the flow ends that meets the disaster, and how the next one."""
    with running(doomed) as session:
        prepared(session, doomed)
        outcome = session.outcome(FLOW)
        called = list(doomed.called)
        following = session.outcome(NEXT)
    doomed.called = called
    return outcome, following


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage(kind: str) -> None:
    doomed = Doomed("entryorder.query", lambda *_: GARBAGE[kind])
    outcome, following = ended(doomed)
    assert outcome.status is Status.FAIL
    assert {finding.step for finding in outcome.findings} == {4}
    assert doomed.called[-1] == "order.cancel"
    assert following.status in GREEN


def test_garbage_where_a_step_only_prepares() -> None:
    doomed = Doomed("order.pending", lambda *_: GARBAGE["html"])
    outcome, following = ended(doomed)
    assert (outcome.status, outcome.cause.partition(":")[0]) == (Status.BLOCKED, "step 2 (order.pending)")
    assert doomed.called[-1] == "order.cancel"
    assert following.status in GREEN


def test_an_answer_without_what_later_steps_need() -> None:
    flow = find_case("flows/process/transfer-then-found")
    doomed = Doomed("transferorder.create", lambda *_: answer(response()))
    with running(doomed) as session:
        prepared(session, doomed, flow)
        outcome = session.outcome(flow)
    place = "response:transferExecuteInfo.transferOrderCode"
    assert outcome.status is Status.BLOCKED
    assert outcome.cause == f"step 1 (transferorder.create): transferorder.create gave no {place}"


def test_a_name_that_nothing_was_saved_under() -> None:
    query = Step(FLOW.steps[-1].api, changes=(Edit("put", "entryOrderCode", "@never"),))
    doomed = Doomed("", lambda *_: None)
    with running(doomed) as session:
        outcome = session.outcome(replace(FLOW, steps=(FLOW.steps[0], query)))
    assert outcome.status is Status.BLOCKED
    assert outcome.cause.startswith("step 2 (entryorder.query): no earlier answer gave 'never'")
    assert doomed.called[-1] == "order.cancel"


def test_the_connection_ends() -> None:
    """Twice: a connection that ends unused is tried again once."""

    def twice(doomed: Doomed, request: Request) -> None:
        doomed.count = 1 if doomed.called[-2:] != ["entryorder.query"] * 2 else 0

    doomed = Doomed("entryorder.query", twice)
    outcome, following = ended(doomed)
    assert outcome.status is Status.ERROR
    assert outcome.cause.startswith("step 4 (entryorder.query): ")
    assert doomed.called[-2:].count("order.cancel") == 1
    assert following.status in GREEN


def test_too_slow() -> None:
    def never(doomed: Doomed, request: Request) -> None:
        doomed.released.wait()

    doomed = Doomed("order.pending", never, count=2)
    outcome, following = ended(doomed)
    assert outcome.status is Status.ERROR
    assert outcome.cause.startswith("step 3 (order.pending): timeout")
    assert "order.cancel" in doomed.called
    assert following.status in GREEN


def test_it_restarts_with_its_state_gone() -> None:
    def forget(doomed: Doomed, request: Request) -> bytes:
        doomed.restart()
        return doomed.ordinary(request)

    doomed = Doomed("entryorder.query", forget)
    outcome, following = ended(doomed)
    assert outcome.status is Status.FAIL
    assert [(finding.check, finding.step) for finding in outcome.findings] == [("contract.accepts", 4)]
    assert doomed.called[-1] == "order.cancel"
    assert following.status in GREEN


def test_it_dies_for_good() -> None:
    """The flow tells of it; clean-up is tried; everything after it is blocked by that one flow."""

    def die(doomed: Doomed, request: Request) -> None:
        doomed.dead = True

    doomed = Doomed("entryorder.query", die)
    outcome, following = ended(doomed)
    assert outcome.status is Status.ERROR
    assert outcome.cause.startswith("step 4 (entryorder.query): ")
    assert "order.cancel" in doomed.called
    assert (following.status, following.cause) == (Status.BLOCKED, FLOW.id)
