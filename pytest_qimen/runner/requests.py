"""Where the requests of a running case come from: composed and signed, or recorded in an earlier run."""

from dataclasses import replace
from typing import Protocol

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.runner.compose import Context, compose
from pytest_qimen.runner.setup import Setup
from pytest_qimen.runner.signed import signed
from pytest_qimen.target.model import Target

Made = tuple[SignedRequest, xml.Element]


class RequestSource(Protocol):
    """What gives a case its next request."""

    def next(self, step: Step, number: int, context: Context) -> Made:
        """Return the request of a step and its message; `number` is 0 for the clean-up."""


class Composed:
    """Composes each request from its step and signs it; a step with `again` repeats an earlier message."""

    def __init__(self, case: Case, target: Target, setup: Setup) -> None:
        self._case, self._target, self._setup = case, target, setup
        self._made: dict[int, xml.Element] = {}

    def next(self, step: Step, number: int, context: Context) -> Made:
        """Return the request of a step and its message."""
        if step.again:
            if step.again not in self._made:
                raise UsageError(say("again-before", case=self._case.id))
            root = self._made[step.again]
        else:
            root = compose(step, context, self._setup.give(step))
        self._made[number] = root
        if step.tampers:
            step = replace(step, tampers=tuple(map(context.lead.words, step.tampers)))
        return signed(self._target, step, root), root
