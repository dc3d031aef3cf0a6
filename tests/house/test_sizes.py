"""The house stays small: few modules at the top, short files, a thin plugin."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pytest_qimen"
LONGEST = 320  # lines of a module that does not say in its first line why it is longer
FILES = [
    path.relative_to(ROOT).as_posix()
    for folder in ("pytest_qimen", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_short_or_says_why_not(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert len(lines) <= LONGEST or "one file because" in lines[0]


def test_few_modules_stand_at_the_top() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def test_the_plugin_is_thin() -> None:
    assert sum(len(path.read_text("utf-8").splitlines()) for path in PACKAGE.glob("plugin/*.py")) < 1300
