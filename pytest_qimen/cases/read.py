"""The tables `[[case]]` and `[[flow]]` in, Cases out; every mistake is a DataError that names its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_qimen import spec, xml
from pytest_qimen.cases.derive import api_case
from pytest_qimen.cases.model import BASES, CHECKS, EXPECTATIONS, Case, Check, Step, minimal_id
from pytest_qimen.change import OPERATIONS, Change
from pytest_qimen.errors import UsageError
from pytest_qimen.findings import Level
from pytest_qimen.tables import Reader, read_toml


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


def _step(reader: Reader, api: spec.Api | None = None, text: str = "") -> Step:
    """The step that the rest of a case, flow step or clean-up table describes; `@text` is the path `text`."""
    if api is None:
        name = reader.string("method")
        try:
            api = spec.load_api(name)
        except UsageError:
            raise reader.fail("method", f"unknown method {name!r}") from None
    changes = [
        Change("repeat", path, str(count))
        for path, count in reader.take("repeat", dict, "a table of path = count", {}).items()
    ]
    changes += [Change("put", text, "probe")] if text else []
    changes += [
        Change("put", path.replace("@text", text), str(value))
        for path, value in reader.take("set", dict, "a table of path = value", {}).items()
    ]
    changes += [Change("drop", path) for path in reader.strings("drop")]
    changes += [_change(reader, row) for row in reader.tables("change")]
    _check_paths(reader, api, changes)
    return Step(
        api=api,
        base=reader.choice("base", BASES, "minimal"),
        changes=tuple(changes),
        tampers=reader.strings("tamper"),
        expect=reader.choice("expect", EXPECTATIONS),
        given=reader.flag("given"),
        checks=tuple(_check(reader, row) for row in reader.tables("check")),
        save=reader.take("save", dict, "a table of name = place", {}),
        parallel=reader.number("parallel", 1),
        times=reader.number("times", 1),
        each=reader.string("each", ""),
        again=reader.flag("again"),
        abandon=reader.flag("abandon"),
        message=_message(reader),
    )


def _message(reader: Reader) -> str:
    text: str = reader.string("message", "")
    if text:
        try:
            xml.parse(text.encode())
        except xml.XmlError as error:
            raise reader.fail("message", f"is no XML: {error}") from None
    return text


def _change(reader: Reader, row: dict[str, Any]) -> Change:
    table = Reader(reader.file, f"{reader.key}.change", row)
    change = Change(
        table.choice("op", tuple(OPERATIONS)), table.string("path", ""), table.string("value", "")
    )
    table.done()
    return change


def _check_paths(reader: Reader, api: spec.Api, changes: list[Change]) -> None:
    """Refuse an edit of a field that the method has not; `insert` may write what it likes."""
    known = {row.path.replace("[]", "") for row in api.request.fields}
    for change in changes:
        path = re.sub(r"\[\d*\]", "", change.path)
        if path and path not in known and path.rpartition(".")[2] not in ("remark", "extendProps"):
            raise reader.fail("set", f"{api.method} has no field {change.path!r}")


def _check(reader: Reader, row: dict[str, Any]) -> Check:
    table = Reader(reader.file, f"{reader.key}.check", row)
    path, where = table.string("path"), table.take("where", dict, "a table of name = value", {})
    on, level = table.choice("on", EXPECTATIONS, "success"), table.choice("level", spec.LEVELS, None)
    kinds = [kind for kind in CHECKS if kind in table.table]
    if len(kinds) != 1:
        raise table.fail(
            "path", f"wants one of {', '.join(CHECKS)} beside it, got {', '.join(kinds) or 'none'}"
        )
    value = table.table.pop(kinds[0])
    table.done()
    return Check(path, kinds[0], value, where, on, Level(level) if level else None)


def protocol_cases(path: Path) -> Iterator[Case]:
    """The cases of a protocol file, once for every probe: a method on which to try what holds for all."""
    file = f"cases/protocol/{path.name}"
    top = Reader(file, "", read_toml(path))
    probes = {
        name: Reader(file, f"probe.{name}", table)
        for name, table in top.take("probe", dict, "a table of probes").items()
    }
    rows = top.tables("case")
    top.done()
    for name, probe in probes.items():
        api, text = spec.load_api(probe.string("method")), probe.string("text", "")
        probe.done()
        for number, table in enumerate(rows, 1):
            reader = Reader(file, f"case[{number}]", table)
            if api.protocol in (reader.strings("protocols") or ("qimen", "top")):
                yield _protocol_case(reader, path.stem, name, api, text)


def _protocol_case(reader: Reader, stem: str, name: str, api: spec.Api, text: str) -> Case:
    identity = reader.string("id")
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
        judges=reader.choice("judges", ("verdict", "answer", "safety"), "verdict"),
        requires=() if stem == "smoke" else (minimal_id(api),),
        steps=(_step(reader, api, text),),
    )
    reader.done()
    return case


def flow_cases(path: Path) -> Iterator[Case]:
    file = f"cases/flows/{path.name}"
    top = Reader(file, "", read_toml(path))
    for number, table in enumerate(top.tables("flow"), 1):
        reader = Reader(file, f"flow[{number}]", table)
        rows = reader.tables("step")
        steps = tuple(
            _flow_step(file, f"flow[{number}].step[{place}]", row) for place, row in enumerate(rows, 1)
        )
        if not steps:
            raise reader.fail("step", "a flow needs at least one")
        cleanup = tuple(
            _flow_step(file, f"flow[{number}].cleanup[{place}]", row)
            for place, row in enumerate(reader.tables("cleanup"), 1)
        )
        case = Case(
            id=f"flows/{path.stem}/{reader.string('id')}",
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
        )
        reader.done()
        yield replace(case, requires=tuple(minimal_id(api) for api in case.apis))
    top.done()


def _flow_step(file: str, key: str, row: dict[str, Any]) -> Step:
    reader = Reader(file, key, row)
    step = _step(reader)
    reader.done()
    return step
