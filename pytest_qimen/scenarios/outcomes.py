"""What a run of a scenario showed in, the Outcome of its case out."""

from collections.abc import Mapping
from dataclasses import replace

from pytest_qimen.calls.call import Caller
from pytest_qimen.cases import Case
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.cases.scenario_read import judged
from pytest_qimen.client.transport import Exchange
from pytest_qimen.listening.answers import exchange_of
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.reasons import Because, Network
from pytest_qimen.runner.model import Outcome
from pytest_qimen.scenarios.play import Taken
from pytest_qimen.scenarios.played import Played
from pytest_qimen.scenarios.script import closes
from pytest_qimen.verdict import Evidence, Level, Showing, Status, status_of

KEPT = 20  # exchanges of a scenario


def outcome_of(case: Case, played: Played, caller: Caller, origin: str) -> Outcome:
    """Return how the case ends: a must that stayed untested is never hidden by a should that was shown.

    `origin` is the scheme and host that the calls were sent to.
    """
    status, reason = status_of(played.findings), None
    if status is not Status.FAIL and played.errors:
        status, reason = Status.ERROR, Because(played.errors[0])
    elif status is not Status.FAIL and (why := _missed(played, status)):
        status, reason = Status.UNTESTED, Because(why)
    exchanges = tuple(_exchange(one, caller, origin) for one in played.taken[-KEPT:])
    showing = _showing(played, status)
    return Outcome(case, status, tuple(played.findings), reason, exchanges, showing=showing)


def _showing(played: Played, status: Status) -> Showing | None:
    """Return what a verdict rests on: a red one on its strongest evidence, another on its weakest."""
    if not status.is_judged or not (played.shown or played.findings):
        return None
    worst = min((one.level for one in played.findings), key=lambda level: level.rank, default=None)
    red = [one.check for one in played.findings if one.level is worst] if status.is_broken else []
    choose = min if red else max
    rests_on = [played.evidence.get(name, Evidence.WIRE) for name in red or played.shown]
    evidence = choose(rests_on, key=lambda one: one.rank)
    return Showing(evidence, tuple(sorted(played.shown - {*played.untested})), tuple(played.attested))


def _missed(played: Played, status: Status) -> Phrase | None:
    """Return why the case shows too little: a must, or what it is about first of all, was not seen."""
    lacking = _lacking(played)
    if Level.MUST in lacking or (lacking and not played.shown):
        return next(iter(played.untested.values()))
    first = (*played.scenario.requirements, *played.scenario.observes)[0]
    return None if status.is_broken else played.untested.get(first)


def _lacking(played: Played) -> set[Level]:
    """Return the levels of what stayed untested."""
    levels: Mapping[str, Level] = {one.requirement: one.level for one in judged(played.scenario)}
    known = load_caller_requirements()
    return {levels.get(name) or known[name].level for name in played.untested}


def _exchange(one: Taken, caller: Caller, origin: str) -> Exchange:
    """Return a call and its answer as they were sent and received; what was to be lost has no status."""
    seconds = max(0.0, (one.answered or one.arrived) - one.arrived)
    sent = exchange_of(one.call, caller, origin, seconds)  # the call was kept before its answer was made
    if one.script.way in ("lost", "reset", "hang", "closed") and not closes(one.script):
        return replace(sent, error=Network("reset", say("play-way", way=one.script.way)))
    return replace(sent, status=one.status, headers=one.headers, body=one.answer)
