"""Case files and Apis in, Cases out: what to send, step by step, and what has to come back.

A case is a list of steps; most have one. cases/README.md describes the tables `[[case]]` and `[[flow]]`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pytest_qimen import spec
from pytest_qimen.boundaries import Boundary, boundaries
from pytest_qimen.change import OPERATIONS, Change
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.findings import Level
from pytest_qimen.tables import Reader, Text, read_toml

EXPECTATIONS = ("success", "failure", "any")
BASES = ("minimal", "typical", "none")
CHECKS = ("is", "not", "in", "count", "at-most", "sum", "present", "absent", "unique", "within-minutes")


@dataclass(frozen=True, slots=True)
class Check:
    """What an answer must hold: `kind` is one of CHECKS, read at `path` where the siblings match `where`.

    `on` is the verdict on which it is judged (success, failure or any).
    """

    path: str
    kind: str
    value: Any
    where: Mapping[str, str] = field(default_factory=dict)
    on: str = "success"
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a case: its method, base message, changes, tampers, and what is expected of the answer.

    `given` marks a step that only prepares: when it fails the case is blocked, not failed. `save` keeps values
    for later steps (`name -> request:path` or `response:path`). `parallel` sends that many copies at once,
    `times` takes the step so often (what it saves becomes a list), `each` once for every value of a saved list
    (as `@each`). `again` sends the message of the step before once more; `abandon` hangs up before the answer.
    """

    api: spec.Api
    base: str = "minimal"
    changes: tuple[Change, ...] = ()
    tampers: tuple[str, ...] = ()
    expect: str = "success"
    given: bool = False
    checks: tuple[Check, ...] = ()
    save: Mapping[str, str] = field(default_factory=dict)
    parallel: int = 1
    times: int = 1
    each: str = ""
    again: bool = False
    abandon: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Something to find out about an endpoint; `id` is a path that never changes its meaning.

    `requires` names the cases that must pass first, `let` the values that are made up once for all steps,
    `cleanup` the steps that always run in the end. `judges` says which checks of the answer count here:
    "verdict" (accepted or refused, and what it holds) or "answer" (its form).
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
    judges: str = "verdict"

    @property
    def apis(self) -> tuple[spec.Api, ...]:
        """Every method that the case calls."""
        return tuple({step.api.name: step.api for step in self.steps}.values())


def probe_name(api: spec.Api) -> str:
    """The probe of the protocol files that speaks for this method: its role, or `store-top`."""
    return "store-top" if (api.role, api.protocol) == ("store", "top") else api.role


def smoke_id(api: spec.Api) -> str:
    """The case that must be answered at all before anything else of the role is tried."""
    return f"protocol/smoke/{probe_name(api)}/answers"


def minimal_id(api: spec.Api) -> str:
    """The case that must pass before anything else of the method makes sense."""
    return f"{api.name}/request/minimal"


def _case(api: spec.Api, path: str, family: str, title: Text, **more: Any) -> Case:
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


def _basic(api: spec.Api) -> Iterator[Case]:
    """The method's own foundation: the smallest and a typical message, and the form of both kinds of answer."""
    yield _case(
        api,
        "request/minimal",
        "accept",
        Text("接受最小的合法请求", "Accepts the smallest legal request"),
        requirements=("request.accept",),
        steps=(Step(api),),
        requires=(smoke_id(api),),
    )
    whole = all(row.refers for row in api.request.leaves if not row.usual and row.need == "optional")
    yield _case(
        api,
        "request/typical",
        "accept",
        Text("接受字段齐全的请求", "Accepts a request with all its fields"),
        level=Level.MAY if _refers(api) or whole else Level.MUST,
        requirements=("request.accept",),
        steps=(Step(api, "typical", expect="any" if _refers(api) or whole else "success"),),
    )
    yield _case(
        api,
        "answer/success",
        "answer",
        Text("成功应答的格式", "The form of an answer to a good request"),
        requirements=("answer.form",),
        steps=(Step(api),),
        judges="answer",
    )
    yield _case(
        api,
        "answer/failure",
        "answer",
        Text("失败应答的格式", "The form of an answer to a bad request"),
        requirements=("answer.form",),
        steps=(Step(api, tampers=("sign-wrong",), expect="any"),),
        judges="answer",
    )
    yield _case(
        api,
        "signature/tampered-body",
        "signature",
        Text("请求体被改动后拒绝", "Refuses a body that was changed after signing"),
        requirements=("signature.verified",),
        requires=(minimal_id(api), _signature_id(api)),
        steps=(Step(api, tampers=("flip-middle",), expect="failure"),),
    )


def _signature_id(api: spec.Api) -> str:
    return f"protocol/signature/{probe_name(api)}/tampered-body"


def _refers(api: spec.Api) -> bool:
    """Whether a message with every field would speak of things that the receiver need not have."""
    return bool(api.setup) and any(
        row.refers and not row.usual and row.need != "must" for row in api.request.leaves
    )


def _derived(api: spec.Api, bound: Boundary) -> Case:
    place = bound.path.replace("[]", "")
    where = f"request/{place}/{bound.scenario}" if place else f"request/{bound.scenario}"
    return _case(
        api,
        where,
        bound.family,
        _title(bound),
        level=Level(bound.level),
        clause=f"{api.source} request.{place}" if place else api.source,
        requirements=(bound.requirement,),
        steps=tuple(Step(api, changes=changes, expect=bound.expect) for changes in bound.steps),
    )


def _title(bound: Boundary) -> Text:
    zh = {"success": "应接受", "failure": "应拒绝", "any": "记录"}[bound.expect]
    en = {"success": "accepts", "failure": "refuses", "any": "records"}[bound.expect]
    return Text(
        f"{zh} {bound.path or '报文'}：{bound.scenario}", f"{en} {bound.path or 'message'}: {bound.scenario}"
    )


def api_cases(api: spec.Api) -> Iterator[Case]:
    """Every case of a method, in the order in which it should run."""
    yield from _basic(api)
    for number, table in enumerate(api.cases, 1):
        yield _written(api, number, table)
    for bound in boundaries(api):
        yield _derived(api, bound)


def _written(api: spec.Api, number: int, table: Mapping[str, Any]) -> Case:
    reader = Reader(api.file, f"case[{number}]", dict(table))
    identity = reader.string("id")
    level = Level(reader.choice("level", spec.LEVELS))
    title = reader.text("title")
    requirements = reader.strings("requirements") or ("request.rule",)
    step = _step(reader, api)
    reader.done()
    return _case(
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
    )


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


def _protocol_cases(path: Path) -> Iterator[Case]:
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


def _flow_cases(path: Path) -> Iterator[Case]:
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


def load_cases(path: Path | str) -> list[Case]:
    """Every case of one case file: a method, `protocol/*.toml` or `flows/*.toml`."""
    path = Path(path)
    kind = path.parent.name
    if kind == "protocol":
        found = list(_protocol_cases(path))
    elif kind == "flows":
        found = list(_flow_cases(path))
    else:
        found = list(api_cases(spec.load(path)))
    seen: set[str] = set()
    for case in found:
        if case.id in seen:
            raise DataError(case.file, case.id, "two cases have this id")
        seen.add(case.id)
    return found


@cache
def bundled_files() -> tuple[Path, ...]:
    """Every bundled case file: what holds for all methods first, then the methods, then the flows."""
    folder = spec.data_dir("cases")
    protocol = sorted(
        (folder / "protocol").glob("*.toml"), key=lambda path: (path.stem != "smoke", path.stem)
    )
    return (*protocol, *spec.methods().values(), *sorted((folder / "flows").glob("*.toml")))


@cache
def _bundled(path: Path) -> Mapping[str, Case]:
    return {case.id: case for case in load_cases(path)}


def bundled_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a bundled file, read once."""
    return tuple(_bundled(path).values())


def find_case(identity: str) -> Case:
    """The bundled case of this id; UsageError when there is none."""
    head, _, rest = identity.partition("/")
    name = rest.partition("/")[0]
    folder = spec.data_dir("cases")
    path = folder / head / f"{name}.toml"
    if head not in ("protocol", "flows", *spec.ROLES) or not path.exists():
        raise UsageError(f"no case file for {identity!r}")
    try:
        return _bundled(path)[identity]
    except KeyError:
        raise UsageError(f"{path.name} has no case {identity!r}") from None
