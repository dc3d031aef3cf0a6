"""The requirements of callers: each is judged or says why not, and the page agrees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks import callers
from pytest_qimen.checks.callers.judging import AT_THE_PORT, JUDGED
from pytest_qimen.commands import callers_coverage
from pytest_qimen.errors import DataError
from pytest_qimen.report.explain import about
from pytest_qimen.spec import data_dir
from pytest_qimen.verdict import Level


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


CHECKS = Path(callers.__file__).parent


def _levels() -> Iterator[tuple[str, str, str]]:
    """Yield (file, name of the requirement as the check spells it, level) where both stand in one call."""
    for path in CHECKS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call | ast.Tuple):
                continue
            parts = node.args if isinstance(node, ast.Call) else node.elts
            names = [one.value for one in parts[:2] if isinstance(one, ast.Constant)]
            for one in parts:
                for level in ast.walk(one) if isinstance(one, ast.Attribute | ast.IfExp) else ():
                    if isinstance(level, ast.Attribute) and ast.unparse(level.value) == "Level" and names:
                        yield path.stem, str(names[0]), level.attr.lower()


def test_what_is_judged_below_its_level_says_why() -> None:
    known = load_caller_requirements()
    topic = {"paging": "page", "scrolling": "scroll", "signing": "call", "parameters": "call"}
    seen = 0
    for file, name, level in _levels():
        full = name if name.startswith("caller.") else f"caller.{name}"
        wanted = known.get(full) or known.get(f"caller.{topic.get(file, file)}.{name}")
        if wanted:
            seen += 1
            assert wanted.level.rank >= Level(level).rank or wanted.milder, (file, name, level)
    assert seen > 50
    # levels that are computed elsewhere than in the call that makes the finding
    for name in ("page.all", "page.first", "sequence.failed-not-used", "sequence.item-first", "scroll.all"):
        assert known[f"caller.{name}"].milder


def test_why_something_may_never_come_is_said_of_musts_of_calls_only() -> None:
    found = [one for one in load_caller_requirements().values() if one.optional]
    assert {one.level for one in found} == {Level.MUST}
    assert {one.id for one in found} <= JUDGED
    assert "caller.message.format" in {one.id for one in found}
    said = "\n".join(about("caller.page.all", "en"))
    assert "calls that nobody asked for are judged milder: A person may look at the first page" in said
    assert "从未发送时，证书把它列为不适用：" in "\n".join(about("caller.split.total-true", "zh"))


def test_the_page_is_as_generated() -> None:
    assert callers_coverage.page(True, data_dir("cases")) == []


def test_what_is_illegal_is_named(tmp_path: Path) -> None:
    path = tmp_path / "requirements.toml"
    path.write_text('[requirement."caller.a.b"]\nlevel = "must"\nseen = "never"\n', "utf-8")
    with pytest.raises(DataError, match="expected one of call, thread"):
        load_caller_requirements(path)
