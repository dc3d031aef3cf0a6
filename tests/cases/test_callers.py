"""The requirements of callers: each is judged or says why not, and the page agrees."""

from pathlib import Path

import pytest

from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks.callers.judging import AT_THE_PORT, JUDGED
from pytest_qimen.commands import callers_coverage
from pytest_qimen.errors import DataError


def test_each_is_judged_or_says_why_not() -> None:
    found = load_caller_requirements()
    assert len(found) == 171
    assert found.keys() >= JUDGED
    for row in found.values():
        assert (row.id in JUDGED | AT_THE_PORT) is (row.untested is None), row.id
        assert row.text.zh
        assert row.text.en


def test_each_is_judged_by_calls_or_in_a_scenario_or_says_why_nothing_does() -> None:
    rows = load_caller_requirements().values()
    told = {row.id: callers_coverage.judgement(row) for row in rows}
    assert "**none**" not in told.values()
    open_ones = {name: why for name, why in told.items() if not why.startswith(("judged", "in scenarios"))}
    musts = {row.id for row in rows if row.level == "must" and row.id in open_ones}
    assert musts == {"caller.message.limit"}  # each limit that is printed has a requirement of its own
    assert len(told) - len(open_ones) == 160


def test_the_page_is_as_generated() -> None:
    assert callers_coverage.main(check=True) == 0


def test_what_is_illegal_is_named(tmp_path: Path) -> None:
    path = tmp_path / "requirements.toml"
    path.write_text('[requirement."caller.a.b"]\nlevel = "must"\nseen = "never"\n', "utf-8")
    with pytest.raises(DataError, match="expected one of call, thread"):
        load_caller_requirements(path)
