"""An Outcome and the target's known failures in, the same waived, or stale, out."""

from dataclasses import replace
from datetime import date

from pytest_qimen.runner.model import Outcome
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status


def waived(outcome: Outcome, target: Target) -> Outcome:
    """A known failure is waived while it lasts; one that passes or has expired is stale.

    A glob is not stale because one of its cases passes: that is said when the run is over.
    """
    waiver = target.waiver(outcome.case.id)
    if waiver is None or outcome.status in (Status.UNSUPPORTED, Status.BLOCKED, Status.ERROR):
        return outcome
    if outcome.status not in (Status.FAIL, Status.WARN):
        if not waiver.exact:
            return outcome
        cause = f"passes, but is known as failing: {waiver.reason}"
        return replace(outcome, status=Status.STALE, cause=cause)
    if waiver.expires < date.today():
        return replace(outcome, status=Status.STALE, cause=f"the waiver expired on {waiver.expires}")
    return replace(outcome, status=Status.WAIVED, cause=f"until {waiver.expires}: {waiver.reason}")
