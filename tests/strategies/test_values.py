"""Drawn values of every type of field, and the values just outside."""

from collections.abc import Callable
from functools import cache

import pytest

from pytest_qimen import xml
from pytest_qimen.messages.outside import outside
from pytest_qimen.schema import problems
from pytest_qimen.spec import Api, CodeList, Field, Message
from pytest_qimen.strategies import values_of
from pytest_qimen.toml import Text
from tests.strategies.draws import drawn, field


def one_field(row: Field) -> Api:
    title = Text("测试", "Test")
    return Api("one", "wms", "qimen", title, "", Message("request", (row,)), Message("response", ()))


LABELS = {code: Text("码", "Code") for code in ("A", "Bc", "d", "1", "2")}
CODES = CodeList("letters", ("A", "Bc", "d"), LABELS)


ROWS = {
    "string": field(type="string"),
    "string-50": field(type="string", max=50),
    "string-1": field(type="string", max=1),
    "string-18-to-50": field(type="string", min=18, max=50),
    "alphanumeric": field(type="string", min=18, max=50, format="alphanumeric"),
    "date": field(type="string", max=10, format="date"),
    "datetime": field(type="string", max=19, format="datetime"),
    "time": field(type="string", max=8, format="time"),
    "codes": field(type="string", max=50, codes=CODES),
    "codes-int": field(type="int", codes=CodeList("digits", ("1", "2"), LABELS)),
    "codes-joined": field(type="string", max=5, codes=CODES, separator="^"),
    "joined": field(type="string", separator=";"),
    "joined-20": field(type="string", separator=",", limit=20),
    "int": field(type="int"),
    "int-to-100": field(type="int", least=1, most=100),
    "int-signed": field(type="int", signed=True),
    "long": field(type="long"),
    "number": field(type="number"),
    "decimal-18-2": field(type="decimal", digits=(18, 2)),
    "decimal-4-3-signed": field(type="decimal", digits=(4, 3), signed=True),
    "string-signed": field(type="string", signed=True),
    "boolean": field(type="boolean"),
    "doubtful": field(type="int", doubt="two readings"),
}


@cache
def drawn_values(row: str) -> list[str]:
    return drawn(values_of(ROWS[row]), 600)


@pytest.mark.parametrize("name", ROWS)
def test_values_are_legal_and_outside_is_not(name: str) -> None:
    row = ROWS[name]
    api = one_field(row)

    def judged(value: str) -> list[tuple[str, str]]:
        root = xml.new("request")
        xml.append(root, "it").text = value
        return [(each.field, each.rule) for each in problems(api, "request", xml.parse(xml.write(root)))]

    assert [value for value in drawn_values(name) if judged(value)] == []
    for wrong in outside(row):
        assert judged(wrong.value) == [("it", wrong.rule)], wrong
    assert bool(outside(row)) == (name not in ("string", "string-signed", "joined", "doubtful"))


@pytest.mark.parametrize(
    ("row", "oddity"),
    [
        ("string-50", lambda value: len(value) == 50 and len(value.encode()) == 200),
        ("string-50", lambda value: len(value) == 49),
        ("string-50", lambda value: len(value) == 1),
        ("string-50", lambda value: "&" in value or "<" in value),
        ("string-50", lambda value: "测" in value),
        ("string-50", lambda value: "\r" in value or "\t" in value),
        ("int", lambda value: value == str(2**31 - 1)),
        ("int-to-100", lambda value: value == "100"),
        ("int-signed", lambda value: int(value) < 0),
        ("long", lambda value: value == str(2**63 - 1)),
        ("decimal-18-2", lambda value: value == "9999999999999999.99"),
        ("decimal-4-3-signed", lambda value: value.startswith("-")),
        ("date", lambda value: value.endswith("-02-29")),
        ("datetime", lambda value: "-02-29 " in value),
        ("codes-joined", lambda value: value == "Bc^d"),
        ("joined-20", lambda value: value.count(",") == 3),
    ],
)
def test_values_reach(row: str, oddity: Callable[[str], bool]) -> None:
    assert any(oddity(value) for value in drawn_values(row))


@pytest.mark.parametrize("row", ["int", "int-signed", "int-to-100", "long", "number"])
def test_quantities_are_not_zero(row: str) -> None:
    values = [int(value) for value in drawn_values(row)]
    assert 0 not in values
    assert any(value < 0 for value in values) == (row == "int-signed")
