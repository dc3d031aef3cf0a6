"""Named wrong callers over several calls: each breaks its requirement at its level, a right one none."""

import pytest

from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks.callers.judging import JUDGED
from pytest_qimen.verdict import Level
from tests.checks.callers import test_wrong_callers
from tests.support import wrong_documents, wrong_pages
from tests.support.callings import found

WRONG = {**wrong_pages.WRONG, **wrong_documents.WRONG}


def test_whatever_is_judged_has_a_named_wrong_caller() -> None:
    named = {f"caller.{name}" for name in (*WRONG, *test_wrong_callers.WRONG)}
    assert named == JUDGED


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_caller_is_named_at_the_level_of_the_requirement(name: str) -> None:
    requirement = load_caller_requirements()[f"caller.{name}"]
    rows = found(WRONG[name].wrong())
    levels = {one.level for one in rows if one.check == requirement.id}
    assert levels, [one.check for one in rows]
    assert min(level.rank for level in levels) == Level(requirement.level).rank or requirement.milder
    others = {one.check.removeprefix("caller.") for one in rows if one.level.is_judged} - {name}
    assert others <= WRONG[name].implied


@pytest.mark.parametrize("name", WRONG)
def test_a_right_caller_is_not(name: str) -> None:
    rows = found(WRONG[name].right())
    assert [one for one in rows if one.level.is_judged or one.check == f"caller.{name}"] == []
