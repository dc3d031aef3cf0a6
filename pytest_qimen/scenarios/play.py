"""One scenario while it runs: which calls belong to it, and what each is answered."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.cases.scenario import Scenario, Script, Wait
from pytest_qimen.scenarios.bound import covers, is_again, names, speaks_of
from pytest_qimen.scenarios.script import OUTAGES, Answers, can_answer, closes, is_good
from pytest_qimen.wire.http import Reply

LATE = 10.0  # seconds by which a port may open later than planned
PLAIN = (Script(),)
_CLEAR = ("", "chunked", "slow")  # ways on which an answer arrives whole


def is_success(script: Script) -> bool:
    """Return True where a plain success arrives whole."""
    return script.reply == "success" and (script.way in _CLEAR or closes(script))


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
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    answered: float | None = None


@dataclass
class Play:
    """A scenario from its first task to its verdict; calls arrive from the threads of the server."""

    scenario: Scenario
    pace: float = 1.0  # by which the seconds that the scenario itself names are multiplied
    names: dict[str, Any] = field(default_factory=dict)
    close_port: Callable[[float], None] = lambda seconds: None
    is_open: Callable[[], bool] = lambda: True  # whether somebody listens
    taken: list[Taken] = field(default_factory=list)
    at: int = 0  # the beat that is on: a list that was read before it takes no more calls
    _answers: Answers = field(init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _keys: set[tuple[str, str]] = field(default_factory=set)
    _outage: str = ""
    _down_until: float = 0.0

    def __post_init__(self) -> None:
        """Make the answers of this play."""
        self._answers = Answers(self.pace)

    @property
    def outage(self) -> str | None:
        """Return in which way everything is down now; None where it is not."""
        return self._outage if time.monotonic() < self._down_until else None

    def takes(self, call: Call) -> bool:
        """Return True if the call belongs here: it fits the next wait, or speaks of the same documents."""
        with self._changed:
            return self._place(call) is not None or self._is_same(call)

    def hear(self, call: Call, correct: Callable[[], Reply]) -> Reply:
        """Take a call that belongs here, and answer it as the scenario says."""
        with self._changed:
            place = self._place(call)
            script = self._script(call, place) if self.outage is None else Script(way=self.outage)
            one = Taken(call, place, script, time.monotonic())
            self.taken.append(one)
            self._keys.update(names(call))
            is_question = place is None and script == Script() and call.api and call.api.readonly
            reply = correct() if is_question else self._answers.reply(script, call, correct)
            if script.way == "hang":  # as planned: nothing is sent
                one.answered = one.arrived
            one.answer, one.status, one.headers = reply.body, reply.status, tuple(reply.headers.items())
            self._begin_outage(script)
            if place is not None and script.way not in OUTAGES:
                save = self._wait(place).save
                self.names |= saved(save, call.root, xml.parse(one.answer)) if save else {}
            reply.on_sent = lambda: self._sent(one)
            self._changed.notify_all()
        return reply

    def wait_for(self, place: int, count: int, seconds: float) -> bool:
        """Wait until so many calls came for the beat and were answered; return False when time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: self.answered(place) >= count, seconds)

    def comes_again(self, seconds: float) -> bool:
        """Watch a window; return True as soon as the message comes after all that was waited for."""
        with self._changed:
            return self._changed.wait_for(lambda: any(map(self.is_again, self._later())), seconds)

    def storms(self, most: int, seconds: float) -> bool:
        """Watch a window; return True as soon as the first document came again more than `most` times."""
        with self._changed:
            return self._changed.wait_for(lambda: sum(map(self.is_repeated, self.taken)) > most, seconds)

    def again(self, begun: float, *, storm: bool) -> tuple[int, float]:
        """Return how often the message came that should not, and how many seconds after `begun` at last."""
        with self._changed:
            found = filter(self.is_repeated, self.taken) if storm else filter(self.is_again, self._later())
            moments = [one.arrived - begun for one in found]
        return len(moments), max([0.0, *moments])

    def wait_up(self) -> bool:
        """Return when nothing is down any more; False where nobody listens even then."""
        with self._changed:
            while (left := self._down_until - time.monotonic()) > 0:
                self._changed.wait(left)
            until = time.monotonic() + LATE
            while not self.is_open() and time.monotonic() < until:
                self._changed.wait(0.01)
        return self.is_open()

    def _later(self) -> list[Taken]:
        """Return the calls after the last one that a beat waited for."""
        waited = [place for place, one in enumerate(self.taken) if one.beat is not None]
        return self.taken[waited[-1] + 1 :] if waited else []

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
        return first is not None and one is not first and is_again(first.call, one.call)

    def documents(self) -> dict[tuple[tuple[str, str], ...], bool]:
        """Return the keys of every message that came, and whether its last call got a clear success."""
        return {tuple(names(one.call)): is_success(one.script) for one in self.taken}

    def has_succeeded(self) -> bool:
        """Return True where what the opening carries was answered with a clear success later, or was found.

        Another document counts for nothing, be it the same but for its key.
        """
        first = self.opening
        if first is None or is_success(first.script):
            return False
        done = [one.call for one in self.taken if one is not first and is_success(one.script)]
        return covers(done, first.call) or self.was_found()

    def was_found(self) -> bool:
        """Return True where the system looked up the document of the opening, and it was there."""
        first = self.opening
        keys = {key.value for key in first.call.keys} if first else set()
        return any(_is_found(one) and speaks_of(one.call, keys) for one in self.taken)

    def is_of_another(self, key: str) -> bool:
        """Return True for the key of a call of this play that is not one of the opening."""
        first = self.opening
        own = {one.value for one in first.call.keys} if first else set()
        return key not in own and any(key == one.value for taken in self.taken for one in taken.call.keys)

    def unreached(self, place: int) -> bool:
        """Return True where the answer that a beat is about was never given, as too little came."""
        scripts = {one.script for one in self.taken if one.beat == place}
        return not scripts.issuperset(one for one in self._wait(place).scripts if one != Script())

    def has_lost_again(self) -> bool:
        """Return True where every message whose answer was lost came again by now."""
        lost = [one.call.whole for one in self.taken if one.script.way == "lost"]
        messages = [one.call.whole for one in self.taken]
        return all(messages.count(whole) > 1 for whole in lost)

    def came_needlessly(self) -> list[Taken]:
        """Return what came again although it had been answered with a clear success."""
        done: set[str] = set()
        again = []
        for one in self.taken:
            again += [one] if one.call.whole in done else []
            done |= {one.call.whole} if is_success(one.script) else set()
        return again

    def is_repeated(self, one: Taken) -> bool:
        """Return True for a call under the very keys of the opening."""
        first = self.opening
        return first is not None and one is not first and set(names(one.call)) == set(names(first.call))

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
            if place < (self.at if is_paged(beat) else begun) or (came >= beat.times and not is_paged(beat)):
                continue
            if self._fits(beat, call):
                return None if self._is_repetition(place, call) else place
            if not came:
                return None
        return None

    def _is_repetition(self, place: int, call: Call) -> bool:
        """Return True for the very message that the beat took before: one of several is another one."""
        came = any(one.beat == place and one.call.whole == call.whole for one in self.taken)
        return came and not is_paged(self._wait(place))

    def _fits(self, beat: Wait, call: Call) -> bool:
        if call.api is None:
            return False
        if beat.again:
            first = self.opening
            return first is not None and self.outage is None and is_again(first.call, call)
        is_known = not beat.bound or speaks_of(call, {value for _, value in self._keys})
        return beat.names(call.api) and is_known

    def _is_same(self, call: Call) -> bool:
        if any(is_again(one.call, call) for one in self.taken if one.beat is not None):
            return True
        return not self._keys.isdisjoint(names(call))

    def _script(self, call: Call, place: int | None) -> Script:
        """Return the answer: by the place of the call among those of its beat, or among its repetitions."""
        if place is not None and self._wait(place).scripts != PLAIN:
            scripts = self._wait(place).scripts
            script = scripts[min(self.came(place), len(scripts) - 1)]
            return script if can_answer(script, call) else Script()
        for one in reversed(self.taken):
            if one.beat is not None and self._wait(one.beat).scripts != PLAIN and is_again(one.call, call):
                scripts = self._wait(one.beat).scripts
                again = sum(is_again(one.call, other.call) for other in self.taken)
                return scripts[min(again, len(scripts) - 1)]
        return Script()

    # ---- what calls leave behind

    def _begin_outage(self, script: Script) -> None:
        if script.way in OUTAGES and script.way_argument:
            self._outage = script.way
            self._down_until = time.monotonic() + float(script.way_argument[:-1]) * self.pace

    def _sent(self, one: Taken) -> None:
        if closes(one.script):
            self.close_port(float(one.script.way_argument[:-1]) * self.pace)
        with self._changed:
            one.answered = one.answered or time.monotonic()
            self._changed.notify_all()


def saved(
    places: Mapping[str, str], request: xml.Element | None, response: xml.Element | None
) -> dict[str, str | list[str]]:
    """Return what stands at places such as `request:orderCode`: a list for several, empty for none."""
    found: dict[str, str | list[str]] = {}
    for name, place in places.items():
        side, _, path = place.partition(":")
        root = request if side == "request" else response
        values = xml.values(root, path) if root is not None else []
        found[name] = values if len(values) > 1 else next(iter(values), "")
    return found


def _is_found(one: Taken) -> bool:
    """Return True for a look at a document that no beat waited for, and that showed it."""
    api = one.call.api
    if one.beat is not None or one.script != Script() or api is None or not api.readonly:
        return False
    return is_good(api, one.answer)
