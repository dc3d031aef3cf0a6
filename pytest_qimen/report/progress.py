"""Case records in, how far a run is in one line out: `812/8695 9%  …`."""

import time
from collections.abc import Callable

from pytest_qimen.console import plain, width_of
from pytest_qimen.phrases import counted, say
from pytest_qimen.report.case_record import CaseRecord


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
