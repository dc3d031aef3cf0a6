"""Calls from the server in, replies out: those of a scenario as it says, all others as a correct counterpart."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.listen.play import Play
from pytest_qimen.wire.http import Incoming, Reply, plain

BOUND = "/s/"  # in the path: what follows names the scenario that the call belongs to


class Stage:
    """Where the plays stand that are on; `correct` is what a correct counterpart answers.

    `heard` is told of every call and its answer, after the answer was made.
    """

    def __init__(
        self, correct: Callable[[Incoming], Reply], heard: Callable[[Call], None] = lambda call: None
    ) -> None:
        self._correct, self._heard = correct, heard
        self._lock = threading.Lock()
        self._plays: list[Play] = []
        self._calls = 0
        self._down_until = 0.0

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
        path, _, bound = incoming.path.partition(BOUND)
        incoming.target = incoming.target.replace(f"{BOUND}{bound}", "", 1) if bound else incoming.target
        with self._lock:
            self._calls += 1
            heard = Heard(
                f"call {self._calls}",
                incoming.verb,
                incoming.target,
                incoming.fields,
                incoming.body,
                datetime.now(UTC),
            )
            call = Call(heard, self._calls)
            play = self._for(call, bound)
        if play is None:
            reply = self._correct(incoming)
        else:
            reply = play.hear(call, lambda: self._correct(incoming))
        if time.monotonic() < self._down_until:
            reply = plain(503, "down for a while")
        elif play and (seconds := play.outage(call)):
            self._down_until = time.monotonic() + seconds
        self._heard(call)
        return reply

    def _for(self, call: Call, bound: str) -> Play | None:
        """Return the play that a call belongs to: the one that its path names, else the first that takes it."""
        if bound:
            return next((one for one in self._plays if one.scenario.id == bound), None)
        return next((one for one in self._plays if one.takes(call)), None)
