"""A run that listened in, every reason why it is no evidence that what the system sends is right, out."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.calls.call import Caller
from pytest_qimen.cases.caller_cases import bundled_scenarios
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
from pytest_qimen.spec import Api, load_all
from pytest_qimen.verdict import Level, Status

SENT = "callers/sent/"
BAD = (Status.FAIL, Status.STALE, Status.WAIVED, Status.BLOCKED, Status.UNTESTED, Status.ERROR)


def objections(run: RecordedRun) -> Iterator[Phrase]:
    """Yield every must that was not chosen, is broken or was not tested; each by name."""
    if run.head.caller is None:
        yield say("no-caller-claims")
        return
    ran = {case.id for case in run.cases}
    wanted = [case.id for case in bundled_scenarios().values() if case.level is Level.MUST]
    wanted += [f"{SENT}{api.name}" for api in _of_sides(run.head.caller)]
    yield from _named(say("filtered-out"), [name for name in wanted if name not in ran])
    musts = [case for case in run.cases if case.level is Level.MUST]
    for status in BAD:
        yield from _named(status.value, [case.id for case in musts if case.status is status])
    odd = [case.id for case in musts if case.status is Status.UNSUPPORTED and not left_out(case)]
    yield from _named(Status.UNSUPPORTED.value, odd)
    yield from _named(say("not-shown"), list(_not_shown(run, run.head.caller)))


def left_out(case: CaseRecord) -> bool:
    """Return True when the profile itself says that this is not tested."""
    return case.status is Status.UNSUPPORTED and isinstance(case.reason, ByProfile)


def is_of_side(case: CaseRecord, claims: CallerRecord) -> bool:
    """Return False for a scenario of a side that nobody claims."""
    scenario = load_scenarios().get(case.id)
    return scenario is None or scenario.side in ("any", *claims.sides)


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


def _of_sides(claims: CallerRecord) -> Iterator[Api]:
    """Return every method that these sides call, claimed or not."""
    every = replace(claims.profile, sends=("*",), without=())
    return filter(every.claims, load_all())


def _not_shown(run: RecordedRun, claims: CallerRecord) -> Iterator[str]:
    """Yield the musts that no case of the run judged, although what is claimed could show them."""
    tested = {name for case in run.cases if case.status.is_good for name in case.tested}
    claimed = [api for api in _of_sides(claims) if claims.profile.claims(api)]
    prefixed = (run.head.profile or Profile()).prefixed
    caller = Caller("key", "secret", "", prefixed)
    for wanted in _musts(claims):
        if wanted.id not in tested and _is_judged(wanted.id):
            shown = any(applies(wanted.id, Shown(api, caller, 2, api.request.fields)) for api in claimed)
            if shown or any(
                _decides(case.id, wanted.id)
                for case in run.cases
                if case.id in load_scenarios() and not left_out(case)
            ):
                yield wanted.id


def _named(word: Said, names: list[str]) -> Iterator[Phrase]:
    """Yield `3 musts untested: call/signed, key/stable, …`; nothing for none."""
    if names:
        short = ", ".join(sorted(name.removeprefix("callers/").removeprefix("caller.") for name in names))
        phrase = "caller-musts" if len(names) > 1 else "caller-must"
        yield say(phrase, number=len(names), word=word, names=short)
