"""An Outcome in, what a person needs to find the fault out: requirement, clause, evidence, the request."""

from collections.abc import Iterator

from pytest_qimen.cases import find_case
from pytest_qimen.report.curl import answer_text, curl
from pytest_qimen.requirements import load_requirements
from pytest_qimen.runner import Outcome
from pytest_qimen.transport import Exchange


def explain(outcome: Outcome) -> Iterator[str]:
    """The outcome as text: findings first, then the request that the first speaks of and its answer."""
    case = outcome.case
    yield f"{outcome.status.value.upper()}  {case.id}  ({case.level.value})"
    yield f"{case.title.en} · {case.title.zh}"
    yield f"requirement: {', '.join(case.requirements)}   clause: {case.clause}"
    if outcome.cause:
        yield outcome.cause
    for finding in outcome.findings:
        yield ""
        yield f"{finding.check} ({finding.level.value}, request {finding.step}, {finding.clause})"
        if finding.path:
            yield f"  at       {finding.path}"
        yield f"  expected {finding.expected}"
        yield f"  actual   {finding.actual}"
    shown = _shown(outcome)
    if shown:
        yield ""
        yield curl(shown.request)
        yield answer_text(shown)


def about(identity: str) -> Iterator[str]:
    """What a case wants, which sentences of the documents it tests, and how to leave it out or forgive it."""
    case = find_case(identity)
    requirements = load_requirements()
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
    yield f"leave it out:  pytest --deselect '{case.file}::{case.id.split('/', 2)[2]}'"
    yield f'forgive it:    [[known]] with id = "{case.id}" in the target file'


def _shown(outcome: Outcome) -> Exchange | None:
    """The last exchange of the step that the first finding speaks of; without a finding the last of all."""
    wanted = outcome.findings[0].step if outcome.findings else 0
    own = [one for one, step in zip(outcome.exchanges, outcome.steps, strict=False) if step == wanted]
    return next(reversed([*outcome.exchanges, *own]), None)
