"""Arrivals in, each judged in a thread of its own and in the order of arrival, out."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from pytest_qimen import xml
from pytest_qimen.calls.backlog import Backlog
from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.judging import conclude, judge, no_http
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.checks.spellings import hidden
from pytest_qimen.listening.answers import judge_answer
from pytest_qimen.listening.model import Arrival, Judged
from pytest_qimen.phrases import changed, say
from pytest_qimen.verdict import Finding
from pytest_qimen.wire.cores import beside_others

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
        beside_others()
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
                self.late = concluded(journal, self._caller)
        finally:
            journal.close()

    def _judged(self, arrival: Arrival, journal: Journal) -> Judged:
        heard = replace(arrival.heard, place=f"#{arrival.number}")
        return judged(arrival, Call(heard, arrival.number), self._caller, journal, answers=self._answers)


def judged(arrival: Arrival, call: Call, caller: Caller, journal: Journal, *, answers: bool) -> Judged:
    """Return what is wrong with a call, with its answer where `answers` says so, or the trouble with it."""
    secrets = _secrets(caller)
    if "whole" in call.heard.lost:
        trouble = say("listen-too-large", number=arrival.number, most=xml.MOST)
        return Judged(arrival, call, trouble=trouble, secrets=secrets)
    try:
        found = (no_http(arrival.no_http),) if arrival.no_http else judge(call, caller, journal)
        answer = judge_answer(call, caller) if answers and not arrival.no_http else ()
        wrong, said = (tuple(_masked(one, secrets) for one in findings) for findings in (found, answer))
        return Judged(arrival, call, wrong, said, secrets=secrets)
    except Exception as error:
        _LOG.exception("a call could not be judged")
        reason = hidden(f"{type(error).__name__}: {error}", secrets)[:200]
        trouble = say("listen-broke", number=arrival.number, reason=reason)
        return Judged(arrival, call, trouble=trouble, secrets=secrets)


def concluded(journal: Journal, caller: Caller) -> tuple[Late, ...]:
    """Return what is only known behind the last call."""
    secrets = _secrets(caller)
    return tuple(one._replace(finding=_masked(one.finding, secrets)) for one in conclude(journal))


def _secrets(caller: Caller) -> tuple[str, ...]:
    return tuple(filter(None, (caller.secret, caller.session)))


def _masked(found: Finding, secrets: tuple[str, ...]) -> Finding:
    """Return the finding with stars for the caller's secrets."""

    def hide(text: str) -> str:
        return hidden(text, secrets)

    expected, actual = changed(found.expected, hide), changed(found.actual, hide)
    return replace(found, path=hide(found.path), expected=expected, actual=actual)
