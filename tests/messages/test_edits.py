"""Each operation edits what it names, in place; repairs bring back into line what depends on it."""

import pytest

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.edits import OPERATIONS, Edit, apply
from tests.support.apis import api, may, must, rule

API = api(
    must("code", example="A1"),
    may("flag", example="N"),
    may("total", "int", example="2"),
    may("lines", "group"),
    may("lines.line[]", "group"),
    must("lines.line[].item", example="i"),
    may("lines.line[].quantity", "int", example="2"),
    may("lines.line[].sn[]", example="S"),
    may("invoice", "group"),
    may("invoice.header", need="conditional", example="H"),
    rules=(
        rule("required-if", field="invoice.header", when={"flag": ["Y", "Z"]}),
        rule("sum", total="total", parts="lines.line[].quantity"),
    ),
)
BASE = b"<request><code>A1</code><flag>N</flag><flag>M</flag></request>"
LINE = "<line><item>i</item></line>"
EDITS = {
    Edit("put", "code", "B"): "<code>B</code><flag>N</flag><flag>M</flag>",
    Edit("put", "flag[2]", "B"): "<code>A1</code><flag>N</flag><flag>B</flag>",
    Edit("put", "flag[]", "B"): "<code>A1</code><flag>B</flag><flag>B</flag>",
    Edit("put", "code", ""): "<code></code><flag>N</flag><flag>M</flag>",
    Edit("put", "unheard.of", "B"): (
        "<code>A1</code><flag>N</flag><flag>M</flag><unheard><of>B</of></unheard>"
    ),
    Edit("put", "lines.line[].quantity", "3"): (
        "<code>A1</code><flag>N</flag><flag>M</flag>"
        "<lines><line><item>i</item><quantity>3</quantity></line></lines>"
    ),
    Edit("ensure", "lines.line[].quantity"): (
        f"<code>A1</code><flag>N</flag><flag>M</flag><lines>{LINE}</lines>"
    ),
    Edit("ensure", "code"): "<code>A1</code><flag>N</flag><flag>M</flag>",
    Edit("drop", "flag"): "<code>A1</code><flag>M</flag>",
    Edit("drop", "flag[]"): "<code>A1</code>",
    Edit("drop", "lines.line[].item"): "<code>A1</code><flag>N</flag><flag>M</flag>",
    Edit("empty", "code"): "<code/><flag>N</flag><flag>M</flag>",
    Edit("empty", "code", "open"): "<code></code><flag>N</flag><flag>M</flag>",
    Edit("empty", "lines.line[].item"): (
        "<code>A1</code><flag>N</flag><flag>M</flag><lines><line><item/></line></lines>"
    ),
    Edit("empty", "total"): "<code>A1</code><flag>N</flag><flag>M</flag><total/>",
    Edit("repeat", "lines.line[]", "2"): (
        f"<code>A1</code><flag>N</flag><flag>M</flag><lines>{LINE}{LINE}</lines>"
    ),
    Edit("repeat", "lines.line[].sn[]", "3"): (
        "<code>A1</code><flag>N</flag><flag>M</flag>"
        "<lines><line><item>i</item><sn>S</sn><sn>S-2</sn><sn>S-3</sn></line></lines>"
    ),
    Edit("repeat", "flag[]", "1"): "<code>A1</code><flag>N</flag>",
    Edit("duplicate", "code"): "<code>A1</code><code>A1</code><flag>N</flag><flag>M</flag>",
    Edit("duplicate", "total"): "<code>A1</code><flag>N</flag><flag>M</flag>",
    Edit("reverse"): "<flag>N</flag><flag>M</flag><code>A1</code>",
    Edit("shuffle"): "<flag>N</flag><flag>M</flag><code>A1</code>",
    Edit("insert", "", "<x a='1'>&amp;</x>"): '<x a="1">&amp;</x><code>A1</code><flag>N</flag><flag>M</flag>',
    Edit("insert", "lines.line[]", "<x/>"): (
        "<code>A1</code><flag>N</flag><flag>M</flag><lines><line><x/><item>i</item></line></lines>"
    ),
    Edit("mend"): "<code>A1</code><flag>N</flag><flag>M</flag>",
    Edit("as-is"): "<code>A1</code><flag>N</flag><flag>M</flag>",
}


@pytest.mark.parametrize(("change", "inside"), EDITS.items(), ids=str)
def test_edits(change: Edit, inside: str) -> None:
    root = xml.parse(BASE)
    apply(API.request, root, change)
    assert xml.write(root, declaration=False).decode() == f"<request>{inside}</request>"


def test_every_operation_is_in_the_table() -> None:
    assert {change.op for change in EDITS} == OPERATIONS.keys()


def test_an_unknown_operation() -> None:
    with pytest.raises(UsageError) as caught:
        apply(API.request, xml.new("request"), Edit("swap"))
    assert str(caught.value) == (
        "unknown change 'swap'; expected one of put, ensure, drop, empty, repeat, duplicate, reverse, "
        "shuffle, insert, mend, as-is"
    )


def test_shuffling_takes_every_second_name_first() -> None:
    root = xml.parse(b"<r><a/><b><d/><e/></b><b/><c/></r>")
    apply(API.request, root, Edit("shuffle"))
    assert xml.write(root, declaration=False) == b"<r><b><e/><d/></b><b/><a/><c/></r>"
    apply(API.request, root, Edit("reverse"))
    assert xml.write(root, declaration=False) == b"<r><c/><a/><b><d/><e/></b><b/></r>"
