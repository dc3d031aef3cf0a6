"""Each operation edits what it names, in place; repairs bring back into line what depends on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen import rules, spec, xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import edits, samples
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
        "shuffle, insert, as-is"
    )


def test_shuffling_takes_every_second_name_first() -> None:
    root = xml.parse(b"<r><a/><b><d/><e/></b><b/><c/></r>")
    apply(API.request, root, Edit("shuffle"))
    assert xml.write(root, declaration=False) == b"<r><b><e/><d/></b><b/><a/><c/></r>"
    apply(API.request, root, Edit("reverse"))
    assert xml.write(root, declaration=False) == b"<r><c/><a/><b><d/><e/></b><b/></r>"


REPAIRS = {
    "nothing to do": ("<flag>N</flag>", "<flag>N</flag>"),
    "what is demanded is added": ("<flag>Z</flag>", "<flag>Z</flag><invoice><header>H</header></invoice>"),
    "what is there stays": (
        "<flag>Y</flag><invoice><header>mine</header></invoice>",
        "<flag>Y</flag><invoice><header>mine</header></invoice>",
    ),
    "an empty one is filled": (
        "<flag>Y</flag><invoice><header/></invoice>",
        "<flag>Y</flag><invoice><header>H</header></invoice>",
    ),
    "the sum follows": (
        "<total>9</total><lines><line><quantity>1</quantity></line><line><quantity>2.5</quantity></line></lines>",
        "<total>3.5</total><lines><line><quantity>1</quantity></line><line><quantity>2.5</quantity></line></lines>",
    ),
    "an empty part counts nothing": (
        "<lines><line><quantity>1</quantity></line><line><quantity/></line></lines><total>9</total>",
        "<lines><line><quantity>1</quantity></line><line><quantity/></line></lines><total>1</total>",
    ),
    "no sum of what is no number": (
        "<total>9</total><lines><line><quantity>abc</quantity></line></lines>",
        "<total>9</total><lines><line><quantity>abc</quantity></line></lines>",
    ),
    "no parts, no sum": ("<total>9</total>", "<total>9</total>"),
}


@pytest.mark.parametrize(("before", "after"), REPAIRS.values(), ids=REPAIRS)
def test_repairs(before: str, after: str) -> None:
    root = xml.parse(f"<request>{before}</request>".encode())
    edits.repair(API, root, {})
    assert xml.write(root, declaration=False).decode() == f"<request>{after}</request>"


def test_what_is_added_is_pinned() -> None:
    one = spec.load_api("deliveryorder.create")
    root = samples.minimal(one.request)
    xml.put(root, "deliveryOrder.orderType", "HHCK")
    path = "deliveryOrder.preDeliveryOrderCode"
    edits.repair(one, root, {path: ("MINE", "OTHER")})
    assert xml.values(root, path) == ["MINE"]


@given(st.data())
def test_a_repaired_message_keeps_every_demand(data: st.DataObject) -> None:
    one = spec.load_api(data.draw(st.sampled_from([api.name for api in spec.load_all() if api.rules])))
    root = samples.full(one.request)
    for row in data.draw(st.lists(st.sampled_from(one.request.leaves), max_size=5)):
        if row.need != "must":
            xml.drop(root, row.path)
    for path, value in [
        pair
        for each in one.rules
        if each.kind == "required-if" and not each.terms.get("scope")
        for pair in each.terms["when"].items()
    ]:
        xml.put(root, path, value if isinstance(value, str) else value[-1])
    edits.repair(one, root, {})
    demands = ("required-if", "sum")
    assert [b.rule.id for b in rules.broken(one, "request", root) if b.rule.kind in demands] == []
