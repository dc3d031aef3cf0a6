"""A run that listened in, every reason why it is no evidence that what the system sends is right, out."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.calls.call import Caller
from pytest_qimen.cases.caller_cases import bundled_scenarios, unclaimed
from pytest_qimen.cases.callers import CallerRequirement, load_caller_requirements
from pytest_qimen.cases.scenario_read import load_scenarios, shows
from pytest_qimen.checks.callers.applies import Shown, applies
from pytest_qimen.checks.callers.judging import AT_THE_PORT, JUDGED
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.reasons import ByProfile
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Profile
from pytest_qimen.spec import Api, Field, load_all
from pytest_qimen.verdict import Level, Status

SENT = "callers/sent/"
BAD = (Status.FAIL, Status.STALE, Status.WAIVED, Status.BLOCKED, Status.UNTESTED, Status.ERROR)


def objections(run: RecordedRun) -> Iterator[Phrase]:
    """Yield every must of what is claimed that was not chosen, is broken or was not tested; each by name."""
    claims = run.head.caller
    if claims is None:
        yield say("no-caller-claims")
        return
    ran = {case.id for case in run.cases}
    if ran.isdisjoint(load_scenarios()):
        yield say("no-scenario-played")
        return
    yield from _named(say("filtered-out"), [name for name in _wanted(claims) if name not in ran])
    musts = [case for case in run.cases if case.level is Level.MUST]
    for status in BAD:
        yield from _named(status.value, [case.id for case in musts if case.status is status])
    odd = [case.id for case in musts if case.status is Status.UNSUPPORTED and not left_out(case)]
    yield from _named(Status.UNSUPPORTED.value, odd)
    absent = {one.id for one in never_sent(run, claims)}
    shown = [one.id for one in _not_shown(run, claims) if one.id not in absent]
    yield from _named(say("not-shown"), shown)


def _wanted(claims: CallerRecord) -> Iterator[str]:
    """Yield the musts that a run must have of these sides and methods."""
    for name, case in bundled_scenarios().items():
        if case.level is Level.MUST and not unclaimed(load_scenarios()[name], claims.profile):
            yield name
    yield from (f"{SENT}{api.name}" for api in _claimed(claims))


def left_out(case: CaseRecord) -> bool:
    """Return True when the profile itself says that this is not tested."""
    return case.status is Status.UNSUPPORTED and isinstance(case.reason, ByProfile)


def is_of_side(case: CaseRecord, claims: CallerRecord) -> bool:
    """Return False for a scenario of a side, or about a method of one, that nobody claims."""
    scenario = load_scenarios().get(case.id)
    whole = replace(claims.profile, sends=("*",), without=())
    return scenario is None or not unclaimed(scenario, whole)


def not_testable(claims: CallerRecord) -> Iterator[str]:
    """Yield the musts of these sides that nothing can show; each says why in its requirement."""
    for wanted in _musts(claims):
        if not _is_judged(wanted.id):
            yield wanted.id


def _musts(claims: CallerRecord) -> Iterator[CallerRequirement]:
    for wanted in load_caller_requirements().values():
        if wanted.level is Level.MUST and wanted.side in ("any", *claims.sides):
            yield wanted


def _is_judged(name: str) -> bool:
    return name in JUDGED | AT_THE_PORT or any(_decides(one, name) for one in load_scenarios())


def _decides(identity: str, name: str) -> bool:
    return shows(load_scenarios()[identity], name)


def _claimed(claims: CallerRecord) -> list[Api]:
    return [api for api in load_all() if claims.profile.claims(api)]


def never_sent(run: RecordedRun, claims: CallerRecord) -> Iterator[CallerRequirement]:
    """Yield the musts about what no claimed method demands, no scenario provokes, and no call held."""
    for wanted in _not_shown(run, claims):
        demanded = any(_is_demanded(wanted, run, api) for api in _claimed(claims))
        if wanted.optional and not demanded and not _is_provoked(run, wanted):
            yield wanted


def _is_demanded(wanted: CallerRequirement, run: RecordedRun, api: Api) -> bool:
    """Return True where every legal call of the method tests it, or too few came to know that none does."""
    calls = sum(case.requests for case in run.cases if case.id == f"{SENT}{api.name}")
    fields = api.request.fields
    too_few = _tests(wanted, run, api, fields) and not _tests(wanted, run, api, fields, calls)
    return too_few or _tests(wanted, run, api, api.request.demanded)


def _not_shown(run: RecordedRun, claims: CallerRecord) -> Iterator[CallerRequirement]:
    """Yield the musts that no case of the run judged, although what is claimed could show them."""
    tested = {name for case in run.cases if case.status.is_good for name in case.tested}
    for wanted in _musts(claims):
        if wanted.id not in tested and _is_judged(wanted.id):
            could = (_tests(wanted, run, api, api.request.fields) for api in _claimed(claims))
            if any(could) or _is_provoked(run, wanted):
                yield wanted


def _is_provoked(run: RecordedRun, wanted: CallerRequirement) -> bool:
    """Return True where a scenario that was not left out decides the requirement."""
    played = (case.id for case in run.cases if case.id in load_scenarios() and not left_out(case))
    return any(_decides(name, wanted.id) for name in played)


def _tests(
    wanted: CallerRequirement, run: RecordedRun, api: Api, rows: tuple[Field, ...], calls: int = 2
) -> bool:
    """Return True where so many calls that hold these fields are a test of the requirement."""
    caller = Caller("key", "secret", "", (run.head.profile or Profile()).prefixed)
    return applies(wanted.id, Shown(api, caller, calls, rows))


def _named(word: Said, names: list[str]) -> Iterator[Phrase]:
    """Yield `3 musts untested: call/signed, key/stable, …`; nothing for none."""
    if names:
        short = ", ".join(sorted(name.removeprefix("callers/").removeprefix("caller.") for name in names))
        phrase = "caller-musts" if len(names) > 1 else "caller-must"
        yield say(phrase, number=len(names), word=word, names=short)
