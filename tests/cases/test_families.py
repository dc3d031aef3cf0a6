"""Families: one written flow, one case for each member; the bundled files use every member and every word."""

import re
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import load_cases
from pytest_qimen.errors import DataError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.toml import Text, read_toml
from tests.support.files import write

FAMILY = """\
[words]
code = "entryOrder.entryOrderCode"

[member.entry]
create = "entryorder.create"
path = "entryOrder.remark"
goods = "things in"

[member.return]
create = "returnorder.create"
path = "returnOrder.remark"
goods = "things back"

[[flow]]
of = ["entry", "return"]
id = "{member}-again"
title = { zh = "{goods}", en = "Sends {goods} again" }
level = "must"
clause = "003 {create}"
requirements = ["replay.one-effect"]
step = [
  { method = "{create}", set = [
    { "{path}" = "a" },
    { "orderLines.orderLine[].planQty" = 3 },
  ], expect = "success" },
  { method = "{create}", again = true, expect = "any" },
]

[[flow]]
id = "alone"
title = { zh = "单独", en = "Alone" }
level = "may"
clause = "003"
requirements = ["replay.one-effect"]
step = [{ method = "entryorder.create", set = { "{code}" = "x" }, expect = "any" }]
"""

MISTAKES = {
    'of = ["entry", "return"]': {
        'of = ["entry", "exit"]': "flow[1].of: unknown member 'exit'; this file has entry, return",
        'of = ["entry", "entry"]': "flow[1].of: names a member twice",
        'of = "entry"': "flow[1].of: expected a list of texts, got 'entry'",
        "": "flow[1].id: unknown word {member}; known are code",
    },
    'goods = "things in"': {"goods = 2": "member.entry.goods: expected a text, got 2"},
    'code = "entryOrder.entryOrderCode"': {"code = []": "words.code: expected a text, got []"},
    'set = { "{code}" = "x" }': {
        'set = { "{cod}" = "x" }': "flow[2].step[1].set: unknown word {cod}; known are code",
        'set = { "{code}" = "x", "entryOrder.entryOrderCode" = "y" }': (
            "flow[2].step[1].set: two keys of this table are 'entryOrder.entryOrderCode'"
        ),
        'set = [{ "{code}" = "x" }, { "entryOrder.entryOrderCode" = "y" }]': (
            "flow[2].step[1].set[2]: 'entryOrder.entryOrderCode' is set twice"
        ),
        'set = [{ "{code}" = "x" }, 3]': "flow[2].step[1].set[2]: expected a table, got 3",
        'set = [{ "{code}" = true }]': (
            "flow[2].step[1].set[1]: expected a table of path = value, "
            "got True for 'entryOrder.entryOrderCode'"
        ),
    },
}
FOLDER = spec.data_dir("cases")


def test_a_flow_is_read_once_for_each_member(tmp_path: Path) -> None:
    entry, back, alone = load_cases(write(tmp_path, "cases/flows/mine.toml", FAMILY))
    assert [entry.id, back.id, alone.id] == [
        "flows/mine/entry-again",
        "flows/mine/return-again",
        "flows/mine/alone",
    ]
    assert back.title == Text("things back", "Sends things back again")
    assert (back.method, back.clause) == ("returnorder.create", "003 returnorder.create")
    assert back.steps[0].changes == (
        Edit("put", "returnOrder.remark", "a"),
        Edit("put", "orderLines.orderLine[].planQty", "3"),
    )
    assert entry.steps[0].changes[0] == Edit("put", "entryOrder.remark", "a")
    assert alone.steps[0].changes == (Edit("put", "entryOrder.entryOrderCode", "x"),)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [(old, new, complaint) for old, rows in MISTAKES.items() for new, complaint in rows.items()],
)
def test_mistakes_name_their_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    path = write(tmp_path, "cases/flows/mine.toml", FAMILY, old, new)
    with pytest.raises(DataError) as caught:
        load_cases(path)
    assert str(caught.value) == f"{path}: {complaint}"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("flows/*.toml")), ids=lambda path: path.stem)
def test_every_member_and_word_of_a_bundled_file_is_used(path: Path) -> None:
    tables = read_toml(path)
    used = set(re.findall(r"\{([^{}\s]+)\}", path.read_text("utf-8")))
    members = tables.get("member", {})
    assert set(members) == {name for flow in tables["flow"] for name in flow.get("of", ())}
    assert {word for member in members.values() for word in member} <= used
    assert set(tables.get("words", {})) <= used
    assert all(len(flow["of"]) > 1 for flow in tables["flow"] if "of" in flow)


def test_no_line_of_a_case_file_is_too_long_to_read() -> None:
    long = [
        f"{path.relative_to(FOLDER)}:{number}"
        for path in sorted(FOLDER.rglob("*.toml"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 240
    ]
    assert long == []
