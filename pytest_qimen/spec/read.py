"""cases/<role>/<method>.toml in, Api out; every mistake in a file is a DataError `file: key: reason`."""

from collections.abc import Mapping
from dataclasses import MISSING
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError
from pytest_qimen.phrases import say
from pytest_qimen.spec.data import code_lists
from pytest_qimen.spec.model import (
    DIRECTIONS,
    FORMATS,
    LEVELS,
    NEEDS,
    NO_TEXT,
    ROLES,
    RULES,
    TYPES,
    Api,
    Field,
    Message,
    Rule,
    Table,
    rule_paths,
)
from pytest_qimen.toml import Reader, read_toml, short


def load(path: Path | str) -> Api:
    """Return the Api that the TOML file at `path` describes; DataError names file, key and reason."""
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
        shows=tuple(top.tables("shows")),
        cases=tuple(top.tables("case")),
        file=file,
    )
    head.done()
    top.done()
    if path.stem != api.method:
        raise DataError(file, "api.method", say("want-file-name", stem=path.stem, name=api.method))
    _check_paths(api)
    _check_undo(api)
    _check_rules(api)
    return api


def _check_paths(api: Api) -> None:
    """Refuse a verdict or foreign key that the messages lack, and a set-up that says not what it gives."""
    reader = Reader(api.file, "api", {})
    if api.verdict not in api.response.by_path:
        raise reader.fail("verdict", say("answer-no-field", path=api.verdict))
    for path in api.foreign:
        if path not in api.request.by_path:
            raise reader.fail("foreign", say("request-no-field", path=path))
    for number, table in enumerate(api.setup, 1):
        reader = Reader(api.file, f"setup[{number}]", table)
        reader.string("method")
        reader.flag("shared")
        _check_give(api, reader)
        reader.done()
    for number, table in enumerate(api.shows, 1):
        _check_shows(api, Reader(api.file, f"shows[{number}]", table))


def _check_give(api: Api, reader: Reader, **default: Any) -> None:
    for path, place in reader.take("give", dict, "a table of path = place", **default).items():
        if path not in api.request.by_path:
            raise reader.fail("give", say("request-no-field", path=path))
        if not isinstance(place, str) or not place.startswith(("request:", "response:")):
            raise reader.fail(f"give.{path}", say("want-place", place=place))


def _check_shows(api: Api, reader: Reader) -> None:
    """Refuse what the answer lacks; the other method is read when its cases are derived."""
    method = reader.string("method")
    if "give" not in reader.table and method not in [setup["method"] for setup in api.setup]:
        raise reader.fail("give", say("give-missing"))
    _check_give(api, reader, default={})
    shown = [*reader.strings("own"), *reader.strings("recorded")]
    shown += reader.take("marks", dict, "a table of list = name", {})
    shown += reader.take("pairs", dict, "a table of path = path")
    for path in shown:
        if path and path not in api.response.by_path:
            raise reader.fail("pairs", say("answer-no-field", path=path))
    if update := reader.take("update", dict, "a table", {}):
        part = Reader(api.file, f"{reader.key}.update", update)
        part.string("method")
        part.take("set", dict, "a table of path = place")
        part.done()
    reader.done()


def _check_undo(api: Api) -> None:
    """Refuse an undo that does not say which method takes what back."""
    if api.undo is None:
        return
    reader = Reader(api.file, "undo", api.undo)
    reader.string("method")
    reader.string("until", "")
    places = reader.take("set", dict, "a table of path = place")
    if not places:
        raise reader.fail("set", say("set-empty"))
    for path, place in places.items():
        if not isinstance(place, str):
            raise reader.fail(f"set.{path}", say("no-text", text=place))
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
            raise DataError(file, key, say("group-no-row", parent=row.parent))
        if row.parent and message.by_path[row.parent].leaf:
            raise DataError(file, key, say("group-holds", parent=row.parent))
        if message.by_path[row.path] is not row:
            raise DataError(file, key, say("stands-twice", path=row.path))
    return message


def _field(file: str, key: str, table: Any) -> Field:
    reader = Reader(file, key, table)
    codes = reader.string("codes", None)
    if codes is not None and codes not in code_lists():
        raise reader.fail("codes", say("no-code-list", codes=codes))
    digits = reader.take("digits", list, "two whole numbers", None)
    if digits is not None and not (len(digits) == 2 and all(type(number) is int for number in digits)):
        raise reader.fail("digits", say("want-two-numbers", digits=digits))
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
        kind=reader.choice("kind", tuple(RULES)),
        level=reader.choice("level", LEVELS),
        direction=reader.choice("direction", DIRECTIONS, "request"),
        text=reader.text("text"),
        terms=reader.table,
    )
    return rule


_TERM_KINDS: Mapping[str, tuple[type, str]] = {
    "when": (dict, "a table of path = value"),
    "plus": (list, "a list of paths"),
    "minus": (list, "a list of paths"),
    "codes": (list, "a list of codes"),
}


def _check_rules(api: Api) -> None:
    """Refuse a rule whose words are not those of its kind or that names a field the message lacks."""
    for number, rule in enumerate(api.rules, 1):
        reader = Reader(api.file, f"rule[{number}]", rule.terms)
        for word in RULES[rule.kind]:
            kind, words = _TERM_KINDS.get(word, (str, "a path"))
            reader.take(word, kind, words, "" if word == "scope" else MISSING)
        for word in reader.table:
            raise reader.fail(word, say("rule-knows", kind=rule.kind, words=", ".join(RULES[rule.kind])))
        for path, value in rule.terms.get("when", {}).items():
            codes = value if isinstance(value, list) else [value]
            if not codes or not all(isinstance(code, str) for code in codes):
                raise reader.fail(f"when.{path}", say("want-texts", value=value))
        message = api.request if rule.direction == "request" else api.response
        for word, path in rule_paths(rule):
            known = api.request if word == "sent" else message
            if str(path) not in known.by_path:
                raise reader.fail(word, say("direction-no-field", direction=known.direction, path=path))
