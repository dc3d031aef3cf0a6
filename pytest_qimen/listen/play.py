"""One scenario while it runs: which calls belong to it, and what each is answered."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.cases.scenario import Scenario, Script, Wait
from pytest_qimen.listen.script import Answers
from pytest_qimen.wire.http import Reply

PLAIN = (Script(),)
_CLEAR = ("", "chunked", "slow")  # ways on which an answer arrives whole


def is_paged(beat: Wait) -> bool:
    """Return True where the beat takes every page of a list."""
    return beat.scripts[0].reply == "pages"


@dataclass(slots=True)
class Taken:
    """A call that a scenario took: for which beat (None: one more of the same), and what it was answered.

    `arrived` and `answered` are seconds on the monotonic clock; `answered` is None until the answer, or as
    much of it as was planned, was sent.
    """

    call: Call
    beat: int | None
    script: Script
    arrived: float
    answer: bytes = b""
    answered: float | None = None


@dataclass
class Play:
    """A scenario from its first task to its verdict; calls arrive from the threads of the server."""

    scenario: Scenario
    names: dict[str, Any] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    _answers: Answers = field(default_factory=Answers)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _keys: set[tuple[str, str]] = field(default_factory=set)

    def takes(self, call: Call) -> bool:
        """Return True if the call belongs here: it fits the next wait, or speaks of the same documents."""
        with self._changed:
            return self._place(call) is not None or self._is_same(call)

    def hear(self, call: Call, correct: Callable[[], Reply]) -> Reply:
        """Take a call that belongs here, and answer it as the scenario says."""
        with self._changed:
            place = self._place(call)
            script = self._script(call, place)
            one = Taken(call, place, script, time.monotonic())
            self.taken.append(one)
            self._keys |= {(key.name, key.value) for key in call.keys}
            reply = self._answers.reply(script, call, correct)
            one.answer = reply.body
            if place is not None:
                self._save(self._wait(place), one)
            reply.on_sent = lambda: self._sent(one)
            self._changed.notify_all()
        return reply

    def wait_for(self, place: int, count: int, seconds: float) -> bool:
        """Wait until so many calls came for the beat and were answered; return False when time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: self.answered(place) >= count, seconds)

    def more_than(self, count: int, is_counted: Callable[[Taken], bool], seconds: float) -> bool:
        """Wait for the window; return True as soon as more than `count` such calls came."""
        with self._changed:
            return self._changed.wait_for(lambda: sum(map(is_counted, self.taken)) > count, seconds)

    def came(self, place: int) -> int:
        """Return how many calls of a beat came."""
        return sum(one.beat == place for one in self.taken)

    def answered(self, place: int) -> int:
        """Return how many calls of a beat were answered."""
        return sum(one.beat == place and one.answered is not None for one in self.taken)

    @property
    def opening(self) -> Taken | None:
        """Return the call that opened the scenario."""
        return next((one for one in self.taken if one.beat is not None), None)

    def is_again(self, one: Taken) -> bool:
        """Return True for a call with the message of the opening, or with its content under other keys."""
        first = self.opening
        return first is not None and one is not first and _again(first.call, one.call)

    def has_succeeded(self) -> bool:
        """Return True where the message came again and was answered with a clear success."""
        return any(
            self.is_again(one) and one.script.reply == "success" and one.script.way in _CLEAR
            for one in self.taken
        )

    # ---- which beat a call is for

    def _wait(self, place: int) -> Wait:
        beat = self.scenario.beats[place]
        assert isinstance(beat, Wait)
        return beat

    def _place(self, call: Call) -> int | None:
        """Return the first wait that still takes calls, or the one after it, if this call is for it."""
        places = [place for place, beat in enumerate(self.scenario.beats) if isinstance(beat, Wait)]
        begun = max((one.beat for one in self.taken if one.beat is not None), default=-1)
        for place in places:
            beat = self._wait(place)
            came = self.came(place)
            if place < begun or (came >= beat.times and not is_paged(beat)):
                continue
            if self._fits(beat, call):
                return place
            if not came:
                return None
        return None

    def _fits(self, beat: Wait, call: Call) -> bool:
        if call.api is None:
            return False
        if beat.again:
            first = self.opening
            return first is not None and _again(first.call, call)
        if beat.methods == ("*",):
            return not call.api.readonly and call.api.method != "service.heartbeat"
        return any(fnmatchcase(call.api.method, glob) for glob in beat.methods)

    def _is_same(self, call: Call) -> bool:
        first = self.opening
        if first is None:
            return False
        return _again(first.call, call) or any((key.name, key.value) in self._keys for key in call.keys)

    def _script(self, call: Call, place: int | None) -> Script:
        """Return the answer: by the place of the call among those of its beat, or among its repetitions."""
        if place is not None and self._wait(place).scripts != PLAIN:
            scripts = self._wait(place).scripts
            return scripts[min(self.came(place), len(scripts) - 1)]
        for one in reversed(self.taken):
            if one.beat is not None and self._wait(one.beat).scripts != PLAIN and _again(one.call, call):
                scripts = self._wait(one.beat).scripts
                again = sum(_again(one.call, other.call) for other in self.taken)
                return scripts[min(again, len(scripts) - 1)]
        return Script()

    # ---- what calls leave behind

    def _save(self, beat: Wait, one: Taken) -> None:
        for name, place in beat.save.items():
            side, _, path = place.partition(":")
            root = one.call.root if side == "request" else xml.parse(one.answer)
            found = xml.values(root, path) if root is not None else []
            self.names[name] = found[0] if len(found) == 1 else found

    def outage(self, call: Call) -> float:
        """Return for how many seconds everything is down after this call, 0 for none."""
        one = next((one for one in self.taken if one.call is call), None)
        down = one is not None and one.script.way in ("down", "closed")
        return float(one.script.way_argument[:-1]) if one is not None and down else 0.0

    def _sent(self, one: Taken) -> None:
        with self._changed:
            one.answered = time.monotonic()
            self._changed.notify_all()


def _again(first: Call, call: Call) -> bool:
    """Return True where two calls carry one document: the same keys, or the same content under other keys."""
    if first.api is None or call.api is None or first.api.method != call.api.method:
        return False
    keys = {(key.name, key.value) for key in first.keys}
    if keys & {(key.name, key.value) for key in call.keys}:
        return True
    return first.fingerprint == call.fingerprint
