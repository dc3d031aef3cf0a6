"""What a case is: Case, Step and Check, one frozen value each.

A case is a list of steps; most have one. cases/README.md describes the tables they are read from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pytest_qimen import spec
from pytest_qimen.messages.edits import Edit
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

EXPECTATIONS = ("success", "failure", "any")
JUDGES = ("verdict", "answer", "refusal", "safety", "delivery")
BASES = ("minimal", "typical", "bare", "none")
CHECKS = (
    *("is", "only", "not", "not-contains", "in", "count", "at-most", "sum", "present", "absent", "unique"),
    *("lists", "json", "within-minutes", "verbatim", "counts", "pages", "longest"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """What an answer must hold: `kind` is one of CHECKS, read at `path` where the siblings match `where`.

    `on` is the verdict on which it is judged (success, failure or any); `given` a name that must have a
    value, or `name=value` that value, else nothing is judged.
    """

    path: str
    kind: str
    value: Any
    where: Mapping[str, str] = field(default_factory=dict)
    on: str = "success"
    level: Level | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a case: its method, base message, changes, tampers, and what the answer should be.

    `given` marks a step that only prepares: when it fails the case is blocked, not failed. `save` keeps
    values for later steps (`name -> request:path` or `response:path`). `parallel` sends that many copies at
    once, or with `distinct` that many messages with keys of their own. `times` takes the step so often (what
    it saves becomes a list), `each` once for every value of a saved list (as `@each`). `again` is the number
    of the step whose message is sent once more, 0 for none; `abandon` hangs up before the answer. `message`
    is XML to start from instead of a base. `walk` names the saved cursor: the step is taken page by page as
    long as answers give one, and its checks are judged on all pages together. `wait` is how many seconds
    pass before it. `stop` ends the case, without a judgement, where the answer is a
    refusal.
    """

    api: spec.Api
    base: str = "minimal"
    changes: tuple[Edit, ...] = ()
    tampers: tuple[str, ...] = ()
    expect: str = "success"
    given: bool = False
    checks: tuple[Check, ...] = ()
    save: Mapping[str, str] = field(default_factory=dict)
    parallel: int = 1
    distinct: bool = False
    times: int = 1
    each: str = ""
    again: int = 0
    abandon: bool = False
    message: str = ""
    stop: bool = False
    walk: str = ""
    wait: int = 0


class Kind(StrEnum):
    """What a case is made of; how it is run and shown hangs on this, never on how its id begins."""

    SMOKE = "smoke"  # asks only for an answer at all
    MINIMAL = "minimal"  # the smallest message of a method
    TYPICAL = "typical"  # the message with every field
    ANSWER = "answer"  # judges the form of a method's answers
    METHOD = "method"  # written by hand in a method's file
    BOUNDARY = "boundary"  # just inside or just outside one constraint
    PROTOCOL = "protocol"  # written once for all roles
    FLOW = "flow"  # several requests in order
    READBACK = "readback"  # sends values and looks for them in a query
    LEGAL = "legal"  # draws legal messages
    ILLEGAL = "illegal"  # draws messages that break one constraint
    SUMS = "sums"  # draws sequences of stock changes
    BYTES = "bytes"  # damages the bytes of legal messages
    SCENARIO = "scenario"  # leads a caller to send, and watches what it does then

    @property
    def is_drawn(self) -> bool:
        """Return True for the kinds whose messages are drawn while they run."""
        return self in (Kind.LEGAL, Kind.ILLEGAL, Kind.SUMS, Kind.BYTES)


@dataclass(frozen=True, slots=True)
class Case:
    """Something to find out about an endpoint; `id` is a path that never changes its meaning.

    `requires` names the cases that must pass first, `let` the values that are made up once for all steps,
    `cleanup` the steps that always run in the end. `control` is an ordinary request that differs from the
    smallest one in the same field: when it is refused, too, the field takes only values that the endpoint
    knows. `judges` says which checks of the answer count here: "verdict" (accepted or refused, and what it
    holds), "answer" (its form), "refusal" (well-formed and no success, whatever its form), "safety" (that
    it survives and gives nothing away) or "delivery" (that what a legal client put onto the wire in an
    unusual way is accepted, however it is refused). An `alone` case looks at what others change (lists by
    time, totals of a warehouse): nothing else is under way while it runs.
    """

    id: str
    file: str
    role: str
    method: str
    level: Level
    family: str
    title: Text
    clause: str
    requirements: tuple[str, ...]
    steps: tuple[Step, ...]
    requires: tuple[str, ...] = ()
    let: Mapping[str, str] = field(default_factory=dict)
    cleanup: tuple[Step, ...] = ()
    control: Step | None = None
    judges: str = "verdict"
    kind: Kind = Kind.METHOD
    alone: bool = False

    @property
    def turn(self) -> int:
        """Return its place in a run: smoke, what holds for all methods, methods, flows, alone, scenarios."""
        if self.alone and self.kind is not Kind.SCENARIO:
            return 4
        return {Kind.SMOKE: 0, Kind.PROTOCOL: 1, Kind.FLOW: 3, Kind.SCENARIO: 5}.get(self.kind, 2)

    @property
    def is_foundation(self) -> bool:
        """Return True when it asks only for an answer: the form of answers is judged by other cases."""
        return self.kind in (Kind.SMOKE, Kind.MINIMAL)

    @property
    def apis(self) -> tuple[spec.Api, ...]:
        """Return every method that the case calls."""
        if self.kind is Kind.SCENARIO:
            return ()
        if not self.steps:
            return (spec.load_api(f"{self.role}/{self.method}"),)
        return tuple({step.api.name: step.api for step in self.steps}.values())


def probe_name(api: spec.Api) -> str:
    """Return the probe of the protocol files that speaks for this method: its role, or `store-top`."""
    return "store-top" if (api.role, api.protocol) == ("store", "top") else api.role


def smoke_id(api: spec.Api) -> str:
    """Return the case that must be answered at all before anything else of the role is tried."""
    return f"protocol/smoke/{probe_name(api)}/answers"


def minimal_id(api: spec.Api) -> str:
    """Return the case that must pass before anything else of the method makes sense."""
    return f"{api.name}/request/minimal"


def api_case(api: spec.Api, path: str, family: str, title: Text, **more: Any) -> Case:
    """Return a case of a method: must, and after its smallest message, unless `more` says otherwise."""
    settings: dict[str, Any] = {"level": Level.MUST, "clause": api.source, "requires": (minimal_id(api),)}
    return Case(
        id=f"{api.name}/{path}",
        file=api.file,
        role=api.role,
        method=api.method,
        family=family,
        title=title,
        **settings | more,
    )
