"""Faults of a message: each by its path and rule."""

from collections.abc import Callable

import pytest
from lxml import etree

from pytest_qimen import schema, spec, xml
from pytest_qimen.messages import samples
from pytest_qimen.schema import Problem
from tests.schema.schema_messages import EVERYTHING, full

Change = Callable[[xml.Element], object]


def put(path: str, value: str) -> Change:
    return lambda root: xml.put(root, path, value)


def drop(*paths: str) -> Change:
    return several(*(lambda root, path=path: xml.drop(root, path) for path in paths))


def repeat(path: str, count: int) -> Change:
    return lambda root: xml.repeat(root, path, count)


def several(*changes: Change) -> Change:
    return lambda root: [change(root) for change in changes]


def add(path: str, fragment: str, place: int = 99) -> Change:
    """Put the elements of `fragment` below each element at `path`."""

    def change(root: xml.Element) -> None:
        for element in xml.find(root, path):
            element[place:place] = list(etree.fromstring(f"<x>{fragment}</x>"))

    return change


def reverse(root: xml.Element) -> None:
    for element in root.iter():
        element[:] = element[::-1]


def attributes(root: xml.Element) -> None:
    for element in root.iter():
        element.set("{http://www.w3.org/2001/XMLSchema-instance}type", "nothing")
        element.set("id", "1")


def indent(root: xml.Element) -> None:
    etree.indent(root)


def comment(root: xml.Element) -> None:
    xml.find(root, "person")[0].append(etree.ProcessingInstruction("no", "element"))
    root.insert(0, etree.Comment("no element"))


LONG = "长" * 200


LEGAL: dict[str, Change] = {
    "reversed": reverse,
    "indented": indent,
    "attributes": attributes,
    "comments": comment,
    "characters, not bytes": put("code", "编编编编编"),
    "emoji is one character": put("code", "😀😀😀😀😀"),
    "blank text": put("free", " "),
    "blank number": put("count", " "),
    "two lines": put("free", "a\nb"),
    "shortest": put("long", "abc"),
    "longest": put("long", "abcdef"),
    "int limits": put("count", "-2147483648"),
    "int with a plus, zeros, blanks": put("count", " +007 "),
    "range bottom": put("page", "1"),
    "range top": put("page", "100"),
    "long limits": put("number", "9223372036854775807"),
    "digits": put("amount", "-1234.56"),
    "digits, no point": put("amount", "123456"),
    "zeros do not count": put("amount", "0001234.5600"),
    "number of any length": put("due", "123456789012345678.123456789"),
    "True": put("yes", "True"),
    "FALSE": put("yes", "FALSE"),
    "midnight": put("moment", "1999-12-31 00:00:00"),
    "codes with blanks": put("flags", " LIMIT ^VISIT"),
    "one code": put("flags", "LIMIT"),
    "most parts": put("parts", "a,b,c"),
    "doubtful": put("doubtful", LONG),
    "doubtful number": put("doubtfulCount", "2147483647"),
    "optional group absent": drop("person.home"),
    "optional group empty": add("", "<mixed/>"),
    "optional group of empty ones": put("person.home.zip", ""),
    "empty optional value": put("flag", ""),
    "empty element of a list": add("lines", "<line/>"),
    "longest list": repeat("lines.line[]", 3),
    "list without limit": repeat("serials.sn[]", 2000),
    "undeclared": add("", "<new>1</new><ns:code xmlns:ns='urn:x'>too long</ns:code>"),
    "undeclared in a value": add("code", "<b>bold</b>"),
    "undeclared in a list": add("lines", "<column>1</column>", 0),
    "remark everywhere": several(
        *(add(path, f"<remark>{LONG}</remark>") for path in ("", "person", "lines", "lines.line[]", "mixed"))
    ),
    "open extendProps": add(
        "lines.line[]",
        "<extendProps>null<键 a='1'>{'a': 1}</键>x<y:y xmlns:y='urn:y'><z/></y:y></extendProps>",
    ),
    "remark among a list": several(
        repeat("lines.line[]", 3),
        add("lines", "<remark>1</remark>", 1),
        add("lines", "<extendProps/>", 2),
        add("lines", "<extendProps><a>1</a></extendProps>", 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", LEGAL.values(), ids=LEGAL)
def test_legal(change: Change) -> None:
    root = full()
    change(root)
    before = etree.tostring(root)
    assert schema.problems(EVERYTHING, "request", root) == ()
    assert schema.explain(EVERYTHING, "request", root) == ()
    assert etree.tostring(root) == before


BROKEN: list[tuple[Change, str, str, str]] = [
    (drop("code"), "need", "code", "code"),
    (put("code", ""), "need", "code", "code"),
    (drop("person"), "need", "person", "person"),
    (drop("person.name"), "need", "person.name", "person.name"),
    (drop("person.home.city"), "need", "person.home.city", "person.home.city"),
    (drop("lines.line[]"), "need", "lines", "lines"),
    (add("lines", "<line><quantity>1</quantity></line>"), "need", "lines.line[2].item", "lines.line[].item"),
    (drop("mixed.row[]"), "need", "mixed.row", "mixed.row[]"),
    (drop("mixed.last"), "need", "mixed.last", "mixed.last"),
    (drop("mixed.row[].id"), "need", "mixed.row", "mixed.row[]"),
    (put("code", "123456"), "length", "code", "code"),
    (put("long", "12"), "length", "long", "long"),
    (put("atLeast", "12"), "length", "atLeast", "atLeast"),
    (put("serial", "12"), "length", "serial", "serial"),
    (put("serial", "12-4"), "format", "serial", "serial"),
    (put("count", "2147483648"), "type", "count", "count"),
    (put("count", "1.0"), "type", "count", "count"),
    (put("page", "0"), "range", "page", "page"),
    (put("page", "101"), "range", "page", "page"),
    (put("page", "1e3"), "type", "page", "page"),
    (put("number", "9223372036854775808"), "type", "number", "number"),
    (put("amount", "1.234"), "digits", "amount", "amount"),
    (put("amount", "1234567"), "digits", "amount", "amount"),
    (put("amount", "12345.678"), "digits", "amount", "amount"),
    (put("amount", "1,5"), "type", "amount", "amount"),
    (put("amount", "NaN"), "type", "amount", "amount"),
    (put("paid", "-1"), "range", "paid", "paid"),
    (put("due", "three"), "type", "due", "due"),
    (put("yes", "1"), "type", "yes", "yes"),
    (put("day", "2015-02-29"), "format", "day", "day"),
    (put("day", "2016/02/28"), "format", "day", "day"),
    (put("day", "2016-02-28 "), "format", "day", "day"),
    (put("moment", "2016-02-29T23:59:59"), "format", "moment", "moment"),
    (put("clock", "24:00:00"), "format", "clock", "clock"),
    (put("flag", "y"), "codes", "flag", "flag"),
    (put("flag", " Y"), "codes", "flag", "flag"),
    (put("kind", "2"), "codes", "kind", "kind"),
    (put("flags", "LIMIT^NONE"), "codes", "flags", "flags"),
    (put("flags", "LIMIT;VISIT"), "codes", "flags", "flags"),
    (put("parts", "a,b,c,d"), "limit", "parts", "parts"),
    (put("doubtfulCount", "many"), "type", "doubtfulCount", "doubtfulCount"),
    (repeat("lines.line[]", 5), "limit", "lines.line[4]", "lines.line[]"),
    (repeat("mixed.row[]", 3), "limit", "mixed.row[3]", "mixed.row[]"),
    (add("", "<code>2</code>", 0), "duplicate", "code[2]", "code"),
    (add("", "<person><name>2</name></person>"), "duplicate", "person[2]", "person"),
    (put("serials.sn[]", "123456"), "length", "serials.sn", "serials.sn[]"),
    (put("person", "text"), "type", "person", "person"),
    (lambda root: setattr(root, "text", "text"), "type", "", ""),
    (lambda root: xml.clear(xml.find(root, "person.home")[0], "text"), "type", "person.home", "person.home"),
    (add("lines.line[]", f"<remark>{'x' * 501}</remark>"), "length", "lines.line.remark", ""),
    (lambda root: setattr(root, "tag", "Request"), "root", "", ""),
    (lambda root: setattr(root, "tag", "{urn:x}request"), "root", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rule", "path", "field"),
    BROKEN,
    ids=[f"{number}-{rule}-{path}" for number, (_, rule, path, _) in enumerate(BROKEN)],
)
def test_broken(change: Change, rule: str, path: str, field: str) -> None:
    root = full()
    change(root)
    before = etree.tostring(root)
    (found,) = schema.problems(EVERYTHING, "request", root)
    assert (found.rule, found.path, found.field) == (rule, path, field)
    assert found.text == f"{path or 'request'}: expected {found.expected}, got {found.actual}"
    assert bool(schema.explain(EVERYTHING, "request", root)) == (rule != "root")
    assert etree.tostring(root) == before


def test_words() -> None:
    root = full()
    for change in (
        drop("code"),
        put("long", "长" * 80),
        put("amount", "1.234"),
        put("page", "0"),
        put("day", "2015-02-29"),
        put("kind", "2"),
        put("parts", "a,b,c,d"),
        repeat("lines.line[]", 4),
        add("", "<free>2</free>"),
    ):
        change(root)
    shown = "'" + "长" * 60 + "…'"
    assert [found.text for found in schema.problems(EVERYTHING, "request", root)] == [
        "code: expected an element with a value, got nothing",
        "free[2]: expected one only, got 2",
        "lines.line[4]: expected at most 3, got 4",
        f"long: expected 3 to 6 characters, got 80: {shown}",
        "page: expected at least 1 and at most 100, got '0'",
        "amount: expected at most 6 digits, 2 of them after the point, got '1.234'",
        "day: expected yyyy-MM-dd, a day of the calendar, got '2015-02-29'",
        "kind: expected one of 0, 1, got '2'",
        "parts: expected at most 3, got 4: 'a,b,c,d'",
    ]


def test_every_missing_field_is_named_and_no_value_is_overlooked() -> None:
    root = full()
    xml.repeat(root, "lines.line[]", 2)
    for change in (
        drop("code", "person", "mixed.first", "mixed.last", "lines.line[].item"),
        put("mixed.row[].id", "123456"),
        put("lines.line[].quantity", "x"),
        add("lines", "<line/>", 0),  # counts in the paths although it is as good as absent
        add("", "<count>1</count><count>x</count>"),
    ):
        change(root)
    assert [(found.rule, found.path) for found in schema.problems(EVERYTHING, "request", root)] == [
        ("need", "code"),
        ("duplicate", "count[2]"),
        ("need", "person"),
        ("need", "lines.line[2].item"),
        ("need", "lines.line[3].item"),
        ("need", "mixed.first"),
        ("need", "mixed.last"),
        ("type", "lines.line[2].quantity"),
        ("type", "lines.line[3].quantity"),
        ("length", "mixed.row.id"),
    ]


def test_two_faults_of_one_value_are_two() -> None:
    root = full()
    xml.put(root, "paid", "-1.2345")
    assert [found.rule for found in schema.problems(EVERYTHING, "request", root)] == ["range", "digits"]


def test_wrong_root_with_nothing_known_is_one_problem() -> None:
    html = etree.fromstring("<html><body><p>502 Bad Gateway</p></body></html>")
    assert schema.problems(EVERYTHING, "response", html) == (
        Problem("", "", "root", "response", "html", "response: expected response, got html"),
    )


FAILURES = {
    "<response><flag>failure</flag><code>50</code><message>no</message></response>": [],
    "<response><flag>failure</flag><code/><message>no</message></response>": ["code"],
    "<response/>": ["flag", "code", "message"],
    "<response><flag>failure</flag><code>50</code><message>no</message><items><item>"
    "<remark>x</remark></item></items></response>": ["items.item.itemCode"],
}


@pytest.mark.parametrize(("text", "missing"), FAILURES.items())
def test_a_failure_carries_the_envelope_alone(text: str, missing: list[str]) -> None:
    found = schema.problems(EVERYTHING, "response", etree.fromstring(text))
    assert [(each.rule, each.path) for each in found] == [("need", path) for path in missing]


def test_undeclared() -> None:
    root = full()
    for path, fragment in {
        "": "<new><deep/></new><new/><ns:code xmlns:ns='urn:x'/><remark/>",
        "lines.line[]": "<colour>red</colour><remark/>",
        "person": "<extendProps><any><thing/></any></extendProps><age>1</age>",
        "code": "<b/>",
    }.items():
        add(path, fragment)(root)
    assert set(schema.undeclared(EVERYTHING, "request", root)) == {
        *("new[1]", "new[2]", "code[2]", "lines.line.colour", "person.age", "code[1].b"),
    }


def test_top_knows_no_open_elements() -> None:
    api = spec.load_api("alibaba.wdk.stock.publish")
    root = samples.full(api.request)
    xml.put(root, "batch_stock_publish_dto.remark", "x")
    assert schema.undeclared(api, "request", root) == ("batch_stock_publish_dto.remark",)
    xml.repeat(root, "batch_stock_publish_dto.stock_publish_dtos[]", 21)
    (found,) = schema.problems(api, "request", root)
    assert (found.rule, found.path) == ("limit", "batch_stock_publish_dto.stock_publish_dtos[21]")
