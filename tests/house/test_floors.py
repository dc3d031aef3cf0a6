"""The imports of pytest_qimen, read with ast, keep to the floors of the table in docs/architecture.md."""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

import pytest

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"
PAGE = PACKAGE.parent / "docs" / "architecture.md"
ROW = re.compile(r"^\| (\d) \| ([\w\\]+) \|", re.MULTILINE)
FLOORS = {room.replace("\\", ""): int(floor) for floor, room in ROW.findall(PAGE.read_text("utf-8"))}
HIGHEST_IMPORT = {"reference": 2}  # the endpoint under test shares no judge with the suite
ONLY = {
    "lxml": {"xml", "schema"},
    "xmlschema": {"schema"},
    "hypothesis": {"strategies", "search", "plugin"},
    "httpx": {"client"},
    "pytest": {"plugin"},
    "_pytest": {"plugin"},
}


def room_of(path: str) -> str:
    """`pytest_qimen/xml.py` and everything below `pytest_qimen/checks/` are the rooms xml and checks."""
    return PurePosixPath(path).with_suffix("").parts[1]


def imports_of(path: str, source: str) -> Iterator[tuple[str, bool]]:
    """(absolute dotted name, whether for type checkers only) of every import in the module at `path`."""
    tree = ast.parse(source, path)
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    parents = PurePosixPath(path).parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = parents[: len(parents) + 1 - node.level] if node.level else ()
            for alias in node.names:
                yield ".".join([*start, *filter(None, [node.module]), alias.name]), node in for_types


def complaints(modules: Mapping[str, str]) -> list[str]:
    """What is wrong with the imports of {`pytest_qimen/…py`: source}."""
    found = [f"{path}: not in the floor table" for path in modules if room_of(path) not in FLOORS]
    same_floor: dict[str, set[str]] = {}
    for path, source in modules.items():
        room = room_of(path)
        for name, for_types in imports_of(path, source):
            top, *rest = name.split(".")
            if top != "pytest_qimen":
                if room not in ONLY.get(top, {room}) and not for_types:
                    found.append(f"{path}: only {', '.join(sorted(ONLY[top]))} may import {top}")
                continue
            target = rest[0] if rest and rest[0] in FLOORS else "__init__"
            if target == room or room not in FLOORS:
                continue
            if FLOORS[target] > HIGHEST_IMPORT.get(room, FLOORS[room]):
                found.append(f"{path}: {name} is on floor {FLOORS[target]}")
            elif FLOORS[target] == FLOORS[room]:
                same_floor.setdefault(room, set()).add(target)
    try:
        TopologicalSorter(same_floor).prepare()
    except CycleError as error:
        found.append(f"a circle on one floor: {' <- '.join(error.args[1])}")
    return found


def test_the_house_keeps_to_its_floors() -> None:
    modules = {
        path.relative_to(PACKAGE.parent).as_posix(): path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
    }
    assert "pytest_qimen/wire/signature.py" in modules
    assert len(FLOORS) > 20
    assert complaints(modules) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("wire/signature.py", "import hashlib\nfrom pytest_qimen.errors import UsageError"),
        ("wire/signature.py", "from .. import errors"),
        ("spec/model.py", "from pytest_qimen import verdict"),
        ("checks/http.py", "from .envelope import flag\nfrom ..spec import Api\nimport pytest_qimen.xml"),
        ("checks/http.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx"),
        ("reference/app.py", "from pytest_qimen import schema\nfrom pytest_qimen.reference import store"),
        ("plugin/__init__.py", "import pytest, _pytest.config\nfrom pytest_qimen import run_case"),
    ],
)
def test_legal(path: str, source: str) -> None:
    assert complaints({f"pytest_qimen/{path}": source}) == []


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("cellar.py", "import os", "not in the floor table"),
        ("errors.py", "import pytest_qimen.spec", "pytest_qimen.spec is on floor 1"),
        ("errors.py", "from .spec import Api", "pytest_qimen.spec.Api is on floor 1"),
        ("checks/http.py", "from ..runner import run", "pytest_qimen.runner.run is on floor 6"),
        ("checks/http.py", "def f():\n    from pytest_qimen import sign", "pytest_qimen.sign is on floor 6"),
        (
            "xml.py",
            "import typing\nif typing.TYPE_CHECKING:\n    from pytest_qimen.spec import Api",
            "pytest_qimen.spec.Api is on floor 1",
        ),
        ("reference/app.py", "from pytest_qimen import cases", "pytest_qimen.cases is on floor 4"),
        ("reference/app.py", "from pytest_qimen import runner", "pytest_qimen.runner is on floor 6"),
        ("spec/model.py", "import lxml.etree", "only schema, xml may import lxml"),
        ("xml.py", "from xmlschema import XMLSchema", "only schema may import xmlschema"),
        ("runner/a.py", "try:\n    import httpx\nexcept ImportError: ...", "only client may import httpx"),
        (
            "boundaries/values.py",
            "from hypothesis import given",
            "only plugin, search, strategies may import hypothesis",
        ),
        ("report/html.py", "from _pytest.config import Config", "only plugin may import _pytest"),
        ("search/hunt.py", "import pytest", "only plugin may import pytest"),
    ],
)
def test_illegal(path: str, source: str, complaint: str) -> None:
    assert complaints({f"pytest_qimen/{path}": source}) == [f"pytest_qimen/{path}: {complaint}"]


def test_circle() -> None:
    modules = {
        "pytest_qimen/spec/model.py": "from pytest_qimen.wire import encoding",
        "pytest_qimen/wire/encoding.py": "from pytest_qimen.spec import Api",
    }
    assert complaints(modules) in (
        ["a circle on one floor: spec <- wire <- spec"],
        ["a circle on one floor: wire <- spec <- wire"],
    )
