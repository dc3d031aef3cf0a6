"""An Outcome in, what a person needs to find the fault out: requirement, clause, evidence, the request."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from textwrap import indent

from pytest_qimen import console
from pytest_qimen.cases import bundled_cases, bundled_files, find_case, flow_toml, milder_note
from pytest_qimen.cases.requirements import Requirement, load_requirements
from pytest_qimen.client.transport import Exchange
from pytest_qimen.console import plain
from pytest_qimen.errors import UsageError, closest
from pytest_qimen.phrases import say, text_of
from pytest_qimen.report.curl import answer_text, curl
from pytest_qimen.runner import Outcome
from pytest_qimen.spec import later_method
from pytest_qimen.verdict import Level

MOST = 20  # cases of a requirement that are named
HEADINGS = ("requirement", "clause", "request", "at", "expected", "actual")


def explain(outcome: Outcome, language: str = "en") -> Iterator[str]:
    """Yield the outcome as text: findings first, then the request that the first speaks of and its answer.

    A sequence that was drawn ends as the flow that runs it again.
    """
    case = outcome.case
    words = {name: say(name).text(language) for name in HEADINGS}
    titles = (case.title.en, case.title.zh)[:: 1 if language == "en" else -1]
    shown_level = level_of(outcome)
    yield f"{outcome.status.value.upper()}  {case.id}  ({say(shown_level.value).text(language)})"
    title = " · ".join(titles)
    yield title if shown_level is case.level else say("beside-record", title=title).text(language)
    yield f"{words['requirement']}: {', '.join(case.requirements)}   {words['clause']}: {case.clause}"
    if outcome.reason:
        yield plain(outcome.reason.text(language))
    for finding in outcome.findings:
        level = say(finding.level.value).text(language)
        yield ""
        yield f"{finding.check} ({level}, {words['request']} {finding.step}, {finding.clause})"
        if finding.path:
            yield f"  {words['at']:<8} {plain(finding.path)}"
        yield f"  {words['expected']:<8} {plain(text_of(finding.expected, language))}"
        yield f"  {words['actual']:<8} {plain(text_of(finding.actual, language))}"
    shown = shown_of(outcome)
    if shown:
        yield ""
        yield console.shown(curl(shown.request))
        yield indent(console.shown(answer_text(shown)), "  ", lambda line: True)
    if outcome.drawn and len(case.steps) > 1:
        yield "\n# cases/flows/drawn.toml"
        yield flow_toml(case)


def level_of(outcome: Outcome) -> Level:
    """Return the level of the case; of one that only records and is red all the same, that of what broke."""
    if outcome.case.level.is_judged or not outcome.status.is_red(Level.SHOULD):
        return outcome.case.level
    return min(
        (one.level for one in outcome.findings), key=lambda level: level.rank, default=outcome.case.level
    )


def about(identity: str) -> Iterator[str]:
    """Yield what a case or a requirement wants, where that stands, and how to leave it out or forgive it."""
    requirements = load_requirements()
    if identity in requirements:
        yield from _about_requirement(requirements[identity])
        return
    if later := later_method(identity):
        yield f"{later} · {later.text('zh')}"
        return
    if "/" not in identity:
        raise UsageError(f"no requirement {identity!r}{closest(identity, requirements)}")
    case = find_case(identity)
    yield f"{case.id}  ({case.level.value}, {case.family})"
    yield f"{case.title.en} · {case.title.zh}"
    yield f"clause: {case.clause}"
    for name in case.requirements:
        text = requirements[name].text
        yield f"{name}: {text.en} · {text.zh}"
    for number, step in enumerate(case.steps, 1):
        changes = ", ".join(f"{change.op} {change.path} {change.value}".strip() for change in step.changes)
        message = f"{step.base} message, {changes or 'unchanged'}"
        yield f"request {number}: {step.api.method}, {message}, expects {step.expect}"
        if note := milder_note(step):
            yield f"  {note} · {note.text('zh')}"
    yield f"leave it out:  pytest --deselect '{case.file}::{case.id.split('/', 2)[2]}'"
    yield f'forgive it:    [[known]] with id = "{case.id}" in the target file'


def _about_requirement(wanted: Requirement) -> Iterator[str]:
    yield f"{wanted.id}  ({wanted.level.value})"
    yield f"{wanted.text.en} · {wanted.text.zh}"
    yield f"clause: {wanted.document} {wanted.section}"
    if wanted.untested:
        yield f"not tested: {wanted.untested.en} · {wanted.untested.zh}"
        return
    found = [
        case.id
        for path in bundled_files()
        for case in bundled_cases(path)
        if wanted.id in case.requirements or any(fnmatchcase(case.id, glob) for glob in wanted.cases)
    ]
    yield f"tested by {len(found)} case{'s' * (len(found) != 1)}:"
    yield from (f"  {name}" for name in found[:MOST])
    if len(found) > MOST:
        yield f"  … and {len(found) - MOST} more"


def shown_of(outcome: Outcome) -> Exchange | None:
    """Return the last exchange of the first finding's step; without a finding the last of all."""
    wanted = outcome.findings[0].step if outcome.findings else 0
    own = [one for one, step in zip(outcome.exchanges, outcome.steps, strict=False) if step == wanted]
    return next(reversed([*outcome.exchanges, *own]), None)
