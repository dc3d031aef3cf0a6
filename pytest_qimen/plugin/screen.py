"""How a run ends on the screen: some details, what is wrong in few lines, table, verdict, report."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_qimen.console import plain
from pytest_qimen.phrases import say
from pytest_qimen.plugin.carried import carried
from pytest_qimen.plugin.run import Run
from pytest_qimen.plugin.terminal import ending
from pytest_qimen.reasons import BlockedBy
from pytest_qimen.report.came_back import came_back
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import case_record
from pytest_qimen.report.personal import masked_case
from pytest_qimen.report.screen import chosen, lines, red_causes
from pytest_qimen.report.summary import WIDTH, folded, width_of
from pytest_qimen.verdict import Status

LETTERS, BLOCKERS = 10, 3  # shown of a file; blocking cases that are asked what came back
CASES, LINES, LONGEST = 20, 120, 40  # details: how many, their lines, the lines of one
Reports = dict[str, pytest.TestReport]


class Screen:
    """The hooks that keep a red run short; `-v` shows everything."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self._run, self._language = run, run.settings.language
        self._loud = config.option.verbose > 0
        self._traces = config.option.tbstyle not in ("no", "line")
        self._letters: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Any:
        """Leave the letter away once a file has shown enough of them."""
        found = yield
        case = None if self._loud else carried(report)
        return (found[0], "", found[2]) if case and self._letters[case.file] > LETTERS else found

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what a file shows."""
        case = carried(report)
        if case and case.status not in (Status.PASS, Status.INFO):
            self._letters[case.file] += 1

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> Any:
        """Show our failures ourselves; table, verdict and report come last."""
        stats = terminalreporter.stats
        failed = stats.pop("failed", [])
        ours = {case.id: report for report in failed if (case := carried(report))}
        if others := [report for report in failed if carried(report) is None]:
            stats["failed"] = others
        red = [case for case in self._run.cases if case.id in ours]
        found = red_causes(self._run.cases, red)
        if self._traces:
            self._section(terminalreporter, "headline-failures", self._details(chosen(found), ours))
        try:
            return (yield)
        finally:
            if failed:
                stats["failed"] = failed
            if terminalreporter.hasopt("f"):
                self._section(terminalreporter, "headline-causes", lines(found, self._language))
            finished = exitstatus in (0, 1)
            told = [*(self._came_back(ours) if finished else ()), *ending(self._run, finished)]
            self._section(terminalreporter, "qimen", told)

    def _section(self, reporter: Any, title: str, told: Any) -> None:
        """Write a heading, centred in 80 columns, and the lines; nothing without lines."""
        shown = list(told)
        if not shown:
            return
        words = title if title == "qimen" else say(title).text(self._language)
        side = max((WIDTH - width_of(words) - 2) // 2, 1)
        reporter.ensure_newline()
        reporter.write_line(f"{'=' * side} {words} {'=' * (WIDTH - side - width_of(words) - 2)}")
        for line in shown:
            reporter.write_line(plain(line))

    def _details(self, cases: list[CaseRecord], reports: Reports) -> Iterator[str]:
        """Yield what the first cases show, as long as it is short, and how many are left out."""
        shown = count = 0
        for case in cases:
            text = reports[case.id].longreprtext.split("\n")
            if not self._loud and len(text) > LONGEST:
                text = [*text[: LONGEST - 1], "…"]
            if not self._loud and shown and (shown == CASES or count + len(text) > LINES):
                break
            shown, count = shown + 1, count + len(text) + 1
            yield f"{'_' * 4} {case.id} {'_' * max(WIDTH - len(case.id) - 6, 4)}"
            yield from text
        if shown < len(cases):
            yield say("more-details", shown=shown, number=len(cases)).text(self._language)

    def _came_back(self, reports: Reports) -> Iterator[str]:
        """Yield what came back where others are blocked by it, and what to look at; each once."""
        blamed = Counter(case.reason.case for case in self._run.cases if isinstance(case.reason, BlockedBy))
        told: set[str] = set()
        first = [identity for identity in blamed if self._run.find(identity).is_foundation]
        for identity in sorted(first, key=blamed.__getitem__, reverse=True)[:BLOCKERS]:
            case = carried(reports[identity]) if identity in reports else None
            case = case or case_record(self._run.session.require(identity))
            case = masked_case(case) if self._run.settings.mask_personal else case
            texts = [phrase.text(self._language) for phrase in came_back(case)]
            if texts and texts[-1] not in told:
                told.add(texts[-1])
                yield from (line for text in (f"{identity}:", *texts) for line in folded(text))
