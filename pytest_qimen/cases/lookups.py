"""A query in, the Cases out that ask with another key than a document has, and must not see the document."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pytest_qimen import spec
from pytest_qimen.cases.model import Case, Check, Kind, Step, api_case, minimal_id
from pytest_qimen.cases.shown import UNNAMED, Pair, Shown, shown_by
from pytest_qimen.messages.distinct import is_fresh
from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import Field
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

_NO_KEYS = frozenset(("page", "pageSize", "currentPage", "queryType", "orderSourceCode"))
_LONG = 50  # characters of a code whose length is not printed
_MARKS = 3  # fresh texts by which a document is known again
_CODES: Mapping[str, tuple[str, str, Text]] = {  # scenario -> the document's code, the code asked for
    "another": ("@base", "@new", Text("另一个值", "another value")),
    "beginning": ("@base+7", "@base", Text("只有开头", "only its beginning")),
    "longer": ("@base", "@base+7", Text("多一个字符", "one character more")),
    "other-case": ("@base+ab", "@base+AB", Text("大小写不同", "other letters, small for capital")),
    "leading-zeros": ("@00+digits", "@digits", Text("少了前导零", "without its leading zeros")),
    "percent": ("@base+7", "@base+%", Text("末尾是 % 通配符", "with % for its end")),
    "underscore": ("@base+7", "@base+_", Text("末尾是 _ 通配符", "with _ for its end")),
    "asterisk": ("@base+7", "@base+*", Text("末尾是 * 通配符", "with * for its end")),
    "hyphen": ("@base+-7", "@base+7", Text("少了连字符", "without its hyphen")),
    "quotes": ("@base", "@base+' or '1'='1", Text("末尾是 SQL 条件", "with a condition of SQL behind it")),
    "last-character": (
        "@long+7",
        "@long+8",
        Text("最长的编码，末位不同", "the longest one, its last character another"),
    ),
}


_PARTS: Mapping[str, str] = {"beginning": "@-1+own", "longer": "@own+7"}  # scenario -> what is asked for


def lookups(query: spec.Api) -> Iterator[Case]:
    """Yield every case on a key of this query that is not the document's."""
    for shown in list(shown_by(query))[:1]:
        for row in query.request.leaves:
            if row.name in _NO_KEYS or row.format:
                continue
            place = shown.give.get(row.path, "")
            if place.startswith("request:") and row.key:
                yield from _by_code(shown, row, place.removeprefix("request:"))
                yield from _by_other_code(shown, row)
            elif row.name == "warehouseCode":
                yield from _by_warehouse(shown, row)
            else:
                yield _by_another(shown, row)
                yield from _by_neighbour(shown, row, place.removeprefix("request:"))
                yield from _by_part(shown, row)
                if place.startswith("response:"):
                    yield from _by_other_code(shown, row)


def _by_code(shown: Shown, row: Field, path: str) -> Iterator[Case]:
    longest = min(one.max or _LONG for one in (row, shown.maker.request.by_path[path]))
    for scenario, (made, asked, how) in _CODES.items():
        level = Level.SHOULD if scenario == "other-case" else _level(row)
        maker = (Edit("put", path, made),)
        case = _case(shown, row, scenario, how, level, maker, (Edit("put", row.path, asked),))
        long = {"long": f"@new:{longest - 1}"} if made.startswith("@long") else {}
        yield replace(case, let={**case.let, **long})


def _by_other_code(shown: Shown, row: Field) -> Iterator[Case]:
    """Yield the query with another code of the same thing: its bar code, article number, source …"""
    code = "@digits" if row.type in ("long", "number") else "@base"
    keys = {place.removeprefix("request:") for place in shown.give.values()}  # it is asked for by these
    for pair in shown.pairs:
        is_own = _tells(pair) or (pair.sent.key and pair.sent.path not in keys)
        is_head = not pair.mark and "[]" not in pair.sent.path
        if is_own and is_head and pair.sent.name.endswith("Code"):
            how = Text(f"填的是 {pair.sent.name}", f"its {pair.sent.name} in place of it")
            made = (Edit("put", pair.sent.path, code),)
            asked = (Edit("put", row.path, code),)
            yield _case(shown, row, f"as-{pair.sent.name}", how, Level.SHOULD, made, asked)


def _by_another(shown: Shown, row: Field) -> Case:
    _, _, how = _CODES["another"]
    return _case(shown, row, "another", how, _level(row), (), (Edit("put", row.path, _other(row)),))


def _by_neighbour(shown: Shown, row: Field, place: str) -> Iterator[Case]:
    """Yield the query with another code that the document could have had: a type of the same kind."""
    sent = shown.maker.request.by_path.get(place)
    if row.codes and sent and sent.codes:
        other = next(code for code in sent.codes.codes if code in row.codes.codes and code != sent.example)
        how = Text("同类的另一个代码", "another code of its kind")
        case = _case(shown, row, "neighbour", how, _level(row), (), (Edit("put", row.path, other),))
        made, found, asked = case.steps
        made = replace(made, save={**made.save, "kind": f"request:{place}"})
        checks = tuple(replace(check, given=f"kind={sent.example}") for check in asked.checks)
        yield replace(case, steps=(made, found, replace(asked, checks=checks)), let={**case.let, "kind": ""})


def _by_part(shown: Shown, row: Field) -> Iterator[Case]:
    """Yield the query with a part of the document's own value of a key, and with more than it.

    Who shows the document for any other value, too, shows so in another case.
    """
    sent = next((one for one in shown.maker.request.leaves if one.name == row.name), None)
    place = shown.give.get(row.path) or (f"request:{sent.path}" if sent else "")
    free = sent is not None and not (sent.refers or sent.usual or sent.need == "must")
    made = (Edit("put", sent.path, "@digits"),) if sent and free and row.path not in shown.give else ()
    for scenario, asked in _PARTS.items() if place and not row.codes else ():
        edit = (Edit("put", row.path, asked),)
        case = _case(shown, row, scenario, _CODES[scenario][2], _level(row), made, edit)
        maker, found, wanted = case.steps
        other = tuple(replace(one, value=_other(row)) if one in edit else one for one in wanted.changes)
        blind = Step(
            shown.query, changes=other, expect="any", save={"blind": f"response:{wanted.checks[0].path}"}
        )
        checks = tuple(replace(check, given="blind=none") for check in wanted.checks)
        own = replace(maker, save={**maker.save, "own": place})
        steps = (own, found, blind, replace(wanted, checks=checks))
        yield replace(case, steps=steps, let={**case.let, "own": "@new", "blind": "none"})


def _by_warehouse(shown: Shown, row: Field) -> Iterator[Case]:
    """Yield the query with another warehouse: what it shows is there, or in no warehouse in particular."""
    pair = next((pair for pair in shown.pairs if pair.shown.name == row.name), None)
    if pair is None:
        return
    for case in (_by_another(shown, row), *_by_part(shown, row)):
        *before, asked = case.steps
        named = next(edit.value for edit in asked.changes if edit.path == row.path)
        value = "@elsewhere" if named == "@new" else named
        edits = tuple(replace(one, value=value) if one.path == row.path else one for one in asked.changes)
        check = Check(pair.shown.path, "only", [value, UNNAMED], given=asked.checks[0].given)
        let = {**case.let, "elsewhere": "@new"} if value != named else case.let
        yield replace(case, steps=(*before, replace(asked, changes=edits, checks=(check,))), let=let)


def _tells(pair: Pair) -> bool:
    """Return True for a text by which its document is known again."""
    return is_fresh(pair.sent) and not (pair.recorded or pair.is_found or pair.is_mark)


def _level(row: Field) -> Level:
    return Level.MUST if row.need == "must" else Level.SHOULD


def _other(row: Field) -> str:
    """Return an expression for a legal value that the document has not."""
    if row.codes:
        return row.codes.codes[-1] if row.codes.codes[-1] != row.example else row.codes.codes[0]
    return "@number" if row.type in ("long", "number") else "@number:9" if row.type == "int" else "@new"


def _case(
    shown: Shown,
    row: Field,
    scenario: str,
    how: Text,
    level: Level,
    made: tuple[Edit, ...],
    other: tuple[Edit, ...],
) -> Case:
    """Return the case: a document is made, found, and asked for with another key."""
    query = shown.query
    marked = [pair for pair in shown.pairs if _tells(pair)][:_MARKS]
    known = [pair for pair in shown.pairs if pair.sent.key]
    marks = {f"mark{number}": pair for number, pair in enumerate(marked, 1)}
    codes = {f"code{number}": pair for number, pair in enumerate(known, 1)}
    maker = _maker(shown, marks, codes, made)
    found = Step(query, changes=_keys(shown, shown.give), given=True)
    gone = [path for path in shown.give if query.request.by_path[path].need == "conditional"]
    drop = [Edit("drop", path) for path in gone if path != row.path]
    kept = [path for path in shown.give if path not in (row.path, *gone)]
    checks = [Check(pair.shown.path, "not", f"@{name}") for name, pair in (marks | codes).items()]
    asked = Step(query, changes=(*_keys(shown, kept), *drop, *other), expect="any", checks=tuple(checks))
    return api_case(
        query,
        f"lookup/{row.path.replace('[]', '')}/{scenario}",
        "flow",
        Text(f"{row.path}：{how.zh}，查不到", f"{row.path}, {how.en}: nothing of the document is shown"),
        level=level,
        clause=f"{query.source} request.{row.path}",
        requirements=(f"lookup.{query.method}",),
        requires=(minimal_id(shown.maker), minimal_id(query)),
        steps=(maker, found, asked),
        let={
            "base": "@new",
            "digits": "@number:12",
            **dict.fromkeys(shown.told, ""),
            **dict.fromkeys(marks, "@new:16"),
        },
        kind=Kind.READBACK,
    )


def _maker(
    shown: Shown, marks: Mapping[str, Pair], codes: Mapping[str, Pair], made: tuple[Edit, ...]
) -> Step:
    put = [Edit("put", pair.sent.path, f"@{name}") for name, pair in marks.items()]
    save = {**shown.saved, **{name: f"request:{pair.sent.path}" for name, pair in codes.items()}}
    return Step(shown.maker, changes=(*shown.asked_keys, *put, *made), given=True, save=save)


def _keys(shown: Shown, paths: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edits that ask for the document by these of its keys."""
    names = {place: name for name, place in shown.saved.items()}
    return tuple(Edit("put", path, f"@{names[shown.give[path]]}") for path in paths)
