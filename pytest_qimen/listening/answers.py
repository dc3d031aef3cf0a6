"""A call and its answer in, what is wrong with the answer out, as in a run against an endpoint."""

from collections.abc import Iterator

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.cases import Step
from pytest_qimen.checks import answer
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.runner.judging import FORM
from pytest_qimen.verdict import Finding


def judge_answer(call: Call, caller: Caller) -> Iterator[Finding]:
    """Yield what is wrong with the form of the answer; nothing where there is none, or no message."""
    heard, api = call.heard, call.api
    if heard.answer is None or not heard.status or api is None or call.root is None:
        return
    exchange = exchange_of(call, caller)
    evidence = Evidence(exchange, Step(api), answer.read(exchange, api), call.root)
    for check in FORM:
        yield from check(evidence)


def exchange_of(call: Call, caller: Caller, origin: str = "", seconds: float = 0.0) -> Exchange:
    """Return the call and its answer as they would have been sent and received."""
    heard = call.heard
    secrets = tuple(filter(None, (caller.secret, caller.session)))
    url = f"{origin}{heard.target}"
    request = SignedRequest(heard.verb, url, heard.headers, heard.body, call.every, secrets=secrets)
    return Exchange(request, heard.status or None, heard.answer_headers, heard.answer or b"", seconds)
