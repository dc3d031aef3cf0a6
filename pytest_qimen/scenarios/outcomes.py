"""What a run of a scenario showed in, the Outcome of its case out."""

from collections.abc import Mapping

from pytest_qimen.cases import Case
from pytest_qimen.cases.scenario_read import judged
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Network
from pytest_qimen.runner.model import Outcome
from pytest_qimen.scenarios.engine import Played
from pytest_qimen.scenarios.play import Taken
from pytest_qimen.verdict import Level, Status, status_of

KEPT = 20  # exchanges of a scenario


def outcome_of(case: Case, played: Played, origin: str) -> Outcome:
    """Return how the case ends: a must that stayed untested is never hidden by a should that was shown.

    `origin` is the scheme and host that the calls were sent to.
    """
    status, reason = status_of(played.findings), None
    lacking = _lacking(played)
    if status is not Status.FAIL and played.errors:
        status, reason = Status.ERROR, Because(say("play-broke", why=played.errors[0]))
    elif status is not Status.FAIL and (Level.MUST in lacking or (lacking and not played.shown)):
        status, reason = Status.UNTESTED, Because(next(iter(played.untested.values())))
    exchanges = tuple(_exchange(one, origin) for one in played.taken[-KEPT:])
    return Outcome(case, status, tuple(played.findings), reason, exchanges)


def _lacking(played: Played) -> set[Level]:
    """Return the levels of what stayed untested."""
    levels: Mapping[str, Level] = {one.requirement: one.level for one in judged(played.scenario)}
    return {levels.get(name, played.scenario.level) for name in played.untested}


def _exchange(one: Taken, origin: str) -> Exchange:
    """Return a call and its answer as they were sent and received; what was to be lost has no status."""
    heard = one.call.heard
    request = SignedRequest(heard.verb, f"{origin}{heard.target}", heard.headers, heard.body, one.call.every)
    seconds = max(0.0, (one.answered or one.arrived) - one.arrived)
    if one.script.way in ("lost", "reset", "hang", "closed"):
        error = Network("reset", say("play-way", way=one.script.way))
        return Exchange(request, None, (), b"", seconds, error)
    return Exchange(request, one.status, one.headers, one.answer, seconds)
