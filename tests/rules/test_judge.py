"""Each kind of rule holds, is broken at its own place, and is silent where it cannot judge."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pytest_qimen import rules, spec, xml
from pytest_qimen.messages import samples

EVERYTHING = spec.load(Path(__file__).parents[1] / "data" / "cases" / "wms" / "everything.check.toml")
LONG = "L" * 60
SENT = etree.fromstring(
    "<request><lines><line><item>A1</item></line><line><item> B2 </item></line>"
    f"<line><item>{LONG}</item></line></lines></request>"
)


def broken(
    fragment: str, direction: str = "request", sent: xml.Element | None = SENT
) -> list[tuple[str, ...]]:
    root = etree.fromstring(f"<{direction}>{fragment}</{direction}>")
    found = rules.broken(EVERYTHING, direction, root, sent)
    return [(each.rule.id, each.path, str(each.expected), str(each.actual)) for each in found]


def line(total: str, *parts: str) -> str:
    """A line of so many pieces, in batches of so many."""
    batches = "".join(f"<batch><quantity>{part}</quantity></batch>" for part in parts)
    return f"<lines><line><quantity>{total}</quantity><batchs>{batches}</batchs></line></lines>"


YES = "<flag>Y</flag><kind>1</kind>"
NOTE = "a value, because flag is Y and kind is 1"
BROKEN = {
    YES: ("yes-has-note", "lines.line.note", NOTE, "nothing"),
    f"{YES}<lines/>": ("yes-has-note", "lines.line.note", NOTE, "nothing"),
    f"{YES}<lines> <line> <note/> </line> </lines>": ("yes-has-note", "lines.line.note", NOTE, "nothing"),
    f"{YES}<lines><line><note>1</note></line><line><item>1</item></line></lines>": (
        "yes-has-note", "lines.line[2].note", NOTE, "nothing",
    ),
    "<person><name>YY</name><home/></person>": (
        "yes-has-home", "person.home.zip", "a value, because name is YY", "nothing",
    ),
    "<person><name>Y</name><home><city>1</city></home></person>": (
        "yes-has-home", "person.home.zip", "a value, because name is Y", "nothing",
    ),
    line("3", "1", "", "-4"): (
        "batches-add-up", "lines.line.quantity", "-3 (the sum of batchs.batch[].quantity)", "3",
    ),
    (line("9") + line("3", "1")).replace("</lines><lines>", ""): (
        "batches-add-up", "lines.line[2].quantity", "1 (the sum of batchs.batch[].quantity)", "3",
    ),
    "<amount>1.00</amount><paid>.5</paid><due>0.51</due>": (
        "amount-adds-up", "amount", "1.01 (paid + due)", "1.00",
    ),
    "<amount>12345678901234567890123456789012345678.9</amount><paid>12345678901234567890123456789012345678.8</paid>"
    "<due>0</due>": (
        "amount-adds-up", "amount", "12345678901234567890123456789012345678.8 (paid + due)",
        "12345678901234567890123456789012345678.9",
    ),
    "<number>1</number><count>1</count><kind>2</kind><page>1</page>": (
        "number-is-count-less-page", "number", "2 (count + kind - page)", "1",
    ),
    "<day>2016-03-02</day><lastDay>2016-03-01</lastDay>": (
        "day-before-last-day", "day", "not after lastDay (2016-03-01)", "2016-03-02",
    ),
    "<page>11</page><count> 10 </count>": ("page-within-count", "page", "at most count (10)", "11"),
}  # fmt: skip


@pytest.mark.parametrize(("fragment", "found"), BROKEN.items(), ids=range(len(BROKEN)))
def test_broken(fragment: str, found: tuple[str, ...]) -> None:
    assert broken(fragment) == [found]


SILENT = {
    "nothing there": "",
    "one condition of two": "<flag>Y</flag>",
    "another value": "<flag>N</flag><kind>1</kind>",
    "required and there": f"{YES}<lines><line><note>1</note></line><line><note>2</note></line></lines>",
    "an empty line is an absent one": f"{YES}<lines><line><note>1</note></line><line> <note/></line></lines>",
    "no scope": "<person/>",
    "batches add up": line("3", "1", "+02"),
    "no batch": line("3"),
    "no quantity in the batch": line("3", ""),
    "no total": line("", "1"),
    "a batch that is no number": line("3", "1", "x"),
    "equal, written differently": "<amount>1.0</amount><paid>.50</paid><due>0.5</due>",
    "a part is missing": "<amount>1.0</amount><paid>.50</paid>",
    "a part is empty": "<amount>1.0</amount><paid>.50</paid><due/>",
    "no numbers": "<amount>NaN</amount><paid>Infinity</paid><due>1e3</due>",
    "no number either": "<amount>1_0</amount><paid>１</paid><due>0x1</due>",
    "nobody's amount": f"<amount>1</amount><paid>{'9' * 10_000}</paid><due>0</due>",
    "same day": "<day>2016-03-01</day><lastDay>2016-03-01</lastDay>",
    "one day": "<day>2016-03-01</day>",
    "days of two formats": "<day>2016-3-2</day><lastDay>2016-03-01</lastDay>",
    "no days": "<day>zz</day><lastDay>aa</lastDay>",
    "last page": "<page>10</page><count>10</count>",
    "pages that are no numbers": "<page>ten</page><count>9</count>",
}  # fmt: skip


@pytest.mark.parametrize("fragment", SILENT.values(), ids=SILENT)
def test_silent(fragment: str) -> None:
    assert broken(fragment) == []


@pytest.mark.parametrize(
    ("failed", "strange"),
    [
        (LONG[:50], []),
        (LONG[:49], [LONG[:49]]),
        ("A1", []),
        (" A1 , B2,", []),
        ("A1，B2", []),
        ("", []),
        ("C3", ["C3"]),
        ("A1,C3,D4", ["C3", "D4"]),
    ],
)
def test_what_failed_was_sent(failed: str, strange: list[str]) -> None:
    answer = f"<failed>{failed}</failed>"
    assert broken(answer, "response") == [
        ("failed-were-sent", "failed", "a value sent as lines.line[].item", name) for name in strange
    ]
    assert broken(answer, "response", None) == []


@given(st.data())
def test_never_an_exception(data: st.DataObject) -> None:
    root = samples.full(EVERYTHING.request)
    for row in EVERYTHING.request.leaves:
        xml.put(
            root,
            row.path,
            data.draw(st.sampled_from(["", " ", "-", ".", "1", "1.5", "Y", "0", "2016-03-01"])),
        )
    rules.broken(EVERYTHING, "request", root)


@pytest.mark.parametrize("api", spec.load_all(), ids=lambda api: api.name)
@pytest.mark.parametrize("build", [samples.minimal, samples.full])
def test_examples_break_no_rule(api: spec.Api, build: type) -> None:
    request = build(api.request)
    assert rules.broken(api, "request", request) == ()
    assert rules.broken(api, "response", build(api.response, api.root), request) == ()
