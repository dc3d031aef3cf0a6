"""The folder of case files in, what it holds out: the code lists, and the file of every method."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pytest_qimen.spec.model import ROLES, CodeList
from pytest_qimen.toml import Reader, read_toml, short


def data_dir(kind: str) -> Path:
    """Return the folder `cases` or `xsd`: inside the wheel, or at the top of a source checkout."""
    packaged = Path(__file__).parents[1] / "_data" / kind
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / kind


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Return codes.toml: every code list by its id."""
    path = data_dir("cases") / "codes.toml"
    found = {}
    for identity, table in read_toml(path).items():
        reader = Reader(short(path), identity, table)
        labels = {
            code: Reader(reader.file, f"{identity}.codes", {code: label}).text(code)
            for code, label in reader.take("codes", dict, "a table of codes").items()
        }
        reader.done()
        found[identity] = CodeList(identity, tuple(labels), labels)
    return found


def matches(name: str, globs: Iterable[str]) -> bool:
    """Return True when one of the globs means the method `<role>/<method>`, with its role or without."""
    return any(fnmatchcase(each, glob) for each in (name, name.partition("/")[2]) for glob in globs)


@cache
def methods() -> Mapping[str, Path]:
    """Return every bundled method by its name `<role>/<method>`, and the file that describes it."""
    folder = data_dir("cases")
    return {f"{role}/{path.stem}": path for role in ROLES for path in sorted((folder / role).glob("*.toml"))}
