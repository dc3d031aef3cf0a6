"""A step becomes a message: fresh keys, pins, what was given, expressions, changes, repairs."""

import re
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen import schema, spec, xml
from pytest_qimen.cases import Check, Step, bundled_cases
from pytest_qimen.client.clock import china_now
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.rules import repair
from pytest_qimen.runner.compose import Context, Keys, base36, compose, resolve
from pytest_qimen.spec import Field
from pytest_qimen.target.model import with_options
from tests.support.apis import TARGET, api, may, must, rule

API = api(
    must("code", key=True, max=20, example="C1"),
    must("day", format="date", example="2016-05-01"),
    may("moment", format="datetime", example="2017-12-31 23:59:59"),
    may("time", format="time", example="10:00:00"),
    may("flag", example="N"),
    may("header", need="conditional", example="H"),
    may("total", "int", example="2"),
    may("old", example="o", refers=True),
    must("lines", "group"),
    must("lines.line[]", "group"),
    may("lines.line[].orderLineNo", example="1"),
    must("lines.line[].item", example="i"),
    must("lines.line[].key", key=True, max=20, example="k"),
    may("lines.line[].quantity", "int", example="2"),
    rules=(
        rule("required-if", field="header", when={"flag": "Y"}),
        rule("sum", total="total", parts="lines.line[].quantity"),
    ),
)
YEAR = int(china_now()[:4])


def context(**data: tuple[str, ...]) -> Context:
    return Context(with_options(TARGET, data=data), Keys(number=0))


def made(step: Step, known: Context | None = None, **given: str) -> dict[str, list[str]]:
    """The values of the message by their schematic paths, lists marked."""
    root = compose(step, known or context(), {path.replace("__", "."): text for path, text in given.items()})
    found: dict[str, list[str]] = {}
    for path, element in xml.walk(root):
        if not len(element):
            found.setdefault(path.replace("[]", ""), []).append(xml.text(element))
    return found


SMALLEST = {
    "code": ["Q0000000001"],
    "day": [f"{YEAR}-05-01"],
    "lines.line.item": ["i"],
    "lines.line.key": ["Q0000000002"],
}


def test_the_smallest_message() -> None:
    assert made(Step(API)) == SMALLEST


def test_a_typical_message_has_neither_conditions_nor_what_must_agree() -> None:
    assert made(Step(API, "typical")) == SMALLEST | {
        "moment": [f"{YEAR + 1}-12-31 23:59:59"],
        "time": ["10:00:00"],
        "flag": ["N"],
        "total": ["2"],
        "lines.line.orderLineNo": ["1"],
        "lines.line.quantity": ["2"],
    }


def test_an_empty_base() -> None:
    assert made(Step(API, "none", (Edit("put", "flag", "N"),))) == {"flag": ["N"]}


def test_keys_are_fresh_each_time() -> None:
    known = context()
    assert [made(Step(API), known)["code"] for _ in range(3)] == [
        ["Q0000000001"],
        ["Q0000000003"],
        ["Q0000000005"],
    ]


def put(path: str, value: str) -> dict[str, list[str]]:
    return made(Step(API, changes=(Edit("put", path, value),)))


def test_repairs_follow_the_changes() -> None:
    assert put("flag", "Y")["header"] == ["H"]
    for path in ("lines.line[].quantity", "total"):
        both = made(Step(API, "typical", (Edit("put", path, "7"),)))
        assert (both["total"], both["lines.line.quantity"]) == (["7"], ["7"])
    broken = made(Step(API, changes=(Edit("put", "flag", "Y"), Edit("as-is"))))
    assert "header" not in broken


def test_repeated_lines_are_numbered_and_have_keys_of_their_own() -> None:
    found = made(Step(API, changes=(Edit("repeat", "lines.line[]", "3"),)))
    assert found["lines.line.orderLineNo"] == ["1", "2", "3"]
    assert found["lines.line.key"] == ["Q0000000002", "Q0000000003", "Q0000000004"]
    assert found["lines.line.item"] == ["i"] * 3
    assert found["code"] == ["Q0000000001"]


PINS: dict[str, tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]] = {
    "a name": ({"item": ("SKU1",)}, {"lines.line.item": ["SKU1"] * 3}),
    "a path": ({"lines.line[].item": ("SKU1",)}, {"lines.line.item": ["SKU1"] * 3}),
    "a method's path": ({"thing.create:lines.line[].item": ("SKU1",)}, {"lines.line.item": ["SKU1"] * 3}),
    "another method's": ({"thing.delete:lines.line[].item": ("SKU1",)}, {"lines.line.item": ["i"] * 3}),
    "a list": ({"item": ("A", "B")}, {"lines.line.item": ["A", "B", "A"]}),
    "a key by its name": ({"code": ("K1",)}, {"code": ["Q0000000001"]}),
    "a key of this method": ({"thing.create:code": ("K1",)}, {"code": ["K1"]}),
    "a field that is not there": ({"flag": ("Y",)}, {"code": ["Q0000000001"], "flag": ["Y"]}),
}


@pytest.mark.parametrize(("data", "expected"), PINS.values(), ids=PINS)
def test_pins(data: dict[str, tuple[str, ...]], expected: dict[str, list[str]]) -> None:
    found = made(Step(API, changes=(Edit("repeat", "lines.line[]", "3"),)), context(**data))
    assert found | expected == found
    assert ("flag" in found) is ("flag" in data)


def test_what_a_setup_gave_comes_before_the_changes() -> None:
    assert made(Step(API), old="W1")["old"] == ["W1"]
    assert made(Step(API, changes=(Edit("put", "old", "mine"),)), old="W1")["old"] == ["mine"]


def test_a_message_that_is_written_out() -> None:
    text = "<request><code>@new</code><old>@given</old><header>@given</header><flag>@@new</flag></request>"
    assert made(Step(API, message=text), old="W1") == {
        "code": ["Q0000000001"],
        "old": ["W1"],
        "header": ["H"],
        "flag": ["@new"],
    }


LONG = Field("n", type="long")
VALUES: dict[str, tuple[str, Field | None]] = {
    "plain": ("plain", None),
    "@@at": ("@at", None),
    "@@": ("@", None),
    "@new": ("Q0000000001", None),
    "@new:5": ("00001", None),
    "@new:14#": ("Q0000000001000#", None),
    "@new+x": ("Q0000000001+x", None),
    "@number:9": ("100000001", None),
    "@code": ("C7", None),
    "@code+ b": ("C7 b", None),
    "@00+code": ("00C7", None),
    "@newest": ("N7", None),
    "@numbered": ("3", None),
}


@pytest.mark.parametrize(("text", "expected", "row"), [(text, *rest) for text, rest in VALUES.items()])
def test_expressions(text: str, expected: str, row: Field | None) -> None:
    known = context()
    known.names |= {"code": "C7", "newest": "N7", "numbered": "3"}
    assert known.value(text, row) == expected


def test_now_and_today() -> None:
    before = china_now()
    assert before <= context().value("@now") <= china_now()
    assert before[:10] <= context().value("@today") <= china_now()[:10]


def test_new_values_fit_their_field() -> None:
    assert len(context().value("@new", Field("a", type="string", min=30, max=40))) == 30
    assert len(context().value("@new", Field("a", type="string", max=12))) <= 12
    assert 10**14 <= int(context().value("@new", LONG)) < 10**15
    assert 10**8 <= int(context().value("@new", Field("a", type="int"))) < 2**31


@pytest.mark.parametrize(("names", "known"), [({}, "nothing"), ({"a": "1", "b": "2"}, "a, b")])
def test_a_name_that_nobody_saved(names: dict[str, str], known: str) -> None:
    one = context()
    one.names |= names
    with pytest.raises(UsageError) as caught:
        one.value("@code")
    assert str(caught.value) == f"no earlier answer gave 'code'; known: {known}"


def test_a_saved_list_makes_a_list() -> None:
    many = api(must("ids", "group"), must("ids.id[]", "long", example="1"))
    known = context()
    known.names["ids"] = ["7", "8", "9"]
    assert made(Step(many, changes=(Edit("put", "ids.id[]", "@ids"),)), known) == {"ids.id": ["7", "8", "9"]}


def test_an_empty_value_that_was_saved_leaves_the_field_out() -> None:
    known = context()
    known.names["id"] = ""
    assert "old" not in made(Step(API, changes=(Edit("put", "old", "@id"),)), known, old="W1")
    assert made(Step(API, changes=(Edit("put", "old", ""),)), known)["old"] == [""]


def test_checks_are_resolved() -> None:
    known = context()
    known.names |= {"code": "C7", "many": ["1", "2"]}
    check = Check("a", "in", ["@code", "x", 3, "@@y"], {"b": "@code", "c": "d"})
    assert resolve(check, known) == Check("a", "in", ["C7", "x", 3, "@y"], {"b": "C7", "c": "d"})
    assert resolve(Check("a", "in", "@many"), known).value == ["1", "2"]
    assert resolve(Check("a", "count", 3), known).value == 3


@given(st.integers(0, 10**12))
def test_base36(number: int) -> None:
    assert int(base36(number), 36) == number
    assert re.fullmatch("0|[1-9A-Z][0-9A-Z]*", base36(number))


@given(worker=st.integers(0, 35), longest=st.integers(11, 60), count=st.integers(2, 50))
def test_keys_carry_their_runs_prefix_and_are_distinct(worker: int, longest: int, count: int) -> None:
    keys = Keys(worker)
    texts = [keys.text(None, longest) for _ in range(count)]
    texts += [keys.text(longest) for _ in range(count)]
    assert len(set(texts)) == len(texts)
    assert all(text.startswith(keys.prefix) and len(text) <= longest for text in texts)
    assert all(len(text) == longest for text in texts[count:])
    assert re.fullmatch(r"Q[0-9A-Z]{6}", keys.prefix)


@given(number=st.integers(0, 36**5 - 1), worker=st.integers(0, 35), longest=st.integers(7, 18))
def test_numbers_are_distinct_and_as_long_as_they_may_be(number: int, worker: int, longest: int) -> None:
    keys = Keys(worker, number)
    found = [keys.digits(longest) for _ in range(50)]
    assert len(set(found)) == 50
    assert {len(text) for text in found} == {longest}
    assert all(text.isascii() and text.isdigit() and text[0] != "0" for text in found)


@pytest.mark.parametrize(
    "row", [Field("k", type="int"), LONG, Field("k", type="number"), Field("k", type="string", max=12)]
)
def test_two_runs_do_not_share_keys(row: Field) -> None:
    runs = [
        {keys.for_field(row) for _ in range(200)} for keys in (Keys(0, 7), Keys(0, 8), Keys(1, 7), Keys(1, 8))
    ]
    assert len(set().union(*runs)) == 800


def test_threads_do_not_get_the_same_key() -> None:
    keys = Keys()
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.extend([keys.text() for _ in range(500)])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 2000


@pytest.mark.parametrize("name", spec.methods())
def test_bundled_messages_are_of_this_year_and_their_keys_are_new(name: str) -> None:
    one = spec.load_api(name)
    known = context()
    first, second = (compose(Step(one, "typical"), known, {}) for _ in range(2))
    for root in (first, second):
        assert schema.problems(one, "request", root) == ()
        for row in one.request.leaves:
            for text in xml.values(root, row.path):
                if row.format == "date":
                    assert abs(date.fromisoformat(text).year - YEAR) <= 3
                elif row.format == "datetime":
                    assert abs(datetime.fromisoformat(text).year - YEAR) <= 3
    for row in one.request.leaves:
        if row.key:
            keys: list[Any] = [xml.values(root, row.path) for root in (first, second)]
            assert keys[0] or row.need != "must"
            assert not set(keys[0]) & set(keys[1])
            assert all(text.startswith("Q000000") or row.type != "string" for text in keys[0] + keys[1])


def test_pins_stand_where_a_flow_names_the_examples_and_where_a_query_need_not_name_them() -> None:
    """`ownerCode` need not be in a deliveryordersum.query; a profile that pins it wants it there."""
    target = with_options(TARGET, data={"ownerCode": ("O7",), "warehouseCode": ("W7",)})
    query = compose(Step(spec.load_api("wms/deliveryordersum.query")), Context(target, Keys()), {})
    assert xml.get(query, "ownerCode") == "O7"
    path = "orders.order[].orderInfo.warehouseCode"
    answer = spec.load_api("erp/deliveryorder.batchcreate.answer")
    for value, found in (("HZCK01", "W7"), ("HZCK02", "HZCK02")):
        step = Step(answer, changes=(Edit("put", path, value),))
        assert xml.values(compose(step, Context(target, Keys()), {}), path) == [found]


@pytest.mark.parametrize("path", spec.methods().values(), ids=lambda path: path.stem)
def test_a_composed_message_needs_no_repair(path: Path) -> None:
    for case in bundled_cases(path):
        known = Context(TARGET, Keys(number=0), dict(case.let))
        for step in case.steps[:1]:
            if not step.message and not any(change.op == "as-is" for change in step.changes):
                assert repaired(root := compose(step, known, {}), step) == xml.write(root), case.id


def repaired(root: xml.Element, step: Step) -> bytes:
    """The message when every rule was looked at."""
    put = {change.path for change in step.changes if change.op in ("put", "empty")}
    rules = [rule for rule in step.api.rules if rule.direction == "request"]
    copy = xml.copy(root)
    kept = {element for path in put for element in xml.find(copy, path)}
    repair(step.api.request, rules, {}, copy, kept)
    return xml.write(copy)
