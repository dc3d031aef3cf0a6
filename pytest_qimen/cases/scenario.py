"""What a scenario is: what a caller is led to send, what it is answered, what it must do then.

A Scenario is a list of beats. It is bound to a document: the first new one that its first Wait takes.
cases/README.md describes the tables that it is read from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from pytest_qimen.cases.model import Step
from pytest_qimen.spec import Api
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

TASKS = ("send", "resend", "change", "cancel", "read", "state")  # what a driver can be asked to do
OUTCOMES = ("success", "failure", "unknown", "pending")  # what a driver reports
WINDOWS = ("ask", "retry", "quiet")  # whose length the target file says; others are written `30s`
CHECKS = ("is", "not", "in", "count", "at-most", "present", "absent", "unique", "sum", "holds", "same")
OVER = ("last", "sum", "unique", "covers", "arrived", "only-lost")  # judged over all calls of a beat together
SAME = ("keys", "content")  # what `same` compares with the call that opened the scenario


@dataclass(frozen=True, slots=True)
class Judged:
    """What a beat or a check decides: a requirement, and the level at which it is broken here."""

    requirement: str
    level: Level


@dataclass(frozen=True, slots=True)
class Script:
    """What a call is answered: `reply` says what stands in the answer, `way` what becomes of it on its way.

    Both are words of `script_words`, each with its `:argument` where it has one; `way` is empty where the
    answer arrives as it is.
    """

    reply: str = "success"
    reply_argument: str = ""
    way: str = ""
    way_argument: str = ""


@dataclass(frozen=True, slots=True)
class CallCheck:
    """What calls must hold: `kind` is one of CHECKS or OVER; its value may be `@name` of what was saved.

    `covers` counts elements over all calls, `arrived` the documents whose last call got a clear success;
    with `only-lost` nothing comes again that was clearly answered. Kinds without a path: these two, `holds`
    (some text of the message is the value) and `same` (its keys, or all but its keys, are those of the call
    that opened the scenario).
    """

    path: str
    kind: str
    value: Any
    judged: Judged


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the driver, or a person, for something: `do` is one of TASKS, `want` what the message should hold.

    `wish` is the method; where it is empty, the one that opened the scenario. With `when_up` it is asked as
    soon as somebody listens again. `tell` is what a person is told, where the words of the task are too few.
    """

    do: str
    wish: str = ""
    key: str = ""
    want: Mapping[str, Any] = field(default_factory=dict)
    when_up: bool = False
    tell: Text | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for `times` calls of the thread whose method fits one of `methods` (globs), and answer them.

    With `again` it is the same document that must come again, by itself or, with `or_ask`, when asked for;
    with `bound` the call must name a document that came before in this scenario.
    `scripts` are the answers in their order; the last one answers all further calls. `judged` is what is
    broken where no call comes; None where that only leaves the scenario untested. `shows` is a requirement
    that holds as soon as the call comes, empty for none.
    """

    methods: tuple[str, ...]
    scripts: tuple[Script, ...]
    within: str
    times: int = 1
    again: bool = False
    or_ask: bool = False
    bound: bool = False
    judged: Judged | None = None
    shows: str = ""
    checks: tuple[CallCheck, ...] = ()
    over: tuple[CallCheck, ...] = ()
    save: Mapping[str, str] = field(default_factory=dict)

    def names(self, api: Api) -> bool:
        """Return True for a method that it waits for; `*` alone is every one that changes something."""
        if self.methods == ("*",):
            return not api.readonly and api.method != "service.heartbeat"
        return any(fnmatchcase(api.method, glob) for glob in self.methods)


@dataclass(frozen=True, slots=True)
class Quiet:
    """In this window the opening message does not come again, nor its like under another key.

    With `storm` it may come again, but not more often a minute than the target file allows.
    """

    window: str
    judged: Judged
    storm: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """The suite calls the system's own endpoint: how a warehouse gets what it confirms."""

    step: Step


@dataclass(frozen=True, slots=True)
class Report:
    """What the driver must report: one of `outcomes`, and `values`; nothing is judged without a driver."""

    outcomes: tuple[str, ...]
    judged: Judged
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attest:
    """A sentence of which a person says whether it holds."""

    text: Text
    judged: Judged


Beat: TypeAlias = Ask | Wait | Quiet | Send | Report | Attest


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; `id` is a path that never changes its meaning.

    `side` is erp, wms, oms or any; `opens` the globs of the methods whose call opens it. `observes` are the
    requirements that the checks of calls and of the journal decide while it runs, beside those of its beats.
    """

    id: str
    file: str
    side: str
    opens: tuple[str, ...]
    title: Text
    tell: Text
    level: Level
    clause: str
    beats: tuple[Beat, ...]
    requirements: tuple[str, ...]
    observes: tuple[str, ...] = ()
    let: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_alone(self) -> bool:
        """Return True where nothing else may run: all goes down, much comes at once, or a list is read."""
        return any(
            (isinstance(beat, Ask) and beat.want.get("documents", 1) > 1)
            or (isinstance(beat, Wait) and any(map(_needs_all, beat.scripts)))
            for beat in self.beats
        )


def _needs_all(script: Script) -> bool:
    """Return True for an answer that others must not share, or that two readers of one list would mix up."""
    return script.way in ("down", "closed") or script.reply == "pages"
