"""A Case and a Target in, an Outcome out: runs its steps in order, judges the answers, keeps the ledger.

One Session serves one worker. What a case requires is run first, once, and remembered; a case whose
prerequisite failed is blocked and names it, so that one cause is one red line.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step, find_case, minimal_id, probe_name
from pytest_qimen.checks import contract, envelope, http, schema, security
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.compose import Context, Keys, compose, resolve
from pytest_qimen.errors import UsageError
from pytest_qimen.findings import Finding, Level, Status, status_of
from pytest_qimen.signed import SignedRequest, draft, finish, seal
from pytest_qimen.spec import Api, load_api
from pytest_qimen.tamper import AFTER, BEFORE, tamper
from pytest_qimen.target import Target
from pytest_qimen.transport import Exchange, Transport

GOOD = frozenset({Status.PASS, Status.INFO, Status.WARN, Status.WAIVED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended: its status, what was found, who is to blame when it was blocked, and the evidence."""

    case: Case
    status: Status
    findings: tuple[Finding, ...] = ()
    cause: str = ""
    exchanges: tuple[Exchange, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Created:
    """An entry of the ledger: a message that was accepted and may have created something."""

    case: str
    method: str
    keys: Mapping[str, str]


class Blocked(Exception):
    """A step that only prepares did not work; the text names it."""


class Broke(Exception):
    """The network or the suite itself failed; the text is the reason."""


@dataclass
class _Run:
    """What grows while one case runs."""

    case: Case
    context: Context
    findings: list[Finding] = field(default_factory=list)
    dropped: list[tuple[Finding, str]] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    last: tuple[SignedRequest, xml.Element] | None = None


class Session:
    """Runs cases against one target; safe for several threads."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        *,
        worker: int = 0,
        find: Callable[[str], Case] = find_case,
        created: Callable[[Created], None] = lambda entry: None,
    ) -> None:
        self.target = target
        self.transport = transport
        self.keys = Keys(worker)
        self._find = find
        self._created = created
        self._outcomes: dict[str, Outcome] = {}
        self._given: dict[str, Mapping[str, str]] = {}
        self._lock = threading.RLock()

    def outcome(self, case: Case) -> Outcome:
        """The case's outcome, run now unless it was run before as a prerequisite."""
        if case.id not in self._outcomes:
            outcome = self._judge(case)
            with self._lock:
                self._outcomes.setdefault(case.id, outcome)
        return self._outcomes[case.id]

    def forget(self, case: Case) -> Outcome:
        """As `outcome`, but nothing is kept unless it is a prerequisite: memory stays flat."""
        if case.id in self._outcomes:
            return self._outcomes[case.id]
        return self._judge(case)

    def _judge(self, case: Case) -> Outcome:
        start = time.perf_counter()
        outcome = self._unsupported(case) or self._blocked(case) or self._run(case)
        return self._waive(replace(outcome, seconds=time.perf_counter() - start))

    def _waive(self, outcome: Outcome) -> Outcome:
        """A known failure is waived while it lasts; one that passes or has expired is stale."""
        waiver = self.target.waiver(outcome.case.id)
        if waiver is None or outcome.status in (Status.UNSUPPORTED, Status.BLOCKED, Status.ERROR):
            return outcome
        if outcome.status not in (Status.FAIL, Status.WARN):
            return replace(
                outcome, status=Status.STALE, cause=f"passes, but is known as failing: {waiver.reason}"
            )
        if waiver.expires < date.today():
            return replace(outcome, status=Status.STALE, cause=f"the waiver expired on {waiver.expires}")
        return replace(outcome, status=Status.WAIVED, cause=f"until {waiver.expires}: {waiver.reason}")

    def _unsupported(self, case: Case) -> Outcome | None:
        missing = [api.method for api in case.apis if not self.target.supports(api)]
        if missing:
            return Outcome(case, Status.UNSUPPORTED, cause=f"the profile leaves out {', '.join(missing)}")
        if self.target.readonly and not all(api.readonly for api in case.apis):
            return Outcome(case, Status.UNSUPPORTED, cause="would write, and the run is read-only")
        pinned = self._pinned(case)
        if pinned:
            return Outcome(case, Status.UNSUPPORTED, cause=f"{pinned} is pinned by the profile")
        return None

    def _pinned(self, case: Case) -> str:
        """The pinned field to which the case would give a value of its own, expecting it to be accepted."""
        for step in case.steps:
            if step.expect == "success" and not step.given and case.family not in ("flow", "idempotency"):
                pins = self.target.pins(step.api)
                for change in step.changes:
                    path = xml.schematic(change.path)
                    if change.op == "put" and path in pins and change.value not in pins[path]:
                        return path
        return ""

    def _blocked(self, case: Case) -> Outcome | None:
        for identity in case.requires:
            if identity == case.id:
                continue
            required = self.outcome(self._find(identity))
            if required.status is Status.UNSUPPORTED:
                continue
            if required.status not in GOOD:
                blame = required.cause if required.status is Status.BLOCKED and required.cause else identity
                return Outcome(case, Status.BLOCKED, cause=blame)
        return None

    def _run(self, case: Case) -> Outcome:
        run = _Run(case, Context(self.target, self.keys))
        status, cause = None, ""
        try:
            for name, text in case.let.items():
                run.context.names[name] = run.context.value(text)
            for number, step in enumerate(case.steps, 1):
                self._steps(run, step, number)
                if _derailed(run):
                    break
        except Blocked as blocked:
            status, cause = Status.BLOCKED, str(blocked)
        except Broke as broke:
            status, cause = Status.ERROR, str(broke)
        finally:
            self._clean(run)
        if status is None or status_of(run.findings) is Status.FAIL:
            status, cause = self._conclude(run)
        return Outcome(case, status, tuple(run.findings), cause, tuple(run.exchanges))

    def _conclude(self, run: _Run) -> tuple[Status, str]:
        status = status_of(run.findings)
        if status is Status.FAIL and (unknown := self._unknown(run.case, run.findings)):
            return Status.BLOCKED, unknown
        blamed = [cause for finding, cause in run.dropped if finding.level is Level.MUST]
        if blamed and run.case.judges == "answer" and status is not Status.FAIL:
            return Status.BLOCKED, blamed[0]
        return status, ""

    def _unknown(self, case: Case, findings: list[Finding]) -> str:
        """Why a refusal may be right: the method speaks of something that only the other side can know."""
        api = case.steps[0].api
        refused = all(finding.check == "contract.accepts" for finding in findings)
        if not (case.id == minimal_id(api) and refused and api.foreign):
            return ""
        pins = self.target.pins(api)
        if any(path in pins for path in api.foreign):
            return ""
        return (
            f"{api.method} refused a {', '.join(api.foreign)} that we made up: pin one that your system knows "
            f"under [data] in the target file"
        )

    def _clean(self, run: _Run) -> None:
        """Take back what the case created; a clean-up that fails changes no verdict."""
        for step in run.case.cleanup:
            try:
                for context in _contexts(step, run.context):
                    self._send(run, step, context)
            except (Blocked, Broke, UsageError):
                continue

    def _steps(self, run: _Run, step: Step, number: int) -> None:
        """The step, as often as it says; saved values become lists when it is more than once."""
        collected: dict[str, list[str]] = {}
        contexts = list(_contexts(step, run.context))
        for context in contexts:
            self._step(run, step, context, number)
            for name in step.save:
                if name in context.names:
                    collected.setdefault(name, []).append(context.names[name])
        for name, values in collected.items():
            run.context.names[name] = values if len(contexts) > 1 or step.each else values[-1]

    def _step(self, run: _Run, step: Step, context: Context, number: int) -> None:
        if step.abandon:
            self._abandon(run, step, context)
            return
        for exchange, root in self._exchanges(run, step, context):
            self._assess(run, step, context, exchange, root, number)

    def _abandon(self, run: _Run, step: Step, context: Context) -> None:
        request, root = self._request(step, context)
        run.last = (request, root)
        self._save(step, context, root, None)
        try:
            self.transport.abandon(request)
        except OSError as error:
            raise Broke(f"connect: {error}") from None

    def _exchanges(self, run: _Run, step: Step, context: Context) -> list[tuple[Exchange, xml.Element]]:
        if step.parallel == 1:
            return [self._send(run, step, context)]
        request, root = self._request(step, context)
        run.last = (request, root)
        with ThreadPoolExecutor(step.parallel) as pool:
            found = list(pool.map(self.transport.send, [request] * step.parallel))
        run.exchanges += found
        return [(exchange, root) for exchange in found]

    def _request(self, step: Step, context: Context) -> tuple[SignedRequest, xml.Element]:
        root = compose(step, context, self._give(step.api))
        return self._signed(step, root), root

    def _signed(self, step: Step, root: xml.Element) -> SignedRequest:
        made = draft(self.target, step.api, root)
        tamper(made, step.tampers, BEFORE)
        seal(self.target, made)
        tamper(made, step.tampers, AFTER)
        return finish(self.target, made)

    def _send(self, run: _Run, step: Step, context: Context) -> tuple[Exchange, xml.Element]:
        if step.again:
            if run.last is None:
                raise UsageError(f"{run.case.id}: `again` needs a step before it")
            request, root = run.last
        else:
            request, root = self._request(step, context)
        run.last = (request, root)
        exchange = self.transport.send(request)
        run.exchanges.append(exchange)
        return exchange, root

    def _assess(
        self, run: _Run, step: Step, context: Context, exchange: Exchange, root: xml.Element, number: int
    ) -> None:
        """Judge one answer and keep what later steps need of it."""
        if exchange.error:
            if exchange.error.startswith("too-large"):
                run.findings.append(
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
                return
            raise Broke(exchange.error)
        answer = read(exchange, step.api)
        if step.given and answer.verdict != step.expect and step.expect != "any":
            raise Blocked(f"step {number} ({step.api.method}): {contract.describe(answer)}")
        self._note(run, step, root, answer)
        self._save(step, context, root, answer)
        checks = tuple(resolve(check, context) for check in step.checks)
        found = [
            replace(finding, step=number)
            for finding in self._judgement(run, step, exchange, answer, root)
            if self._counts(run, step, finding)
        ]
        found += [
            replace(finding, step=number)
            for finding in contract.content(checks, answer, run.case.level, run.case.clause)
        ]
        run.findings += found

    def _judgement(
        self, run: _Run, step: Step, exchange: Exchange, answer: Answer, root: xml.Element
    ) -> Iterator[Finding]:
        """Everything to be said of the answer but its expected values: the form, then the verdict."""
        form = [
            *http.check(exchange),
            *envelope.check(exchange, answer, step.api),
            *schema.check(answer, step.api, root),
            *security.check(exchange, self.target.secret),
        ]
        if not (answer.verdict and _is_foundation(run.case)):
            yield from form
        if run.case.judges == "verdict" and (answer.verdict or not _musts(form)):
            yield from contract.verdict(step, answer, run.case.level, run.case.clause)

    def _counts(self, run: _Run, step: Step, finding: Finding) -> bool:
        """Whether the finding belongs to this case and not to the one that judges the form of the answers."""
        if finding.check.startswith("contract."):
            return True
        blame = self._known(run.case, step.api, finding)
        if blame:
            run.dropped.append((finding, blame))
            return False
        return (
            run.case.judges == "answer"
            or finding.level is Level.MUST
            or run.case.level is not Level.MAY
            and finding.level is Level.SHOULD
        )

    def _known(self, case: Case, api: Api, finding: Finding) -> str:
        """The case to which this finding is put down already; empty when it is new."""
        for identity in form_ids(case, api):
            seen = self.outcome(self._find(identity))
            if any(_cause(old) == _cause(finding) for old in seen.findings):
                return identity
        return ""

    def _note(self, run: _Run, step: Step, root: xml.Element, answer: Answer) -> None:
        """Enter an accepted message that creates something into the ledger."""
        if answer.verdict == "success" and not step.api.readonly:
            keys = {
                row.path: value
                for row in step.api.request.leaves
                if row.key
                for value in xml.values(root, row.path)[:1]
            }
            self._created(Created(run.case.id, step.api.method, keys))

    def _save(self, step: Step, context: Context, root: xml.Element, answer: Answer | None) -> None:
        for name, place in step.save.items():
            side, _, path = place.partition(":")
            tree = root if side == "request" else answer.root if answer else None
            value = xml.get(tree, path) if tree is not None else None
            if value is not None:
                context.names[name] = value
            elif step.given:
                raise Blocked(f"{step.api.method} gave no {place}")

    def _give(self, api: Api) -> Mapping[str, str]:
        """What the method's setup provides: fields of this request, from messages that were accepted before."""
        found: dict[str, str] = {}
        for setup in api.setup:
            other = load_api(setup["method"])
            if not self.target.supports(other) or self.target.readonly:
                continue
            shared = setup.get("shared", False)
            key = f"{api.name} {other.name}"
            if not shared or key not in self._given:
                values = self._prepare(other, setup["give"])
                if not shared:
                    return values
                self._given[key] = values
            found |= self._given[key]
        return found

    def _prepare(self, api: Api, give: Mapping[str, str]) -> Mapping[str, str]:
        required = self.outcome(self._find(minimal_id(api)))
        if required.status not in GOOD:
            raise Blocked(required.cause if required.status is Status.BLOCKED else required.case.id)
        step = Step(api)
        context = Context(self.target, self.keys)
        run = _Run(required.case, context)
        exchange, root = self._send(run, step, context)
        if exchange.error:
            raise Broke(exchange.error)
        answer = read(exchange, api)
        if answer.verdict != "success":
            raise Blocked(f"{api.method}: {contract.describe(answer)}")
        self._note(run, step, root, answer)
        found = {}
        for path, place in give.items():
            side, _, source = place.partition(":")
            tree = root if side == "request" else answer.root
            if tree is not None and (value := xml.get(tree, source)):
                found[path] = value
        return found


def form_ids(case: Case, api: Api) -> tuple[str, ...]:
    """The cases that judge the form of this method's answers, as far as they come before `case`."""
    role = tuple(f"protocol/answer/{probe_name(api)}/{kind}" for kind in ("success", "failure"))
    own = tuple(f"{api.name}/answer/{kind}" for kind in ("success", "failure"))
    if case.family == "smoke" or case.id in (minimal_id(api), *role):
        return ()
    return role if case.id in own else (*role, *own)


def _is_foundation(case: Case) -> bool:
    """Whether the case asks only for an answer at all: the form of answers is judged by cases of its own."""
    return case.family == "smoke" or case.id.endswith("/request/minimal")


def _derailed(run: _Run) -> bool:
    """Whether a flow has left its path, so that later steps would only repeat the same defect."""
    return run.case.id.startswith("flows/") and any(
        finding.check == "contract.accepts" for finding in run.findings
    )


def _cause(finding: Finding) -> tuple[str, str]:
    return finding.check, xml.schematic(finding.path)


def _musts(findings: Iterable[Finding]) -> bool:
    return any(finding.level is Level.MUST for finding in findings)


def _contexts(step: Step, context: Context) -> Iterator[Context]:
    """One context a repetition, so that each saves its own values."""
    if not step.each and step.times == 1:
        yield context
        return
    for value in context.names.get(step.each, []) if step.each else range(step.times):
        yield replace(context, names=context.names | {"each": value})


def run_case(case: Case, target: Target, transport: Transport | None = None) -> Outcome:
    """Run one case and what it requires against `target`; the public way in for programs."""
    session = Session(
        target,
        transport
        or Transport(
            connect_timeout=target.connect_timeout, read_timeout=target.read_timeout, rate=target.rate
        ),
    )
    try:
        return session.outcome(case)
    finally:
        if transport is None:
            session.transport.close()
