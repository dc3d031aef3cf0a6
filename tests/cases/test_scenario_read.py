"""Scenario files: what they mean, and what is wrong with those that mean nothing."""

from collections import Counter
from pathlib import Path

import pytest

from pytest_qimen.cases.callers import UNSEEN, load_caller_requirements
from pytest_qimen.cases.scenario import Ask, Quiet, Report, Script, Wait
from pytest_qimen.cases.scenario_read import judged, load_scenarios, scenarios_of
from pytest_qimen.cases.script_words import read_script
from pytest_qimen.errors import DataError
from pytest_qimen.reference.variants import VARIANTS
from pytest_qimen.verdict import Level

STEPS = 'step = [{ ask = { do = "send" } }, { call = "*" }, { quiet = "quiet" }]'
SCENARIO = f"""
[[scenario]]
id = "ours"
side = "any"
title = {{ zh = "一", en = "One" }}
tell = {{ zh = "二", en = "Two" }}
level = "must"
clause = "000"
requirements = ["caller.read.success"]
{STEPS}
"""


def test_what_only_a_reaction_shows_has_a_scenario() -> None:
    shown = {name for one in load_scenarios().values() for name in (*one.requirements, *one.observes)}
    wanted = {one.id for one in load_caller_requirements().values() if one.seen in UNSEEN}
    assert wanted - shown == set()


def test_the_scenarios_of_each_file() -> None:
    """The 88 of the design, those of several methods once for each."""
    found = Counter(identity.split("/")[1] for identity in load_scenarios())
    assert found == {
        **{"answers": 38, "attest": 2, "batches": 17, "faults": 22, "load": 1, "paging": 10, "reads": 8},
        **{"send": 73, "sequence": 15, "text": 3},
    }


def test_every_beat_of_the_design_is_read() -> None:
    one = load_scenarios()["callers/faults/lost-increment/storeinventory.update"]
    ask, wait, again, quiet = one.beats
    assert ask == Ask("send", "storeinventory.update", "", {"quantity": 5})
    assert isinstance(wait, Wait)
    assert wait.scripts == (Script("success", "", "lost", ""), Script())
    assert isinstance(again, Wait)
    assert (again.again, again.or_ask, again.within) == (True, True, "retry")
    assert [check.kind for check in again.checks] == ["same", "same"]
    assert isinstance(quiet, Quiet)
    assert (one.opens, one.side, one.level) == (("storeinventory.update",), "oms", Level.MUST)
    report = load_scenarios()["callers/answers/failure-is-failure"].beats[3]
    assert isinstance(report, Report)
    assert report.values == {"message": "pytest-qimen says no"}


def test_a_variant_that_is_named_is_one_of_the_embedded_endpoint() -> None:
    named = {
        script.reply_argument
        for one in load_scenarios().values()
        for beat in one.beats
        if isinstance(beat, Wait)
        for script in beat.scripts
        if script.reply == "variant"
    }
    assert len(named) == 15
    assert named <= VARIANTS.keys()


def test_every_requirement_of_a_scenario_is_decided() -> None:
    for one in load_scenarios().values():
        assert {each.requirement for each in judged(one)} == set(one.requirements)


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("*", "nosuch.*", "scenario[1].step[2].call", "no method fits 'nosuch.*'"),
        ('"quiet"', '"soon"', "scenario[1].step[3].quiet", "expected ask, retry, quiet or seconds as in 30s"),
        ("caller.read.success", "caller.read.nosuch", "scenario[1].requirements", "unknown requirement"),
        ('do = "send"', 'do = "dance"', "scenario[1].step[1].ask.do", "expected one of send, resend, change"),
        (
            '{ quiet = "quiet" }',
            '{ quiet = "quiet", call = "*" }',
            "scenario[1].step[3].",
            "expected one of ask",
        ),
        ('{ quiet = "quiet" }', "{}", "scenario[1].step[3].", "expected one of ask, call, resend, quiet"),
        ('call = "*"', 'call = "@each"', "scenario[1].step[2].call", "@each needs a list `each`"),
        (
            'call = "*"',
            'call = "*", answer = "maybe"',
            "scenario[1].step[2].answer",
            "unknown answer 'maybe'",
        ),
        (
            'call = "*"',
            'call = "*", answer = "success then slow:x"',
            "scenario[1].step[2].answer",
            "slow: expected seconds, as in 10s, got 'x'",
        ),
        ('call = "*"', 'call = "*", answer = []', "scenario[1].step[2].answer", "is empty"),
        (
            'call = "*"',
            'call = "*", check = [{ path = "x", is = "@y" }]',
            "scenario[1].step[2].check[1].is",
            "nothing is called '@y' before",
        ),
        (
            'call = "*"',
            'call = "*", check = [{ path = "x" }]',
            "scenario[1].step[2].check[1].path",
            "wants one of is, not, in",
        ),
        (
            'call = "*"',
            'call = "*", save = { x = "y" }',
            "scenario[1].step[2].save.x",
            "expected request:path or response:path, got 'y'",
        ),
        (
            '{ quiet = "quiet" }',
            '{ outcome = "good" }',
            "scenario[1].step[3].outcome",
            "expected one of success",
        ),
        (STEPS, "step = []", "scenario[1].step", "expected 1 to 30 steps, got 0"),
        (', { quiet = "quiet" }', "", "scenario[1].requirements", "no step decides caller.read.success"),
        ('side = "any"', 'side = "hq"', "scenario[1].side", "expected one of any, erp, wms, oms"),
        (STEPS, f'each = ["nosuch"]\n{STEPS}', "scenario[1].each", "no method fits 'nosuch'"),
        (STEPS, f"nosuch = 1\n{STEPS}", "scenario[1].nosuch", "is not a key of this table"),
    ],
)
def test_what_means_nothing_is_named(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(SCENARIO.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError) as caught:
        scenarios_of(file)
    assert (caught.value.key, str(caught.value.reason)[: len(reason)]) == (key, reason)


def test_an_id_stands_once(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(SCENARIO * 2, "utf-8")
    with pytest.raises(DataError, match="callers/ours/ours stands twice"):
        scenarios_of(tmp_path / "ours.toml")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("success", Script()),
        ("refuse:a, b: c", Script("refuse", "a, b: c")),
        ("lost", Script("success", "", "lost", "")),
        ("success then slow:10s", Script("success", "", "slow", "10s")),
        ("html then status:502", Script("html", "", "status", "502")),
        ("pages:half", Script("pages", "half")),
    ],
)
def test_script_words(text: str, script: Script) -> None:
    assert read_script(text) == script


@pytest.mark.parametrize(
    "text", ["", "nosuch", "success then nosuch", "lost:1", "pages:many", "partial", "status:200", "hang:0s"]
)
def test_words_that_mean_nothing(text: str) -> None:
    assert isinstance(read_script(text), str)
