"""How a case ended and what it left behind: Outcome, Created, and the two ways in which a case breaks off."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_qimen.cases import Case
from pytest_qimen.client.transport import Exchange
from pytest_qimen.verdict import Finding, Status

GOOD = frozenset({Status.PASS, Status.INFO, Status.WARN})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended: its status, what was found, who is to blame when it was blocked, and the evidence.

    `steps` gives the step of each exchange, counted from 1, 0 for the clean-up; `drawn` counts the messages
    of a property, of which only the last is kept.
    """

    case: Case
    status: Status
    findings: tuple[Finding, ...] = ()
    cause: str = ""
    exchanges: tuple[Exchange, ...] = ()
    seconds: float = 0.0
    drawn: int = 0
    steps: tuple[int, ...] = ()

    @property
    def requests(self) -> int:
        """How many requests the case itself sent."""
        return self.drawn or len(self.exchanges)


@dataclass(frozen=True, slots=True)
class Created:
    """An entry of the ledger: a message that was accepted and may have created something.

    `undo` is the method that takes it back, empty where there is none, with the fields of `undo_set`.
    """

    case: str
    method: str
    keys: Mapping[str, str]
    undo: str = ""
    undo_set: Mapping[str, str] = field(default_factory=dict)


class Blocked(Exception):
    """A step that only prepares did not work; the text names it."""


class Broke(Exception):
    """The network or the suite itself failed; the text is the reason."""
