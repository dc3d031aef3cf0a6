"""The installed distribution is the one that pyproject.toml describes, and the wheel ships the data."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_installed_version() -> None:
    assert metadata.version("pytest-qimen") == PROJECT["version"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from this checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = out.iterdir()
    return set(ZipFile(file).namelist())


@pytest.mark.parametrize(("folder", "suffix"), [("cases", ".toml"), ("xsd", ".xsd")])
def test_wheel_ships_the_data(wheel: set[str], folder: str, suffix: str) -> None:
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / folder).rglob(f"*{suffix}")}
    assert files
    assert {name for name in wheel if name.startswith("pytest_qimen/_data/") and name.endswith(suffix)} == {
        f"pytest_qimen/_data/{file}" for file in files
    }


def test_wheel_is_typed_and_holds_no_tests(wheel: set[str]) -> None:
    assert "pytest_qimen/py.typed" in wheel
    assert {name.split("/")[0] for name in wheel} == {
        "pytest_qimen",
        f"pytest_qimen-{PROJECT['version']}.dist-info",
    }
