"""Arrivals in, each judged in a thread of its own and in the order of arrival, out."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from pytest_qimen.calls.backlog import Backlog
from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.judging import conclude, judge, no_http
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.listening.answers import judge_answer
from pytest_qimen.listening.model import Arrival, Judged
from pytest_qimen.phrases import say

_LOG = logging.getLogger(__name__)


class Judge:
    """Judges what is put in and tells of it; runs from `begin` until `stop`.

    Nobody waits for it: what it has no time for lies in its backlog. `answers` says that the answers are
    judged, too.
    """

    def __init__(self, caller: Caller, *, answers: bool = False) -> None:
        self._caller, self._answers = caller, answers
        self._backlog: Backlog[Arrival] = Backlog()
        self._given_up = False
        self._thread: threading.Thread | None = None
        self.late: tuple[Late, ...] = ()  # what was only known behind the last call

    def begin(self, told: Callable[[Judged], None]) -> None:
        """Begin to judge; `told` is called in the judge's thread, once a call."""
        self._thread = threading.Thread(target=self._run, args=(told,), name="qimen-judge", daemon=True)
        self._thread.start()

    def expect(self) -> None:
        """Count a call that will be put in."""
        self._backlog.expect()

    def put(self, arrival: Arrival) -> None:
        """Take a call that was expected; returns at once."""
        heard = arrival.heard
        self._backlog.put(arrival, len(heard.body) + len(heard.answer or b"") + len(heard.target) + 1_000)

    @property
    def lag(self) -> int:
        """Return how many calls are still to be judged."""
        return self._backlog.open

    def wait(self, seconds: float | None = None) -> bool:
        """Return True when every call is judged, False after so many seconds."""
        return self._backlog.wait(seconds)

    def stop(self, *, give_up: bool = False) -> None:
        """Judge what is left, or give it up, and end the thread."""
        self._given_up = give_up
        self._backlog.end()
        if self._thread:
            self._thread.join()
        self._backlog.close()

    def _run(self, told: Callable[[Judged], None]) -> None:
        journal = Journal()
        try:
            while not self._given_up and (arrival := self._backlog.take()):
                try:
                    told(self._judged(arrival, journal))
                except Exception:
                    _LOG.exception("a judged call was not reported")
                finally:
                    self._backlog.done()
            if not self._given_up:
                self.late = conclude(journal)
        finally:
            journal.close()

    def _judged(self, arrival: Arrival, journal: Journal) -> Judged:
        heard = replace(arrival.heard, place=f"#{arrival.number}")
        call = Call(heard, arrival.number)
        if "whole" in heard.lost:
            return Judged(arrival, call, trouble=say("listen-too-large", number=arrival.number))
        if arrival.no_http:
            return Judged(arrival, call, (no_http(arrival.no_http),))
        try:
            found = judge(call, self._caller, journal)
            answer = tuple(judge_answer(call, self._caller)) if self._answers else ()
        except Exception as error:
            _LOG.exception("a call could not be judged")
            reason = f"{type(error).__name__}: {error}"[:200]
            return Judged(arrival, call, trouble=say("listen-broke", number=arrival.number, reason=reason))
        return Judged(arrival, call, found, answer)
