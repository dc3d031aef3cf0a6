"""requirements.toml, the cases that test it and COVERAGE.md agree; a broken file says what is wrong."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_qimen.cases import Case
from pytest_qimen.cases.requirements import Requirement, load_requirements
from pytest_qimen.commands import coverage
from pytest_qimen.errors import DataError
from pytest_qimen.spec import data_dir
from pytest_qimen.verdict import Level

STRENGTH = {Level.MAY: 0, Level.SHOULD: 1, Level.MUST: 2}
REQUIREMENTS = load_requirements()
CASES = coverage.all_cases()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def testers() -> Mapping[str, tuple[Case, ...]]:
    return coverage.testers(REQUIREMENTS, CASES)


def test_every_case_names_requirements_that_exist() -> None:
    assert {name for case in CASES for name in case.requirements} - REQUIREMENTS.keys() == set()
    assert [case.id for case in CASES if not case.requirements] == []


def test_every_requirement_has_a_case_or_a_reason(testers: Mapping[str, tuple[Case, ...]]) -> None:
    bare = [row.id for row in REQUIREMENTS.values() if not testers[row.id] and not row.untested]
    both = [row.id for row in REQUIREMENTS.values() if testers[row.id] and row.untested]
    assert (bare, both) == ([], [])


def test_every_pattern_finds_a_case() -> None:
    patterns = [
        Requirement(f"{row.id} {pattern}", row.level, row.text, row.document, row.section, (pattern,))
        for row in REQUIREMENTS.values()
        for pattern in row.cases
    ]
    found = coverage.testers({row.id: row for row in patterns}, CASES)
    assert [row.id for row in patterns if not found[row.id]] == []


def test_no_case_is_stricter_than_its_requirements() -> None:
    """A flow over several requirements has the level of the strictest; its checks carry their own."""
    stricter = {
        case.id
        for case in CASES
        if STRENGTH[case.level] > max(STRENGTH[REQUIREMENTS[name].level] for name in case.requirements)
    }
    assert stricter == set()


def test_a_broken_rule_has_the_level_of_its_requirement(testers: Mapping[str, tuple[Case, ...]]) -> None:
    tried = {
        row.id: {case.level for case in testers[row.id] if case.id.endswith("/broken")}
        for row in REQUIREMENTS.values()
        if row.id.startswith("rule.")
    }
    assert any(tried.values())
    assert {name for name, levels in tried.items() if levels - {REQUIREMENTS[name].level}} == set()


def test_every_sentence_is_there_in_both_languages() -> None:
    texts = {row.id: text for row in REQUIREMENTS.values() for text in (row.text, row.untested) if text}
    assert [name for name, text in texts.items() if not CHINESE.search(text.zh)] == []
    assert [name for name, text in texts.items() if not text.en or CHINESE.search(text.en)] == []


def test_the_decisions_that_reasons_name_exist() -> None:
    decisions = (data_dir("cases") / "DECISIONS.md").read_text("utf-8")
    reasons = " ".join(row.untested.en for row in REQUIREMENTS.values() if row.untested)
    named = set(re.findall(r"DECISIONS\.md ([a-z0-9-]+)", reasons))
    assert named
    assert named - set(re.findall(r"^### (\S+)$", decisions, re.MULTILINE)) == set()


def test_coverage_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage.page(True, data_dir("cases")) == [], capsys.readouterr().out


def test_coverage_is_written_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "COVERAGE.md"
    for check in (True, False):
        assert not path.exists()
        assert [str(line) for line in coverage.page(check, tmp_path)] == [f"{path}: is missing"]
    assert coverage.page(True, tmp_path) == []
    capsys.readouterr()
    path.write_text(path.read_text("utf-8").replace("## Methods", "## Method"), "utf-8")
    assert [str(line) for line in coverage.page(True, tmp_path)] == [f"{path}: is stale"]
    assert capsys.readouterr().out.splitlines()[-2:] == ["-## Method", "+## Methods"]


GOOD = """
[requirement."a.b"]
level = "must"
document = "003"
section = "x"
text = { zh = "一", en = "one" }
"""


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        ('"a.b"', '"rule.b"', "rule.b.id: expected topic.what"),
        ('"a.b"', '"Ab"', "Ab.id: expected topic.what"),
        ("must", "want", "a.b.level: expected one of must, should, may, got 'want'"),
        ("003", "005", "a.b.document: expected one of 000, 001, 002, 003, 004, design, got '005'"),
        ('section = "x"', "", "a.b.section: is missing"),
        ('section = "x"', "section = 1", "a.b.section: expected a text, got 1"),
        (', en = "one"', "", "a.b.text: expected a table with zh and en"),
        ('section = "x"', 'section = "x"\ncase = ["y"]', "a.b.case: is not a key of this table"),
        (
            'section = "x"',
            'section = "x"\ncases = ["y"]\nuntested = { zh = "一", en = "one" }',
            "a.b.untested: stands beside cases that test it",
        ),
        ('[requirement."a.b"]', "[[requirement]]", "requirement: expected a table of requirements"),
        ('[requirement."a.b"]', "requirement =", "file: "),
    ],
)
def test_a_broken_file_says_where_and_why(tmp_path: Path, line: str, instead: str, complaint: str) -> None:
    path = tmp_path / "requirements.toml"
    path.write_text(GOOD.replace(line, instead, 1), "utf-8")
    with pytest.raises(DataError) as caught:
        load_requirements(path)
    assert complaint in str(caught.value)
    assert "requirements.toml: " in str(caught.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "requirements.toml"
    path.write_text(GOOD, "utf-8")
    read = load_requirements(path)["a.b"]
    assert (read.level, read.document, read.section, read.cases, read.untested) == (
        Level.MUST,
        "003",
        "x",
        (),
        None,
    )
