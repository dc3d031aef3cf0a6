"""Reports of cases in, a line that counts along out: `812/8695 9%  …`; on a terminal only."""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pytest_qimen.console import plain, width_of
from pytest_qimen.phrases import counted, say
from pytest_qimen.plugin.carried import carried
from pytest_qimen.report.case_record import CaseRecord

AFTER, EVERY = 1.0, 0.2  # seconds: a run that is over by then shows nothing; how often it changes
CLEAR = "\r\x1b[K"


class Progress:
    """How far a run is; `total` is not known before everything is collected."""

    def __init__(self, language: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = self.done = self.red = self.requests = 0
        self.method = ""
        self._language = language
        self._clock = clock
        self._start = clock()

    def begin(self, total: int) -> None:
        """Count from now on."""
        self.total = total
        self._start = self._clock()

    def note(self, case: CaseRecord, red: bool) -> None:
        """A case is over."""
        self.done += 1
        self.red += red
        self.requests += case.requests
        self.method = case.api

    @property
    def elapsed(self) -> float:
        """Return seconds since the first case."""
        return self._clock() - self._start

    def line(self, width: int) -> str:
        """Return done and total, failures, requests a second, time left, the method; cut to the width."""
        rate = self.requests / max(self.elapsed, 0.001)
        left = round(self.elapsed / self.done * (self.total - self.done)) if self.done else 0
        parts = [
            f"{self.done}/{self.total} {100 * self.done // max(1, self.total)}%",
            counted("count-failures", self.red).text(self._language),
            f"{rate:.0f} {say('requests-a-second').text(self._language)}",
            f"{left // 60}:{left % 60:02} {say('time-left').text(self._language)}",
            plain(self.method),
        ]
        text = "  ".join(parts)
        while width_of(text) >= width:
            text = text[:-1]
        return text


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
