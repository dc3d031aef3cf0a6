"""One Case in, its findings and exchanges out: takes the steps in order and judges every answer."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from pytest_qimen import xml
from pytest_qimen.cases import Case, Check, Kind, Step
from pytest_qimen.checks import contract, http
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.transport import Exchange, Transport
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.reasons import AtStep, Because, Network, Reason, Refused
from pytest_qimen.runner.canary import Canary, fetched
from pytest_qimen.runner.compose import OWN_STORE, Context, Keys, Unsaved, resolve
from pytest_qimen.runner.introductions import Introductions
from pytest_qimen.runner.judging import Judging, Known
from pytest_qimen.runner.ledger import Ledger, pick
from pytest_qimen.runner.model import Blocked, Broke, Created
from pytest_qimen.runner.requests import Composed, Made, RequestSource
from pytest_qimen.runner.setup import Setup
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Finding

PAGES = 60  # of a walk: who has more is asked for no more
TOTALS = ("counts", "pages")  # judged of a walk only where all its pages say the same
UNENDED = ("not", "only", "verbatim", "not-contains", "unique")  # what is judged of a walk that did not end
UNANSWERED = ("timeout", "reset", "protocol")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was sent: what came back, its message, and its entry in the ledger."""

    exchange: Exchange
    root: xml.Element
    intent: Created | None


class Services(Known, Protocol):
    """What a running case needs of its session."""

    target: Target
    transport: Transport
    keys: Keys
    setup: Setup
    ledger: Ledger
    canary: Canary
    introductions: Introductions


class Execution:
    """A case while it runs; `requests` makes its requests, else they are composed and signed."""

    def __init__(self, services: Services, case: Case, requests: RequestSource | None = None) -> None:
        self.case = case
        self.services = services
        self.judging = Judging(case, services)
        self._requests = requests or Composed(case, services.target, services.setup)
        self.context = Context(services.target, services.keys)
        if case.kind is not Kind.SMOKE:  # before which nothing else is sent
            self.context.rename = services.introductions.rename
        self.findings: list[Finding] = []
        self.exchanges: list[Exchange] = []
        self.steps: list[int] = []  # the step of each exchange, 0 for the clean-up
        self._number = 0
        self._stopped = False  # by a refusal that is nobody's fault
        self.message: xml.Element | None = None  # the last one but for those of the clean-up

    def run(self) -> None:
        """Take every step, then clean up whatever happened; raises Blocked or Broke when it breaks off.

        What was fetched counts also where no answer came. Raises Unsupported where a fetch would not be seen.
        """
        with self.services.canary.leading(self.case) as self.context.lead:
            try:
                self._run()
            finally:
                if self.context.lead.fetched:
                    self.findings.append(fetched())

    def _run(self) -> None:
        try:
            for name, text in self.case.let.items():
                own = self.services.setup.store() if text == OWN_STORE else None
                self.context.names[name] = own or self.context.value(text)
            for number, step in enumerate(self.case.steps, 1):
                try:
                    self._repeatedly(step, number)
                except (Broke, Unsaved) as error:
                    raise type(error)(self._at(number, error.reason)) from None
                if self._derailed() or self._stopped:
                    break
        finally:
            self._clean()

    def _at(self, number: int, reason: Reason) -> Reason:
        """Return the reason with the step at which it arose, in a case of several steps."""
        if not self.case.steps[1:] or not number:
            return reason
        return AtStep(number, self.case.steps[number - 1].api.method, reason)

    def _derailed(self) -> bool:
        """Return True when a flow has left its path, so that later steps would only repeat the defect."""
        return self.case.kind is Kind.FLOW and any(
            finding.check == "contract.accepts" for finding in self.findings
        )

    def _clean(self) -> None:
        """Take back what the case created; a clean-up that fails changes no verdict."""
        self._number = 0
        for step in self.case.cleanup:
            if not self.services.target.supports(step.api):
                continue
            try:
                for context in _contexts(step, self.context):
                    sent = self._send(step, context)
                    self._enter(step, sent, read(sent.exchange, step.api))
            except (Blocked, Broke, UsageError):
                continue

    def _repeatedly(self, step: Step, number: int) -> None:
        """The step, as often as it says; saved values become lists when it is more than once."""
        self._number = number
        if step.wait:
            time.sleep(step.wait)
        if step.walk:
            self._walk(step, number)
            return
        collected: dict[str, list[str]] = {}
        contexts = list(_contexts(step, self.context))
        for context in contexts:
            self._take(step, context, number)
            for name in step.save:
                if name in context.names:
                    collected.setdefault(name, []).append(context.names[name])
        for name, values in collected.items():
            self.context.names[name] = values if step.times > 1 or step.each else values[-1]

    def _walk(self, step: Step, number: int) -> None:
        """Take the step page by page, to the end; judge all pages as one answer.

        What the step does not save under the name is the number of a page, and goes on by one. The end is a
        page without a cursor, without entries, with those of the page before, or one that is refused.
        """
        plain, pages, names, ended = replace(step, checks=()), list[xml.Element](), self.context.names, False
        entries = next(row.path for row in step.api.response.fields if row.repeated)
        while not ended and len(pages) < PAGES:
            sent = self._send(plain, self.context)
            names[step.walk] = "" if step.walk in step.save else str(int(names[step.walk]) + 1)
            answer = read(sent.exchange, step.api)
            behind = answer.verdict == "failure" and bool(pages)  # a page that is not there may be refused
            self._assess(replace(plain, expect="any") if behind else plain, self.context, sent, number)
            if behind:
                ended = True
                continue
            if answer.root is None or answer.verdict != "success":
                return
            found = _texts(answer.root, entries)
            same = bool(pages) and found == _texts(pages[-1], entries)
            pages += [] if same else [answer.root]
            ended = same or not (names[step.walk] and found)
        checks = [one for one in step.checks if self.context.gives(one.given) and _counts(one, pages, ended)]
        seen = replace(step, checks=tuple(resolve(check, self.context) for check in checks))
        whole = Answer(_joined(pages, entries), "", "success")
        evidence = Evidence(sent.exchange, seen, whole, sent.root, self.case.level, self.case.clause)
        self.findings += [replace(one, step=number) for one in contract.content(evidence)]

    def _take(self, step: Step, context: Context, number: int) -> None:
        if step.abandon:
            self._abandon(step, context)
            return
        for sent in self._exchange(step, context):
            self._assess(step, context, sent, number)

    def _abandon(self, step: Step, context: Context) -> None:
        request, root = self._request(step, context)
        self._save(step, context, root, None)
        intent = self._intend(step, root)
        try:
            self.services.transport.abandon(request)
        except OSError as error:
            raise Broke(Network("connect", str(error))) from None
        finally:
            self.services.ledger.answered(intent, step.api, root, None, None)

    def _exchange(self, step: Step, context: Context) -> list[Sent]:
        if step.parallel == 1:
            return [self._send(step, context)]
        if step.distinct:
            made = [self._request(step, context) for _ in range(step.parallel)]
        else:
            made = [self._request(step, context)] * step.parallel
        intents = [self._intend(step, root) for _, root in made]
        with ThreadPoolExecutor(step.parallel) as pool:
            found = list(pool.map(self.services.transport.send, [request for request, _ in made]))
        self.exchanges += found
        self.steps += [self._number] * step.parallel
        return [
            Sent(exchange, root, intent)
            for exchange, (_, root), intent in zip(found, made, intents, strict=True)
        ]

    def _send(self, step: Step, context: Context) -> Sent:
        request, root = self._request(step, context)
        intent = self._intend(step, root)
        exchange = self.services.transport.send(request)
        self.exchanges.append(exchange)
        self.steps.append(self._number)
        return Sent(exchange, root, intent)

    def _intend(self, step: Step, root: xml.Element) -> Created | None:
        return self.services.ledger.sending(self.case.id, step.api, root)

    def _request(self, step: Step, context: Context) -> Made:
        """Return the request of the step and its message."""
        made = self._requests.next(step, self._number, context)
        self.message = made[1] if self._number else self.message
        return made

    def _assess(self, step: Step, context: Context, sent: Sent, number: int) -> None:
        """Judge one answer and keep what later steps need of it."""
        exchange, root = sent.exchange, sent.root
        if exchange.error:
            self._enter(step, sent, None)
            self._network(exchange, number)
            return
        answer = read(exchange, step.api)
        self._enter(step, sent, answer)
        if step.given and step.expect not in (answer.verdict, "any"):
            raise Blocked(
                AtStep(number, step.api.method, Refused(step.api.method, contract.describe(answer)))
            )
        self._stopped = step.stop and answer.verdict != "success"
        self._save(step, context, root, answer)
        checks = tuple(resolve(check, context) for check in step.checks if context.gives(check.given))
        seen = replace(step, checks=checks) if step.checks else step
        evidence = Evidence(exchange, seen, answer, root, self.case.level, self.case.clause)
        self.findings += [replace(one, step=number) for one in self.judging.judge(evidence, number)]

    def _network(self, exchange: Exchange, number: int) -> None:
        """An endless answer is the endpoint's fault; every other broken exchange is nobody's.

        But for a case about deliveries: its next step shows whether only this one was not answered.
        """
        assert exchange.error
        if self.case.judges == "delivery" and number == 1 and exchange.error.word in UNANSWERED:
            self.findings.append(contract.undelivered(exchange, self.case.level, self.case.clause))
            return
        if exchange.error.word != "too-large":
            raise Broke(exchange.error)
        self.findings.append(http.too_large(exchange, number))

    def _enter(self, step: Step, sent: Sent, answer: Answer | None) -> None:
        """Tell the ledger what the answer says of the message."""
        self.services.ledger.answered(sent.intent, step.api, sent.root, answer, sent.exchange.status)

    def _save(self, step: Step, context: Context, root: xml.Element, answer: Answer | None) -> None:
        for name, place in step.save.items():
            value = pick(place, root, answer)
            if value is not None:
                context.names[name] = value
            elif step.given and name not in context.names:
                lacking = Because(say("gave-no", method=step.api.method, place=place))
                raise Blocked(self._at(self._number, lacking))


def _contexts(step: Step, context: Context) -> Iterator[Context]:
    """One context a repetition, so that each saves its own values."""
    if not step.each and step.times == 1:
        yield context
        return
    values: Iterable[object] = range(step.times)
    if step.each:
        saved = context.value(f"@{step.each}")
        values = saved if isinstance(saved, list) else [saved]
    for value in values:
        yield replace(context, names=context.names | {"each": value})


def _counts(check: Check, pages: list[xml.Element], ended: bool) -> bool:
    """Return whether a check of a walk is judged: of one that did not end only what holds of each part."""
    return check.kind in UNENDED or (ended and (check.kind not in TOTALS or _agree(pages, check.path)))


def _agree(pages: list[xml.Element], path: str) -> bool:
    """Return True when all pages say the same there: while others add and take away, they cannot."""
    return len({tuple(xml.values(page, path)) for page in pages}) == 1


def _texts(page: xml.Element, entries: str) -> list[bytes]:
    """Return the entries of a page as they are written."""
    return [xml.write(one, declaration=False) for one in xml.find(page, entries)]


def _joined(pages: list[xml.Element], entries: str) -> xml.Element:
    """Return the first page with the entries of all."""
    first = xml.find(pages[0], entries)
    for one in [one for page in pages[1:] for one in xml.find(page, entries)] if first else ():
        first[-1].addnext(one)
    return pages[0]
