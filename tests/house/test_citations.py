"""Pages that the code and the data cite are there, with the sections that are named."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "pytest_qimen").rglob("*.py"))
HOLDERS = [ROOT, *(ROOT / name for name in ("docs", "cases", "cases/callers", "tests"))]
WRITTEN = {"summary.md"}  # what a run writes
DESIGN = (ROOT / "docs" / "design.md").read_text("utf-8")
SECTIONS = set(re.findall(r"^## (\d+)\.", DESIGN, re.M)) | {
    f"6.{number}" for number in re.findall(r"^(\d+)\. ", DESIGN.split("\n## 6.")[1], re.M)
}


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_cited_page_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    for page in set(re.findall(r"[\w./-]+\.md\b", text)) - WRITTEN:
        assert any((folder / page).exists() for folder in HOLDERS), page
    assert set(re.findall(r"design(?:\.md)? (\d+(?:\.\d+)?)", text)) <= SECTIONS


@pytest.mark.parametrize("file", ["requirements.toml", "callers/requirements.toml"])
def test_every_cited_section_is_there(file: str) -> None:
    tables = tomllib.loads((ROOT / "cases" / file).read_text("utf-8"))
    for name, row in tables["requirement"].items():
        if row["document"] == "design":
            assert set(re.findall(r"\d+(?:\.\d+)?", row["section"].partition(";")[0])) <= SECTIONS, name
