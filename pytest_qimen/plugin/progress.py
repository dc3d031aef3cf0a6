"""Reports of cases in, a line that counts along out: `812/8695 9%  …`; on a terminal only."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pytest_qimen.console import plain
from pytest_qimen.plugin.carried import carried
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.progress import Progress

AFTER, EVERY = 1.0, 0.2  # seconds: a run that is over by then shows nothing; how often it changes
CLEAR = "\r\x1b[K"


def _is_terminal(reporter: Any) -> bool:
    """Return True when a person watches: pytest 8 has an attribute where pytest 9 has a method."""
    found = reporter.isatty
    return bool(found() if callable(found) else found)


class Live:
    """The hooks that show a Progress and keep pytest's own dots and file names quiet meanwhile."""

    def __init__(
        self, config: pytest.Config, progress: Progress, fails: Callable[[CaseRecord], bool]
    ) -> None:
        self._config, self._progress, self._fails = config, progress, fails
        self._reporter: Any = None
        self._shown = 0.0

    def pytest_sessionstart(self) -> None:
        """Look whether anybody watches: a terminal, not too quiet nor too loud, not in CI."""
        reporter: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        in_ci = os.environ.get("CI") or os.environ.get("BUILD_NUMBER")
        if reporter and _is_terminal(reporter) and reporter.verbosity == 0 and not in_ci:
            self._reporter = reporter
            reporter.showfspath = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """In one process: what was collected is run."""
        self._progress.begin(len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """With workers: each of them has collected everything."""
        self._progress.begin(len(ids))

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Any:
        """Return the category alone, where the line counts instead of letters."""
        found = yield
        return (found[0], "", "") if self._reporter and hasattr(report, "qimen") else found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the case and, from time to time, say so."""
        case = carried(report) if self._reporter else None
        if case is None:
            return
        progress = self._progress
        progress.note(case, self._fails(case))
        if progress.elapsed > AFTER and progress.elapsed - self._shown > EVERY:
            self._shown = progress.elapsed
            width = self._config.get_terminal_writer().fullwidth
            self._reporter.write(f"{CLEAR}{progress.line(width)}\r", flush=True)

    def say(self, text: str) -> None:
        """Show a text where the line is, if anybody watches."""
        if self._reporter:
            self._shown = self._progress.elapsed
            width = self._config.get_terminal_writer().fullwidth
            self._reporter.write(f"{CLEAR}{plain(text)[: width - 1]}\r", flush=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Any:
        """Leave no half line behind."""
        try:
            return (yield)
        finally:
            if self._shown:
                self._reporter.write(CLEAR, flush=True)
