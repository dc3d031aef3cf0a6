"""A step that has to be refused in, what a later edition of the platform says about it out."""

from pytest_qimen.cases.model import Step
from pytest_qimen.phrases import Phrase
from pytest_qimen.spec import milder_later

_BREAKS = {"drop": "need", "empty": "need", "put": "length"}  # a change -> the rule that it may break


def milder_note(step: Step) -> Phrase | None:
    """Return that a later edition allows what the step expects to be refused; None where it does not."""
    if step.expect != "failure":
        return None
    found = (milder_later(step.api, one.path, _BREAKS[one.op]) for one in step.changes if one.op in _BREAKS)
    return next(filter(None, found), None)
