"""Every boundary of a small method, listed."""

from pathlib import Path

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.boundaries import boundaries
from tests.boundaries.boundary_messages import message
from tests.support.files import METHOD, SUM, write

SMALL = """\
thing absent failure must
thing empty failure must
thing remark-below success must
thing long-remark-below failure should
thing extend-props-below success must
thing many-extend-props-below success must
thing.thingCode absent failure must
thing.thingCode empty failure must
thing.thingCode blank failure should
thing.thingCode longest success must
thing.thingCode too-long failure should
thing.kind empty success must
thing.kind every-code success must
thing.kind not-in-code-list failure should
thing.kind other-case failure should
thing.quantity empty success must
thing.quantity one success must
thing.quantity not-a-number failure should
thing.quantity separators failure should
thing.quantity other-notations failure should
thing.quantity fraction failure should
thing.quantity too-large any may
thing.quantity zero any may
thing.quantity negative any may
thing.quantity leading-zero any may
thing.quantity plus-sign any may
thing.quantity exponent any may
thing.quantity decimal-point any may
thing.quantity blank any may
thing.price empty success must
thing.price most-digits success must
thing.price whole-number success must
thing.price not-a-number failure should
thing.price separators failure should
thing.price other-notations failure should
thing.price one-more-fraction-digit failure should
thing.price one-more-digit failure should
thing.price negative any may
thing.price exponent any may
lines empty success must
lines remark-below success must
lines long-remark-below failure should
lines extend-props-below success must
lines many-extend-props-below success must
lines.line[] empty success must
lines.line[] two any may
lines.line[].item absent-in-last failure must
lines.line[] at-limit success must
lines.line[] over-limit failure must
lines.line[] remark-below success must
lines.line[] long-remark-below failure should
lines.line[] extend-props-below success must
lines.line[] many-extend-props-below success must
lines.line[].item absent failure must
lines.line[].item empty failure must
lines.line[].item blank failure should
lines.line[].quantity absent failure must
lines.line[].quantity empty failure must
lines.line[].quantity blank failure should
lines.line[].quantity one success must
lines.line[].quantity not-a-number failure should
lines.line[].quantity separators failure should
lines.line[].quantity other-notations failure should
lines.line[].quantity fraction failure should
lines.line[].quantity too-large any may
lines.line[].quantity zero any may
lines.line[].quantity negative any may
lines.line[].quantity leading-zero any may
lines.line[].quantity plus-sign any may
lines.line[].quantity exponent any may
lines.line[].quantity decimal-point any may
 reversed-order success must
 shuffled-order success must
 remark-below success must
 long-remark-below failure should
 extend-props-below success must
 many-extend-props-below success must
 unknown-element success should
thing.thingCode duplicate any may
rule.price-needs-kind kept success must
rule.price-needs-kind broken failure must
rule.lines-add-up kept success must
rule.lines-add-up broken failure should
"""


def test_all_boundaries_of_a_small_method(tmp_path: Path) -> None:
    api = spec.load(write(tmp_path, "cases/wms/thing.create.toml", METHOD + SUM))
    lines = [f"{bound.path} {bound.scenario} {bound.expect} {bound.level}" for bound in boundaries(api)]
    assert lines == SMALL.splitlines()


def small(folder: Path, path: str, scenario: str) -> str:
    api = spec.load(write(folder, "cases/wms/thing.create.toml", METHOD + SUM))
    bound = next(one for one in boundaries(api) if (one.path, one.scenario) == (path, scenario))
    return xml.write(message(api, bound), declaration=False).decode()


THING = "<thing><thingCode>Q0000100001</thingCode>{}</thing>"
LINE = "<line><item>A1</item><quantity>2</quantity></line>"
PRICED = THING.format("<kind>Y</kind><price>1.50</price>")
EXTENSION = '<extendProps><键一>值一</键一><json>{"a":[1]}</json><none>null</none></extendProps>'


MESSAGES = {
    ("thing", "absent"): "",
    ("thing", "empty"): "<thing/>",
    ("thing.thingCode", "absent"): "<thing><quantity>2</quantity></thing>",
    ("thing.thingCode", "longest"): "<thing><thingCode>Q0000100002000000000</thingCode></thing>",
    ("thing.thingCode", "too-long"): "<thing><thingCode>Q00001000020000000000</thingCode></thing>",
    ("thing.thingCode", "duplicate"): THING.format("<thingCode>Q0000100001</thingCode>"),
    ("thing.kind", "every-code"): PRICED,
    ("thing.kind", "not-in-code-list"): THING.format("<kind>QMNONE</kind>"),
    ("lines.line[].quantity", "absent"): THING.format("") + "<lines><line><item>A1</item></line></lines>",
    ("lines.line[].quantity", "empty"): THING.format("")
    + "<lines><line><item>A1</item><quantity/></line></lines>",
    ("lines.line[]", "two"): THING.format("") + f"<lines>{LINE * 2}</lines>",
    ("lines.line[]", "over-limit"): THING.format("") + f"<lines>{LINE * 4}</lines>",
    ("", "extend-props-below"): EXTENSION + THING.format(""),
    ("", "unknown-element"): "<vendorField>x</vendorField>" + THING.format(""),
    ("rule.price-needs-kind", "kept"): PRICED,
    ("rule.price-needs-kind", "broken"): THING.format("<kind>Y</kind>"),
    ("rule.lines-add-up", "kept"): THING.format("<quantity>4</quantity>") + f"<lines>{LINE * 2}</lines>",
    ("rule.lines-add-up", "broken"): THING.format("<quantity>5</quantity>") + f"<lines>{LINE * 2}</lines>",
}


@pytest.mark.parametrize(("place", "inside"), MESSAGES.items(), ids=map(" ".join, MESSAGES))
def test_messages_of_a_small_method(place: tuple[str, str], inside: str, tmp_path: Path) -> None:
    api = spec.load(write(tmp_path, "cases/wms/thing.create.toml", METHOD + SUM))
    bound = next(one for one in boundaries(api) if (one.path, one.scenario) == place)
    text = xml.write(message(api, bound), declaration=False).decode()
    assert text == (f"<request>{inside}</request>" if inside else "<request/>")
