"""A system that sends, and its profile, in; the outcomes of scenarios and of all its calls out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.cases import Case, Step
from pytest_qimen.cases.caller_cases import scenario_case, unclaimed
from pytest_qimen.cases.scenario import Scenario, Send
from pytest_qimen.cases.scenario_read import scenarios_of
from pytest_qimen.checks import contract
from pytest_qimen.checks.callers import signing
from pytest_qimen.errors import UsageError
from pytest_qimen.listening.listener import Listener
from pytest_qimen.listening.model import Judged
from pytest_qimen.listening.tally import Tally
from pytest_qimen.phrases import Said, say
from pytest_qimen.reasons import LeftOut, Unsplit
from pytest_qimen.reference.app import Core
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.runner import Outcome
from pytest_qimen.runner.ahead import Ahead
from pytest_qimen.runner.ask import Asker
from pytest_qimen.runner.compose import Keys
from pytest_qimen.runner.masking import Masking
from pytest_qimen.runner.model import Broke
from pytest_qimen.scenarios.driver import ask
from pytest_qimen.scenarios.engine import Engine
from pytest_qimen.scenarios.happened import Past, Seen, happened
from pytest_qimen.scenarios.observing import DECIDED, LOAD, ahead_of_items, is_of_thread, observed
from pytest_qimen.scenarios.outcomes import outcome_of
from pytest_qimen.scenarios.person import Beside, Person
from pytest_qimen.scenarios.play import Play, saved
from pytest_qimen.scenarios.played import Played
from pytest_qimen.scenarios.stage import BOUND, Stage
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status

SPLIT = "caller.split.total"  # what scenarios about documents in parts are there to show
PATIENCE = 60.0  # seconds for the judge
KEPT = 10_000  # judged calls that a scenario may still ask for


class ScenarioSession:
    """Listens at `url` from construction until `close`, plays scenarios and judges every call."""

    def __init__(self, target: Target, port: int = 0, *, attended: bool = False) -> None:
        """`attended`: there is a person. UsageError: it cannot listen, or knows not whose calls they are."""
        if not (target.app_key and target.secret):
            raise UsageError(say("listen-keys-needed"))
        self.scenarios: dict[str, Scenario] = {}
        self._profile = target.caller
        caller = Caller(target.app_key, target.secret, target.session, target.prefixed)
        self._mask, self._keys = Masking(target.secrets), Keys()
        self._core = Core(
            app_key=target.app_key, secret=target.secret, customer_id=target.customer_id, lenient=True
        )
        self._stage = Stage(self._core.answer, self._trusts)
        self._listener = Listener(self._stage.answer, caller, port=port)
        self.url = self._listener.url
        self._origin = self.url.rpartition("/")[0]
        self.caller = caller
        self.person = Person() if attended else None
        self.told: Callable[[Judged], None] = lambda judged: None  # hears of every judged call
        self._tally = Tally(caller, target.caller, self._origin)
        self._judged: dict[int, Judged] = {}
        self._past = Past()
        self._ahead: Ahead | None = None
        self.ask: Asker | None = None  # how the system's own endpoint is called, where it has one
        self._listener.begin(self._hear)

    def add(self, path: Path) -> tuple[Case, ...]:
        """Return the cases of a file of scenarios, which can be played from now on; or DataError."""
        found = scenarios_of(path)
        self.scenarios |= {one.id: one for one in found}
        return tuple(map(scenario_case, found))

    def begin(self, cases: Sequence[Case]) -> None:
        """Play several scenarios at once where the driver can be asked for several."""
        driver = self._profile.driver
        if driver and driver.parallel > 1:
            self._ahead = Ahead(self._outcome, cases, driver.parallel)

    def close(self) -> None:
        """Stop listening; what came is judged before it returns."""
        if self.person:
            self.person.close()
        if self._ahead:
            self._ahead.close()
        self._listener.stop()
        self._core.store.close()

    def records(self) -> Iterator[CaseRecord]:
        """Yield how every requirement that shows in calls ended, and every method that never came."""
        self._settle()
        self._listener.stop()
        self._tally.conclude(self._listener.judge.late)
        return self._tally.records()

    def outcome(self, case: Case) -> Outcome:
        """Return how a scenario ends."""
        return self._ahead.outcome(case) if self._ahead else self._outcome(case)

    def _outcome(self, case: Case) -> Outcome:
        scenario = self.scenarios[case.id]
        if lacking := unclaimed(scenario, self._profile):
            return Outcome(case, Status.UNSUPPORTED, reason=LeftOut(lacking))
        if not self._profile.splits and SPLIT in scenario.observes:
            return Outcome(case, Status.UNSUPPORTED, reason=Unsplit())
        names = {name: self._keys.text() for name in scenario.let}
        listener = self._listener
        play = Play(scenario, names=names, close_port=listener.close_for, is_open=lambda: listener.is_open)
        url = f"{self.url}{BOUND}{scenario.id}" if self._ahead else self.url
        before, known = self._others(scenario), frozenset(self._past.items)
        driver = partial(ask, self._profile.driver) if self._profile.driver else None
        person = Beside(self.person, play, self._profile.ask) if self.person else None
        self._stage.begin(play)
        try:
            engine = Engine(play, self._profile, url, driver=driver, send=self._call_it, person=person)
            played = engine.run()
        finally:
            self._stage.end(play)
        self._observe(played, before, known)
        return self._mask(outcome_of(case, played, self.caller, self._origin))

    def _trusts(self, call: Call) -> bool:
        """Return True for a call that the system under test signed, be it with a known mistake."""
        if call.get("app_key") != self.caller.app_key:
            return False
        return not any(one.check == "caller.call.signed" for one in signing.check(call, self.caller))

    # ---- calling the system itself

    def _call_it(self, beat: Send, play: Play) -> Said:
        """Send a step to the system's own endpoint; return why that did not work."""
        if self.ask is None:
            return say("play-no-url")
        step = _named(beat.step, play)
        try:
            root, answer = self.ask(step, {}, play.scenario.id)
        except Broke as broke:
            return broke.reason.said()
        play.names |= saved(step.save, root, answer.root)
        good = step.expect == "any" or answer.verdict == step.expect
        return "" if good else contract.describe(answer)

    # ---- what the judge says of the calls

    def _hear(self, judged: Judged) -> None:
        self._tally.add(judged)
        self.told(judged)
        self._past.add(judged.call)
        self._judged[judged.number] = judged
        if len(self._judged) > KEPT:
            self._judged.pop(next(iter(self._judged)))

    def _settle(self) -> None:
        if not self._listener.judge.wait(PATIENCE):
            raise UsageError(say("listen-behind", lag=self._listener.judge.lag))

    def _others(self, scenario: Scenario) -> frozenset[int] | None:
        """Return the calls before a scenario in which every call is its own; None where others send, too."""
        if LOAD.keys().isdisjoint(scenario.observes):
            return None
        self._settle()
        return frozenset(self._judged)

    def _observe(self, played: Played, before: frozenset[int] | None, known: frozenset[str]) -> None:
        """Add what the checks of calls found, of the requirements that this scenario is there to show.

        `known` are the items that were synchronised before it.
        """
        self._settle()
        wanted = frozenset(played.scenario.observes)
        bodies = {(one.call.heard.target, one.call.heard.body) for one in played.taken}
        own = [
            number
            for number, one in list(self._judged.items())
            if (one.call.heard.target, one.call.heard.body) in bodies
            or (before is not None and number not in before)
        ]
        calls = [self._judged.pop(number) for number in sorted(own)]
        found = [one for judged in calls for one in judged.findings if not is_of_thread(one.check)]
        found += observed([judged.call for judged in calls if judged.api], self.caller, wanted)
        seen = Seen(played.scenario, [judged.call for judged in calls], self._past, known)
        found += ahead_of_items(seen) if "caller.sequence.item-first" in wanted else ()
        for one in found:
            if one.check in wanted:
                played.blame(one)
        self._show(played, seen, wanted)
        if not (played.scenario.requirements or played.shown or found):
            played.untested |= dict.fromkeys(sorted(wanted), say("play-not-shown"))

    def _show(self, played: Played, seen: Seen, wanted: frozenset[str]) -> None:
        """Note what these calls put to the test; of the rest say that it did not happen."""
        broken = {one.check for one in played.findings}
        for name in sorted(wanted & DECIDED) if played.is_whole and seen.calls else ():
            if name in broken or happened(name, seen):
                played.show(name)
            else:
                played.untested.setdefault(name, say("play-not-shown"))


def _named(step: Step, play: Play) -> Step:
    """Return the step with what was saved in place of its names."""
    changes = [
        replace(one, value=_text(play.names[one.value[1:]])) if one.value[1:] in play.names else one
        for one in step.changes
    ]
    return replace(step, changes=tuple(changes))


def _text(found: str | list[str]) -> str:
    return found if isinstance(found, str) else found[0]
