"""A scenario and a system that sends in, what it showed out: findings, and what stayed untested."""

import time
from collections.abc import Callable, Iterator

from pytest_qimen.cases.scenario import Ask, Attest, Beat, Judged, Quiet, Report, Send, Wait
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.scenarios.driver import Broken, Cannot, Driven, Task, Told
from pytest_qimen.scenarios.holds import is_given, is_put_to_test, over, whether
from pytest_qimen.scenarios.person import Beside
from pytest_qimen.scenarios.play import Play, is_paged
from pytest_qimen.scenarios.played import Played
from pytest_qimen.target.caller import CallerProfile
from pytest_qimen.verdict import Attested, Evidence, Finding, Level

LAG = 1.0  # seconds by which the machine itself may be late before nothing that hangs on time is judged


class Stop(Exception):
    """The scenario cannot go on; its reason says why what follows is untested."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why.text())
        self.why = why


class Engine:
    """Plays one scenario in the windows of a profile; `send` calls the system's endpoint, if it has one."""

    def __init__(
        self,
        play: Play,
        profile: CallerProfile,
        url: str,
        *,
        driver: Driven | None = None,
        send: Callable[[Send, Play], Said] | None = None,
        person: Beside | None = None,
    ) -> None:
        """`driver` makes the system act, else `person`, who also says what it shows and attests."""
        self._play, self._profile, self._url = play, profile, url
        self._driver: Driven | None = driver or (person.act if person else None)
        self._send, self._person = send, person
        self._told: Told | None = None
        self._key = ""
        self._found = Played(play.scenario, taken=play.taken)

    def run(self) -> Played:
        """Take every beat; what a beat could not show leaves its requirements untested."""
        found = self._found
        try:
            for place, beat in enumerate(self._play.scenario.beats):
                self._beat(place, beat)
            found.is_whole = True
        except Stop as stop:
            for name in (*self._play.scenario.requirements, *self._play.scenario.observes):
                if name not in found.shown:
                    found.untested.setdefault(name, stop.why)
        return found

    def _seconds(self, window: str) -> float:
        """Return how long a window is: one of the target file's, or what the scenario itself says."""
        if window[:-1].isdecimal():
            return float(window[:-1]) * self._play.pace
        return float(getattr(self._profile, window))

    def _beat(self, place: int, beat: Beat) -> None:
        self._play.at = place
        if isinstance(beat, Ask):
            self._ask(place, beat)
        elif isinstance(beat, Send):
            self._call_it(beat)
        elif isinstance(beat, Wait):
            self._again(place, beat) if beat.again else self._wait(place, beat)
        elif isinstance(beat, Quiet):
            self._quiet(beat)
        elif isinstance(beat, Report):
            self._report(beat)
        elif isinstance(beat, Attest):
            self._attest(beat)

    # ---- making the system act

    def _ask(self, place: int, beat: Ask) -> None:
        """Give the driver a task; its report is evidence for later beats."""
        if self._driver is None:
            raise Stop(say("play-no-driver"))
        if beat.when_up and not self._play.wait_up():
            self._found.errors.append(say("play-port-lost"))
            raise Stop(say("play-port-lost"))
        key = str(self._play.names.get(beat.key[1:], "")) if beat.key.startswith("@") else beat.key
        if beat.do != "send":
            key = key or self._key or self._opened()
        scenario, method = self._play.scenario, beat.wish or self._awaited(place)
        answer = self._driver(Task(scenario.id, beat.do, method, self._url, key, beat.want, beat.tell))
        if isinstance(answer, Broken):
            self._found.errors.append(say("play-driver-broken", why=answer.why[:500]))
            raise Stop(say("play-driver-broken", why=answer.why[:500]))
        if isinstance(answer, Cannot):
            raise Stop(answer.why or say("play-driver-cannot", what=answer.note[:200] or beat.do))
        self._told = answer
        self._key = answer.key or self._key

    def _opened(self) -> str:
        """Return the first key of the call that opened the scenario; empty where there is none."""
        first = self._play.opening
        return first.call.keys[0].value if first and first.call.keys else ""

    def _awaited(self, place: int) -> str:
        """Return the method that the scenario waits for next; empty where several will do."""
        awaited = next((one for one in self._play.scenario.beats[place:] if isinstance(one, Wait)), None)
        names = awaited.methods if awaited else ()
        return names[0] if len(names) == 1 and "*" not in names[0] else ""

    def _call_it(self, beat: Send) -> None:
        why = self._send(beat, self._play) if self._send else say("play-no-url")
        if why:
            raise Stop(say("play-not-called", why=why))

    # ---- waiting

    def _wait(self, place: int, beat: Wait) -> None:
        """Wait for the calls of a beat: all, or at least one and then silence."""
        play, seconds = self._play, self._seconds(beat.within)
        if not play.wait_for(place, 1, seconds):
            self._none_came(beat)
            return
        self._collect(place, beat)

    def _collect(self, place: int, beat: Wait) -> None:
        """Take more calls of a beat that began, until it has all or silence falls; then judge them."""
        play = self._play
        while play.answered(place) < beat.times or is_paged(beat):
            if not play.wait_for(place, play.answered(place) + 1, self._profile.quiet):
                break
        self._judge(place, beat)
        if play.unreached(place):
            raise Stop(say("play-unreached", came=play.came(place)))

    def _none_came(self, beat: Wait) -> None:
        """Judge that nothing came; a driver that speaks of a success nevertheless is found out."""
        if self._told and self._told.outcome == "success":
            claim = say("play-claims-success")
            clause = self._play.scenario.clause
            expected = say("play-no-call", methods=beat.methods)
            found = Finding("driver.claims", Level.SHOULD, "", expected, claim, clause)
            self._found.blame(found, self._told.evidence)
        if beat.judged is None:
            raise Stop(say("play-no-call", methods=beat.methods))
        self._missing(beat.judged, say("play-no-call", methods=beat.methods))

    def _again(self, place: int, beat: Wait) -> None:
        """Wait for the message to come again: by itself, or where that is allowed because it is asked for."""
        came = any(check.kind == "only-lost" for check in beat.over) and self._play.has_lost_again()
        came = came or (self._profile.retries and self._play.wait_for(place, 1, self._seconds(beat.within)))
        if not came and beat.or_ask:
            left = self._left()
            for key in left if len(left) > 1 else [self._key]:
                self._ask(place, Ask("resend", key=key))
            came = self._play.wait_for(place, 1, self._profile.ask)
        if came:
            self._collect(place, beat)
            return
        why = say("play-looked-up") if (found := self._play.was_found()) else say("play-not-again")
        if beat.judged and found:
            self._found.untested.setdefault(beat.judged.requirement, why)
        elif beat.judged:
            self._missing(beat.judged, why)
        for check in (*beat.checks, *beat.over):
            self._found.untested.setdefault(check.judged.requirement, why)

    def _left(self) -> list[str]:
        """Return the first key of every document that was not answered with a clear success."""
        return [keys[0][1] for keys, arrived in self._play.documents().items() if keys and not arrived]

    def _missing(self, judged: Judged, expected: Phrase) -> None:
        """Find fault with a call that did not come, where what it answers to was delivered."""
        if not self._is_delivered():
            self._found.untested[judged.requirement] = say("play-not-delivered")
            return
        self._fault(judged, "", expected, say("play-nothing"))

    def _judge(self, place: int, beat: Wait) -> None:
        for name in filter(None, (beat.shows, beat.judged.requirement if beat.judged else "")):
            self._found.show(name)
        came = [one for one in self._play.taken if one.beat == place]
        for check in beat.checks:
            if not is_given(check, self._play):
                self._found.untested.setdefault(check.judged.requirement, say("play-not-given"))
                continue
            self._found.show(check.judged.requirement)
            for one in came:
                for expected, actual in whether(check, one, self._play):
                    self._fault(check.judged, check.path, expected, actual)
        for check in beat.over:
            if not is_put_to_test(check, beat, came):
                self._found.untested.setdefault(check.judged.requirement, say("play-one-message"))
                continue
            self._found.show(check.judged.requirement)
            for expected, actual in over(check, came, self._play):
                self._fault(check.judged, check.path, expected, actual)

    def _quiet(self, beat: Quiet) -> None:
        """Watch a window in which the message must not come again, if its answer was delivered."""
        play, seconds = self._play, self._seconds(beat.window)
        first, begun = play.opening, time.monotonic()
        if first is None or first.answered is None:
            self._found.untested[beat.judged.requirement] = say("play-not-delivered")
            return
        most = int(self._profile.most_a_minute * max(1.0, seconds / 60)) if beat.storm else 0
        again = play.storms(most, seconds) if beat.storm else play.comes_again(seconds)
        if not again and time.monotonic() - begun - seconds > LAG:
            self._found.errors.append(say("play-late"))
            return
        self._found.show(beat.judged.requirement)
        if again:
            count, seconds = play.again(begun, storm=beat.storm)
            came = say("play-came-again", number=count, seconds=f"{seconds:.1f}")
            self._fault(beat.judged, "", say("play-quiet", most=most), came)

    # ---- what the driver says

    def _report(self, beat: Report) -> None:
        """Hold the driver's report against what it should be; where the wire speaks, it wins."""
        name = beat.judged.requirement
        if self._told is None and self._person is None:
            self._found.untested.setdefault(name, say("play-no-report"))
            return
        if not self._is_delivered():
            self._found.untested[name] = say("play-not-delivered")
            return
        told = self._seen(beat)
        if told is None:
            self._found.untested.setdefault(name, say("play-not-seen"))
            return
        self._told = told
        if told.key and self._play.is_of_another(told.key):
            self._found.untested[name] = say("play-of-another", key=told.key[:100])
            return
        self._found.show(name, self._told.evidence)
        outcomes = (*beat.outcomes, "success") if self._play.has_succeeded() else beat.outcomes
        if self._told.outcome not in outcomes:
            wanted = say("play-outcome", outcomes=outcomes)
            self._fault(beat.judged, "", wanted, self._told.outcome, self._told.evidence)
        for value, expected in self._values(beat):
            actual = self._told.values.get(value)
            if actual is None:
                self._found.shown.discard(name)
                self._found.untested[name] = say("play-no-value", name=value)
            elif actual != expected:
                self._fault(beat.judged, value, expected, actual, self._told.evidence)

    def _is_delivered(self) -> bool:
        """Return True where the answer to the opening reached the system as planned."""
        first = self._play.opening
        return first is not None and first.answered is not None

    def _seen(self, beat: Report) -> Told | None:
        """Return what the driver reported, or what a person sees; None where nobody says anything."""
        told = self._told
        is_said = told is not None and (told.evidence is Evidence.DRIVER or told.outcome == "failure")
        if self._person is None or (is_said and not (beat.values and told and not told.values)):
            return told
        return self._person.see(beat, self._key or self._opened())

    def _attest(self, beat: Attest) -> None:
        """Ask a person whether a sentence holds; nobody's answer leaves it untested."""
        name = beat.judged.requirement
        if not self._is_delivered():
            self._found.untested[name] = say("play-not-delivered")
            return
        answer = self._person.attest(beat) if self._person else None
        if answer is None:
            self._found.untested[name] = say("play-no-person")
            return
        holds, who = answer
        self._found.show(name, Evidence.ATTESTED)
        if holds:
            sentence = f"{beat.text.en} {beat.text.zh}"
            self._found.attested.append(Attested(name, who, sentence))
        else:
            expected = say("play-attested", zh=beat.text.zh, en=beat.text.en)
            self._fault(beat.judged, "", expected, say("play-denied", name=who), Evidence.ATTESTED)

    def _values(self, beat: Report) -> Iterator[tuple[str, str]]:
        for name, text in beat.values.items():
            yield name, str(self._play.names.get(text[1:], "")) if text.startswith("@") else text

    def _fault(
        self,
        judged: Judged,
        path: str,
        expected: Said,
        actual: Said,
        evidence: Evidence = Evidence.WIRE,
    ) -> None:
        clause = self._play.scenario.clause
        self._found.shown.add(judged.requirement)
        found = Finding(judged.requirement, judged.level, path, expected, actual, clause)
        self._found.blame(found, evidence)
