"""The bundled cases: ids, prerequisites, levels."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import bundled_cases, bundled_files, find_case, load_cases
from pytest_qimen.cases.model import smoke_id
from pytest_qimen.client.tampers import AFTER, BEFORE
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level
from tests.cases.case_files import PROTOCOL, loaded
from tests.support.files import write


def test_protocol_cases_stand_once_for_every_probe(tmp_path: Path) -> None:
    cases = loaded(tmp_path, "protocol")
    assert [(case.id, case.level, case.judges) for case in cases] == [
        ("protocol/mine/wms/emoji", "must", "safety"),
        ("protocol/mine/wms/plain", "may", "verdict"),
        ("protocol/mine/wdk/plain", "may", "verdict"),
    ]
    assert cases[0].steps[0].changes == (
        Edit("put", "cancelReason", "probe"),
        Edit("put", "cancelReason", "😀"),
    )
    assert cases[2].steps[0].changes == ()
    assert cases[0].requires == ("wms/order.cancel/request/minimal",)
    assert {case.family for case in cases} == {"mine"}


def test_smoke_needs_nothing(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, "cases/protocol/smoke.toml", PROTOCOL))
    assert {case.requires for case in cases} == {()}
    assert all(case.is_foundation for case in cases)


FOUNDATION = {
    "request/minimal": ("accept", "must", ("protocol/smoke/wms/answers",)),
    "request/typical": ("accept", "must", ("wms/thing.create/request/minimal",)),
    "answer/success": ("answer", "must", ("wms/thing.create/request/minimal",)),
    "answer/failure": ("answer", "must", ("wms/thing.create/request/minimal",)),
    "signature/tampered-body": (
        "signature",
        "must",
        ("wms/thing.create/request/minimal", "protocol/signature/wms/tampered-body"),
    ),
    "signature/wrong": (
        "signature",
        "must",
        ("wms/thing.create/request/minimal", "protocol/signature/wms/wrong"),
    ),
}


def test_the_foundation_of_a_method(tmp_path: Path) -> None:
    cases = {case.id.removeprefix("wms/thing.create/"): case for case in loaded(tmp_path, "case")}
    assert list(cases)[:6] == list(FOUNDATION)
    assert {
        name: (cases[name].family, cases[name].level, cases[name].requires) for name in FOUNDATION
    } == FOUNDATION
    assert [name for name, case in cases.items() if case.is_foundation] == ["request/minimal"]
    assert [name for name, case in cases.items() if case.judges == "answer"] == [
        "answer/success",
        "answer/failure",
    ]
    refused = cases["answer/failure"].steps[0]
    assert (refused.changes, refused.expect) == ((Edit("drop", "thing.thingCode"),), "any")


def test_derived_cases_are_named_after_the_place_and_the_scenario(tmp_path: Path) -> None:
    cases = {case.id: case for case in loaded(tmp_path, "case")}
    case = cases["wms/thing.create/request/lines.line.quantity/not-a-number"]
    assert case.clause == "003 thing.create request.lines.line.quantity"
    assert (case.level, case.family, case.requirements) == (Level.SHOULD, "type", ("request.type",))
    assert case.title == Text(
        "应拒绝 lines.line[].quantity：不是数字", "refuses lines.line[].quantity: not-a-number"
    )
    assert len(cases["wms/thing.create/request/thing.kind/every-code"].steps) == 2


EVERY = [case for path in bundled_files() for case in bundled_cases(path)]


def test_bundled_ids_are_unique_paths() -> None:
    assert [name for name, count in Counter(case.id for case in EVERY).items() if count > 1] == []
    odd = [case.id for case in EVERY if not re.fullmatch(r"[a-z]+(/[\w.-]+){2,}", case.id, re.ASCII)]
    assert odd == []
    hand = [case.id for case in EVERY if "/case/" in case.id or case.id.startswith("flows/")]
    assert [name for name in hand if not re.fullmatch(r"[a-zA-Z0-9.-]+", name.rpartition("/")[2])] == []


def test_bundled_cases_begin_as_their_file_is_called() -> None:
    for path in bundled_files():
        start = f"{path.parent.name}/{path.stem}/"
        assert [case.id for case in bundled_cases(path) if not case.id.startswith(start)] == []


def test_every_case_is_found_by_its_id() -> None:
    assert [case.id for case in EVERY[::97] if find_case(case.id) is not case] == []


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        (
            "wms/order.cancel/request/nothing",
            "order.cancel.toml has no case 'wms/order.cancel/request/nothing'",
        ),
        ("wms/order.cancel", "order.cancel.toml has no case 'wms/order.cancel'"),
        ("wms/order.cancle/request/minimal", "no case file for 'wms/order.cancle/request/minimal'"),
        ("wmx/order.cancel/request/minimal", "no case file for 'wmx/order.cancel/request/minimal'"),
        ("../etc/passwd", "no case file for '../etc/passwd'"),
        ("", "no case file for ''"),
    ],
)
def test_unknown_ids(identity: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_case(identity)
    said, _, remedy = str(caught.value).partition("; ")
    assert said == reason
    assert remedy


def test_prerequisites_exist_and_lead_to_a_smoke_check() -> None:
    known = {case.id: case for case in EVERY}
    required = {name for case in EVERY for name in case.requires}
    assert required <= known.keys()
    for name in required:
        chain = [name]
        while known[chain[-1]].requires:
            chain.append(known[chain[-1]].requires[0])
            assert len(chain) < 5
        assert known[chain[-1]].family == "smoke"
    assert {smoke_id(api) for api in spec.load_all()} == {case.id for case in EVERY if case.family == "smoke"}


def test_bundled_tampers_exist() -> None:
    named = {name.partition(":")[0] for case in EVERY for step in case.steps for name in step.tampers}
    assert named <= BEFORE.keys() | AFTER.keys()


def test_steps_that_need_another_have_it() -> None:
    for case in EVERY:
        saved = set(case.let)
        for number, step in enumerate(case.steps):
            assert number or not step.again, case.id
            assert not step.each or step.each in saved, case.id
            saved |= step.save.keys()


def test_bundled_cases_say_what_they_are_about() -> None:
    assert [
        case.id
        for case in EVERY
        if not (case.requirements and case.clause and case.title.zh and case.title.en)
    ] == []
    assert [case.id for case in EVERY if case.level is Level.MAY and case.requirements == ()] == []


def test_what_may_be_either_way_is_not_judged() -> None:
    """A boundary of level may expects nothing; what expects something has a level of its own.

    But for elements of a later edition: that they are refused is worth telling, though none is printed.
    """
    derived = [case for case in EVERY if "/request/" in case.id and not case.id.startswith("flows/")]
    derived = [case for case in derived if not case.id.endswith("/request/later-edition")]
    assert [case.id for case in derived if (case.level is Level.MAY) != (case.steps[0].expect == "any")] == []
