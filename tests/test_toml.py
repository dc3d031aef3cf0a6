"""Values come out of TOML with their type, and every mistake says file, key and reason."""

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.errors import DataError
from pytest_qimen.toml import Reader, Text, read_toml, short
from tests.support.files import write

UNREADABLE = {  # the words between are tomllib's and change with Python
    "a = ": "(at end of document)",
    "a = 1\na = 2\n": "(at line 2, column 6)",
    "[a\n": "(at line 1, column 3)",
}


@pytest.mark.parametrize(("text", "place"), UNREADABLE.items())
def test_unreadable(text: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_toml(write(tmp_path, "cases/wms/x.toml", text))
    assert str(caught.value).startswith("cases/wms/x.toml: file: no TOML in UTF-8: ")
    assert str(caught.value).endswith(place)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_toml(tmp_path / "x.toml")
    assert str(caught.value) == f"{tmp_path / 'x.toml'}: file: no such file or folder"
    with pytest.raises(DataError) as caught:
        read_toml(tmp_path)
    assert str(caught.value) == f"{tmp_path}: file: is a folder; name a file"
    (tmp_path / "x.toml").write_bytes('a = "测"'.encode("gbk"))
    with pytest.raises(DataError, match=r"x\.toml: file: is in GBK: save it as UTF-8"):
        read_toml(tmp_path / "x.toml")


SHORT = {
    "/home/a/cases/wms/x.toml": "cases/wms/x.toml",
    "/cases/project/cases/wms/x.toml": "cases/wms/x.toml",
    "cases/x.toml": "cases/x.toml",
    "/home/a/x.toml": "/home/a/x.toml",
    "cases": "cases",
}


@pytest.mark.parametrize(("path", "name"), SHORT.items())
def test_short_names(path: str, name: str) -> None:
    assert short(Path(path)) == name


TABLE = {
    "text": "x",
    "number": 3,
    "yes": True,
    "table": {"zh": "一", "en": "one"},
    "half": {"zh": "一"},
    "rows": [{"a": 1}, 2],
    "words": ["a", 2],
}
MISTAKES: dict[str, tuple[Callable[[Reader], Any], str]] = {
    "no text": (lambda r: r.string("missing"), "api.missing: is missing"),
    "a number for a text": (lambda r: r.string("number"), "api.number: expected a text, got 3"),
    "no number": (lambda r: r.number("missing"), "api.missing: is missing"),
    "a text for a number": (lambda r: r.number("text"), "api.text: expected a whole number, got 'x'"),
    "true is no number": (lambda r: r.number("yes"), "api.yes: expected a whole number, got True"),
    "a number for a flag": (lambda r: r.flag("number"), "api.number: expected true or false, got 3"),
    "not to choose": (lambda r: r.choice("text", ("a", "b")), "api.text: expected one of a, b, got 'x'"),
    "nothing chosen": (lambda r: r.choice("missing", ("a", "b")), "api.missing: is missing"),
    "a number to choose": (lambda r: r.choice("number", ("a",)), "api.number: expected a text, got 3"),
    "no label": (lambda r: r.text("text"), "api.text: expected a table with zh and en, got 'x'"),
    "half a label": (lambda r: r.text("half"), "api.half: expected a table with zh and en, got {'zh': '一'}"),
    "no tables": (lambda r: r.tables("text"), "api.text: expected a list of tables, got 'x'"),
    "one that is no table": (lambda r: r.tables("rows"), "api.rows[2]: expected a table, got 2"),
    "no texts": (lambda r: r.strings("text"), "api.text: expected a list of texts, got 'x'"),
    "one that is no text": (lambda r: r.strings("words"), "api.words[2]: expected a text, got 2"),
    "left over": (lambda r: r.done(), "api.text: is not a key of this table"),
}


@pytest.mark.parametrize(("take", "complaint"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(take: Callable[[Reader], Any], complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        take(Reader("f.toml", "api", TABLE))
    assert str(caught.value) == f"f.toml: {complaint}"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_what_is_no_table_at_all() -> None:
    with pytest.raises(DataError) as caught:
        Reader("f.toml", "api", [1])
    assert str(caught.value) == "f.toml: api: expected a table, got [1]"
    with pytest.raises(DataError) as caught:
        Reader("f.toml", "", {}).string("a")
    assert str(caught.value) == "f.toml: a: is missing"


def test_values() -> None:
    reader = Reader("f.toml", "api", TABLE | {"rows": [{"a": 1}], "words": ["a", "b"]})
    del reader.table["half"]
    assert reader.string("text") == "x"
    assert reader.number("number") == 3
    assert reader.flag("yes") is True
    assert reader.text("table") == Text("一", "one")
    assert reader.tables("rows") == [{"a": 1}]
    assert reader.strings("words") == ("a", "b")
    reader.done()
    assert (reader.string("x", None), reader.number("x", 4), reader.flag("x")) == (None, 4, False)
    assert (reader.text("x", None), reader.tables("x"), reader.strings("x")) == (None, [], ())
    assert reader.choice("x", ("a",), None) is None


def test_the_table_of_the_caller_is_not_changed() -> None:
    table = {"a": "b"}
    Reader("f.toml", "", table).string("a")
    assert table == {"a": "b"}


def test_a_misspelt_key_names_the_nearest(tmp_path: Path) -> None:
    reader = Reader("x.toml", "target", {"urll": 1})
    assert reader.string("url", "") == reader.string("roles", "") == ""
    with pytest.raises(DataError) as caught:
        reader.done()
    assert str(caught.value) == "x.toml: target.urll: is not a key of this table; did you mean url?"
    assert caught.value.text("zh") == "x.toml：target.urll：不是此表的键；是不是 url？"


@pytest.mark.parametrize(
    "text", ["a = ", "a = yes", "a", "a = 'x", 'a = "x\n', "[a", "[a]\n[a]", "a = [1", "a = 1 b"]
)
def test_what_is_no_toml_is_told_in_chinese(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_toml(write(tmp_path, "x.toml", text))
    english = caught.value.text().partition("UTF-8: ")[2]
    chinese = caught.value.text("zh").partition("TOML：")[2]
    assert re.fullmatch(f".*[\u4e00-\u9fff].*（{re.escape(english)}）", chinese, re.S), chinese
