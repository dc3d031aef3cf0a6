"""Cases and a Target in, Outcomes out: prerequisites first and once, known failures waived.

A case whose prerequisite failed is blocked and names it; a fault of the answers' form is put down to the case
that judges it. So one cause is one red line.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step, beyond, find_case, minimal_id, probe_name, smoke_id
from pytest_qimen.checks import contract
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.client.transport import Transport
from pytest_qimen.errors import QimenError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.runner.compose import Context, Keys, Unsaved, compose
from pytest_qimen.runner.excuse import can_set_up, excuse
from pytest_qimen.runner.execution import Execution, entry, pick, signed
from pytest_qimen.runner.masking import masked
from pytest_qimen.runner.model import GOOD, Blocked, Broke, Created, Outcome
from pytest_qimen.runner.once import Once
from pytest_qimen.runner.waiving import waived
from pytest_qimen.spec import Api, load_api
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Finding, Level, Status, status_of


class Session:
    """Runs cases against one target; safe for several threads."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        *,
        keys: Keys | None = None,
        find: Callable[[str], Case] = find_case,
        created: Callable[[Created], None] = lambda entry: None,
        draw: Callable[[Case, "Session"], Outcome] | None = None,
        reported: Callable[[str], bool] = lambda identity: True,
    ) -> None:
        """`reported` says of a case whether people will read how it ended: only then it can be blamed."""
        self.target = target
        self.transport = transport
        self.keys = keys or Keys()
        self.created = created
        self._find = find
        self._draw = draw
        self.reported = reported
        self._once = Once()
        self._dead = ""  # the case at which the endpoint was found to be gone

    def outcome(self, case: Case) -> Outcome:
        """How the case ends; kept only where others require it or lean on it, so that memory stays flat."""
        if case.id not in self._once and not case.is_foundation and case.judges != "answer":
            return self._judge(case)
        return self._once.get(case.id, lambda: self._judge(case))

    def _require(self, identity: str) -> Outcome:
        """The outcome of a prerequisite, run on the first demand."""
        return self._once.get(identity, lambda: self._judge(self._find(identity)))

    def _judge(self, case: Case) -> Outcome:
        return waived(self.attempt(case), self.target)

    def attempt(self, case: Case) -> Outcome:
        """How the case ends by itself, known failure or not; its answers do not show the target's secrets."""
        start = time.perf_counter()
        outcome = self._unsupported(case) or self._blocked(case) or self._run(case)
        outcome = masked(outcome, self.target.secrets)
        return replace(outcome, seconds=time.perf_counter() - start)

    def _unsupported(self, case: Case) -> Outcome | None:
        missing = [api.method for api in case.apis if not self.target.supports(api)]
        if missing:
            return Outcome(case, Status.UNSUPPORTED, cause=f"the profile leaves out {', '.join(missing)}")
        if self.target.readonly and not all(api.readonly for api in case.apis):
            return Outcome(case, Status.UNSUPPORTED, cause="would write, and the run is read-only")
        pinned = self._pinned(case)
        if pinned:
            return Outcome(case, Status.UNSUPPORTED, cause=f"{pinned} is pinned by the profile")
        if why := beyond(case, self.target):
            return Outcome(case, Status.UNSUPPORTED, cause=why)
        return None

    def _pinned(self, case: Case) -> str:
        """The pinned field to which a boundary would give a value of its own, expecting it to be accepted."""
        for step in case.steps if not case.id.startswith("flows/") else ():
            pins = self.target.pins(step.api)
            for change in step.changes:
                path = xml.schematic(change.path)
                if (
                    step.expect == "success"
                    and change.op == "put"
                    and change.value not in pins.get(path, (change.value,))
                ):
                    return path
        return ""

    def _blocked(self, case: Case) -> Outcome | None:
        for identity in case.requires:
            if identity == case.id or self._dead:
                continue
            required = self._require(identity)
            if not _usable(required):
                blame = required.cause if required.status is Status.BLOCKED else identity
                return Outcome(case, Status.BLOCKED, cause=blame)
        return Outcome(case, Status.BLOCKED, cause=self._dead) if self._dead else None

    def _run(self, case: Case) -> Outcome:
        if not case.steps and self._draw is None:
            return Outcome(case, Status.UNSUPPORTED, cause="nobody draws messages here")
        execution = Execution(self, case)
        status, cause = None, ""
        try:
            if not case.steps and self._draw:
                return self._draw(case, self)
            execution.run()
        except (Blocked, Unsaved) as blocked:
            status, cause = Status.BLOCKED, str(blocked)
        except Broke as broke:
            status, cause = Status.ERROR, str(broke)
            self._find_out(case, str(broke))
        except QimenError as error:
            status, cause = Status.ERROR, str(error)
        if status is None or status_of(execution.findings) is Status.FAIL:
            status, cause = self._conclude(execution)
        findings, exchanges = tuple(execution.findings), tuple(execution.exchanges)
        return Outcome(case, status, findings, cause, exchanges, steps=tuple(execution.steps))

    def _find_out(self, case: Case, reason: str) -> None:
        """Whether the endpoint is gone altogether: then nothing else is tried, and one case tells of it."""
        if case.family == "smoke":
            gone = reason.startswith(("connect", "tls"))
        else:
            gone = self._is_silent(case.apis[0])
        if gone and not self._dead:
            self._dead = case.id

    @property
    def gone(self) -> bool:
        """Whether the endpoint was found not to answer any more."""
        return bool(self._dead)

    def revive(self) -> None:
        """Try an endpoint again that was found to be gone."""
        self._dead = ""

    def _is_silent(self, api: Api) -> bool:
        """Whether the role that answered before does not answer any more."""
        smoke = self._find(smoke_id(api))
        if self._unsupported(smoke):
            return False
        try:
            Execution(self, smoke).run()
        except Broke:
            return True
        return False

    def _conclude(self, execution: Execution) -> tuple[Status, str]:
        """The status that follows from the findings, unless the fault is another case's or nobody's."""
        status = status_of(execution.findings)
        if status is Status.FAIL:
            unknown = excuse(self, execution)
            return (Status.BLOCKED, unknown) if unknown else (status, "")
        blamed = [cause for finding, cause in execution.dropped if finding.level is Level.MUST]
        return (Status.BLOCKED, blamed[0]) if blamed and execution.case.judges == "answer" else (status, "")

    def undo(self, created: Created) -> bool:
        """Take back what an entry of the ledger created; False where that cannot be done."""
        if not created.undo or not self.target.supports(load_api(created.undo)):
            return False
        changes = tuple(Edit("put", path, value) for path, value in created.undo_set.items())
        _, answer = self._ask(Step(load_api(created.undo), changes=changes), {})
        return answer.verdict == "success"

    def _ask(self, step: Step, given: Mapping[str, str]) -> tuple[xml.Element, Answer]:
        """Send a step of nobody's case; its message and the answer. Broke when none comes."""
        root = compose(step, Context(self.target, self.keys), given)
        exchange = self.transport.send(signed(self.target, step, root))
        if exchange.error:
            raise Broke(exchange.error)
        return root, read(exchange, step.api)

    def defers(self, case: Case, api: Api) -> bool:
        """Whether it asks only for an answer, and the form is judged where it is told, or nobody is told."""
        if not case.is_foundation:
            return False
        role, own = _judging(api)
        return not self.reported(case.id) or any(map(self.reported, (*role, *own)))

    def blame(self, case: Case, api: Api, finding: Finding) -> str:
        """The case to which this finding is put down already; empty when it is new.

        What is told is never put down to what is not.
        """
        told = self.reported(case.id)
        for identity in _form_ids(case, api):
            if (self.reported(identity) or not told) and any(
                _cause(old) == _cause(finding) for old in self._require(identity).findings
            ):
                return identity
        return ""

    def give(self, step: Step) -> Mapping[str, str]:
        """What the method's setup provides: fields of this request, from earlier accepted messages.

        A setup is left out where the step's changes say what each of its fields holds, and where the message
        is to be accepted and speaks of something else in one of them: fields of one setup belong together.
        """
        found: dict[str, str] = {}
        put, dropped = (
            {xml.schematic(change.path) for change in step.changes if change.op == op}
            for op in ("put", "drop")
        )
        for setup in step.api.setup:
            other, give = load_api(setup["method"]), setup["give"]
            apart = step.expect != "failure" and not put.isdisjoint(give)
            if apart or not can_set_up(self.target, other.name) or (put | dropped).issuperset(give):
                continue
            if not setup.get("shared", False):
                found |= self._prepare(other, give)
                continue
            found |= self._once.get(f"{step.api.name} {other.name}", partial(self._prepare, other, give))
        return found

    def _prepare(self, api: Api, give: Mapping[str, str]) -> Mapping[str, str]:
        """Send the smallest message of `api` and take from it and its answer what is wanted."""
        required = self._require(minimal_id(api))
        if not _usable(required):
            raise Blocked(required.cause if required.status is Status.BLOCKED else required.case.id)
        root, answer = self._ask(Step(api), self.give(Step(api)))
        if answer.verdict != "success":
            raise Blocked(f"{api.method}: {contract.describe(answer)}")
        self.created(entry(f"setup {api.name}", api, root, answer))
        return {
            path: value for path, place in give.items() if (value := pick(place, root, answer)) is not None
        }


def _usable(required: Outcome) -> bool:
    """Whether what builds on the case can be tried: it holds, a stale waiver or not, or was not asked."""
    if required.status is Status.STALE:
        return status_of(required.findings) in GOOD
    return required.status in GOOD or required.status is Status.UNSUPPORTED


def _judging(api: Api) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cases that judge the form of this method's answers: those of its role, and its own."""
    kinds = ("success", "failure")
    role = tuple(f"protocol/answer/{probe_name(api)}/{kind}" for kind in kinds)
    return role, tuple(f"{api.name}/answer/{kind}" for kind in kinds)


def _form_ids(case: Case, api: Api) -> tuple[str, ...]:
    """Those of them that come before `case`."""
    role, own = _judging(api)
    if case.is_foundation or case.id in role:
        return ()
    return role if case.id in own else (*role, *own)


def _cause(finding: Finding) -> tuple[str, str]:
    return finding.check, xml.schematic(finding.path).replace("[]", "")


def run_case(case: Case, target: Target, transport: Transport | None = None) -> Outcome:
    """Run one case and what it requires against `target`; the public way in for programs.

    Every fault of its answers is its own, as no other outcome is told.
    """
    client = transport or Transport.to(target)
    try:
        return Session(target, client, reported=lambda identity: identity == case.id).outcome(case)
    finally:
        if transport is None:
            client.close()
