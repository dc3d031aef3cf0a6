"""What every check sees: an exchange, its step, the answer that was read, and the message that was sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pytest_qimen import xml
from pytest_qimen.cases import Step
from pytest_qimen.checks.answer import Answer
from pytest_qimen.client.transport import Exchange
from pytest_qimen.verdict import Finding, Level


@dataclass(frozen=True, slots=True)
class Evidence:
    """One exchange of a case; the values of the step's checks are resolved already.

    `level` and `clause` are those of the case, for findings about what only the case demands.
    """

    exchange: Exchange
    step: Step
    answer: Answer
    message: xml.Element | None
    level: Level = Level.MUST
    clause: str = ""


Check: TypeAlias = Callable[[Evidence], Iterator[Finding]]
