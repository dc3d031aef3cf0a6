"""lxml and xmlschema agree; calendars; threads."""

from calendar import isleap
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen import schema, xml
from pytest_qimen.messages import samples
from tests.schema.schema_messages import EVERYTHING, full

VALUES = st.one_of(
    st.text("0123456789+-. e", max_size=12),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z"]), max_size=8),
    st.sampled_from(["LIMIT^VISIT", "LIMIT^", " ", "a,b,,", "true", "Y", "2016-02-29", "24:00:00"]),
)  # fmt: skip
LEAVES = [row.path for row in EVERYTHING.request.leaves]


@given(st.dictionaries(st.sampled_from(LEAVES), st.one_of(st.none(), VALUES), max_size=4))
def test_both_engines_agree_on_all_but_odd_numbers(values: dict[str, str | None]) -> None:
    root = full()
    for path, value in values.items():
        if value is None:
            xml.drop(root, path)
        else:
            xml.put(root, path, value)
    found = schema.problems(EVERYTHING, "request", root)
    if not schema.explain(EVERYTHING, "request", root):
        assert all(each.rule == "type" and each.field in NUMBERS for each in found)
    else:
        assert found


NUMBERS = [row.path for row in EVERYTHING.request.fields if row.type in ("int", "long", "decimal", "number")]
LAX = [("count", "1_0"), ("count", "１"), ("number", "\u00a01"), ("amount", "0 0"), ("amount", "- 1")]


@pytest.mark.parametrize(("path", "value"), LAX)
def test_where_xmlschema_reads_numbers_as_python_does(path: str, value: str) -> None:
    root = full()
    xml.put(root, path, value)
    assert [each.rule for each in schema.problems(EVERYTHING, "request", root)] == ["type"]
    assert schema.explain(EVERYTHING, "request", root) == ()


@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
def test_dates_are_those_of_the_calendar(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    root = samples.minimal(EVERYTHING.request)
    xml.put(root, "day", text)
    try:
        datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        assert [found.rule for found in schema.problems(EVERYTHING, "request", root)] == ["format"]
    else:
        assert schema.problems(EVERYTHING, "request", root) == ()


def test_every_leap_day() -> None:
    root = samples.minimal(EVERYTHING.request)
    for year in range(1, 10000):
        xml.put(root, "day", f"{year:04}-02-29")
        assert schema.compiled(EVERYTHING, "request")(root) == isleap(year), year


def test_threads_do_not_see_each_others_errors() -> None:
    def judge(number: int) -> bool:
        root = full()
        if number % 3:
            xml.put(root, ("code", "long")[number % 2], "x" * 100)
        found = [each.path for each in schema.problems(EVERYTHING, "request", root)]
        return found == ([("code", "long")[number % 2]] if number % 3 else [])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(judge, range(500)))
