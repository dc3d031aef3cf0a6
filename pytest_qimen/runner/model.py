"""How a case ended and what it left behind: Outcome, Created, and the ways in which a case breaks off."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_qimen.cases import Case
from pytest_qimen.client.transport import Exchange
from pytest_qimen.reasons import BlockedBy, Reason
from pytest_qimen.verdict import Finding, Showing, Status, status_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended: its status, what was found, why it was not judged or is forgiven, and the evidence.

    `steps` gives the step of each exchange, counted from 1, 0 for the clean-up; `drawn` counts the messages
    of a property, of which only the last is kept; `showing` is what a scenario rests on, else None.
    """

    case: Case
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: Reason | None = None
    exchanges: tuple[Exchange, ...] = ()
    seconds: float = 0.0
    drawn: int = 0
    steps: tuple[int, ...] = ()
    showing: Showing | None = None

    @property
    def cause(self) -> str:
        """Return the reason in English; empty where there is none."""
        return str(self.reason) if self.reason else ""

    @property
    def requests(self) -> int:
        """Return how many requests the case itself sent."""
        return self.drawn or len(self.exchanges)


@dataclass(frozen=True, slots=True)
class Created:
    """An entry of the ledger: a message that may have created something.

    `undo` is the method that takes it back, empty where there is none, with the fields of `undo_set`, the
    first of which names the thing; there are none where nothing names it. `until` is the method whose last
    message ends what was created: then there is nothing to be taken back. `final` marks such a message.
    `id` tells the messages of a run apart.
    """

    case: str
    method: str
    keys: Mapping[str, str]
    undo: str = ""
    undo_set: Mapping[str, str] = field(default_factory=dict)
    until: str = ""
    final: bool = True
    id: str = ""

    @property
    def name(self) -> str:
        """Return what the method that takes it back calls the thing; empty where nothing names it."""
        return next(iter(self.undo_set.values()), "")


@dataclass(frozen=True, slots=True)
class Left:
    """What could not be taken back, and why; not `sure`: no clear answer ever said that it was created."""

    entry: Created
    reason: Reason
    sure: bool = True


class BrokenOff(Exception):
    """A case that cannot go on; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Blocked(BrokenOff):
    """A step that only prepares did not work."""


class Unsupported(BrokenOff):
    """What the case needs of this machine or its network is not there."""


class Broke(BrokenOff):
    """The network or the suite itself failed."""


def is_usable(required: Outcome) -> bool:
    """Return True when what builds on the case can be tried: it holds, or was left out by the profile."""
    if required.status is Status.STALE:
        return status_of(required.findings).is_good
    return required.status.is_good or required.status is Status.UNSUPPORTED


def blame_of(required: Outcome) -> Reason:
    """Return why a case that requires this one is blocked: the first cause, not the last."""
    if required.status is Status.BLOCKED and required.reason:
        return required.reason
    return BlockedBy(required.case.id)
