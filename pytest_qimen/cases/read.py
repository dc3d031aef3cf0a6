"""The tables `[[case]]` and `[[flow]]` in, Cases out; every mistake is a DataError that names its place."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pytest_qimen import spec, xml
from pytest_qimen.cases import limits
from pytest_qimen.cases.families import expanded
from pytest_qimen.cases.model import (
    BASES,
    CHECKS,
    EXPECTATIONS,
    JUDGES,
    Case,
    Check,
    Kind,
    Step,
    api_case,
    minimal_id,
)
from pytest_qimen.client.tampers import mistake
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.edits import OPERATIONS, Edit
from pytest_qimen.phrases import say
from pytest_qimen.toml import Reader, read_toml
from pytest_qimen.verdict import Level

_VALUES: Mapping[str, tuple[Any, str]] = {  # what the kinds of a check want; the others a text or a number
    "in": (list, "a list"),
    "only": ((str, int, float, list), "a text, a number or a list"),
    "verbatim": ((str, list), "a text or a list of texts"),
    "not-contains": (str, "a text"),
    "pages": (list, "a list"),
    **dict.fromkeys(("count", "at-most", "longest", "within-minutes"), (int, "a whole number")),
    **dict.fromkeys(("present", "absent", "unique", "json"), (bool, "true")),
}
_KEYS = {"put": "set", "repeat": "repeat", "drop": "drop"}  # where most changes of a kind are written


def written_case(api: spec.Api, number: int, table: Mapping[str, Any]) -> Case:
    reader = Reader(api.file, f"case[{number}]", dict(table))
    identity = reader.string("id")
    level = Level(reader.choice("level", spec.LEVELS))
    title = reader.text("title")
    requirements = reader.strings("requirements") or ("request.rule",)
    step = _step(reader, api)
    reader.done()
    return api_case(
        api, f"case/{identity}", "case", title, level=level, requirements=requirements, steps=(step,)
    )


def _step(reader: Reader, api: spec.Api | None = None, text: str = "", place: int = 1) -> Step:
    """Return the step that the rest of a table describes, the one at `place` of its flow.

    `@text` in it is the path `text`.
    """
    api = api or _method(reader)
    changes = [
        Edit("repeat", path, str(count) if 0 <= count <= limits.REPEAT else "too many")
        for path, count in _scalars(reader, "repeat", int, "a table of path = count").items()
    ]
    changes += [Edit("put", text, "probe")] if text else []
    changes += [
        Edit("put", path.replace("@text", text), str(value)) for path, value in _values(reader).items()
    ]
    changes += [Edit("drop", path) for path in reader.strings("drop")]
    changes += [_change(reader, number, row) for number, row in enumerate(reader.tables("change"), 1)]
    _check_paths(reader, api, changes)
    return Step(
        api=api,
        base=reader.choice("base", BASES, "minimal"),
        changes=tuple(changes),
        tampers=_tampers(reader),
        expect=reader.choice("expect", EXPECTATIONS),
        given=reader.flag("given"),
        checks=tuple(
            _check(reader, number, row, api) for number, row in enumerate(reader.tables("check"), 1)
        ),
        save=_places(reader, api),
        parallel=reader.count("parallel", limits.PARALLEL),
        distinct=reader.flag("distinct"),
        times=reader.count("times", limits.TIMES),
        each=reader.string("each", ""),
        again=_again(reader, place),
        abandon=reader.flag("abandon"),
        stop=reader.flag("stop"),
        walk=reader.string("walk", ""),
        wait=reader.count("wait", limits.SECONDS) if "wait" in reader.table else 0,
        message=_message(reader),
    )


def _method(reader: Reader) -> spec.Api:
    name = reader.string("method")
    try:
        return spec.load_api(name)
    except UsageError:
        raise reader.fail("method", say("unknown-method", name=name, near=spec.nearest(name))) from None


def _scalars(reader: Reader, key: str, kind: Any, words: str) -> Mapping[str, Any]:
    """Return a table of texts or numbers."""
    table: Mapping[str, Any] = reader.take(key, dict, words, {})
    for path, value in table.items():
        if not isinstance(value, kind) or isinstance(value, bool):
            raise reader.fail(key, say("want-got-for", words=say(words), value=value, path=path))
        if isinstance(value, int) and value.bit_length() > limits.BITS:
            raise reader.fail(key, say("too-many-digits", path=path))
    return table


def _values(reader: Reader) -> Mapping[str, Any]:
    """Return `set`: one table of path = value, or several in a list, where one line would be too long."""
    kind, words = (str, int, float), "a table of path = value"
    if not isinstance(reader.table.get("set"), list):
        return _scalars(reader, "set", kind, words)
    found: dict[str, Any] = {}
    for number, row in enumerate(reader.tables("set"), 1):
        part = Reader(reader.file, reader.key, {f"set[{number}]": row})
        for path, value in _scalars(part, f"set[{number}]", kind, words).items():
            if path in found:
                raise reader.fail(f"set[{number}]", say("set-twice", path=path))
            found[path] = value
    return found


def _tampers(reader: Reader) -> tuple[str, ...]:
    found = reader.strings("tamper")
    for name in found:
        if why := mistake(name):
            raise reader.fail("tamper", why)
    return found


def _again(reader: Reader, place: int) -> int:
    """Return the number of the step that `again` means: `true` is the one before."""
    value: Any = reader.take("again", (bool, int), "true or the number of an earlier step", False)
    number = place - 1 if value is True else int(value)
    if value is not False and not 1 <= number < place:
        raise reader.fail("again", say("step-before", value=value))
    return number


@lru_cache(1 << 14)
def _bare(path: str) -> str:
    return re.sub(r"\[\d*\]", "", path)


def _places(reader: Reader, api: spec.Api) -> Mapping[str, str]:
    """Return `save`: where in the request or the answer a value stands."""
    table: Mapping[str, str] = reader.take("save", dict, "a table of name = place", {})
    for name, place in table.items():
        side, _, path = str(place).partition(":")
        message = {"request": api.request, "response": api.response}.get(side)
        if message is None:
            raise reader.fail(f"save.{name}", say("want-place", place=place))
        if not _declares(message, path):
            raise reader.fail(f"save.{name}", say("side-no-field", side=side, api=api.method, path=path))
    return table


def _declares(message: spec.Message, path: str) -> bool:
    known = {_bare(row.path) for row in message.fields}
    return _bare(path) in known or path.rpartition(".")[2] in ("remark", "extendProps")


def _message(reader: Reader) -> str:
    text: str = reader.string("message", "")
    if text:
        try:
            xml.parse(text.encode())
        except xml.XmlError as error:
            raise reader.fail("message", say("no-xml", error=error.said)) from None
    return text


def _change(reader: Reader, number: int, row: dict[str, Any]) -> Edit:
    table = Reader(reader.file, f"{reader.key}.change[{number}]", row)
    change = Edit(table.choice("op", tuple(OPERATIONS)), table.string("path", ""), table.string("value", ""))
    table.done()
    return change


def _check_paths(reader: Reader, api: spec.Api, changes: list[Edit]) -> None:
    """Refuse an edit of a field that the method has not, or of too much; `insert` may write what it likes."""
    for change in changes:
        if change.path and not _declares(api.request, change.path):
            raise reader.fail(
                _KEYS.get(change.op, "change"), say("method-no-field", api=api.method, path=change.path)
            )
        if why := limits.excess(change):
            raise reader.fail(_KEYS.get(change.op, "change"), why)


def _check(reader: Reader, number: int, row: dict[str, Any], api: spec.Api) -> Check:
    table = Reader(reader.file, f"{reader.key}.check[{number}]", row)
    path, where = table.string("path"), table.take("where", dict, "a table of name = value", {})
    on, level = table.choice("on", EXPECTATIONS, "success"), table.choice("level", spec.LEVELS, None)
    given = table.string("given", "")
    kinds = [kind for kind in CHECKS if kind in table.table]
    if len(kinds) != 1:
        raise table.fail(
            "path", say("want-beside", checks=", ".join(CHECKS), kinds=", ".join(kinds) or "none")
        )
    kind, words = _VALUES.get(kinds[0], ((str, int, float), "a text or a number"))
    value = table.table.pop(kinds[0])
    if not isinstance(value, kind) or value is False or (value is True and kind is not bool):
        raise table.fail(kinds[0], say("want-got", words=say(words), value=value))
    table.done()
    if not _declares(api.response, path):
        raise table.fail("path", say("no-answer-field", api=api.method, path=path))
    return Check(path, kinds[0], value, where, on, Level(level) if level else None, given)


def protocol_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a protocol file, once for each probe: the method that a role is tried on."""
    file = f"cases/protocol/{path.name}"
    top = Reader(file, "", read_toml(path))
    probes = {
        name: Reader(file, f"probe.{name}", table)
        for name, table in top.take("probe", dict, "a table of probes").items()
    }
    rows = top.tables("case")
    top.done()
    for name, probe in probes.items():
        api, text = _method(probe), probe.string("text", "")
        probe.done()
        for number, table in enumerate(rows, 1):
            reader = Reader(file, f"case[{number}]", table)
            if api.protocol in (reader.strings("protocols") or ("qimen", "top")):
                yield _protocol_case(reader, path.stem, name, api, text)


def _protocol_case(reader: Reader, stem: str, name: str, api: spec.Api, text: str) -> Case:
    identity = reader.string("id")
    judges = reader.choice("judges", JUDGES, "verdict")
    steps = (_step(reader, api, text), *[Step(api)] * (judges in ("safety", "delivery")))  # and the next call
    case = Case(
        id=f"protocol/{stem}/{name}/{identity}",
        file=reader.file,
        role=api.role,
        method=api.method,
        level=Level(reader.choice("level", spec.LEVELS)),
        family=stem,
        title=reader.text("title"),
        clause=reader.string("clause"),
        requirements=reader.strings("requirements"),
        judges=judges,
        requires=() if stem == "smoke" else (minimal_id(api),),
        kind=Kind.SMOKE if stem == "smoke" else Kind.PROTOCOL,
        steps=steps,
    )
    reader.done()
    return case


def flow_cases(path: Path) -> Iterator[Case]:
    """Yield the flows of a file."""
    return _flows(path.stem, read_toml(path))


def drawn_case(case: Case, text: str) -> Case:
    """Return the case with the steps, names and level of the one flow in `text`, as flow_toml wrote it."""
    (flow,) = _flows("drawn", tomllib.loads(text))
    return replace(case, steps=flow.steps, let=flow.let, level=flow.level)


def _flows(stem: str, tables: dict[str, Any]) -> Iterator[Case]:
    file = f"cases/flows/{stem}.toml"
    top = Reader(file, "", tables)
    for key, table in expanded(top, "flow"):
        reader = Reader(file, key, table)
        rows = reader.tables("step")
        steps = tuple(
            flow_step(file, f"{key}.step[{place}]", row, place) for place, row in enumerate(rows, 1)
        )
        if not steps:
            raise reader.fail("step", say("flow-empty"))
        cleanup = tuple(
            flow_step(file, f"{key}.cleanup[{place}]", row)
            for place, row in enumerate(reader.tables("cleanup"), 1)
        )
        case = Case(
            id=f"flows/{stem}/{reader.string('id')}",
            file=file,
            role=steps[0].api.role,
            method=steps[0].api.method,
            level=Level(reader.choice("level", spec.LEVELS)),
            family=reader.string("family", "flow"),
            title=reader.text("title"),
            clause=reader.string("clause"),
            requirements=reader.strings("requirements"),
            steps=steps,
            let=reader.take("let", dict, "a table of name = value", {}),
            cleanup=cleanup,
            kind=Kind.FLOW,
            alone=reader.flag("alone"),
        )
        limits.check_names(reader, case)
        reader.done()
        yield replace(case, requires=tuple(minimal_id(api) for api in case.apis))
    top.done()


def flow_step(file: str, key: str, row: dict[str, Any], place: int = 1) -> Step:
    reader = Reader(file, key, row)
    step = _step(reader, place=place)
    reader.done()
    return step
