"""An Outcome and the target's known failures in, the same waived, or stale, out."""

from dataclasses import replace
from datetime import date

from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Waived
from pytest_qimen.runner.model import Outcome
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status


def waived(outcome: Outcome, target: Target, today: date) -> Outcome:
    """Return the outcome waived where it is a known failure that lasts, stale where it passes or has expired.

    A glob is not stale because one of its cases passes: that is said when the run is over.
    """
    waiver = target.waiver(outcome.case.id)
    if waiver is None or outcome.status is Status.UNSUPPORTED or outcome.status.is_untested:
        return outcome
    if not outcome.status.is_broken:
        if not waiver.exact:
            return outcome
        return replace(outcome, status=Status.STALE, reason=Because(say("passes", reason=waiver.reason)))
    if waiver.expires < today:
        expired = Because(say("expired", date=str(waiver.expires)))
        return replace(outcome, status=Status.STALE, reason=expired)
    return replace(outcome, status=Status.WAIVED, reason=Waived(str(waiver.expires), waiver.reason))
