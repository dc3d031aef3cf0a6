"""A query in, the Cases out that send a value and see it come back: each field, each kind of text, nothing.

Derived from the tables of the two messages and from `[[shows]]` (cases/README.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pytest_qimen import spec
from pytest_qimen.cases.model import Case, Check, Step
from pytest_qimen.cases.round_trip import (
    asking,
    case_of,
    making,
    new_mark,
    saved_mark,
    showing,
    where_of,
)
from pytest_qimen.cases.shown import UNNAMED, Pair, Shown, shown_by
from pytest_qimen.messages.distinct import has_length, is_amount, is_free, two_values
from pytest_qimen.messages.edits import Edit
from pytest_qimen.messages.tricky import NOTHING, TEXTS, Tricky
from pytest_qimen.spec import Field
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level


def readbacks(query: spec.Api) -> Iterator[Case]:
    """Yield every case on what this query shows of earlier messages."""
    for shown in shown_by(query):
        for pair in shown.pairs:
            if pair.is_mark and not pair.is_numbered:
                continue  # it chooses the line in the cases of all others
            yield _kept(shown, pair)
            if shown.update and _is_changed(shown, pair):
                yield _updated(shown, shown.update, pair)
        yield from _together(shown)
        yield from _bare(shown)
        yield from _texts(shown)
        yield from _longest(shown)
        yield from _nothing(shown)
        yield from _extended(shown)


def _kept(shown: Shown, pair: Pair) -> Case:
    """Two documents differ in the field; each shows its own value."""
    title = Text(
        f"{shown.maker.method} 的 {pair.sent.path} 原样查回",
        f"{pair.sent.path} of {shown.maker.method} comes back as it was sent",
    )
    path = f"readback/{shown.maker.method}/{pair.shown.path.replace('[]', '')}"
    level = Level.MAY if pair.recorded else Level.MUST
    if pair.is_found:
        return case_of(shown, path, title, pair.shown.path, _found(shown, pair), level=level)
    steps = _marked(shown, pair) if pair.mark and not pair.is_mark else _one(shown, pair)
    return case_of(shown, path, title, pair.shown.path, steps, level=level, let=_let(pair))


def _found(shown: Shown, pair: Pair) -> tuple[Step, ...]:
    """Whatever the message says there comes back; a warehouse may also be shown as none in particular."""
    check = Check(pair.shown.path, "only", "@sent")
    if pair.sent.name == "warehouseCode":
        check = Check(pair.shown.path, "only", ["@sent", UNNAMED], level=Level.SHOULD)
    there = pair.sent.need == "must" or pair.sent.usual
    put = () if there else (Edit("put", pair.sent.path, pair.sent.example),)
    return making(shown, *put, save={"sent": f"request:{pair.sent.path}"}), asking(shown, check)


def _let(pair: Pair) -> Mapping[str, str]:
    one, two = two_values(pair.sent, pair.shown)
    marks = {"a": "@new", "b": "@new", "c": "@new"} if pair.mark and not pair.is_numbered else {}
    return {"one": one, "two": two, **marks}


def _one(shown: Shown, pair: Pair) -> tuple[Step, ...]:
    path = pair.sent.path
    return (
        making(shown, Edit("put", path, "@one")),
        making(shown, Edit("put", path, "@two"), number=1),
        asking(shown, showing(pair, "@one")),
        asking(shown, showing(pair, "@two"), number=1),
    )


def _marked(shown: Shown, pair: Pair) -> tuple[Step, ...]:
    """Two lines of one document differ, and the lines of another one are the other way round."""
    assert pair.mark
    first, second, other = ("1", "2", "1") if pair.is_numbered else ("@a", "@b", "@c")
    shows = [
        showing(pair, value, {pair.mark[1]: mark}) for mark, value in ((first, "@one"), (second, "@two"))
    ]
    if pair.is_numbered:
        shows.append(showing(pair, ["@one", "@two"]))
    return (
        making(shown, *_lines(pair, (first, "@one"), (second, "@two"))),
        making(shown, *_lines(pair, (other, "@two")), number=1),
        asking(shown, *shows),
    )


def _lines(pair: Pair, *rows: tuple[str, str]) -> Iterator[Edit]:
    """Yield the edits that make so many lines, each with its mark and its value."""
    assert pair.mark
    group, mark = pair.mark
    yield Edit("repeat", group, str(len(rows)))
    for number, (name, value) in enumerate(rows, 1):
        line = f"{group.removesuffix('[]')}[{number}]"
        yield Edit("put", f"{line}.{mark}", name)
        yield Edit("put", f"{line}.{pair.below}", value)


def _together(shown: Shown) -> Iterator[Case]:
    """Yield the case of one document with every field that the query shows: each shows its own value."""
    pairs = [one for one in shown.pairs if not (one.recorded or one.is_found or one.is_mark)]
    if len(pairs) < 2:
        return
    values = {f"value{number}": two_values(one.sent, one.shown)[0] for number, one in enumerate(pairs)}
    put = [Edit("put", one.sent.path, f"@{name}") for name, one in zip(values, pairs, strict=True)]
    checks = [showing(one, f"@{name}", where_of(one)) for name, one in zip(values, pairs, strict=True)]
    title = Text(
        f"{shown.maker.method} 的各个字段一起原样查回",
        f"All fields of {shown.maker.method} together come back as they were sent",
    )
    steps = making(shown, *new_mark(pairs), *put, save=saved_mark(pairs)), asking(shown, *checks)
    yield case_of(shown, f"readback/{shown.maker.method}/together", title, "", steps, let=values)


def _is_changed(shown: Shown, pair: Pair) -> bool:
    """Return True when the update can give the field another value."""
    assert shown.update
    one, two = two_values(pair.sent, pair.shown)
    changes = one != two or one.startswith("@")
    return pair.sent.path in shown.update.request.by_path and changes and not pair.is_found


def _updated(shown: Shown, update: spec.Api, pair: Pair) -> Case:
    """The field gets another value, and this one is shown."""
    names = {place: f"@{name}" for name, place in shown.saved.items()}
    keys = [Edit("put", path, names.get(place, place)) for path, place in shown.update_set.items()]
    title = Text(
        f"{update.method} 更新 {pair.sent.path} 后查到新值",
        f"{pair.sent.path} is updated by {update.method}, and the new value comes back",
    )
    steps = (
        making(shown, Edit("put", pair.sent.path, "@one")),
        Step(update, changes=(*keys, Edit("put", pair.sent.path, "@two")), given=True),
        asking(shown, showing(pair, "@two")),
    )
    path = f"readback/updated/{pair.shown.path.replace('[]', '')}"
    level = Level.MAY if pair.recorded else Level.MUST
    return case_of(shown, path, title, pair.shown.path, steps, level=level, let=_let(pair))


def _bare(shown: Shown) -> Iterator[Case]:
    """Yield the case of a message with nothing but what is demanded: where it is taken, it is there."""
    demanded = {"", *(row.path for row in shown.maker.request.fields if row.need == "must")}
    found = [pair for pair in shown.pairs if pair.sent.key and pair.sent.parent in demanded]
    if not (found and any(row.usual for row in shown.maker.request.fields)):
        return
    made = replace(making(shown), base="bare", expect="any", given=False, stop=True)
    kept = {f"kept{number}": f"request:{pair.sent.path}" for number, pair in enumerate(found)}
    checks = [Check(pair.shown.path, "only", f"@{name}") for name, pair in zip(kept, found, strict=True)]
    steps = replace(made, save={**made.save, **kept}), replace(asking(shown, *checks), given=False)
    title = Text(
        f"{shown.maker.method} 只传必填字段，成功后能查到",
        f"{shown.maker.method} with nothing but what is demanded: after a success it is found",
    )
    requirements = (f"readback.{shown.query.method}", "effect.smallest")
    path = f"readback/{shown.maker.method}/bare"
    yield case_of(shown, path, title, "", steps, requirements=requirements)


def _texts(shown: Shown) -> Iterator[Case]:
    """Yield a case for every kind of text that careless code takes for something else."""
    free = [pair for pair in shown.pairs if is_free(pair.sent) and not pair.recorded]
    for kind in TEXTS if free else ():
        title = Text(
            f"{shown.maker.method} 的文本原样查回：{kind.title.zh}",
            f"Texts of {shown.maker.method} come back: {kind.title.en}",
        )
        path = f"readback/{shown.maker.method}/text-{kind.name}"
        requirements = (f"readback.{shown.query.method}", kind.requirement)
        steps = tuple(_rounds(shown, free, kind))
        yield case_of(shown, path, title, "", steps, level=kind.level, requirements=requirements)


def _rounds(shown: Shown, free: list[Pair], kind: Tricky) -> Iterator[Step]:
    """Yield a document and its query, as often as it takes to send every text in one field or another.

    What may be refused is looked for only where it was taken.
    """
    for start in range(0, len(kind.texts), len(free)):
        texts = [_plain(kind.texts[(start + place) % len(kind.texts)]) for place in range(len(free))]
        for step in _round(shown, free, texts):
            yield replace(step, given=False, expect="any") if kind.refusable else step


def _round(shown: Shown, free: list[Pair], texts: list[str]) -> Iterator[Step]:
    """Yield a document with these texts, and its query."""
    pairs = list(zip(free, texts, strict=True))
    put = [Edit("put", pair.sent.path, text) for pair, text in pairs]
    yield making(shown, *new_mark(free), *put, save=saved_mark(free))
    yield asking(shown, *(showing(pair, text, where_of(pair)) for pair, text in pairs))


def _longest(shown: Shown) -> Iterator[Case]:
    """Yield the case whose texts are as long as both messages allow: none comes back cut off."""
    ours = (pair for pair in shown.pairs if not (pair.recorded or pair.is_found or pair.is_mark))
    long = [pair for pair in ours if has_length(pair.sent)]
    steps = [
        step
        for filler, end, pairs in (("x", "z", long), ("长", "末", [one for one in long if is_free(one.sent)]))
        for step in (_round(shown, pairs, [_full(one, filler) + end for one in pairs]) if pairs else ())
    ]
    if not steps:
        return
    title = Text(
        f"{shown.maker.method} 的文本达到最大长度，原样查回",
        f"Texts of {shown.maker.method} come back: as long as they may be",
    )
    requirements = (f"readback.{shown.query.method}", "roundtrip.text")
    path = f"readback/{shown.maker.method}/text-longest"
    yield case_of(shown, path, title, "", tuple(steps), requirements=requirements)


def _full(pair: Pair, filler: str) -> str:
    """Return one character less than both messages allow."""
    return filler * (min(row.max for row in (pair.sent, pair.shown) if row.max) - 1)


def _plain(text: str) -> str:
    """Return the expression that stands for the text itself."""
    return f"@{text}" if text.startswith("@") else text


def _nothing(shown: Shown) -> Iterator[Case]:
    """Yield the case in which every optional text is empty: none comes back as a word for nothing."""
    empty = [pair for pair in shown.pairs if _may_be_empty(shown, pair)]
    if not empty:
        return
    changes = [*new_mark(empty), *(Edit("empty", pair.sent.path) for pair in empty)]
    checks = [Check(pair.shown.path, "not", word, where_of(pair)) for pair in empty for word in NOTHING]
    checks += [
        Check(pair.shown.path, "absent", True, where_of(pair), level=Level.SHOULD)
        for pair in empty
        if _is_ours(pair)
    ]
    steps = making(shown, *changes, save=saved_mark(empty)), asking(shown, *checks)
    yield case_of(
        shown,
        f"readback/{shown.maker.method}/empty",
        Text(
            f"{shown.maker.method} 的可选字段为空，查询中不出现",
            f"Optional fields of {shown.maker.method} are empty: the query shows none of them",
        ),
        "",
        steps,
    )


def _may_be_empty(shown: Shown, pair: Pair) -> bool:
    row, group = pair.sent, shown.maker.request.by_path.get(pair.sent.parent)
    plain = row.type == "string" and not (row.codes or pair.is_found or row.usual)
    return plain and row.need == "optional" and (group is None or group.need == "must" or group.usual)


def _is_ours(pair: Pair) -> bool:
    """Return True for a text that the receiver has from nowhere else."""
    return not (pair.recorded or pair.sent.format or is_amount(pair.sent)) and "Name" not in pair.sent.name


def _extended(shown: Shown) -> Iterator[Case]:
    """Yield the case in which extendProps has keys called as fields are: the fields keep their own values."""
    pairs = [pair for pair in shown.pairs if is_free(pair.sent) and not pair.recorded]
    if not pairs:
        return
    changes = [*new_mark(pairs), *(Edit("put", pair.sent.path, "QMTEXT") for pair in pairs)]
    changes += _extensions([pair.sent for pair in pairs])
    checks = [showing(pair, "QMTEXT", where_of(pair)) for pair in pairs]
    title = Text(
        f"{shown.maker.method} 的 extendProps 中有与字段同名的键，字段仍原样查回",
        f"extendProps of {shown.maker.method} has keys with the names of fields, and the fields come back",
    )
    requirements = (f"readback.{shown.query.method}", "request.extend-props")
    steps = making(shown, *changes, save=saved_mark(pairs)), asking(shown, *checks)
    yield case_of(
        shown, f"readback/{shown.maker.method}/extend-props", title, "", steps, requirements=requirements
    )


def _extensions(rows: list[Field]) -> Iterator[Edit]:
    """Yield the edits that put extendProps first in the message and in each group, with a key a field."""
    names = {"": {row.name for row in rows}}
    for row in rows:
        names.setdefault(row.parent, set()).add(row.name)
    for place, keys in names.items():
        yield Edit("drop", f"{place}.extendProps".removeprefix("."))
        inside = "".join(f"<{key}>QMEXTRA</{key}>" for key in sorted(keys))
        yield Edit("insert", place, f"<extendProps>{inside}</extendProps>")
