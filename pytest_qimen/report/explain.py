"""An Outcome in, what a person needs to find the fault out: requirement, clause, evidence, the request."""

from collections.abc import Iterator

from pytest_qimen.report.curl import answer_text, curl
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


def _shown(outcome: Outcome) -> Exchange | None:
    """The exchange of the first finding, where each step sent one request; else the last."""
    if not outcome.exchanges:
        return None
    if outcome.findings and len(outcome.exchanges) == len(outcome.case.steps):
        return outcome.exchanges[outcome.findings[0].step - 1]
    return outcome.exchanges[-1]
