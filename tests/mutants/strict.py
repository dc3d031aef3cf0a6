"""An Api in, the mutants out that refuse something legal in its requests."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pytest_qimen import xml
from pytest_qimen.messages.lists import can_be_told_apart, lists_at
from pytest_qimen.messages.outside import WHOLE
from pytest_qimen.reference.request import Request
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api, Field
from pytest_qimen.verdict import Level
from tests.mutants.model import Acts, Mutant

Refuses = Callable[[xml.Element], bool]


class Edge(NamedTuple):
    """Legal values of some rows that a careless receiver refuses."""

    kind: str
    has: Callable[[Field], bool]
    is_it: Callable[[Field, str], bool]


def _is_text(row: Field) -> bool:
    plain = not (row.codes or row.format or row.min or row.figure)
    return row.type == "string" and row.max is not None and plain


def _is_free(row: Field) -> bool:
    return _is_text(row) and not row.key


EDGES = (
    Edge("longest", _is_text, lambda row, text: len(text) == row.max),
    Edge("chinese", _is_free, lambda row, text: len(text.encode()) > (row.max or 0)),
    Edge("character", _is_free, lambda row, text: len(text) == 1),
    Edge("code", lambda row: bool(row.codes), lambda row, text: text == _last_code(row)),
    Edge("leap-day", lambda row: row.format in ("date", "datetime"), lambda row, text: text[5:10] == "02-29"),
    Edge("midnight", lambda row: row.format == "datetime", lambda row, text: text.endswith("00:00:00")),
    Edge("fraction", lambda row: bool(row.digits), lambda row, text: ".9" in text),
    Edge("whole", lambda row: bool(row.digits), lambda row, text: "." not in text),
    Edge(
        "one",
        lambda row: row.type in WHOLE and row.least is None and not row.key,
        lambda row, text: text == "1",
    ),
    Edge("negative", lambda row: row.signed and row.least is None, lambda row, text: text.startswith("-")),
    Edge("false", lambda row: row.type == "boolean", lambda row, text: text == "false"),
)


def _last_code(row: Field) -> str:
    assert row.codes
    return row.codes.codes[-1]


def refusing(api: Api) -> Iterator[Mutant]:
    """Yield the mutants of every row whose legal values must be taken, and of the message as a whole."""
    for row in api.request.fields:
        if row.refers or row.doubt:
            continue
        if row.leaf:
            yield from _of_leaf(api, row)
        if row.repeated and row.limit != 1 and can_be_told_apart(api.request, row.path, api.given):
            yield _mutant(api, row.path, "two", _of_length(row, 2))
        if row.repeated and row.limit:
            yield _mutant(api, row.path, "limit", _of_length(row, row.limit))
        if row.type == "group" and api.protocol == "qimen":
            yield from _of_group(api, row.path)
        if not row.leaf and row.need == "optional" and not row.usual:
            yield _mutant(api, row.path, "empty", _is_empty(row))
    if api.protocol == "qimen":
        yield from _of_group(api, "")
        yield _mutant(api, "", "unknown", lambda root: bool(xml.find(root, "vendorField")))
        if sum(row.need == "must" or row.usual for row in api.request.children()) > 1:
            yield _mutant(api, "", "order", lambda root: _is_disordered(api, root))


def _of_leaf(api: Api, row: Field) -> Iterator[Mutant]:
    for edge in EDGES:
        if edge.has(row):
            yield _mutant(api, row.path, edge.kind, _holds(row, edge))
    if row.need == "optional" and not row.usual and row.path not in api.parts:
        yield _mutant(
            api, row.path, "empty", lambda root: any(not one.text for one in xml.find(root, row.path))
        )
        yield _mutant(api, row.path, "absent", lambda root: _lacks(root, row))


def _of_group(api: Api, path: str) -> Iterator[Mutant]:
    """Yield the mutants that refuse what may stand in every group."""
    yield _mutant(api, path, "open", _below(path, "extendProps.json"))
    yield _mutant(api, path, "many-open", _below(path, "extendProps.key50"))
    if "remark" not in {row.name for row in api.request.children(path)}:
        yield _mutant(api, path, "remark", _below(path, "remark"), Level.SHOULD)


def _mutant(api: Api, path: str, kind: str, refuses: Refuses, level: Level = Level.MUST) -> Mutant:
    head, place = f"{api.name}/request/", path.replace("[]", "")
    own = f"{head}{place}/" if place else head
    sees = (f"{head}minimal", f"{head}{place.rpartition('.')[0]}") if kind == "absent" else (own,)

    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        if request.root is None or not refuses(request.root):
            return found
        return [*found, Problem(path, path, "type", "something else", "this", f"{path}: not accepted")]

    def make() -> Acts:
        return {(api.method, "problems"): problems}

    return Mutant(api.name, f"refuses-{kind}", path, level, make, sees, kind == "absent", "success")


def _holds(row: Field, edge: Edge) -> Refuses:
    return lambda root: any(text and edge.is_it(row, text) for text in xml.values(root, row.path))


def _lacks(root: xml.Element, row: Field) -> bool:
    """Return whether a group in which the field could stand is there without it."""
    groups = xml.find(root, row.parent)
    return any(len(group) and not xml.find(group, row.path.rpartition(".")[2]) for group in groups)


def _of_length(row: Field, count: int) -> Refuses:
    return lambda root: any(len(found) == count for found in lists_at(root, row.path))


def _is_empty(row: Field) -> Refuses:
    return lambda root: any(not (one.text or len(one)) for one in xml.find(root, row.path))


def _below(path: str, what: str) -> Refuses:
    return lambda root: any(xml.find(group, what) for group in xml.find(root, path))


def _is_disordered(api: Api, root: xml.Element) -> bool:
    """Return whether the first of the table's elements stands behind the last one."""
    names = [row.name for row in api.request.children()]
    found = [names.index(name) for name in map(xml.name, root.iterchildren("*")) if name in names]
    return found != sorted(found)
