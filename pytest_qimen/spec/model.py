"""What a method's case file says, as frozen values: Api, Message, Field, Rule and CodeList."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pytest_qimen.toml import Text

ROLES = ("wms", "erp", "store", "wdk")
TYPES = ("group", "string", "int", "long", "decimal", "number", "boolean", "map")
FORMATS = ("date", "datetime", "time", "alphanumeric")
NEEDS = ("must", "conditional", "optional")
RULES = {  # the kinds of rules and the words of each
    "required-if": ("scope", "field", "when"),
    "codes-if": ("scope", "field", "codes", "when"),
    "sum": ("scope", "total", "parts"),
    "equation": ("scope", "total", "plus", "minus"),
    "order": ("scope", "first", "second"),
    "not-above": ("scope", "first", "second"),
    "same-if-alone": ("scope", "field", "list"),
    "failed-are-sent": ("failed", "sent"),
}
LEVELS = ("must", "should", "may")
DIRECTIONS = ("request", "response")

Need = Literal["must", "conditional", "optional"]
Table = Mapping[str, Any]


NO_TEXT = Text("", "")
_COUNTED = re.compile("qty|quantity|count|page|lines", re.IGNORECASE)
_FIGURE = re.compile("(Time|Date|Qty|[Qq]uantity|[Cc]ount|^num)$")
Pins = Mapping[str, Sequence[str]]  # schematic path -> the values that the leaf may have


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes that a document prints for a field, in its order, with their labels."""

    id: str
    codes: tuple[str, ...]
    labels: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a method's table: an element of the request or the answer.

    `max` and `min` count characters, `digits` is (all digits, fraction digits), `least` and `most` bound a
    number, `limit` is the longest list allowed, `separator` parts several codes in one text. `key` marks what
    the sender invents and must not repeat; `usual` belongs into the smallest message although it is not
    demanded (a group that is both should be there); `refers` says that its value must agree with something
    the receiver already has, `signed` that it may be negative; `doubt` gives the reason why the printed
    constraint is recorded, not judged; `source` is the place of a row that another document than the file's
    prints.
    """

    path: str
    need: Need = "optional"
    type: str = "group"
    max: int | None = None
    min: int | None = None
    digits: tuple[int, int] | None = None
    format: str | None = None
    codes: CodeList | None = None
    separator: str | None = None
    least: int | None = None
    most: int | None = None
    limit: int | None = None
    key: bool = False
    usual: bool = False
    refers: bool = False
    signed: bool = False
    doubt: str | None = None
    source: str = ""
    label: Text = NO_TEXT
    example: str = ""

    @property
    def name(self) -> str:
        """Return the element's own name."""
        return self.path.rpartition(".")[2].removesuffix("[]")

    @property
    def parent(self) -> str:
        """Return the path of the group that holds it; empty for a child of the root."""
        return self.path.rpartition(".")[0]

    @property
    def repeated(self) -> bool:
        """Return True when the element may stand more than once."""
        return self.path.endswith("[]")

    @property
    def leaf(self) -> bool:
        """Return True when it holds a value (an extendProps map does not count as one)."""
        return self.type not in ("group", "map")

    @property
    def counts(self) -> bool:
        """Whether it counts pieces, pages or lines, which a receiver may add up or compare with others."""
        return self.type in ("int", "long", "number") and bool(_COUNTED.search(self.name))

    @property
    def figure(self) -> bool:
        """Whether it is a text by its type, but a time or a number by its name."""
        return self.type == "string" and not self.format and bool(_FIGURE.search(self.name))


@dataclass(frozen=True)
class Message:
    """The fields of a request or an answer, in the order of the document."""

    direction: str
    fields: tuple[Field, ...]

    @cached_property
    def by_path(self) -> Mapping[str, Field]:
        """Return every field by its schematic path."""
        return {row.path: row for row in self.fields}

    @cached_property
    def _children(self) -> Mapping[str, tuple[Field, ...]]:
        found: dict[str, list[Field]] = {}
        for row in self.fields:
            found.setdefault(row.parent, []).append(row)
        return {parent: tuple(rows) for parent, rows in found.items()}

    def children(self, path: str = "") -> tuple[Field, ...]:
        """Return the fields directly below `path`."""
        return self._children.get(path, ())

    def below(self, path: str) -> Iterator[Field]:
        """Yield every field below `path`, however deep."""
        return (row for row in self.fields if row.path.startswith(f"{path}."))

    def demand(self, row: Field) -> str:
        """The level at which a `must` row is demanded: of lists no need is printed, so they should be there.

        A group is a list where everything demanded below it stands in one. A `usual` group stands beside the
        document's key and lines: what is demanded in it can be read as "when the group is there".
        """
        if row.usual:
            return "should"
        if row.leaf and not row.repeated:
            return "must"
        within = () if row.repeated else (one for one in self.children(row.path) if one.need == "must")
        return "must" if any(self.demand(one) == "must" for one in within) else "should"

    @cached_property
    def demanded(self) -> tuple[Field, ...]:
        """Return the fields that every legal message holds: demanded, as is every group around them."""
        found = {"": Field("")}
        for row in self.fields:
            if row.need == "must" and row.parent in found:
                found[row.path] = row
        return tuple(found.values())[1:]

    @cached_property
    def leaves(self) -> tuple[Field, ...]:
        """Return the fields that hold a value."""
        return tuple(row for row in self.fields if row.leaf)


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation between fields of a message: `kind` is one of RULES, `terms` its words (cases/README.md)."""

    id: str
    kind: str
    level: str
    direction: str
    text: Text
    terms: Mapping[str, Any]

    @property
    def prefix(self) -> str:
        """Return what the paths of its terms begin with: its scope and a dot, or nothing."""
        scope = self.terms.get("scope", "")
        return f"{scope}." if scope else ""

    @property
    def conditional(self) -> bool:
        """Return True when it demands a field under a condition."""
        return self.kind == "required-if"

    @property
    def when(self) -> Mapping[str, tuple[str, ...]]:
        """The condition of a rule: by path, relative to the scope, the values that fulfil it."""
        return {
            path: (value,) if isinstance(value, str) else tuple(value)
            for path, value in self.terms["when"].items()
        }


@dataclass(frozen=True, eq=False)
class Api:
    """One method: who answers it, over which protocol, its messages, rules and hand-written cases.

    `setup` lists what must exist before the method can succeed; `foreign` names the keys of things that only
    the other side can know (an order that an ERP created); `verdict` is the answer's field that says success.
    `undo` names the method that takes back what a message created, `shows` what a query tells of earlier
    messages. `cases`, `setup`, `undo` and `shows` stay tables.
    """

    method: str
    role: str
    protocol: str
    title: Text
    source: str
    request: Message
    response: Message
    rules: tuple[Rule, ...] = ()
    setup: tuple[Table, ...] = ()
    undo: Table | None = None
    shows: tuple[Table, ...] = ()
    cases: tuple[Table, ...] = ()
    foreign: tuple[str, ...] = ()
    readonly: bool = False
    verdict: str = "flag"
    file: str = ""

    @property
    def name(self) -> str:
        """Return `<role>/<method>`: the folder and file of its case file, and the head of its case ids."""
        return f"{self.role}/{self.method}"

    @property
    def root(self) -> str:
        """Return the name of the answer's root element."""
        if self.protocol == "qimen":
            return "response"
        return self.method.removeprefix("taobao.").replace(".", "_") + "_response"

    def introduces(self, row: Field) -> bool:
        """Return True for the owner of goods, shops and suppliers: their own messages name him first."""
        return row.name == "ownerCode" and self.method.endswith(".synchronize")

    @cached_property
    def given(self) -> frozenset[str]:
        """Return the fields of the request that the setup provides."""
        return frozenset(path for setup in self.setup for path in setup["give"])

    @cached_property
    def ruled(self) -> frozenset[str]:
        """Return the fields that a rule speaks of."""
        return frozenset(path for rule in self.rules for _, path in rule_paths(rule))

    @cached_property
    def tied(self) -> frozenset[str]:
        """Return the fields that are added to others or compared with them."""
        kinds = ("equation", "not-above")
        return frozenset(path for rule in self.rules if rule.kind in kinds for _, path in rule_paths(rule))

    @cached_property
    def parts(self) -> frozenset[str]:
        """Return the fields of the request that must add up to another one."""
        asked = (rule for rule in self.rules if rule.direction == "request")
        return frozenset(path for rule in asked for word, path in rule_paths(rule) if word == "parts")

    @property
    def referring(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(path, values) that make a field of the request needed whose value the receiver has to know."""
        for rule in self.rules:
            demands = rule.conditional and rule.direction == "request"
            if demands and self.request.by_path[f"{rule.prefix}{rule.terms['field']}"].refers:
                yield from ((f"{rule.prefix}{path}", values) for path, values in rule.when.items())


def rule_paths(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield every (word, full path) that the rule names; `scope` stands before the paths of its own rule."""
    if rule.prefix:
        yield "scope", rule.terms["scope"]
    for word, value in rule.terms.items():
        if word in ("scope", "codes"):
            continue
        for path in value if isinstance(value, (list, dict)) else [value]:
            yield word, f"{rule.prefix}{path}" if rule.prefix else path
