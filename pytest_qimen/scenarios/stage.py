"""Calls from the server in, replies out: as a scenario says, or as a correct counterpart."""

import threading
from collections.abc import Callable
from functools import partial

from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.client.clock import wall
from pytest_qimen.scenarios.play import Play
from pytest_qimen.scenarios.script import OUTAGES
from pytest_qimen.wire.http import Incoming, Reply

BOUND = "/s/"  # in the path: what follows names the scenario that the call belongs to


class Stage:
    """Where the plays stand that are on; `correct` is what a correct counterpart answers.

    A call that `trusts` does not take for one of the system under test belongs to no play: no fault is given
    to a stranger.
    """

    def __init__(
        self, correct: Callable[[Incoming], Reply], trusts: Callable[[Call], bool] = lambda call: True
    ) -> None:
        self._correct, self._trusts = correct, trusts
        self._lock = threading.Lock()
        self._plays: list[Play] = []
        self._calls = 0

    def begin(self, play: Play) -> None:
        """Let a play take calls."""
        with self._lock:
            self._plays.append(play)

    def end(self, play: Play) -> None:
        """Take a play off: what still comes for it is answered correctly."""
        with self._lock:
            self._plays.remove(play)

    def answer(self, incoming: Incoming) -> Reply:
        """Return the reply to one request."""
        bound = incoming.path.partition(BOUND)[2]
        incoming.target = incoming.target.replace(f"{BOUND}{bound}", "", 1) if bound else incoming.target
        call, play = self._call(incoming, bound)
        correct = partial(self._correct, incoming)
        return play.hear(call, correct) if play else self._others(correct)

    def _others(self, correct: Callable[[], Reply]) -> Reply:
        """Return the reply to a call of no scenario: a correct one, unless a scenario has all go down."""
        with self._lock:
            outage = next(filter(None, (play.outage for play in self._plays)), None)
        return OUTAGES[outage]() if outage else correct()

    def _call(self, incoming: Incoming, bound: str) -> tuple[Call, Play | None]:
        """Return the call, numbered in the order of arrival, and the play that it belongs to."""
        with self._lock:
            self._calls += 1
            place, now = f"call {self._calls}", wall()
            heard = Heard(place, incoming.verb, incoming.target, incoming.fields, incoming.body, now)
            call = Call(heard, self._calls)
            play = self._for(call, bound)
        return call, play if play and self._trusts(call) else None

    def _for(self, call: Call, bound: str) -> Play | None:
        """Return the play that a call is for: the one that its path names, else the first that takes it."""
        if bound:
            return next((one for one in self._plays if one.scenario.id == bound), None)
        return next((one for one in self._plays if one.takes(call)), None)
