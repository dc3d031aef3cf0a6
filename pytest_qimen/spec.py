"""cases/<role>/<method>.toml in, Api out: what a method's messages look like, as the documents say.

The format is described in cases/README.md; every mistake in a file is a DataError `file: key: reason`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.tables import Reader, Text, read_toml, short

ROLES = ("wms", "erp", "store", "wdk")
TYPES = ("group", "string", "int", "long", "decimal", "number", "boolean", "map")
FORMATS = ("date", "datetime", "time", "alphanumeric")
NEEDS = ("must", "conditional", "optional")
RULES = ("required-if", "sum", "equation", "order", "not-above", "failed-are-sent")
LEVELS = ("must", "should", "may")
DIRECTIONS = ("request", "response")

Need = Literal["must", "conditional", "optional"]
Table = Mapping[str, Any]


NO_TEXT = Text("", "")


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
    demanded; `refers` says that its value must agree with something the receiver already has, `signed` that
    it may be negative; `doubt` gives the reason why the printed constraint is recorded, not judged; `source`
    is the place of a row that another document than the file's prints.
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
        """The element's own name."""
        return self.path.rpartition(".")[2].removesuffix("[]")

    @property
    def parent(self) -> str:
        """The path of the group that holds it; empty for a child of the root."""
        return self.path.rpartition(".")[0]

    @property
    def repeated(self) -> bool:
        """Whether the element may stand more than once."""
        return self.path.endswith("[]")

    @property
    def leaf(self) -> bool:
        """Whether it holds a value (an extendProps map does not count as one)."""
        return self.type not in ("group", "map")


@dataclass(frozen=True)
class Message:
    """The fields of a request or an answer, in the order of the document."""

    direction: str
    fields: tuple[Field, ...]

    @cached_property
    def by_path(self) -> Mapping[str, Field]:
        """Every field by its schematic path."""
        return {row.path: row for row in self.fields}

    @cached_property
    def _children(self) -> Mapping[str, tuple[Field, ...]]:
        found: dict[str, list[Field]] = {}
        for row in self.fields:
            found.setdefault(row.parent, []).append(row)
        return {parent: tuple(rows) for parent, rows in found.items()}

    def children(self, path: str = "") -> tuple[Field, ...]:
        """The fields directly below `path`."""
        return self._children.get(path, ())

    def below(self, path: str) -> Iterator[Field]:
        """Every field below `path`, however deep."""
        return (row for row in self.fields if row.path.startswith(f"{path}."))

    @property
    def leaves(self) -> tuple[Field, ...]:
        """The fields that hold a value."""
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


@dataclass(frozen=True, eq=False)
class Api:
    """One method: who answers it, over which protocol, its messages, rules and hand-written cases.

    `setup` lists what must exist before the method can succeed; `foreign` names the keys of things that only
    the other side can know (an order that an ERP created); `verdict` is the answer's field that says success.
    `undo` names the method that takes back what a message created. `cases`, `setup` and `undo` stay tables.
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
    cases: tuple[Table, ...] = ()
    foreign: tuple[str, ...] = ()
    readonly: bool = False
    verdict: str = "flag"
    file: str = ""

    @property
    def name(self) -> str:
        """`<role>/<method>`: the folder and file of its case file, and the head of its case ids."""
        return f"{self.role}/{self.method}"

    @property
    def root(self) -> str:
        """The name of the answer's root element."""
        if self.protocol == "qimen":
            return "response"
        return self.method.removeprefix("taobao.").replace(".", "_") + "_response"


def data_dir(kind: str) -> Path:
    """The folder `cases` or `xsd`: inside the wheel, or at the top of a source checkout."""
    packaged = Path(__file__).parent / "_data" / kind
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / kind


@cache
def code_lists() -> Mapping[str, CodeList]:
    """codes.toml: every code list by its id."""
    path = data_dir("cases") / "codes.toml"
    found = {}
    for identity, table in read_toml(path).items():
        reader = Reader(short(path), identity, table)
        labels = {
            code: Reader(reader.file, f"{identity}.codes", {code: label}).text(code)
            for code, label in reader.take("codes", dict, "a table of codes").items()
        }
        reader.done()
        found[identity] = CodeList(identity, tuple(labels), labels)
    return found


def load(path: Path | str) -> Api:
    """The Api that the TOML file at `path` describes; DataError names file, key and reason."""
    path = Path(path)
    tables = read_toml(path)
    file = short(path)
    top = Reader(file, "", tables)
    head = Reader(file, "api", top.take("api", dict, "a table"))
    api = Api(
        method=head.string("method"),
        role=head.choice("role", ROLES),
        protocol=head.choice("protocol", ("qimen", "top"), "qimen"),
        title=head.text("title"),
        source=head.string("source"),
        foreign=head.strings("foreign"),
        readonly=head.flag("readonly"),
        verdict=head.string("verdict", "flag"),
        request=_message(file, "request", top),
        response=_message(file, "response", top),
        rules=tuple(_rule(file, number, row) for number, row in enumerate(top.tables("rule"), 1)),
        setup=tuple(top.tables("setup")),
        undo=top.take("undo", dict, "a table", None),
        cases=tuple(top.tables("case")),
        file=file,
    )
    head.done()
    top.done()
    if path.stem != api.method:
        raise DataError(file, "api.method", f"expected {path.stem!r} (the file's name), got {api.method!r}")
    _check_paths(api)
    _check_rules(api)
    return api


def _check_paths(api: Api) -> None:
    """Refuse a verdict or foreign key that the messages lack, and a set-up that says not what it gives."""
    reader = Reader(api.file, "api", {})
    if api.verdict not in api.response.by_path:
        raise reader.fail("verdict", f"the response has no field {api.verdict!r}")
    for path in api.foreign:
        if path not in api.request.by_path:
            raise reader.fail("foreign", f"the request has no field {path!r}")
    for number, table in enumerate(api.setup, 1):
        reader = Reader(api.file, f"setup[{number}]", table)
        reader.string("method")
        reader.flag("shared")
        for path, place in reader.take("give", dict, "a table of path = place").items():
            if path not in api.request.by_path:
                raise reader.fail("give", f"the request has no field {path!r}")
            if not isinstance(place, str) or not place.startswith(("request:", "response:")):
                raise reader.fail(f"give.{path}", f"expected request:path or response:path, got {place!r}")
        reader.done()


def _message(file: str, direction: str, top: Reader) -> Message:
    reader = Reader(file, direction, top.take(direction, dict, "a table"))
    rows = tuple(
        _field(file, f"{direction}.fields[{number}]", row)
        for number, row in enumerate(reader.tables("fields"), 1)
    )
    reader.done()
    message = Message(direction, rows)
    for number, row in enumerate(rows, 1):
        key = f"{direction}.fields[{number}].path"
        if row.parent and row.parent not in message.by_path:
            raise DataError(file, key, f"its group {row.parent!r} has no row")
        if row.parent and message.by_path[row.parent].leaf:
            raise DataError(file, key, f"its group {row.parent!r} holds a value")
        if message.by_path[row.path] is not row:
            raise DataError(file, key, f"{row.path!r} stands twice")
    return message


def _field(file: str, key: str, table: Any) -> Field:
    reader = Reader(file, key, table)
    codes = reader.string("codes", None)
    if codes is not None and codes not in code_lists():
        raise reader.fail("codes", f"codes.toml has no list {codes!r}")
    digits = reader.take("digits", list, "two whole numbers", None)
    if digits is not None and not (len(digits) == 2 and all(type(number) is int for number in digits)):
        raise reader.fail("digits", f"expected two whole numbers, got {digits!r}")
    row = Field(
        path=reader.string("path"),
        need=reader.choice("need", NEEDS, "optional"),
        type=reader.choice("type", TYPES, "group"),
        format=reader.choice("format", FORMATS, None),
        codes=code_lists()[codes] if codes else None,
        digits=(digits[0], digits[1]) if digits else None,
        separator=reader.string("separator", None),
        doubt=reader.string("doubt", None),
        source=reader.string("source", ""),
        label=reader.text("label", NO_TEXT),
        example=reader.string("example", ""),
        key=reader.flag("key"),
        usual=reader.flag("usual"),
        refers=reader.flag("refers"),
        signed=reader.flag("signed"),
        **{name: reader.number(name, None) for name in ("max", "min", "least", "most", "limit")},
    )
    reader.done()
    return row


def _rule(file: str, number: int, table: Table) -> Rule:
    reader = Reader(file, f"rule[{number}]", table)
    rule = Rule(
        id=reader.string("id"),
        kind=reader.choice("kind", RULES),
        level=reader.choice("level", LEVELS),
        direction=reader.choice("direction", DIRECTIONS, "request"),
        text=reader.text("text"),
        terms=reader.table,
    )
    return rule


_TERMS: Mapping[str, tuple[str, ...]] = {
    "required-if": ("scope", "field", "when"),
    "sum": ("scope", "total", "parts"),
    "equation": ("scope", "total", "plus", "minus"),
    "order": ("scope", "first", "second"),
    "not-above": ("scope", "first", "second"),
    "failed-are-sent": ("failed", "sent"),
}
_TERM_KINDS: Mapping[str, tuple[type, str]] = {
    "when": (dict, "a table of path = value"),
    "plus": (list, "a list of paths"),
    "minus": (list, "a list of paths"),
}


def _check_rules(api: Api) -> None:
    """Refuse a rule whose words are not those of its kind or that names a field the message lacks."""
    for number, rule in enumerate(api.rules, 1):
        reader = Reader(api.file, f"rule[{number}]", rule.terms)
        for word in _TERMS[rule.kind]:
            kind, words = _TERM_KINDS.get(word, (str, "a path"))
            reader.take(word, kind, words, "" if word == "scope" else MISSING)
        for word in reader.table:
            raise reader.fail(word, f"a rule of kind {rule.kind!r} knows only {', '.join(_TERMS[rule.kind])}")
        for path, value in rule.terms.get("when", {}).items():
            codes = value if isinstance(value, list) else [value]
            if not codes or not all(isinstance(code, str) for code in codes):
                raise reader.fail(f"when.{path}", f"expected a text or a list of texts, got {value!r}")
        message = api.request if rule.direction == "request" else api.response
        for word, path in rule_paths(rule):
            known = api.request if word == "sent" else message
            if str(path) not in known.by_path:
                raise reader.fail(word, f"the {known.direction} has no field {path!r}")


def rule_paths(rule: Rule) -> Iterator[tuple[str, str]]:
    """Every (word, full path) that the rule names; `scope` stands before the paths of its own rule."""
    scope = rule.terms.get("scope", "")
    if scope:
        yield "scope", scope
    for word, value in rule.terms.items():
        if word == "scope":
            continue
        for path in value if isinstance(value, (list, dict)) else [value]:
            yield word, f"{scope}.{path}" if scope else path


@cache
def methods() -> Mapping[str, Path]:
    """Every bundled method by its name `<role>/<method>`, and the file that describes it."""
    folder = data_dir("cases")
    return {f"{role}/{path.stem}": path for role in ROLES for path in sorted((folder / role).glob("*.toml"))}


def load_api(method: str) -> Api:
    """The bundled Api of `deliveryorder.create` or `wms/deliveryorder.create`; UsageError when unknown."""
    for wanted in (method, method.removeprefix("taobao.qimen.")):
        for name in methods():
            if wanted in (name, name.partition("/")[2]):
                return _bundled(name)
    raise UsageError(f"unknown method {method!r}; known: {', '.join(methods())}")


@cache
def _bundled(name: str) -> Api:
    return load(methods()[name])


def load_all() -> list[Api]:
    """Every bundled Api, in the order of roles and names."""
    return [load_api(name) for name in methods()]
