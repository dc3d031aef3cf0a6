"""Cases and a Target in, Outcomes out: prerequisites first and once, known failures waived.

A case whose prerequisite failed is blocked and names it. So one cause is one red line.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from pytest_qimen import xml
from pytest_qimen.cases import Case, Kind, Step, beyond, find_case, smoke_id, suited
from pytest_qimen.checks import contract
from pytest_qimen.checks.spellings import hidden
from pytest_qimen.client.transport import Transport
from pytest_qimen.errors import QimenError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.reasons import (
    Because,
    BlockedBy,
    LeftOut,
    Network,
    Pinned,
    Reason,
    Refused,
    Told,
    innermost,
)
from pytest_qimen.runner.ask import asker
from pytest_qimen.runner.canary import Canary, Lead, fetched, missing
from pytest_qimen.runner.compose import Keys, Unsaved
from pytest_qimen.runner.excuse import excuse
from pytest_qimen.runner.execution import Execution
from pytest_qimen.runner.introductions import Introductions
from pytest_qimen.runner.judging import Key, key_of
from pytest_qimen.runner.ledger import Ledger
from pytest_qimen.runner.masking import Masking
from pytest_qimen.runner.merging import bounded
from pytest_qimen.runner.model import Blocked, Broke, Created, Outcome, Unsupported, blame_of, is_usable
from pytest_qimen.runner.once import Once
from pytest_qimen.runner.setup import Setup
from pytest_qimen.runner.waiving import waived
from pytest_qimen.spec import Api, load_api
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Level, Status, status_of


class Session:
    """Runs cases against one target; safe for several threads."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        *,
        keys: Keys | None = None,
        find: Callable[[str], Case] = find_case,
        ledger: Ledger | None = None,
        canary: Canary | None = None,
        draw: Callable[[Case, "Session"], Outcome] | None = None,
        reported: Callable[[str], bool] = lambda identity: True,
    ) -> None:
        """`reported` says of a case whether people will read how it ended: only then it can be blamed."""
        self.target = target
        self.transport = transport
        self.mask = Masking(target.secrets)
        self.keys = keys or Keys()
        self.ledger = ledger or Ledger()
        self.canary = canary or Canary(target)
        self._find = find
        self._draw = draw
        self.reported = reported
        self.introductions = Introductions(target, asker(target, transport, self.keys, self.ledger))
        self.ask = asker(target, transport, self.keys, self.ledger, self.introductions.rename)
        self.setup = Setup(target, self.ask, self.require)
        self._outcomes: Once[str, Outcome] = Once()
        self._shown: Once[str, frozenset[Key]] = Once()
        self._led: list[tuple[Lead, Outcome]] = []  # cases that lead to the canary, without a fetch so far
        self._dead: BlockedBy | None = None  # the case at which the endpoint was found to be gone
        self._today = date.today()  # a waiver that lasts when the run begins lasts for all of it

    def outcome(self, case: Case) -> Outcome:
        """Return how the case ends; kept only where other cases need it, so that memory stays flat."""
        if case.id not in self._outcomes and not case.is_foundation and case.judges != "answer":
            return self._judge(case)
        return self._outcomes.get(case.id, lambda: self._judge(case))

    def require(self, identity: str) -> Outcome:
        """Return the outcome of a prerequisite, run on the first demand."""
        return self._outcomes.get(identity, lambda: self._judge(self._find(identity)))

    def _judge(self, case: Case) -> Outcome:
        return waived(self.attempt(case), self.target, self._today)

    def attempt(self, case: Case) -> Outcome:
        """Return how the case ends by itself, known failure or not, with the target's secrets masked."""
        start = time.perf_counter()
        case = suited(case, self.target)
        outcome = self._unsupported(case) or self._blocked(case) or self._run(case)
        outcome = self.mask(outcome)
        return replace(outcome, seconds=time.perf_counter() - start)

    def _unsupported(self, case: Case) -> Outcome | None:
        left_out = tuple(api.method for api in case.apis if not self.target.supports(api))
        if left_out:
            return Outcome(case, Status.UNSUPPORTED, reason=LeftOut(left_out))
        if self.target.readonly and not all(api.readonly for api in case.apis):
            return Outcome(case, Status.UNSUPPORTED, reason=Because(say("read-only")))
        if lacks := missing(case, self.target):
            return Outcome(case, Status.UNSUPPORTED, reason=Because(lacks))
        pinned = self._pinned(case)
        if pinned:
            return Outcome(case, Status.UNSUPPORTED, reason=Pinned(pinned))
        if why := beyond(case, self.target):
            return Outcome(case, Status.UNSUPPORTED, reason=why)
        return None

    def _pinned(self, case: Case) -> str:
        """Return the pinned field to which the case would give another value and expect success."""
        saved = {f"@{name}" for step in case.steps for name in step.save}  # what an earlier message held
        for step in case.steps if case.kind is not Kind.FLOW else ():
            pins = self.target.pins(step.api)
            for change in step.changes if pins else ():
                path = xml.schematic(change.path)
                if (
                    step.expect == "success"
                    and change.op == "put"
                    and change.value not in saved
                    and change.value not in pins.get(path, (change.value,))
                ):
                    return path
        return next(filter(None, (self._taken_out(step) for step in case.steps)), "")

    def _taken_out(self, step: Step) -> str:
        """Return the field that pins add to every message and that the step, to be accepted, leaves out."""
        gone = [change.path for change in step.changes if change.op in ("drop", "empty")]
        paths = self.target.added(self.target.profile(step.api)) if gone and step.expect == "success" else ()
        for path in map(xml.schematic, gone):
            if found := [one for one in paths if one == path or one.startswith(f"{path}.")]:
                return min(found)
        return ""

    def _blocked(self, case: Case) -> Outcome | None:
        for identity in case.requires:
            if identity == case.id or self._dead:
                continue
            required = self.require(identity)
            if not is_usable(required):
                return Outcome(case, Status.BLOCKED, reason=blame_of(required))
        return Outcome(case, Status.BLOCKED, reason=self._dead) if self._dead else None

    def _run(self, case: Case) -> Outcome:
        if not case.steps and self._draw is None:
            return Outcome(case, Status.UNSUPPORTED, reason=Because(say("not-drawn")))
        if not case.steps and self._draw:
            return self._drawn(case, self._draw)
        execution = Execution(self, case)
        outcome = self.run(execution)
        told = any(finding.check == fetched().check for finding in outcome.findings)
        if (lead := execution.context.lead).nonces and not told:  # a fetch may have come in between
            self._led.append((lead, outcome))
        return outcome

    def late(self) -> list[Outcome]:
        """Return how the cases ended whose address was fetched after they were over."""
        found = [
            replace(one, status=Status.FAIL, reason=None, findings=(*one.findings, fetched()))
            for lead, one in self._led
            if lead.fetched
        ]
        return [waived(self.mask(one), self.target, self._today) for one in found]

    @property
    def led(self) -> float:
        """Return when the last message was made that leads to the canary, on the monotonic clock; else 0."""
        return max((lead.sent for lead, _ in self._led), default=0.0)

    def _drawn(self, case: Case, draw: Callable[[Case, "Session"], Outcome]) -> Outcome:
        try:
            return draw(case, self)
        except (Blocked, Unsaved) as blocked:
            return Outcome(case, Status.BLOCKED, reason=blocked.reason)
        except Broke as broke:
            self._find_out(case, broke.reason)
            return Outcome(case, Status.ERROR, reason=broke.reason)
        except QimenError as error:
            return Outcome(case, Status.ERROR, reason=Told(str(error)))

    def run(self, execution: Execution) -> Outcome:
        """Return how a prepared case ends; what was found before it broke off counts."""
        status: Status | None = None
        reason: Reason | None = None
        try:
            execution.run()
        except (Blocked, Unsaved) as blocked:
            status, reason = Status.BLOCKED, blocked.reason
        except Broke as broke:
            status, reason = Status.ERROR, broke.reason
            self._find_out(execution.case, broke.reason)
        except Unsupported as lacking:
            status, reason = Status.UNSUPPORTED, lacking.reason
        except QimenError as error:
            status, reason = Status.ERROR, Told(str(error))
        if status is None or _says_enough(execution, status):
            status, reason = self._conclude(execution)
        findings, exchanges = tuple(bounded(execution.findings)), tuple(execution.exchanges)
        return Outcome(execution.case, status, findings, reason, exchanges, steps=tuple(execution.steps))

    def _find_out(self, case: Case, reason: Reason) -> None:
        """Find out whether the endpoint is gone: then nothing else is tried, and one case tells of it."""
        if case.kind is Kind.SMOKE:
            cause = innermost(reason)
            gone = isinstance(cause, Network) and cause.word in ("connect", "tls")
        else:
            gone = self._is_silent(case.apis[0])
        if gone and not self._dead:
            self._dead = BlockedBy(case.id)

    @property
    def gone(self) -> bool:
        """Return True when the endpoint was found not to answer any more."""
        return self._dead is not None

    def revive(self) -> None:
        """Try an endpoint again that was found to be gone."""
        self._dead = None

    def _is_silent(self, api: Api) -> bool:
        """Return True when the role that answered before does not answer any more."""
        smoke = suited(self._find(smoke_id(api)), self.target)
        if self._unsupported(smoke):
            return False
        try:
            Execution(self, smoke).run()
        except Broke:
            return True
        return False

    def _conclude(self, execution: Execution) -> tuple[Status, Reason | None]:
        """Return the status that the findings give, unless the fault is another case's or nobody's."""
        status = status_of(execution.findings)
        if status in (Status.FAIL, Status.WARN) and (unknown := excuse(self, execution)):
            return Status.BLOCKED, unknown
        if status is Status.FAIL:
            return status, None
        blamed = [case for finding, case in execution.judging.dropped if finding.level is Level.MUST]
        judges = execution.case.judges == "answer"
        return (Status.BLOCKED, blamed[0]) if blamed and judges else (status, None)

    def shown_by(self, identity: str) -> frozenset[Key]:
        """Return the defects that a case shows; it is run on the first demand."""
        return self._shown.get(identity, lambda: frozenset(map(key_of, self.require(identity).findings)))

    def undo(self, created: Created) -> Reason | None:
        """Take back what an entry of the ledger created; return why it cannot be done, None when it is.

        Raises Broke when no answer comes.
        """
        api = load_api(created.undo)
        if not self.target.supports(api):
            return LeftOut((api.name,))
        changes = tuple(Edit("put", path, value) for path, value in created.undo_set.items())
        _, answer = self.ask(Step(api, changes=changes), {}, f"clean-up {created.case}")
        if answer.verdict == "success":
            return None
        refused = Refused(api.method, contract.describe(answer))
        return refused.map(lambda text: hidden(text, self.target.secrets))


def _says_enough(execution: Execution, status: Status) -> bool:
    """Return True when what was found before a case broke off is as grave as the case can tell."""
    found, level = status_of(execution.findings), execution.case.level
    blocked = status is Status.BLOCKED and level is not Level.MUST
    return found is Status.FAIL or (found is Status.WARN and blocked)


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
