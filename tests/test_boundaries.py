"""What is called just inside a constraint is legal, what is called just outside breaks that constraint alone.

The constraints are counted here a second time, from the spec; legality is the schema's and the rules' to say.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support.files import METHOD, SUM, write

from pytest_qimen import rules, schema, spec, xml
from pytest_qimen.boundaries import Boundary, boundaries
from pytest_qimen.cases import Step
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.spec import Api, Field, rule_paths
from pytest_qimen.target.model import Target

TARGET = Target(url="http://127.0.0.1:1/", app_key="k", secret="s")
METHODS = [pytest.param(name, id=name) for name in spec.methods()]
TIMES = ("date", "datetime", "time")
WHOLE = ("int", "long", "number")

# What each scenario on the outside breaks: the rule of the schema, "*" for a rule between fields.
OUTSIDE = {
    "absent": "need",
    "empty": "need",
    "absent-in-last": "need",
    "too-long": "length",
    "too-short": "length",
    "long-remark-below": "length",
    "other-characters": "format",
    "not-a-number": "type",
    "not-a-boolean": "type",
    "fraction": "type",
    "one-more-digit": "digits",
    "one-more-fraction-digit": "digits",
    "no-such-day": "format",
    "no-such-time": "format",
    "slashes": "format",
    "unpadded": "format",
    "compact": "format",
    "date-only": "format",
    "not-in-code-list": "codes",
    "other-case": "codes",
    "over-limit": "limit",
    "over-most": "range",
    "below-least": "range",
    "broken": "*",
}
# Faults that come in twos, and why.
TWICE = {"fraction": "a part of a sum: the total that follows from it has the same fraction"}
# Scenarios whose message may be that of the smallest request, and why.
SAME = {
    "every-code": "one of them is the example's",
    "one": "the example is 1",
    "at-least": "the example is 1",
    "whole-number": "the example is 1",
    "kept": "the example keeps the rule",
    "reversed-order": "it has one field",
    "shuffled-order": "it has one field",
}
# Faults that lie higher up, and why.
EMPTIES = {"absent": "the group that held only this is empty, too", "empty": "the same"}


@cache
def found(name: str) -> tuple[Boundary, ...]:
    return tuple(boundaries(spec.load_api(name)))


def message(api: Api, bound: Boundary | None = None, step: int = 0) -> xml.Element:
    """The message of a boundary, with the same keys every time."""
    changes = bound.steps[step] if bound else ()
    return compose(Step(api, changes=changes), Context(TARGET, Keys(number=1)), {})


def faults(api: Api, root: xml.Element) -> list[tuple[str, str]]:
    """(rule, path without its marks) of everything for which an endpoint should refuse the message."""
    broken = [(one.rule, one.path) for one in schema.problems(api, "request", root)]
    broken += [(f"rule.{b.rule.id}", "") for b in rules.broken(api, "request", root) if b.rule.level != "may"]
    return [(rule, xml.schematic(path).replace("[]", "")) for rule, path in broken]


def due(bound: Boundary) -> list[tuple[str, str]]:
    """The one fault that a message outside has; none for one inside."""
    if bound.expect == "success":
        return []
    if bound.scenario == "broken":
        return [(bound.path, "")]
    place = bound.path.replace("[]", "")
    if bound.scenario == "long-remark-below":
        place = f"{place}.remark".lstrip(".")
    return [(OUTSIDE[bound.scenario], place)]


@pytest.mark.parametrize("name", METHODS)
def test_the_inside_is_legal_and_the_outside_breaks_its_own_constraint_alone(name: str) -> None:
    api = spec.load_api(name)
    assert faults(api, message(api)) == []
    base = xml.write(message(api))
    for bound in found(name):
        for step in range(len(bound.steps)):
            root = message(api, bound, step)
            text = xml.write(root)
            assert text != base or bound.scenario in SAME, f"{bound.path} {bound.scenario} changes nothing"
            if bound.level == "may":
                assert bound.expect == "any"
                continue
            broken = faults(api, root)
            if bound.scenario in TWICE and len(broken) > 1:
                assert {rule for rule, _ in broken} == {OUTSIDE[bound.scenario]}
                broken = [fault for fault in broken if fault in due(bound)]
            if bound.scenario in EMPTIES and len(broken) == 1:
                broken = [(rule, _upwards(due(bound)[0][1], path)) for rule, path in broken]
            assert broken == due(bound), f"{bound.path} {bound.scenario}: {text.decode()}"


def _upwards(path: str, place: str) -> str:
    """`path` where `place` is a group above it, which is absent when it holds nothing any more."""
    return path if path.startswith(f"{place}.") else place


def scenarios(api: Api) -> Iterator[tuple[str, str, str]]:
    """(path, scenario, expectation) for every constraint of the request, inside and outside."""
    tied = {path for rule in api.rules if rule.kind == "not-above" for _, path in rule_paths(rule)}
    for row in api.request.fields:
        sizes = [size for size in _of_size(row) if size[0] != "largest" or row.path not in tied]
        for scenario, expect in _of_need(row) + _of_value(row) + sizes + _of_group(api, row):
            yield row.path, scenario, "any" if row.refers and expect == "success" else expect
        demanded = [one for one in api.request.children(row.path) if one.leaf and one.need == "must"]
        if row.repeated and len(demanded) > 1:
            yield demanded[0].path, "absent-in-last", "failure"
    yield from ((path, *pair) for path in ("",) for pair in _of_open_content(api, path))
    for rule in api.rules:
        if rule.direction == "request" and rule.kind in ("required-if", "sum") and rule.level != "may":
            yield f"rule.{rule.id}", "broken", "failure"


Scenarios = list[tuple[str, str]]


def _of_need(row: Field) -> Scenarios:
    if row.need == "must":
        return [("absent", "failure"), ("empty", "failure")]
    return [("empty", "success")] if row.need == "optional" and not row.usual else []


def _of_value(row: Field) -> Scenarios:
    if not row.leaf or row.doubt:
        return []
    if row.codes:
        return [("every-code", "success"), ("not-in-code-list", "failure")]
    if row.format == "time":
        return [("last-second", "success"), ("no-such-time", "failure"), ("unpadded", "failure")]
    if row.format in TIMES:
        return [("leap-day", "success"), ("no-such-day", "failure"), ("slashes", "failure")]
    if row.format == "alphanumeric":
        return [("other-characters", "failure")]
    return {
        "boolean": [("true", "success"), ("false", "success"), ("not-a-boolean", "failure")],
        "decimal": [("whole-number", "success"), ("not-a-number", "failure")],
        "number": [("not-a-number", "failure")],
        "int": [("not-a-number", "failure"), ("fraction", "failure")],
        "long": [("not-a-number", "failure"), ("fraction", "failure")],
    }.get(row.type, [])


def _of_size(row: Field) -> Scenarios:
    wanted: Scenarios = []
    if row.doubt:
        return wanted
    if row.type == "string" and row.max and not row.codes and row.format not in TIMES:
        wanted += [("longest", "success"), ("too-long", "failure")]
        if not row.key:
            wanted += [("longest-chinese", "success"), ("longest-emoji", "success")]
    if row.min:
        wanted += [("shortest", "success"), ("too-short", "failure")]
    if row.digits:
        wanted += [("most-digits", "success"), ("one-more-digit", "failure")]
        wanted += [("one-more-fraction-digit", "failure")]
    if row.least is not None:
        wanted += [("at-least", "success"), ("below-least", "failure")]
    if row.most is not None:
        wanted += [("at-most", "success"), ("over-most", "failure")]
    if row.limit:
        wanted += [("at-limit", "success"), ("over-limit", "failure")]
    if row.type in ("int", "long") and not row.key and not row.counts and not row.codes and row.most is None:
        wanted += [("largest", "success")]
    if row.signed and row.type in WHOLE:
        wanted += [("one", "success"), ("negative", "success")]
    return wanted


def _of_group(api: Api, row: Field) -> Scenarios:
    if row.type != "group":
        return []
    wanted = [("two", "success")] if row.repeated else []
    return wanted + _of_open_content(api, row.path)


def _of_open_content(api: Api, path: str) -> Scenarios:
    if api.protocol == "top":
        return []
    wanted = [("extend-props-below", "success"), ("many-extend-props-below", "success")]
    if (f"{path}.remark" if path else "remark") not in api.request.by_path:
        wanted += [("remark-below", "success"), ("long-remark-below", "failure")]
    return wanted


@pytest.mark.parametrize("name", METHODS)
def test_every_constraint_has_its_inside_and_its_outside(name: str) -> None:
    wanted = list(scenarios(spec.load_api(name)))
    made = {(bound.path, bound.scenario): bound.expect for bound in found(name)}
    missing = [one for one in wanted if made.get(one[:2]) != one[2]]
    assert missing == []
    judged = {place for place, expect in made.items() if expect == "failure"}
    assert judged - {one[:2] for one in wanted} <= {
        (path, scenario)
        for path, scenario in judged
        if scenario
        in ("no-such-day", "no-such-time", "unpadded", "compact", "date-only", "slashes", "other-case")
    }


def is_list(api: spec.Api, path: str) -> bool:
    """Whether it is a list, or a group of which the documents demand nothing that stands in no list."""
    demanded = {row.path for row in api.request.fields if row.need == "must"}
    leaves = [row.path for row in api.request.leaves if f"{row.path}.".startswith(f"{path}.")]
    ways = [
        [leaf[:at] for at in range(len(path), len(leaf) + 1) if leaf[at : at + 1] in ("", ".")]
        for leaf in leaves
    ]
    return not any(demanded.issuperset(way) and "[]" not in way[-1][len(path) - 2 :] for way in ways)


STATED = {
    "absent",
    "empty",
    "absent-in-last",
    "over-limit",
    "over-most",
    "too-short",
    "other-characters",
}  # 必填, 上限, 至少

LACKING = {"absent", "empty"}


@pytest.mark.parametrize("name", METHODS)
def test_what_must_be_and_what_should_be(name: str) -> None:
    api = spec.load_api(name)
    levels = {f"rule.{rule.id}": rule.level for rule in api.rules}
    for bound in found(name):
        if bound.expect == "success":
            expected = "should" if bound.scenario == "unknown-element" else "must"
        elif bound.scenario == "broken":
            expected = levels[bound.path]
        else:
            bounded = bound.scenario == "too-long" and api.request.by_path[bound.path].min
            stated = bound.scenario in STATED and not (bound.scenario in LACKING and is_list(api, bound.path))
            expected = "must" if bounded or stated else "should"
        assert bound.level == ("may" if bound.expect == "any" else expected), bound


def test_there_is_no_constraint_without_a_test() -> None:
    """Should a field of the spec learn a new word, this asks for its boundary."""
    assert set(Field.__dataclass_fields__) == {
        *("path", "need", "type", "max", "min", "digits", "format", "codes", "separator", "least", "most"),
        *("limit", "key", "usual", "refers", "signed", "doubt", "source", "label", "example"),
    }


@pytest.mark.parametrize("name", METHODS)
def test_ids_are_unique_and_do_not_depend_on_the_moment(name: str) -> None:
    ids = [(bound.path, bound.scenario) for bound in found(name)]
    assert len(set(ids)) == len(ids)
    again = spec.load(spec.methods()[name])
    assert [(bound.path, bound.scenario) for bound in boundaries(again)] == ids


SMALL = """\
thing absent failure must
thing empty failure must
thing remark-below success must
thing long-remark-below failure should
thing extend-props-below success must
thing many-extend-props-below success must
thing.thingCode absent failure must
thing.thingCode empty failure must
thing.thingCode blank any may
thing.thingCode longest success must
thing.thingCode too-long failure should
thing.kind empty success must
thing.kind every-code success must
thing.kind not-in-code-list failure should
thing.kind other-case failure should
thing.quantity empty success must
thing.quantity one success must
thing.quantity not-a-number failure should
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
thing.price not-a-number failure should
thing.price most-digits success must
thing.price whole-number success must
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
lines.line[] two success must
lines.line[].item absent-in-last failure must
lines.line[] at-limit success must
lines.line[] over-limit failure must
lines.line[] remark-below success must
lines.line[] long-remark-below failure should
lines.line[] extend-props-below success must
lines.line[] many-extend-props-below success must
lines.line[].item absent failure must
lines.line[].item empty failure must
lines.line[].item blank any may
lines.line[].quantity absent failure must
lines.line[].quantity empty failure must
lines.line[].quantity blank any may
lines.line[].quantity one success must
lines.line[].quantity not-a-number failure should
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
    ("thing.thingCode", "absent"): "<thing/>",
    ("thing.thingCode", "longest"): "<thing><thingCode>Q0000100002000000000</thingCode></thing>",
    ("thing.thingCode", "too-long"): "<thing><thingCode>Q00001000020000000000</thingCode></thing>",
    ("thing.thingCode", "duplicate"): THING.format("<thingCode>Q0000100001</thingCode>"),
    ("thing.kind", "every-code"): PRICED,
    ("thing.kind", "not-in-code-list"): THING.format("<kind>QMNONE</kind>"),
    ("lines.line[].quantity", "absent"): THING.format("") + "<lines><line><item>A1</item></line></lines>",
    ("lines.line[].quantity", "empty"): THING.format("")
    + "<lines><line><item>A1</item><quantity/></line></lines>",
    ("lines.line[]", "two"): THING.format("<quantity>4</quantity>") + f"<lines>{LINE * 2}</lines>",
    ("lines.line[]", "over-limit"): THING.format("<quantity>8</quantity>") + f"<lines>{LINE * 4}</lines>",
    ("", "extend-props-below"): EXTENSION + THING.format(""),
    ("", "unknown-element"): "<vendorField>x</vendorField>" + THING.format(""),
    ("rule.price-needs-kind", "kept"): PRICED,
    ("rule.price-needs-kind", "broken"): THING.format("<kind>Y</kind>"),
    ("rule.lines-add-up", "kept"): THING.format("<quantity>4</quantity>") + f"<lines>{LINE * 2}</lines>",
    ("rule.lines-add-up", "broken"): THING.format("<quantity>3</quantity>") + f"<lines>{LINE * 2}</lines>",
}


@pytest.mark.parametrize(("place", "inside"), MESSAGES.items(), ids=map(" ".join, MESSAGES))
def test_messages_of_a_small_method(place: tuple[str, str], inside: str, tmp_path: Path) -> None:
    api = spec.load(write(tmp_path, "cases/wms/thing.create.toml", METHOD + SUM))
    bound = next(one for one in boundaries(api) if (one.path, one.scenario) == place)
    text = xml.write(message(api, bound), declaration=False).decode()
    assert text == (f"<request>{inside}</request>" if inside else "<request/>")
