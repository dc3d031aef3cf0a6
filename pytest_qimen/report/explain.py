"""An Outcome in, what a person needs to find the fault out: requirement, clause, evidence, the request."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from textwrap import indent

from pytest_qimen import console
from pytest_qimen.cases import (
    Case,
    Kind,
    Step,
    bundled_cases,
    bundled_files,
    find_case,
    flow_toml,
    milder_note,
    plain_id,
)
from pytest_qimen.cases.callers import CallerRequirement, load_caller_requirements
from pytest_qimen.cases.requirements import Requirement, load_requirements
from pytest_qimen.cases.scenario_read import load_scenarios, shows
from pytest_qimen.client.transport import Exchange
from pytest_qimen.console import plain, width_of
from pytest_qimen.errors import UsageError, closest
from pytest_qimen.phrases import Phrase, counted, say, text_of
from pytest_qimen.report.curl import answer_text, curl
from pytest_qimen.runner import Outcome
from pytest_qimen.spec import PREFIX, later_method, load_api, methods
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

MOST = 20  # cases of a requirement that are named
LABEL = 9  # columns of a word before what was expected, and before what came
HEADINGS = ("requirement", "clause", "request", "at", "expected", "actual")


def explain(outcome: Outcome, language: str = "en") -> Iterator[str]:
    """Yield the outcome as text: findings first, then the request that the first speaks of and its answer.

    A sequence that was drawn ends as the flow that runs it again.
    """
    case = outcome.case
    words = {name: say(name).text(language) for name in HEADINGS}
    shown_level = level_of(outcome)
    yield f"{outcome.status.value.upper()}  {case.id}  ({say(shown_level.value).text(language)})"
    title = _both(case.title, language)
    yield title if shown_level is case.level else say("beside-record", title=title).text(language)
    yield f"{words['requirement']}: {', '.join(case.requirements)}   {words['clause']}: {case.clause}"
    if outcome.showing:
        yield say("rests-on", evidence=say(f"evidence-{outcome.showing.evidence}")).text(language)
    if outcome.reason:
        yield plain(outcome.reason.text(language))
    for finding in outcome.findings:
        level = say(finding.level.value).text(language)
        yield ""
        yield f"{finding.check} ({level}, {words['request']} {finding.step}, {finding.clause})"
        if finding.path:
            yield _beside(words["at"], finding.path)
        yield _beside(words["expected"], text_of(finding.expected, language))
        yield _beside(words["actual"], text_of(finding.actual, language))
    shown = shown_of(outcome)
    if shown:
        yield ""
        yield console.shown(curl(shown.request))
        yield indent(console.shown(answer_text(shown)), "  ", lambda line: True)
    if outcome.drawn and len(case.steps) > 1:
        yield "\n# cases/flows/drawn.toml"
        yield flow_toml(case)


def _beside(word: str, text: str) -> str:
    return f"  {word}{' ' * (LABEL - width_of(word))}{plain(text)}"


def level_of(outcome: Outcome) -> Level:
    """Return the level of the case; of one that only records and is red all the same, that of what broke."""
    if outcome.case.level.is_judged or not outcome.status.is_red(Level.SHOULD):
        return outcome.case.level
    return min(
        (one.level for one in outcome.findings), key=lambda level: level.rank, default=outcome.case.level
    )


def about(identity: str, language: str = "en") -> Iterator[str]:
    """Yield what a case or a requirement wants and where that stands, or the cases of a method."""
    requirements = load_requirements()
    if identity in requirements:
        yield from _about_requirement(requirements[identity], language)
        return
    if wanted := _of_callers(identity):
        yield from _about_caller(wanted, language)
        return
    if later := later_method(identity):
        yield _both(Text(later.text("zh"), later.text()), language)
        return
    bare = {name: name.partition("/")[2] for name in methods()}
    method = plain_id(identity).removeprefix(PREFIX).removesuffix(".toml")
    if found := [name for name in bare if method in (name, bare[name])]:
        for name in found:
            yield from _about_method(name, language)
        return
    if "/" not in identity:
        near = closest(identity, [*requirements, *bare.values()])
        raise UsageError(say("no-requirement", identity=identity, near=near))
    yield from _about_case(find_case(identity), requirements, language)


def _about_case(case: Case, requirements: Mapping[str, Requirement], language: str) -> Iterator[str]:
    yield f"{case.id}  ({say(case.level.value).text(language)}, {case.family})"
    yield _both(case.title, language)
    yield f"{say('clause').text(language)}: {case.clause}"
    texts = {name: one.text for name, one in requirements.items()}
    texts |= {name: one.text for name, one in load_caller_requirements().items()}
    for name in case.requirements:
        yield f"{name}: {_both(texts[name], language)}"
    if case.kind is Kind.SCENARIO:
        yield say("to-do", what=_both(load_scenarios()[case.id].tell, language)).text(language)
    for number, step in enumerate(case.steps, 1):
        yield _step(number, step).text(language)
        if note := milder_note(step):
            yield f"  {_both(Text(note.text('zh'), note.text()), language)}"
    yield say("leave-out", node=f"{case.file}::{case.id.split('/', 2)[2]}").text(language)
    yield say("forgive", case=case.id).text(language)


def _both(text: Text, language: str) -> str:
    """Return a label: for readers of Chinese in Chinese, for others in both languages."""
    return text.zh if language == "zh" else f"{text.en} · {text.zh}"


def _step(number: int, step: Step) -> Phrase:
    changes = ", ".join(f"{change.op} {change.path} {change.value}".strip() for change in step.changes)
    return say(
        "about-step",
        number=number,
        method=step.api.method,
        base=say(f"base-{step.base}"),
        changes=changes or say("unchanged"),
        expect=say(f"expects-{step.expect}"),
    )


def _of_callers(identity: str) -> CallerRequirement | None:
    """Return the requirement of callers with this id, or that a case `callers/topic/name/…` is about."""
    if identity in load_scenarios():
        return None
    known = load_caller_requirements()
    parts = identity.split("/")
    if parts[0] == "callers" and parts[1:2] in (["sent"], ["fields"]):
        return known[f"caller.message.{'every-method' if parts[1] == 'sent' else 'variety'}"]
    return known.get(".".join(("caller", *parts[1:3])) if parts[0] == "callers" else identity)


def _about_caller(wanted: CallerRequirement, language: str) -> Iterator[str]:
    yield say("about-caller", id=wanted.id, level=say(wanted.level.value)).text(language)
    yield _both(wanted.text, language)
    yield f"{say('clause').text(language)}: {wanted.document} {wanted.section}"
    shown = [one.id for one in load_scenarios().values() if shows(one, wanted.id)]
    if wanted.untested and not shown:
        yield say("not-tested", why=_both(wanted.untested, language)).text(language)
    elif not wanted.untested:
        yield say("judged-by").text(language)
    if wanted.milder:
        yield say("judged-milder", why=_both(wanted.milder, language)).text(language)
    if wanted.optional:
        yield say("may-not-apply", why=_both(wanted.optional, language)).text(language)
    if shown:
        yield counted("count-shown-by", len(shown)).text(language)
        yield from _listed(shown, language)


def _listed(names: Sequence[str], language: str) -> Iterator[str]:
    """Yield the first names, and how many more there are."""
    yield from (f"  {name}" for name in names[:MOST])
    if len(names) > MOST:
        yield f"  {say('and-more', number=len(names) - MOST).text(language)}"


def _about_method(name: str, language: str) -> Iterator[str]:
    yield f"{name}  {load_api(name).title.zh}"
    yield from _testers([case.id for case in bundled_cases(methods()[name])], language)


def _about_requirement(wanted: Requirement, language: str) -> Iterator[str]:
    yield f"{wanted.id}  ({say(wanted.level.value).text(language)})"
    yield _both(wanted.text, language)
    yield f"{say('clause').text(language)}: {wanted.document} {wanted.section}"
    if wanted.untested:
        yield say("not-tested", why=_both(wanted.untested, language)).text(language)
        return
    found = [
        case.id
        for path in bundled_files()
        for case in bundled_cases(path)
        if wanted.id in case.requirements or any(fnmatchcase(case.id, glob) for glob in wanted.cases)
    ]
    yield from _testers(found, language)


def _testers(found: Sequence[str], language: str) -> Iterator[str]:
    yield counted("count-testers", len(found)).text(language)
    yield from _listed(found, language)


def shown_of(outcome: Outcome) -> Exchange | None:
    """Return the last exchange of the first finding's step; without a finding the last of all."""
    wanted = outcome.findings[0].step if outcome.findings else 0
    own = [one for one, step in zip(outcome.exchanges, outcome.steps, strict=False) if step == wanted]
    return next(reversed([*outcome.exchanges, *own]), None)
