"""The live page of a session or a run: judged calls and ended cases become rows, methods a matrix."""

from collections.abc import Iterable, Mapping, Sequence

from pytest_qimen.calls.call import Caller
from pytest_qimen.cases import Case, Kind
from pytest_qimen.client.clock import steady
from pytest_qimen.listening.model import Judged
from pytest_qimen.live.coverage import Coverage
from pytest_qimen.live.feed import Feed
from pytest_qimen.live.rows import call_detail, call_row, call_size, case_detail, case_row, case_size, light
from pytest_qimen.live.server import Handler, LivePage
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.record import Json
from pytest_qimen.spec import Api


class Live:
    """A page that is told what happens; `url` is its address."""

    def __init__(
        self,
        head: Json,
        port: int = 0,
        *,
        caller: Caller | None = None,
        claimed: Iterable[Api] = (),
        state: Json | None = None,
        presses: Mapping[str, Handler] | None = None,
        mask_personal: bool = False,
    ) -> None:
        """`head` has side, target and url; functions in `state` are asked. UsageError: the port is taken."""
        self._caller, self._mask_personal = caller or Caller(), mask_personal
        self._origin = str(head["url"]).rpartition("/")[0]
        self._coverage = Coverage(claimed)
        self._total = 0
        self._scenarios: dict[str, Json] = {}
        parts = {"head": head, "methods": self._coverage.rows, "total": 0, "scenarios": self._listed}
        self._feed = Feed(parts | (state or {}))
        self._page = LivePage(self._feed, port, {"method": self._coverage.missing}, presses)
        self.url = self._page.url

    def expect(self, cases: Sequence[Case]) -> None:
        """Say which cases will be run."""
        self._scenarios = {
            case.id: {"id": case.id, "title": [case.title.zh, case.title.en], "level": case.level.value}
            for case in cases
            if case.kind is Kind.SCENARIO and case.title
        }
        self._feed.tell(expected=len(cases))

    def hear(self, judged: Judged) -> None:
        """Show a judged call."""
        api = judged.api
        role, method = (api.role, api.method) if api else ("", judged.method)
        self._coverage.add(role, method, judged.status.value, judged.sent)
        kept = light(judged)
        self._feed.add(call_row(judged), call_size(judged), lambda: self._detail(kept))
        self._count()

    def _detail(self, judged: Judged) -> Json:
        return call_detail(judged, self._caller, self._origin, mask_personal=self._mask_personal)

    def case(self, record: CaseRecord) -> None:
        """Show how a case ended."""
        if record.id in self._scenarios:
            self._scenarios[record.id]["status"] = record.status.value
        elif record.role:
            self._coverage.add(record.role, record.method, record.status.value)
        row = case_row(record, f"{steady():%H:%M:%S}")
        self._feed.add(row, case_size(record), lambda: case_detail(record))
        self._count()

    def _count(self) -> None:
        self._total += 1
        self._feed.tell(total=self._total)

    def _listed(self) -> list[Json]:
        return list(self._scenarios.values())

    def renew(self) -> None:
        """Have the parts of the state that are functions asked again."""
        self._feed.tell()

    def end(self, verdict: str) -> None:
        """Show how it ended."""
        self._feed.tell(ended=verdict)

    def close(self) -> None:
        """Close the page; a browser keeps showing what came."""
        self._page.close()
