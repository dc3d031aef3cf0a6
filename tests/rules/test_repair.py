"""Repairs bring back into line what depends on an edit, and leave alone what was edited or pinned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen import rules, spec, xml
from pytest_qimen.messages import samples
from pytest_qimen.messages.edits import apply
from tests.support.apis import api, may, rule

API = api(
    may("flag", example="N"),
    may("total", "int", example="2"),
    may("price", "decimal", digits=(6, 2), example="3.00"),
    may("net", "decimal", digits=(6, 2), example="4.00"),
    may("discount", "decimal", digits=(6, 2), example="1.00"),
    may("first", "string", format="date", example="2016-05-01"),
    may("last", "string", format="date", example="2016-05-02"),
    may("page", "int", example="1"),
    may("pages", "int", example="2"),
    may("lines", "group"),
    may("lines.line[]", "group"),
    may("lines.line[].quantity", "int", example="2"),
    may("invoice", "group"),
    may("invoice.header", need="conditional", example="H"),
    rules=(
        rule("required-if", field="invoice.header", when={"flag": ["Y", "Z"]}),
        rule("sum", total="total", parts="lines.line[].quantity"),
        rule("equation", total="price", plus=["net"], minus=["discount"]),
        rule("order", first="first", second="last"),
        rule("not-above", first="page", second="pages"),
    ),
)


def lines(*quantities: str) -> str:
    inside = "".join(f"<line><quantity>{quantity}</quantity></line>" for quantity in quantities)
    return f"<lines>{inside}</lines>"


def prices(price: str, net: str, discount: str) -> str:
    return f"<price>{price}</price><net>{net}</net><discount>{discount}</discount>"


# What the case edited (a path), the message, and the message after the repair.
REPAIRS = {
    "nothing to do": ("", "<flag>N</flag>", "<flag>N</flag>"),
    "what is demanded is added": (
        "flag",
        "<flag>Z</flag>",
        "<flag>Z</flag><invoice><header>H</header></invoice>",
    ),
    "what is there stays": (
        "",
        "<flag>Y</flag><invoice><header>mine</header></invoice>",
        "<flag>Y</flag><invoice><header>mine</header></invoice>",
    ),
    "an empty one is filled": (
        "flag",
        "<flag>Y</flag><invoice><header/></invoice>",
        "<flag>Y</flag><invoice><header>H</header></invoice>",
    ),
    "the sum follows": ("", f"<total>9</total>{lines('1', '2')}", f"<total>3</total>{lines('1', '2')}"),
    "a part follows": ("total", f"<total>9</total>{lines('1', '2')}", f"<total>9</total>{lines('7', '2')}"),
    "another part follows": (
        "lines.line[].quantity",
        f"<total>9</total>{lines('1', '2')}",
        f"<total>3</total>{lines('1', '2')}",
    ),
    "an empty part takes what is left": (
        "",
        f"{lines('1', '')}<total>9</total>",
        f"{lines('1', '8')}<total>9</total>",
    ),
    "an empty part that has to stay counts nothing": (
        "lines.line[].quantity",
        f"{lines('1', '')}<total>9</total>",
        f"{lines('1', '')}<total>1</total>",
    ),
    "an edited part may be negative": (
        "lines.line[].quantity",
        f"<total>9</total>{lines('-3')}",
        f"<total>-3</total>{lines('-3')}",
    ),
    "a total of halves is written whole": (
        "lines.line[].quantity",
        f"<total>9</total>{lines('1.5', '1.5')}",
        f"<total>3</total>{lines('1.5', '1.5')}",
    ),
    "a whole number cannot be half": (
        "lines.line[].quantity",
        f"<total>9</total>{lines('1.5')}",
        f"<total>9</total>{lines('1.5')}",
    ),
    "no sum of what is no number": (
        "",
        f"<total>9</total>{lines('abc')}",
        f"<total>9</total>{lines('abc')}",
    ),
    "no parts, no sum": ("", "<total>9</total>", "<total>9</total>"),
    "no total, none is made": ("", lines("1"), lines("1")),
    "the price follows": ("net", prices("3", "7.00", "1"), prices("6", "7.00", "1")),
    "a term follows": ("price", prices("9", "4", "1"), prices("9", "10", "1")),
    "the largest price leaves no room above": (
        "price",
        prices("9999.99", "9999.99", "1"),
        prices("9999.99", "9999.99", "0"),
    ),
    "no equation without a term": ("price", "<price>9</price><net>4</net>", "<price>9</price><net>4</net>"),
    "the last day follows": (
        "first",
        "<first>2024-02-29</first><last>2016-05-02</last>",
        "<first>2024-02-29</first><last>2024-02-29</last>",
    ),
    "the first day follows": (
        "last",
        "<first>2016-05-01</first><last>2015-02-28</last>",
        "<first>2015-02-28</first><last>2015-02-28</last>",
    ),
    "what is no day is not copied": (
        "first",
        "<first>2023-02-30</first><last>2016-05-02</last>",
        "<first>2023-02-30</first><last>2016-05-02</last>",
    ),
    "the pages follow": (
        "page",
        "<page>3</page><pages>2</pages>",
        "<page>3</page><pages>3</pages>",
    ),
    "half a page is not copied": (
        "page",
        "<page>2.5</page><pages>2</pages>",
        "<page>2.5</page><pages>3</pages>",
    ),
}


@pytest.mark.parametrize(("edited", "before", "after"), REPAIRS.values(), ids=REPAIRS)
def test_repairs(edited: str, before: str, after: str) -> None:
    root = xml.parse(f"<request>{before}</request>".encode())
    kept = set(xml.find(root, edited)) if edited else set()
    rules.repair(API.request, API.rules, {}, root, kept)
    assert xml.write(root, declaration=False).decode().replace("></quantity>", "/>") == (
        f"<request>{after}</request>".replace("></quantity>", "/>")
    )


def test_says_whether_every_rule_holds() -> None:
    for part, outcome in (("1", True), ("1.5", False)):
        root = xml.parse(f"<request><total>9</total>{lines(part)}</request>".encode())
        kept = set(xml.find(root, "lines.line[].quantity"))
        assert rules.repair(API.request, API.rules, {}, root, kept) is outcome


def test_pinned_values_stay() -> None:
    root = xml.parse(f"<request><total>9</total>{lines('1', '2')}</request>".encode())
    assert rules.repair(API.request, API.rules, {"total": ["9"]}, root)
    assert xml.values(root, "lines.line[].quantity") == ["7", "2"]


def test_what_is_added_is_pinned() -> None:
    one = spec.load_api("deliveryorder.create")
    root = samples.minimal(one.request)
    xml.put(root, "deliveryOrder.orderType", "HHCK")
    path = "deliveryOrder.preDeliveryOrderCode"
    rules.repair(one.request, one.rules, {path: ("MINE", "OTHER")}, root)
    assert xml.values(root, path) == ["MINE"]


@given(st.data())
def test_a_repaired_message_keeps_every_rule(data: st.DataObject) -> None:
    one = spec.load_api(data.draw(st.sampled_from([api.name for api in spec.load_all() if api.rules])))
    asked = [each for each in one.rules if each.direction == "request"]
    root = samples.full(one.request)
    for row in data.draw(st.lists(st.sampled_from(one.request.leaves), max_size=5)):
        if row.need != "must":
            xml.drop(root, row.path)
    for each in asked:
        if each.conditional and not each.prefix:
            for path, values in each.when.items():
                xml.put(root, path, values[-1])
    assert rules.repair(one.request, asked, {}, root)
    assert rules.broken(one, "request", root) == ()


@pytest.mark.parametrize("each", API.rules, ids=lambda each: each.kind)
def test_what_breaks_a_rule_breaks_it_alone(each: spec.Rule) -> None:
    """The edits before make the rule speak, the last one breaks it and nothing else."""
    how = rules.just_breaks(each, API.request)
    assert how is not None
    root = samples.full(API.request)
    for edit in how.kept:
        apply(API.request, root, edit)
    rules.repair(API.request, API.rules, {}, root)
    assert rules.broken(API, "request", root) == ()
    apply(API.request, root, how.broken)
    assert [fault.rule for fault in rules.broken(API, "request", root)] == [each]


def test_nothing_breaks_a_rule_about_answers() -> None:
    each = rule("failed-are-sent", direction="response", failed="flag", sent="flag")
    assert rules.just_breaks(each, API.request) is None
    assert not rules.is_tried(each)


def test_every_kind_has_a_row_in_the_table() -> None:
    assert set(rules.KINDS) == set(spec.RULES)


def test_codes_follow_their_condition() -> None:
    one = spec.load_api("orderStatus.sync")
    root = samples.minimal(one.request)
    xml.put(root, "status", "X_COMMODITY_CONFIRM")
    (found,) = rules.broken(one, "request", root)
    assert (found.rule.id, found.path, found.actual) == ("pick-up-status-is-pick-up", "type", "FAHUO")
    assert not rules.repair(one.request, one.rules, {}, root, set(xml.find(root, "type")))
    assert rules.repair(one.request, one.rules, {}, root)
    assert xml.values(root, "type") == ["ZITI"]
    assert not rules.broken(one, "request", root)
