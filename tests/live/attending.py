"""A scripted person: presses the buttons of the live page over HTTP, in front of the simulated ERP."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.live.run import LiveRun
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.report.head import run_head
from pytest_qimen.runner import Outcome
from pytest_qimen.scenarios.session import ScenarioSession
from pytest_qimen.spec.data import data_dir
from pytest_qimen.target.caller import CallerProfile
from pytest_qimen.target.model import Target
from tests.live.http_page import polled, post
from tests.scenarios.erp import Erp

WINDOWS = CallerProfile(sides=("erp", "oms"), retry=0.5, quiet=0.2)
WANT: Mapping[str, Any] = {"lines": 1, "text": "", "quantity": 5, "items": "known", "kind": "", "parts": []}
Habit = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]  # a question -> what is pressed


@dataclass
class Scene:
    """A session with a person: `asked` are the questions, in their order, once each."""

    session: ScenarioSession
    page: LiveRun
    erp: Erp
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def outcome(self, identity: str, habit: Habit) -> Outcome:
        """Return how a scenario ends with a person of this habit."""
        over = threading.Event()
        person = threading.Thread(target=self._attend, args=(habit, over))
        person.start()
        try:
            return self.session.outcome(bundled_scenarios()[identity])
        finally:
            over.set()
            person.join()

    def _attend(self, habit: Habit, over: threading.Event) -> None:
        seen = 0
        while not over.wait(0.02):
            task = polled(self.page.url)["state"]["task"]
            if task is None or task["number"] == seen:
                continue
            seen = task["number"]
            self.asked.append(task)
            if pressed := habit(task):
                post(self.page.url, "press", {"number": seen, **pressed})

    def works(self, task: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do what is asked in the simulated ERP, and press that it was done."""
        method = task["method"] or "entryorder.create"
        asked = {"want": WANT, "url": self.session.url, "key": "", "do": task["do"], "method": method}
        return {"pressed": "did" if self.erp.drive(asked) else "cannot"}


@contextmanager
def attended(faults: tuple[str, ...] = (), retries: int = 1, ask: float = 20.0) -> Iterator[Scene]:
    keys = (APP_KEY, SECRET, CUSTOMER_ID)
    target = Target("", *keys, caller=replace(WINDOWS, ask=ask))
    session = ScenarioSession(target, attended=True)
    for name in ("answers", "faults", "attest", "paging"):
        session.add(data_dir("cases") / "callers" / f"{name}.toml")
    head = run_head(
        target,
        level="must",
        roles=(),
        methods=(),
        shard=(1, 1),
        seed="",
        embedded=False,
        answers=False,
        heard=session.url,
        person=True,
    )
    page = LiveRun(head, 0, session)
    page.expect([bundled_scenarios()["callers/answers/success"]])
    try:
        yield Scene(session, page, Erp(session.url, keys, faults=faults, retries=retries))
    finally:
        session.close()
        page.close()
