"""How a run ends on the screen: some details, what is wrong in few lines, table, verdict, report."""

from collections import Counter
from typing import Any

import pytest

from pytest_qimen.console import plain
from pytest_qimen.phrases import say
from pytest_qimen.plugin.carried import carried
from pytest_qimen.plugin.run import Run
from pytest_qimen.plugin.terminal import ending
from pytest_qimen.report.came_back import blockers
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import case_record
from pytest_qimen.report.personal import masked_case
from pytest_qimen.report.screen import chosen, details, heading, lines, red_causes, verbose, wrong
from pytest_qimen.verdict import Status

LETTERS = 10  # shown of a file
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
        case = carried(report)
        silent = case and not self._loud and self._letters[case.file] > LETTERS
        return (found[0], "" if silent else found[1], verbose(found[2], case))

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
        late = {case.id: wrong(case, self._language) for case in self._run.late if self._run.fails(case)}
        red = [case for case in self._run.cases if case.id in ours or case.id in late]
        found = red_causes(self._run.cases, red)
        if self._traces:
            texts = late | {identity: report.longreprtext for identity, report in ours.items()}
            shown = details(chosen(found), texts, self._loud, self._language)
            self._section(terminalreporter, "headline-failures", shown)
        try:
            return (yield)
        finally:
            if failed:
                stats["failed"] = failed
            if terminalreporter.hasopt("f"):
                self._section(terminalreporter, "headline-causes", lines(found, self._language))
            finished = exitstatus in (0, 1)
            back = blockers(self._run.cases, lambda name: self._record(name, ours), self._language)
            told = [*(back if finished else ()), *ending(self._run, finished)]
            self._section(terminalreporter, "qimen", told)

    def _section(self, reporter: Any, title: str, told: Any) -> None:
        """Write a heading, centred in 80 columns, and the lines; nothing without lines."""
        shown = list(told)
        if not shown:
            return
        reporter.ensure_newline()
        reporter.write_line(heading(title if title == "qimen" else say(title).text(self._language)))
        for line in shown:
            reporter.write_line(plain(line))

    def _record(self, identity: str, reports: Reports) -> CaseRecord | None:
        """Return what became of a case on which others depend, run or not chosen; None for a lesser one."""
        if not self._run.find(identity).is_foundation:
            return None
        case = carried(reports[identity]) if identity in reports else None
        case = case or case_record(self._run.session.require(identity))
        return masked_case(case) if self._run.settings.mask_personal else case
