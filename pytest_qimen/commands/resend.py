"""A Case and the exchanges of an earlier run in, its Outcome with the very same bytes out.

Bodies, headers and parameters are sent as recorded, timestamp and keys included. Signatures are not recorded:
they are computed anew, and broken in the same way where the case breaks them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qsl, quote_plus

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step
from pytest_qimen.client.request import DraftRequest, SignedRequest, seal
from pytest_qimen.client.tampers import AFTER, BEFORE, tamper
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because
from pytest_qimen.report.case_record import ExchangeRecord, RequestRecord
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.compose import Context
from pytest_qimen.runner.execution import Execution
from pytest_qimen.runner.model import Blocked
from pytest_qimen.runner.requests import Made
from pytest_qimen.runner.signed import signed
from pytest_qimen.spec import Api
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import status_of
from pytest_qimen.wire import encoding

_SIGNING = ("other-secret", "sign-method")
_MASKED = re.compile(r"(?<![^&])(sign|session)=\*\*\*")


class _Over(Exception):
    """The earlier run got no further."""


def send_again(case: Case, session: Session, exchanges: Sequence[ExchangeRecord], url: str) -> Outcome:
    """Return how the case ends with the recorded requests; `url` is the one they were sent to.

    It ends where the record ends. UsageError where the requests cannot be made again from what is recorded.
    """
    for step in case.steps:
        late = [
            name for name in step.tampers if name.partition(":")[0] in AFTER and not name.startswith("sign-")
        ]
        leads = any("@canary" in name for name in step.tampers)
        if late or step.abandon or leads:
            why = say("raw-leads" if leads else "raw-signed" if late else "raw-hangs")
            raise UsageError(say("raw-not", case=case.id, why=why))
    execution = Execution(session, case, _Recorded(session.target, case, exchanges, url))
    try:
        return session.mask(session.run(execution))
    except _Over:
        findings, sent = tuple(execution.findings), tuple(execution.exchanges)
        status = status_of(findings)
        outcome = Outcome(case, status, findings, None, sent, steps=tuple(execution.steps))
        return session.mask(outcome)


class _Recorded:
    """A source of requests that were sent in an earlier run."""

    def __init__(self, target: Target, case: Case, exchanges: Sequence[ExchangeRecord], url: str) -> None:
        self._target, self._case, self._url = target, case, url
        self._left = {
            number: iter([one.request for one in exchanges if one.step == number])
            for number in range(len(case.steps) + 1)
        }

    def next(self, step: Step, number: int, context: Context) -> Made:
        """Return the recorded request of a step, signed anew, and its message; raises _Over without one."""
        found = [next(self._left[number], None) for _ in range(step.parallel)]
        if found[0] is None:
            raise Blocked(Because(say("not-recorded"))) if number == 0 else _Over
        root = _message(step.api, found[0].body)
        for path, text in _written(step):  # what the case made up then
            name, _, tail = text.removeprefix("@").partition("+")
            if text.startswith("@") and name in self._case.let:
                context.names[name] = (xml.get(root, path) or "").removesuffix(tail)
        return signed_anew(self._target, step, found[0], self._url), root


def _written(step: Step) -> Iterator[tuple[str, str]]:
    """Yield what the step itself writes into its message, by place."""
    yield from ((change.path, change.value) for change in step.changes if change.op == "put")
    if step.message:
        for element in xml.parse(step.message.encode()).iter("*"):
            yield xml.place(element), xml.text(element).strip()


def _message(api: Api, body: bytes) -> xml.Element:
    """Return the message of a body; an empty one where there is none to be read."""
    try:
        return xml.parse(body) if api.protocol == "qimen" else encoding.decode(api, dict(_pairs(body)))
    except (xml.XmlError, ValueError):
        return xml.new("request")


def _pairs(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def signed_anew(target: Target, step: Step, recorded: RequestRecord, url: str) -> SignedRequest:
    """Return the recorded request for `target`, with a signature of today's secret over what it says.

    UsageError where it is none that the step could have sent: a report may be a stranger's.
    """
    _refuse_strange(target, step, recorded, url)
    body = recorded.body
    top = step.api.protocol == "top"
    params = [
        (name, target.session if name == "session" else value)
        for name, value in recorded.params
        if name != "sign"
    ]
    headers = [(name, value) for name, value in recorded.headers]
    made = DraftRequest(
        step.api,
        recorded.http_method,
        params,
        _pairs(body) if top else [],
        b"" if top else body,
        headers,
        target.secret,
    )
    tamper(made, tuple(one for one in step.tampers if one.partition(":")[0] in _SIGNING), BEFORE)
    seal(target, made)
    tamper(made, tuple(one for one in step.tampers if one.partition(":")[0] in AFTER), AFTER)
    values = {"sign": iter(made.signature), "session": iter([target.session])}
    query = _MASKED.sub(
        lambda found: f"{found[1]}={quote_plus(next(values[found[1]], ''))}",
        recorded.url.removeprefix(url).lstrip("?&"),
    )
    joiner = "&" if "?" in target.url else "?"
    sent = (*params, *(("sign", value) for value in made.signature))
    return SignedRequest(
        made.http_method,
        f"{target.url}{joiner}{query}",
        tuple(headers),
        body,
        sent,
        delivery=recorded.delivery,
        secrets=(target.secret,),
    )


def _refuse_strange(target: Target, step: Step, recorded: RequestRecord, url: str) -> None:
    """Raise UsageError for a verb, a method or headers that are not those of the step."""
    made = signed(target, step, _message(step.api, recorded.body))
    query = parse_qsl(recorded.url.removeprefix(url).lstrip("?&"), keep_blank_values=True)
    if not recorded.url.startswith(url):
        raise UsageError(say("raw-elsewhere"))
    for what, found, own in (
        ("verb", recorded.http_method, made.http_method),
        ("delivery", recorded.delivery, made.delivery),
        ("headers", list(recorded.headers), list(made.headers)),
        ("method", _methods(recorded.params), _methods(made.params)),
        ("method", _methods(query), _methods(made.params)),
    ):
        if found != own:
            raise UsageError(say("raw-differs", what=what, value=str(found)[:200]))


def _methods(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return the values of `method`, bare: whether it is prefixed is the target's."""
    return [value.removeprefix("taobao.qimen.") for name, value in pairs if name == "method"]
