"""One Case in, its findings and exchanges out: takes the steps in order and judges every answer."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step
from pytest_qimen.checks import contract, envelope, http, schema, security
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.client.request import SignedRequest, draft, finish, seal
from pytest_qimen.client.tampers import AFTER, BEFORE, tamper
from pytest_qimen.client.transport import Exchange, Transport
from pytest_qimen.errors import UsageError
from pytest_qimen.runner.compose import Context, Keys, Unsaved, compose, resolve
from pytest_qimen.runner.model import Blocked, Broke, Created
from pytest_qimen.spec import Api
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Finding, Level

Sent = tuple[Exchange, xml.Element]


class Services(Protocol):
    """What a running case needs of its session."""

    target: Target
    transport: Transport
    keys: Keys

    def defers(self, case: Case, api: Api) -> bool:
        """Whether the form of this case's answers is for other cases to judge."""

    def blame(self, case: Case, api: Api, finding: Finding) -> str:
        """The case to which this finding is put down already; empty when it is new."""

    def give(self, step: Step) -> Mapping[str, str]:
        """Fields of this method's request that an earlier message provides, unless the step names others."""

    def created(self, entry: Created) -> None:
        """Enter something into the ledger."""


class Execution:
    """A case while it runs."""

    def __init__(self, services: Services, case: Case) -> None:
        self.case = case
        self.services = services
        self.context = Context(services.target, services.keys)
        self.findings: list[Finding] = []
        self.dropped: list[tuple[Finding, str]] = []
        self.exchanges: list[Exchange] = []
        self.steps: list[int] = []  # the step of each exchange, 0 for the clean-up
        self._number = 0
        self._last: tuple[SignedRequest, xml.Element] | None = None
        self.message: xml.Element | None = None  # the last one but for those of the clean-up

    def run(self) -> None:
        """Take every step, then clean up whatever happened; raises Blocked or Broke when it breaks off."""
        try:
            for name, text in self.case.let.items():
                self.context.names[name] = self.context.value(text)
            for number, step in enumerate(self.case.steps, 1):
                try:
                    self._repeatedly(step, number)
                except (Broke, Unsaved) as error:
                    raise type(error)(f"{self._place(number)}{error}") from None
                if self._derailed():
                    break
        finally:
            self._clean()

    def _place(self, number: int) -> str:
        """Where a case of several steps is."""
        return f"step {number} ({self.case.steps[number - 1].api.method}): " if self.case.steps[1:] else ""

    def _derailed(self) -> bool:
        """Whether a flow has left its path, so that later steps would only repeat the same defect."""
        return self.case.id.startswith("flows/") and any(
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
                    exchange, root = self._send(step, context)
                    self._enter(step, root, read(exchange, step.api))
            except (Blocked, Broke, UsageError):
                continue

    def _repeatedly(self, step: Step, number: int) -> None:
        """The step, as often as it says; saved values become lists when it is more than once."""
        self._number = number
        collected: dict[str, list[str]] = {}
        contexts = list(_contexts(step, self.context))
        for context in contexts:
            self._take(step, context, number)
            for name in step.save:
                if name in context.names:
                    collected.setdefault(name, []).append(context.names[name])
        for name, values in collected.items():
            self.context.names[name] = values if step.times > 1 or step.each else values[-1]

    def _take(self, step: Step, context: Context, number: int) -> None:
        if step.abandon:
            self._abandon(step, context)
            return
        for exchange, root in self._exchange(step, context):
            self._assess(step, context, exchange, root, number)

    def _abandon(self, step: Step, context: Context) -> None:
        request, root = self._request(step, context)
        self._save(step, context, root, None)
        try:
            self.services.transport.abandon(request)
        except OSError as error:
            raise Broke(f"connect: {error}") from None

    def _exchange(self, step: Step, context: Context) -> list[Sent]:
        if step.parallel == 1:
            return [self._send(step, context)]
        if step.distinct:
            made = [self._request(step, context) for _ in range(step.parallel)]
        else:
            made = [self._request(step, context)] * step.parallel
        with ThreadPoolExecutor(step.parallel) as pool:
            found = list(pool.map(self.services.transport.send, [request for request, _ in made]))
        self.exchanges += found
        self.steps += [self._number] * step.parallel
        return [(exchange, root) for exchange, (_, root) in zip(found, made, strict=True)]

    def _send(self, step: Step, context: Context) -> Sent:
        request, root = self._request(step, context)
        exchange = self.services.transport.send(request)
        self.exchanges.append(exchange)
        self.steps.append(self._number)
        return exchange, root

    def _request(self, step: Step, context: Context) -> tuple[SignedRequest, xml.Element]:
        """The request of the step: that of the step before, signed anew, when it says `again`."""
        if step.again:
            if self._last is None:
                raise UsageError(f"{self.case.id}: `again` needs a step before it")
            root = self._last[1]
        else:
            root = compose(step, context, self.services.give(step))
        self._last = signed(self.services.target, step, root), root
        self.message = root if self._number else self.message
        return self._last

    def _assess(
        self, step: Step, context: Context, exchange: Exchange, root: xml.Element, number: int
    ) -> None:
        """Judge one answer and keep what later steps need of it."""
        if exchange.error:
            self._network(exchange, number)
            return
        answer = read(exchange, step.api)
        if step.given and step.expect not in (answer.verdict, "any"):
            raise Blocked(f"step {number} ({step.api.method}): {contract.describe(answer)}")
        self._enter(step, root, answer)
        self._save(step, context, root, answer)
        checks = tuple(
            resolve(check, context)
            for check in step.checks
            if not check.given or context.names.get(check.given)
        )
        judged = (
            finding
            for finding in self._judgement(step, exchange, answer, root)
            if self._counts(step, finding)
        )
        content = contract.content(checks, answer, self.case.level, self.case.clause)
        self.findings += [replace(finding, step=number) for finding in (*judged, *content)]

    def _network(self, exchange: Exchange, number: int) -> None:
        """An endless answer is the endpoint's fault; every other broken exchange is nobody's."""
        assert exchange.error
        if not exchange.error.startswith("too-large"):
            raise Broke(exchange.error)
        self.findings.append(
            Finding(
                "http.size",
                Level.MUST,
                "",
                "an answer of reasonable size",
                exchange.error,
                http.CLAUSE,
                number,
            )
        )

    def _judgement(
        self, step: Step, exchange: Exchange, answer: Answer, root: xml.Element
    ) -> Iterator[Finding]:
        """Everything to be said of the answer but its expected values: the form, then the verdict."""
        form = [
            *http.check(exchange),
            *envelope.check(exchange, answer, step.api),
            *schema.check(answer, step.api, root),
            *security.check(exchange, self.services.target.secret),
        ]
        if not (answer.verdict and self.services.defers(self.case, step.api)):
            yield from form
        judges = self.case.judges == "verdict" or (self.case.judges == "safety" and self._number > 1)
        if judges and (answer.verdict or not _musts(form)):
            yield from contract.verdict(step, answer, self.case.level, self.case.clause)

    def _counts(self, step: Step, finding: Finding) -> bool:
        """Whether the finding belongs to this case and not to the one that judges the form of the answers."""
        if finding.check.startswith("contract."):
            return True
        blame = self.services.blame(self.case, step.api, finding)
        if blame:
            self.dropped.append((finding, blame))
            return False
        if self.case.level is Level.MAY:
            return finding.check.startswith(("http.crash", "security."))
        return self.case.judges == "answer" or finding.level is not Level.MAY

    def _enter(self, step: Step, root: xml.Element, answer: Answer) -> None:
        """Put an accepted message that may have created something into the ledger."""
        if answer.verdict == "success" and not step.api.readonly:
            self.services.created(entry(self.case.id, step.api, root, answer))

    def _save(self, step: Step, context: Context, root: xml.Element, answer: Answer | None) -> None:
        for name, place in step.save.items():
            value = pick(place, root, answer)
            if value is not None:
                context.names[name] = value
            elif step.given and name not in context.names:
                raise Blocked(f"{self._place(self._number)}{step.api.method} gave no {place}")


def signed(target: Target, step: Step, root: xml.Element) -> SignedRequest:
    """The bytes of a step's message, tampered with as the step says."""
    made = draft(target, step.api, root)
    tamper(made, step.tampers, BEFORE)
    seal(target, made)
    tamper(made, step.tampers, AFTER)
    return finish(target, made)


def pick(place: str, request: xml.Element, answer: Answer | None) -> str | None:
    """The value at `request:path` or `response:path`; None where there is none."""
    side, _, path = place.partition(":")
    tree = request if side == "request" else answer.root if answer else None
    return xml.get(tree, path) if tree is not None else None


def keys_of(api: Api, root: xml.Element) -> Mapping[str, str]:
    """What a message calls things by, by path; of a list the first."""
    return {
        row.path: value
        for row in api.request.leaves
        if row.key or row.refers
        for value in xml.values(root, row.path)[:1]
    }


def entry(case: str, api: Api, root: xml.Element, answer: Answer) -> Created:
    """The ledger's entry for an accepted message, with what it takes to undo it."""
    keys = keys_of(api, root)
    if api.undo is None:
        return Created(case, api.method, keys)
    found = {
        path: value
        for path, place in api.undo["set"].items()
        if (value := pick(place, root, answer) if ":" in place else place)
    }
    return Created(case, api.method, keys, api.undo["method"], found)


def _musts(findings: Iterable[Finding]) -> bool:
    return any(finding.level is Level.MUST for finding in findings)


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
