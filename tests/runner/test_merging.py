"""The same defect is told once, and no answer makes a report without end."""

from dataclasses import replace

from pytest_qimen.runner.merging import MOST, bounded, merged
from pytest_qimen.verdict import Finding, Level

ONE = Finding("answer.type", Level.SHOULD, "lines.line[1].qty", "a number", "x", "clause")


def test_one_defect_at_many_places_is_one_finding_that_counts_them() -> None:
    found = [replace(ONE, path=f"lines.line[{number}].qty") for number in range(1, 1001)]
    (told,) = merged(found)
    assert (told.path, str(told.actual)) == ("lines.line[1].qty", "x (and 999 more like it)")


def test_the_worst_stands_for_all() -> None:
    (told,) = merged([ONE, replace(ONE, level=Level.MUST, actual="y")])
    assert (told.level, str(told.actual)) == (Level.MUST, "y (and 1 more like it)")


def test_different_defects_stay_apart() -> None:
    found = [ONE, replace(ONE, check="answer.length"), replace(ONE, path="lines.line[1].code")]
    assert merged(found) == found


def test_beyond_the_cap_the_worst_are_kept_and_the_rest_is_counted() -> None:
    notes = [replace(ONE, level=Level.MAY, path=f"z{number}") for number in range(2000)]
    *told, last = merged([*notes, ONE])
    assert len(told) == MOST
    assert told[0] == ONE
    assert (last.check, last.level, str(last.actual)) == (
        "answer.more",
        Level.MAY,
        "1901 more, which are left out",
    )
    assert bounded(notes, 2000) == notes
