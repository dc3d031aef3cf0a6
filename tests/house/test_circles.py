"""No modules of pytest_qimen import each other in a circle.

Every import counts, also one for type checkers only and one inside a function.
"""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"


def modules_below(package: Path) -> dict[str, str]:
    """Return {dotted name: source} of every module; a package stands for its __init__."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text("utf-8")
    return found


def imported_modules(name: str, source: str, is_package: bool, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the modules of `known` that the module `name` imports, wherever in it the import stands."""
    package = name.split(".") if is_package else name.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            for alias in node.names:
                target = f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base
                if target in known:
                    yield target


def circle(modules: Mapping[str, str]) -> list[str]:
    """Return the modules of one circle of imports, the first one again at the end; empty without any."""
    packages = {name.rpartition(".")[0] for name in modules}
    graph = {
        name: {
            target for target in imported_modules(name, source, name in packages, modules) if target != name
        }
        for name, source in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle_of_imports() -> None:
    modules = modules_below(PACKAGE)
    assert "pytest_qimen.reference.app" in modules
    assert circle(modules) == []


@pytest.mark.parametrize(
    ("modules", "found"),
    [
        ({"p.a": "import p.b", "p.b": "import os"}, []),
        ({"p.a": "from p import b", "p.b": "from p import a"}, ["p.a", "p.b", "p.a"]),
        ({"p.a": "def f():\n    import p.b", "p.b": "from .a import x"}, ["p.a", "p.b", "p.a"]),
        ({"p": "from p.a import x", "p.a": "from . import y"}, ["p", "p.a", "p"]),
        ({"p": "from p.a import x", "p.a": "from . import b", "p.b": ""}, []),
        (
            {"p.q": "from .a import x", "p.q.a": "from ..c import y", "p.c": "from .q import z"},
            ["p.q", "p.q.a"],
        ),
        ({"p.a": "if TYPE_CHECKING:\n    import p.b", "p.b": "import p.a"}, ["p.a", "p.b", "p.a"]),
    ],
)
def test_circles_are_found(modules: dict[str, str], found: list[str]) -> None:
    assert set(circle(modules)) >= set(found)
    assert bool(circle(modules)) is bool(found)
