"""A query in, the Cases out that compare the keys in its answer with those of the question."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen import spec
from pytest_qimen.cases.model import Case, Check, Kind, Step, api_case, minimal_id
from pytest_qimen.cases.shown import UNNAMED, shown_by
from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import Field
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

_KEYS = ("Code", "Id", "Type", "Date", "_code", "_id")  # how the names of keys end
_IDS = ("Id", "_id")
ALIASES = ("outerId",)  # kept with the goods and changed by every message: what is told was true once


def echoes(query: spec.Api) -> Iterator[Case]:
    """Yield a case for every key of the question that stands in the answer, too.

    What `[[shows]]` compares with an earlier message is not asked twice. The answer may leave the key out. A
    key that the smallest question lacks may find nothing: then there is nothing to judge.
    """
    compared = {pair.shown.path for shown in shown_by(query) for pair in shown.pairs}
    asked = {row.name: row for row in query.request.leaves if _is_key(query, row)}
    for row in query.response.leaves if query.readonly else ():
        if row.name in asked and row.path not in compared and not row.doubt:
            yield _echo(query, asked[row.name], row)


def _is_key(query: spec.Api, row: Field) -> bool:
    """Return whether the row is a key that the suite can fill: an id only where the receiver told it."""
    return row.name.endswith(_KEYS) and (not row.name.endswith(_IDS) or _is_asked(query, row))


def _is_asked(query: spec.Api, row: Field) -> bool:
    """Return whether the smallest question holds the row."""
    return row.need == "must" or row.usual or row.path in query.given


def _level(asked: Field) -> Level:
    if asked.name in ALIASES:
        return Level.MAY
    return Level.MUST if asked.need == "must" else Level.SHOULD


def _echo(query: spec.Api, asked: Field, row: Field) -> Case:
    value = ["@asked", UNNAMED] if row.name == "warehouseCode" else "@asked"
    check = Check(row.path, "only", value, given="asked")
    place = row.path.replace("[]", "")
    step = Step(query, checks=(check,), save={"asked": f"request:{asked.path}"})
    if not _is_asked(query, asked):
        step = replace(step, changes=(Edit("put", asked.path, asked.example),), expect="any")
    return api_case(
        query,
        f"readback/asked/{place}",
        "roundtrip",
        Text(f"应答的 {place} 就是所查询的", f"{place} of the answer is what was asked for"),
        level=_level(asked),
        clause=f"{query.source} response.{place}",
        requirements=("query.only-what-was-asked",),
        requires=(minimal_id(query),),
        steps=(step,),
        let={"asked": ""},
        kind=Kind.READBACK,
    )
