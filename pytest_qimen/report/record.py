"""What a run leaves on disk: one record type for each kind of line of events.jsonl.

Each has `to_json`, and `from_json`, which takes nothing that does not fit and raises Unfit. Members that a
later version adds are ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from pytest_qimen.phrases import say
from pytest_qimen.reasons import Reason, Told
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.members import Members, Unfit, as_text, as_whole
from pytest_qimen.runner import Created, Left
from pytest_qimen.spec import ROLES, Api, matches
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Level

Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Suite:
    """Which suite judged: its version and the digest of its case files."""

    version: str
    digest: str

    def __str__(self) -> str:
        return f"{self.version} ({self.digest})"

    def to_json(self) -> Json:
        """Return the members."""
        return {"version": self.version, "digest": self.digest}

    @classmethod
    def from_json(cls, found: Any, place: str = "suite") -> "Suite":
        """Return the suite; Unfit for what names none."""
        members = Members(found, place)
        return cls(members.text("version"), members.text("digest"))


@dataclass(frozen=True, slots=True)
class Profile:
    """What of the target's profile decides which cases can be tested."""

    roles: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    readonly: bool = False
    prefixed: tuple[str, ...] = ()
    version: str = "2.0"
    assigns: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    pinned: tuple[str, ...] = ()

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return what counts of a target."""
        pinned = tuple(sorted(target.data))
        same = {one.name: getattr(target, one.name) for one in fields(cls) if one.name != "pinned"}
        return cls(**same, pinned=pinned)

    def supports(self, api: Api) -> bool:
        """Return True when the target file claims the method."""
        claimed = matches(api.name, self.methods or ("*",)) and not matches(api.name, self.without)
        return api.role in (self.roles or ROLES) and claimed

    def to_json(self) -> Json:
        """Return the members."""
        return {
            "roles": list(self.roles),
            "methods": list(self.methods),
            "without": list(self.without),
            "readonly": self.readonly,
            "prefixed": list(self.prefixed),
            "version": self.version,
            "assigns": list(self.assigns),
            "limits": dict(self.limits),
            "pinned": list(self.pinned),
        }

    @classmethod
    def from_json(cls, found: Any) -> "Profile":
        """Return the profile; Unfit for what is none."""
        members = Members(found, "profile")
        lists = {
            name: members.texts(name, optional=True)
            for name in ("roles", "methods", "without", "prefixed", "assigns", "pinned")
        }
        return cls(
            **lists,
            readonly=members.flag("readonly"),
            version=members.text("version", "2.0"),
            limits=members.named("limits", as_whole, optional=True),
        )


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The first line: what was run against what, and how it was chosen.

    `side` says what was judged: "endpoint", "caller" where the suite listened, or "both"; `caller` is what
    the target file says of what is sent, None where nobody listened.
    """

    suite: Suite
    target: str
    url: str
    level: Level
    roles: tuple[str, ...]
    methods: tuple[str, ...]
    shards: tuple[str, ...]
    seed: str
    embedded: bool
    profile: Profile | None
    started: str
    side: str = "endpoint"
    caller: CallerRecord | None = None

    def to_json(self) -> Json:
        """Return the line."""
        return {
            "type": "run",
            "format": FORMAT,
            "side": self.side,
            "suite": self.suite.to_json(),
            "target": self.target,
            "url": self.url,
            "level": self.level.value,
            "roles": list(self.roles),
            "methods": list(self.methods),
            "shards": list(self.shards),
            "seed": self.seed,
            "embedded": self.embedded,
            "profile": self.profile.to_json() if self.profile else None,
            "started": self.started,
            **({"caller": self.caller.to_json()} if self.caller else {}),
        }

    @classmethod
    def from_json(cls, found: Any) -> "RunRecord":
        """Return the record; Unfit for another kind of line or one of a newer format."""
        members = Members(found)
        if found.get("type") != "run":
            raise Unfit(say("no-run"))
        if type(found.get("format")) is not int or found["format"] > FORMAT:
            raise Unfit(say("file-format-odd", version=found.get("format"), format=FORMAT))
        profile, caller = found.get("profile"), found.get("caller")
        return cls(
            suite=Suite.from_json(found.get("suite")),
            target=members.text("target"),
            url=members.text("url", ""),
            level=members.one_of("level", Level),
            roles=members.texts("roles", optional=True),
            methods=members.texts("methods", optional=True),
            shards=_shards(members),
            seed=members.text("seed"),
            embedded=members.flag("embedded"),
            profile=None if profile is None else Profile.from_json(profile),
            started=members.time("started"),
            side=members.text("side", "endpoint"),
            caller=CallerRecord.from_json(Members(caller, "caller")) if caller is not None else None,
        )


def _shards(members: Members) -> tuple[str, ...]:
    """Return the shards of a run; Unfit for a text that names none."""
    found = members.texts("shards", optional=True)
    for shard in found:
        if not re.fullmatch(r"[1-9]\d{0,5}/[1-9]\d{0,5}", shard, re.ASCII):
            raise Unfit(say("member-shard", shard=shard[:40]))
    return found


@dataclass(frozen=True, slots=True)
class EndRecord:
    """The last line: the run came to its end."""

    ended: str

    def to_json(self) -> Json:
        """Return the line."""
        return {"type": "end", "ended": self.ended}

    @classmethod
    def from_json(cls, found: Any) -> "EndRecord":
        """Return the record; Unfit for what is none."""
        return cls(Members(found).time("ended"))


@dataclass(frozen=True, slots=True)
class CreatedRecord:
    """A line of the ledger: what is about to be sent (`type` intent), was created, or is left (left)."""

    entry: Created
    type: str = "created"
    reason: Reason | None = None
    sure: bool = True

    @classmethod
    def of(cls, left: Left) -> "CreatedRecord":
        """Return the line that says what is left behind and why."""
        return cls(left.entry, "left", left.reason, left.sure)

    @property
    def left(self) -> Left:
        """Return what is left behind."""
        return Left(self.entry, self.reason or Told(""), self.sure)

    def to_json(self) -> Json:
        """Return the line."""
        entry = self.entry
        line: Json = {
            "type": self.type,
            "id": entry.id,
            "case": entry.case,
            "method": entry.method,
            "keys": dict(entry.keys),
            "undo": entry.undo,
            "undo_set": dict(entry.undo_set),
        }
        line |= {"until": entry.until} if entry.until else {}
        line |= {} if entry.final else {"final": False}
        line |= {"reason": self.reason.to_json()} if self.reason else {}
        return line | ({} if self.sure else {"sure": False})

    @classmethod
    def from_json(cls, found: Any) -> "CreatedRecord":
        """Return the record; Unfit for what is none."""
        members = Members(found)
        entry = Created(
            members.text("case"),
            members.text("method"),
            members.named("keys", as_text),
            members.text("undo", ""),
            members.named("undo_set", as_text, optional=True),
            members.text("until", ""),
            members.flag("final", True),
            members.text("id", ""),
        )
        return cls(entry, members.text("type"), members.reason("reason"), members.flag("sure", True))


@dataclass(frozen=True, slots=True)
class AnsweredRecord:
    """A line of the ledger: the message of this id was refused, or it is unsure what became of it."""

    id: str
    type: str

    def to_json(self) -> Json:
        """Return the line."""
        return {"type": self.type, "id": self.id}

    @classmethod
    def from_json(cls, found: Any) -> "AnsweredRecord":
        """Return the record; Unfit for what is none."""
        members = Members(found)
        return cls(members.text("id"), members.text("type"))
