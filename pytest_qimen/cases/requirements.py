"""cases/requirements.toml and the rules of every Api in, the Requirements an endpoint is judged by out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pytest_qimen.phrases import say
from pytest_qimen.rules import is_tried
from pytest_qimen.spec import LEVELS, Api, Rule, data_dir, load_all
from pytest_qimen.toml import Reader, Text, read_toml
from pytest_qimen.verdict import Level

DOCUMENTS = ("000", "001", "002", "003", "004", "design")
KEPT = Text(
    "文档只用它解释字段：生成的报文遵守它，但不以此评判任何端点（design.md 第 4 节）",
    "The documents only explain fields by it: generators keep it, no endpoint is judged by it (design.md 4)",
)
_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A sentence of the documents: `level` of its strictest half, `section` its printed place.

    `cases` are patterns (fnmatch) of the ids of cases that test it without naming it; `untested` is the
    reason why no case can.
    """

    id: str
    level: Level
    text: Text
    document: str
    section: str
    cases: tuple[str, ...] = ()
    untested: Text | None = None


@cache
def load_requirements(path: Path | None = None) -> Mapping[str, Requirement]:
    """Return all requirements by id: those of the file (else the bundled one), of the rules and the queries.

    DataError, with file, key and reason, where the file says something illegal.
    """
    path = path or data_dir("cases") / "requirements.toml"
    top = Reader(f"cases/{path.name}", "", read_toml(path))
    found = {
        identity: _requirement(top.file, identity, table)
        for identity, table in top.take("requirement", dict, "a table of requirements").items()
    }
    top.done()
    rules = [_of_rule(api, rule) for api in load_all() for rule in api.rules]
    shown = [one for api in load_all() if api.shows for one in _of_query(api)]
    return found | {one.id: one for one in (*rules, *shown)}


def _requirement(file: str, identity: str, table: Any) -> Requirement:
    reader = Reader(file, f"requirement.{identity}", table)
    if not _ID.fullmatch(identity) or identity.startswith(("rule.", "readback.", "lookup.")):
        raise reader.fail(
            "id",
            say("requirement-id", identity=identity),
        )
    requirement = Requirement(
        identity,
        Level(reader.choice("level", LEVELS)),
        reader.text("text"),
        reader.choice("document", DOCUMENTS),
        reader.string("section"),
        reader.strings("cases"),
        reader.text("untested", None),
    )
    reader.done()
    if requirement.cases and requirement.untested:
        raise reader.fail("untested", say("untested-beside"))
    return requirement


def _of_query(api: Api) -> Iterator[Requirement]:
    """Yield `readback.<method>`, it shows what earlier messages held, and `lookup.<method>`, only that."""
    document, _, section = api.source.partition(" ")
    makers = ", ".join(table["method"] for table in api.shows)
    text = Text(
        f"{api.method} 返回的字段与 {makers} 写入的一致",
        f"What {api.method} shows is what {makers} sent, field by field; a field may be left out",
    )
    yield Requirement(f"readback.{api.method}", Level.MUST, text, document, f"{section} response")
    keys = Text(
        f"{api.method} 的每个查询条件都起作用：条件不符的单据不出现，编码的开头相同也不算",
        f"Every key of {api.method} counts: what has another one is not shown, not even by its beginning",
    )
    yield Requirement(f"lookup.{api.method}", Level.MUST, keys, document, f"{section} request")


def _of_rule(api: Api, rule: Rule) -> Requirement:
    """Return `rule.<method>.<rule>`; an answer's rule is judged in every answer, so in the cases on its form.

    The one method of the role store over TOP is its own probe: its answers are judged before its own cases.
    """
    document, _, section = api.source.partition(" ")
    cases: tuple[str, ...] = ()
    if rule.direction == "response":
        cases = (f"{api.name}/answer/success",)
        if (api.role, api.protocol) == ("store", "top"):
            cases = (*cases, "protocol/answer/store-top/success")
    elif is_tried(rule):
        cases = (f"{api.name}/request/rule.{rule.id}/*",)
    return Requirement(
        f"rule.{api.method}.{rule.id}",
        Level(rule.level),
        rule.text,
        document,
        f"{section} {rule.direction}",
        cases,
        None if cases else KEPT,
    )
