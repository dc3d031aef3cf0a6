"""The settings of a run in; its Session, its embedded endpoint and the record of its outcomes kept."""

from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest

from pytest_qimen.cases import Case, find_case
from pytest_qimen.compose import Keys
from pytest_qimen.findings import Status
from pytest_qimen.plugin.properties import drawer
from pytest_qimen.plugin.settings import Settings
from pytest_qimen.report.events import Log, created_event, outcome_event
from pytest_qimen.report.merge import read, write
from pytest_qimen.report.results import suite
from pytest_qimen.runner import Created, Ledger, Outcome, Session
from pytest_qimen.signed import CHINA, mask_query
from pytest_qimen.target import Target
from pytest_qimen.transport import Transport


class Run:
    """Everything that lives as long as a run; workers only send, the controller keeps the record."""

    def __init__(
        self, settings: Settings, *, worker: int, workers: int, number: int | None, close: ExitStack
    ) -> None:
        self.settings = settings
        self.worker = worker
        self.events: list[dict[str, Any]] = []
        self.ledger: list[dict[str, Any]] = []
        self.left: list[dict[str, Any]] = []
        self.own: dict[str, Case] = {}
        self._ledger = Ledger()
        self._close = close
        target = settings.target
        transport = Transport(
            connect_timeout=target.connect_timeout,
            read_timeout=target.read_timeout,
            rate=target.rate / max(1, workers),
        )
        close.callback(transport.close)
        draw = drawer(settings.examples, settings.seed)
        self.session = Session(
            target, transport, keys=Keys(worker, number), find=self.find, created=self._created, draw=draw
        )
        self.head: dict[str, Any] = {
            "type": "run",
            "format": 1,
            "suite": suite(),
            "target": target.name or mask_query(target.url),
            "url": mask_query(target.url),
            "level": settings.level,
            "roles": list(settings.roles),
            "methods": list(settings.methods),
            "seed": self.session.keys.prefix,
            "profile": profile(target),
            "started": now(),
        }
        self.log = Log(settings.report) if settings.report and worker == 0 else None
        if self.log:
            self.log.write(self.head)

    def is_red(self, status: Status) -> bool:
        """Whether a case with this status fails the run."""
        return status in (Status.FAIL, Status.STALE, Status.ERROR) or (
            status == Status.WARN and self.settings.level != "must"
        )

    def find(self, identity: str) -> Case:
        """The case of this id, the user's own before the bundled one."""
        return self.own.get(identity) or find_case(identity)

    def _created(self, entry: Created) -> None:
        self._ledger.enter(entry)
        self.ledger.append(created_event(entry))

    def take_ledger(self) -> list[dict[str, Any]]:
        """What was created since the last call."""
        taken, self.ledger = self.ledger, []
        return taken

    def settle(self) -> None:
        """Take back what this worker created; keep a list of what is left behind."""
        self.left += [created_event(entry) for entry in self._ledger.settle(self.session.undo)]

    def record(self, event: dict[str, Any]) -> None:
        """Keep the event of a case and write it down at once."""
        kept = {key: value for key, value in event.items() if key != "created"}
        if self.log:
            for entry in event.get("created", []):
                self.log.write(entry)
            self.log.write(kept)
        self.events.append({key: value for key, value in kept.items() if key != "exchanges"})

    def lose(self, nodeid: str) -> None:
        """Keep an error for a case of which no outcome arrived."""
        if nodeid.startswith("cases/"):
            case = self.find(nodeid.removeprefix("cases/").replace(".toml::", "/", 1))
            self.record(outcome_event(Outcome(case, Status.ERROR, cause="the worker crashed")))

    def end(self) -> None:
        """Say in the events that the run came to its end; without this line it counts as interrupted."""
        if self.log:
            for entry in self.left:
                self.log.write(entry | {"type": "left"})
            self.log.write({"type": "end", "ended": now()})

    def finish(self) -> None:
        """Close everything and write what people read."""
        if self.log and self.settings.report:
            self.log.close()
            write(read(self.settings.report), self.settings.report, ("json", "html"))
            self.log = None
        self._close.close()


RUN = pytest.StashKey[Run]()


def profile(target: Target) -> dict[str, Any]:
    """What of the target's profile decides which cases can be tested."""
    return {
        "roles": list(target.roles),
        "methods": list(target.methods),
        "without": list(target.without),
        "readonly": target.readonly,
        "pinned": sorted(target.data),
    }


def now() -> str:
    """The time in China with its offset, as ISO 8601."""
    return datetime.now(CHINA).isoformat(timespec="seconds")
