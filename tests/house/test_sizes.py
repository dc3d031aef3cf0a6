"""The house stays small: few modules at the top, short files, a thin plugin, no circle of imports."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
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


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules that a module imports when it is loaded, and for its types; not inside of functions."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node not in inside:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in known:
                    yield whole
                elif node.module in known:
                    yield node.module


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = modules()
    graph = {
        name: {other for other in imported(path, known) if other != name and not name.startswith(f"{other}.")}
        for name, path in known.items()
        if name != "pytest_qimen"  # the public names, for type checkers
    }
    TopologicalSorter(graph).prepare()
