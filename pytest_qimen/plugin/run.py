"""The settings of a run in; its Session, its embedded endpoint and the record of its outcomes kept."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from pytest_qimen.cases import Case, Kind, find_case, load_cases, plain_id
from pytest_qimen.client.transport import Transport
from pytest_qimen.console import plain
from pytest_qimen.errors import QimenError
from pytest_qimen.live.follow import follow
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.plugin.settings import Settings
from pytest_qimen.reasons import Because
from pytest_qimen.report import postman
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import case_record
from pytest_qimen.report.head import run_head
from pytest_qimen.report.logbook import Logbook
from pytest_qimen.report.personal import masked_case
from pytest_qimen.report.publish import publish
from pytest_qimen.report.results import is_green
from pytest_qimen.report.waivers import passing
from pytest_qimen.runner import Ledger, Left, Outcome, Session
from pytest_qimen.runner.ahead import Ahead, share_of
from pytest_qimen.runner.canary import GRACE, Canary
from pytest_qimen.runner.compose import Keys
from pytest_qimen.runner.masking import Masking
from pytest_qimen.runner.part import Part
from pytest_qimen.search.budget import Guard
from pytest_qimen.search.hunt import Hunt
from pytest_qimen.search.property import drawer, register
from pytest_qimen.search.team import Team, searching
from pytest_qimen.spec import load_all
from pytest_qimen.verdict import Status

if TYPE_CHECKING:  # a run against an endpoint need not load what listens
    from pytest_qimen.scenarios.session import ScenarioSession


class Run:
    """Everything that lives as long as a run; workers only send, the controller keeps the record."""

    def __init__(
        self,
        settings: Settings,
        part: Part,
        *,
        close: ExitStack,
        callers: "ScenarioSession | None" = None,
    ) -> None:
        self.settings, self.part, self.callers = settings, part, callers
        self.worker = worker = part.worker
        self.workers = settings.fuzz.workers if settings.fuzz and settings.fuzz.workers else part.workers
        self._process = os.getpid()
        self.cases: list[CaseRecord] = []
        self.left: list[Left] = []
        self.late: list[CaseRecord] = []
        self.is_over = False  # and no worker lost with what it had created
        self.lost = False
        self.own: dict[str, Case] = {}
        self._ahead: Ahead | None = None
        self._close = close
        target = settings.target
        self.folder = settings.record
        if settings.har and not worker and not self.folder:
            self.folder = Path(close.enter_context(TemporaryDirectory(prefix="qimen-")))
        option = "--qimen-report" if settings.report else "--qimen-corpus"
        mask = Masking(target.secrets).entry
        self.logbook = Logbook(self.folder, worker, option, mask=mask, stop=self._stop)
        close.callback(self.logbook.close)
        ledger = Ledger(self.logbook.entered, worker)
        transport = (Guard if settings.fuzz else Transport).to(target, self.workers)
        close.callback(transport.close)
        found = settings.report / "found" if settings.report else None
        draw = drawer(settings.examples, settings.seed, found)
        canary = Canary(target, lasts=True, shared=part.canary)
        close.callback(canary.close)
        keys = Keys(worker, part.number)
        self.session = Session(
            target, transport, keys=keys, find=self.find, ledger=ledger, canary=canary, draw=draw
        )
        if callers and target.url != callers.url:
            callers.ask = self.session.ask
        self.hunt: Hunt | Team | None = None
        if isinstance(transport, Guard) and settings.fuzz:
            seed, many = settings.seed, settings.connections
            self.hunt = searching(
                self.session, transport, settings.fuzz, seed=seed, connections=many, errand=part.errand
            )
        self.head = run_head(
            target,
            level=settings.level,
            roles=settings.roles,
            methods=settings.methods,
            shard=settings.shard,
            seed=self.session.keys.prefix,
            embedded=settings.embedded,
            answers=settings.endpoint,
            heard=callers.url if callers else "",
            person=settings.attended,
        )
        self.live = (
            None if worker else follow(settings.live, self.head, callers, settings.mask_personal, close)
        )
        if not worker:
            self.logbook.begin(self.head)
        if settings.postman and not worker:
            chosen = [api for api in load_all() if settings.wants(api)]
            postman.save(settings.postman, target, chosen, settings.language)

    def begin(self, cases: Sequence[Case]) -> None:
        """Only these and what other shards run can be blamed; run them ahead where there are connections."""
        register()
        mine = {case.id for case in cases}
        self.session.reported = lambda identity: identity in mine or not self.settings.has(identity)
        if self.settings.connections > 1 and not self.hunt:
            ours = [case for case in cases if case.kind is not Kind.SCENARIO]
            if self.worker:
                ours = [case for case in ours if share_of(case.id, self.workers) == self.worker - 1]
            self._ahead = Ahead(self.session.outcome, ours, self.settings.connections)
            self._close.callback(self._ahead.close)
        if self.live:
            self.live.expect(cases)
        if self.callers:
            self.callers.begin([case for case in cases if case.kind is Kind.SCENARIO])

    def part_of(self, node: Any) -> dict[str, Any]:
        """Return what a worker is told."""
        session, team = self.session, self.hunt
        errand = {"errand": team.errand, "found": node.gateway.newchannel()} if isinstance(team, Team) else {}
        told = {"number": session.keys.number, "url": session.target.url, "canary": session.canary.port()}
        return told | errand

    def outcome(self, case: Case) -> Outcome:
        """Return how the case ends; a process that somebody forked from the run's ends here."""
        if self._process != os.getpid():
            os._exit(pytest.ExitCode.INTERRUPTED)
        if self.callers and case.kind is Kind.SCENARIO:
            return self.callers.outcome(case)
        return self._ahead.outcome(case) if self._ahead else self.session.outcome(case)

    def is_red(self, status: Status) -> bool:
        """Return True when a case with this status fails the run."""
        return status.fails(self.settings.level)

    def forgives(self, identity: str, status: Status) -> bool:
        """Return True when a red case was red in the earlier run that is compared with."""
        return self.settings.gate is not None and self.settings.gate.forgives(identity, status)

    def fails(self, case: CaseRecord) -> bool:
        """Return True when this case counts as a failure of the run."""
        return self.is_red(case.status) and not self.forgives(case.id, case.status)

    def is_green(self) -> bool:
        """Return True when the run is conformant, or shows nothing newly red where that is asked."""
        if self.hunt:
            return self.hunt.searched and not any(self.is_red(case.status) for case in self.cases)
        if gate := self.settings.gate:
            return not any(gate.objections(self.head, self.cases, True))
        return is_green(self.head, self.cases)

    @property
    def where(self) -> tuple[str, ...]:
        """The options of a command that name the endpoint; none for the embedded one."""
        if self.settings.embedded:
            return ()
        return ("--target", self.settings.file) if self.settings.file else ("--url", self.head.url)

    def find(self, identity: str) -> Case:
        """Return the case of this id, the user's own before the bundled one."""
        return self.own.get(identity) or find_case(identity)

    def _stop(self, why: Phrase) -> NoReturn:
        pytest.exit(plain(why.text(self.settings.language)), returncode=pytest.ExitCode.INTERRUPTED)

    def settle(self) -> None:
        """Take back what this worker created, list what is left; judge the calls that came as a whole."""
        if self._process != os.getpid():
            return
        if self._ahead:
            self._ahead.close()
        left = self.session.ledger.settle(self.session.undo, self.settings.connections)
        self.left += [replace(one, entry=self.session.mask.entry(one.entry)) for one in left]
        for case in self.callers.records() if self.callers else ():
            self.record(case)
        if self.session.led and not self.settings.embedded:
            time.sleep(max(0.0, self.session.led + GRACE - time.monotonic()))
        self.late += map(case_record, self.session.late())

    def record(self, case: CaseRecord) -> None:
        """Keep how a case ended and write it down at once."""
        self.logbook.add(case)
        if self.live:
            self.live.case(case)
        self.cases.append((masked_case(case) if self.settings.mask_personal else case).without_evidence())

    def lose(self, nodeid: str) -> None:
        """Keep an error for a case of which no outcome arrived."""
        self.lost = True
        if isinstance(self.hunt, Team):
            self.hunt.lose(nodeid)
        crashed = Because(say("worker-crashed"))
        with suppress(QimenError):  # no case file is named
            for case in load_cases(nodeid.partition("::")[0]):
                if case.id == plain_id(nodeid):
                    self.record(case_record(Outcome(case, Status.ERROR, reason=crashed)))

    def end(self) -> None:
        """Say in the events that the run came to its end; without this line it counts as interrupted."""
        for case in self.late:
            self._replace(case)
        for case in list(passing(self.settings.target.waivers, self.cases)):
            self._replace(case)
        self.logbook.conclude(self.left)
        self.is_over = not self.lost
        if self.live:
            self.live.conclude(self.cases, self.head)

    def _replace(self, case: CaseRecord) -> None:
        """Keep another end of a case that ended otherwise before."""
        self.cases = [one for one in self.cases if one.id != case.id]
        self.record(case)

    def finish(self) -> None:
        """Close everything and write what people read, in the process of the run."""
        if self._process != os.getpid():
            return
        if self.logbook.close() and self.folder and not self.worker:
            asked, clean = self.settings, self.is_over and not self.left
            if why := publish(self.folder, asked.report, asked.har, asked.mask_personal, clean=clean):
                print(plain(why.text(asked.language)), file=sys.stderr)
        self._close.close()


RUN = pytest.StashKey[Run]()
