"""Each constraint has a case just inside and one just outside."""

from collections.abc import Container, Iterator
from functools import cache

import pytest

from pytest_qimen import rules, schema, spec, xml
from pytest_qimen.boundaries import Boundary, boundaries
from pytest_qimen.boundaries.words import CHINESE
from pytest_qimen.spec import Api, Field, rule_paths
from tests.boundaries.boundary_messages import message

QUERIES = ("store/storeinventory.itemquery", "store/storeinventory.query")
ALIKE = {  # lists whose elements nothing tells apart: a receiver may take the second for the first again
    ("wms/inventory.query", "criteriaList.criteria[]"),
    ("wms/inventoryrule.create", "inventoryRules[].channelRatioRules[]"),
    ("erp/deliveryorder.batchconfirm", "orders.order[].packages.package[].items.item[]"),
    ("erp/deliveryorder.confirm", "packages.package[].items.item[]"),
    ("erp/stockout.confirm", "packages.package[].items.item[]"),
    *((name, "stores.store[]") for name in QUERIES),
    *((name, "stores.store[].storeInventories.storeInventory[]") for name in QUERIES),
}
METHODS = [pytest.param(name, id=name) for name in spec.methods()]
TIMES = ("date", "datetime", "time")
WHOLE = ("int", "long", "number")


# What each scenario on the outside breaks: the rule of the schema, "*" for a rule between fields.
OUTSIDE = {
    "absent": "need",
    "empty": "need",
    "blank": "need",
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
    "no-such-month": "format",
    "letter-t": "format",
    "other-forms": "format",
    "separators": "type",
    "other-notations": "type",
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
EMPTIES = {"absent": "the group that held only this is empty, too", "empty": "the same", "blank": "the same"}


@cache
def found(name: str) -> tuple[Boundary, ...]:
    return tuple(boundaries(spec.load_api(name)))


def faults(api: Api, root: xml.Element) -> list[tuple[str, str]]:
    """(rule, path without its marks) of everything for which some reader could refuse the message."""
    broken = [(one.rule, one.path) for one in schema.problems(api, "request", root)]
    broken += [(f"rule.{b.rule.id}", "") for b in rules.broken(api, "request", root)]
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
                assert (bound.expect == "any") is (bound.scenario != "later-edition")
                continue
            broken = faults(api, root)
            if ("repeat", "2") in {(edit.op, edit.value) for edit in bound.steps[step]}:
                broken = list(dict.fromkeys(broken))  # both halves of a sum
            if bound.scenario in EMPTIES and len(broken) == 1:
                broken = [(rule, _upwards(due(bound)[0][1], path)) for rule, path in broken]
            assert broken == due(bound), f"{bound.path} {bound.scenario}: {text.decode()}"


def _upwards(path: str, place: str) -> str:
    """`path` where `place` is a group above it, which is absent when it holds nothing any more."""
    return path if path.startswith(f"{place}.") else place


def scenarios(api: Api) -> Iterator[tuple[str, str, str]]:
    """(path, scenario, expectation) for every constraint of the request, inside and outside."""
    sums = [pair for rule in api.rules if rule.kind == "sum" for pair in rule_paths(rule)]
    parts = {path for word, path in sums if word == "parts"}
    tied = {path for rule in api.rules if rule.kind == "not-above" for _, path in rule_paths(rule)}
    for row in api.request.fields:
        sizes = [size for size in _of_size(row) if size[0] != "largest" or row.path not in tied]
        for scenario, expect in _of_need(row, parts) + _of_value(row) + sizes + _of_group(api, row):
            yield row.path, scenario, "any" if expect == "success" and _is_open(row, scenario) else expect
        demanded = [one for one in api.request.children(row.path) if one.leaf and one.need == "must"]
        if row.repeated and len(demanded) > 1:
            yield demanded[0].path, "absent-in-last", "failure"
    yield from ((path, *pair) for path in ("",) for pair in _of_open_content(api, path))
    for rule in api.rules:
        if (
            rule.direction == "request"
            and rule.kind in ("required-if", "codes-if", "sum")
            and rule.level != "may"
        ):
            yield f"rule.{rule.id}", "broken", "failure"


def _is_open(row: Field, scenario: str) -> bool:
    """Whether the documents leave open what a receiver makes of the value."""
    return row.refers or (row.figure and scenario.startswith(("one-character", "longest")))


Scenarios = list[tuple[str, str]]


def _of_need(row: Field, parts: Container[str]) -> Scenarios:
    if row.need == "must":
        blank = [("blank", "failure")] if row.leaf else []
        return [("absent", "failure"), ("empty", "failure"), *blank]
    if row.need != "optional" or row.usual:
        return []
    return [("empty", "any" if row.path in parts else "success")]  # an empty part: 0, or a wrong sum?


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
    wanted = [("two", "any" if (api.name, row.path) in ALIKE else "success")] if row.repeated else []
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
        (path, scenario) for path, scenario in judged if OUTSIDE[scenario] in ("format", "codes", "type")
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
            open_levels = {"unknown-element": "should", "twelve": "should", "later-edition": "may"}
            expected = open_levels.get(bound.scenario, "must")
        elif bound.scenario == "broken":
            expected = levels[bound.path]
        else:
            row = api.request.by_path.get(bound.path)
            bounded = bound.scenario == "too-long" and row and row.min
            beside = bound.scenario in LACKING and ((row and row.usual) or is_list(api, bound.path))
            stated = bound.scenario in STATED and not beside
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


def test_every_scenario_has_a_word_in_chinese() -> None:
    found = {bound.scenario for name in spec.methods() for bound in boundaries(spec.load_api(name))}
    assert found == set(CHINESE)
