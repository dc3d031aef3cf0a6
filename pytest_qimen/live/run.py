"""A run in, the live page that follows it out; with a person before the page, who is asked there."""

from collections.abc import Sequence

from pytest_qimen.listening.model import Judged
from pytest_qimen.live.session import Live
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.personal import masked_case
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import verdict
from pytest_qimen.scenarios.session import ScenarioSession


class LiveRun(Live):
    """Follows the records of a run, and the calls of a system that is listened to."""

    def __init__(
        self, head: RunRecord, port: int, callers: ScenarioSession | None, *, mask_personal: bool = False
    ) -> None:
        """UsageError where the port is not free."""
        self._private = mask_personal
        person = callers.person if callers else None
        super().__init__(
            {"side": head.side, "target": head.target, "url": head.url, "embedded": head.embedded},
            port,
            caller=callers.caller if callers else None,
            state={"task": person.now, "attended": True} if person else None,
            presses={"press": person.press} if person else None,
            mask_personal=mask_personal,
        )
        if callers:
            callers.told = self._heard
        if person:
            person.changed = self.renew

    def _heard(self, judged: Judged) -> None:
        self.hear(judged)

    def case(self, record: CaseRecord) -> None:
        """Show how a case ended."""
        super().case(masked_case(record) if self._private else record)

    def conclude(self, cases: Sequence[CaseRecord], head: RunRecord) -> None:
        """Show the verdict on all cases of the run."""
        self.end(verdict(cases, head.level))
