"""Case files in, all their Cases out, read once; and the one case that has a given id."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pytest_qimen import spec
from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.cases.derive import derived_cases
from pytest_qimen.cases.model import Case
from pytest_qimen.cases.read import flow_cases, protocol_cases, written_case
from pytest_qimen.cases.spelling import argument, plain_id
from pytest_qimen.errors import DataError, UsageError, closest
from pytest_qimen.phrases import say


def load_cases(path: Path | str) -> list[Case]:
    """Return every case of one case file: a method, `protocol/*.toml` or `flows/*.toml`.

    As pytest takes it: `cases/…` is a bundled file where there is no such path (cases/README.md). DataError
    names a file of the user's as it was given, a bundled one by its place in cases/.
    """
    if Path(path).parts[:1] == ("cases",) and not Path(path).exists():
        path = spec.data_dir("cases").parent / path
    try:
        return _cases(Path(path))
    except DataError as error:
        if Path(path) in bundled_files():
            raise
        raise DataError(path, error.key, error.reason) from None


def _cases(path: Path) -> list[Case]:
    kind = path.parent.name
    if kind == "protocol":
        found = list(protocol_cases(path))
    elif kind == "flows":
        found = list(flow_cases(path))
    else:
        api = _api(path)
        written = [written_case(api, number, table) for number, table in enumerate(api.cases, 1)]
        found = [*derived_cases(api), *written]
    seen: set[str] = set()
    for case in found:
        if case.id in seen:
            raise DataError(case.file, case.id, say("id-twice"))
        seen.add(case.id)
    return found


def _api(path: Path) -> spec.Api:
    """Return the method of a file; that of a bundled one is read once."""
    name = f"{path.parent.name}/{path.stem}"
    return spec.load_api(name) if spec.methods().get(name) == path else spec.load(path)


@cache
def bundled_files() -> tuple[Path, ...]:
    """Return every bundled case file: what holds for all methods first, then the methods, then the flows."""
    folder = spec.data_dir("cases")
    protocol = sorted(
        (folder / "protocol").glob("*.toml"), key=lambda path: (path.stem != "smoke", path.stem)
    )
    return (*protocol, *spec.methods().values(), *sorted((folder / "flows").glob("*.toml")))


def bundled_file(path: Path) -> Path | None:
    """Return the bundled file of cases or scenarios that this one is, or of which it is a copy; else None.

    In a checkout beside an installed wheel `cases/…` is such a copy.
    """
    found = spec.data_dir("cases") / path.parent.name / path.name
    if found == path:
        return found
    try:
        return found if found.read_bytes() == path.read_bytes() else None
    except OSError:
        return None


@cache
def _bundled(path: Path) -> Mapping[str, Case]:
    return {case.id: case for case in load_cases(path)}


def bundled_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a bundled file, read once."""
    return tuple(_bundled(path).values())


def find_case(text: str) -> Case:
    """Return the bundled case of this id, in any spelling; UsageError with the nearest ids for no case."""
    identity = plain_id(text)
    head, _, rest = identity.partition("/")
    name = rest.partition("/")[0]
    if head == "callers":
        return _scenario(identity)
    path = spec.data_dir("cases") / head / f"{name}.toml"
    if path not in bundled_files():
        later = spec.later_method(name)
        names = [f"{one.parent.name}/{one.stem}" for one in bundled_files()]
        near = say("and-that", what=later) if later else closest(f"{head}/{name}", names)
        raise UsageError(say("no-case-file", text=text, near=near or say("qimen-list-methods")))
    found = _bundled(path)
    if identity not in found:
        raise UsageError(say("no-case", path=path.name, text=text, near=closest(identity, found)))
    return found[identity]


def path_of(text: str) -> str:
    """Return the path that pytest takes for an id or `cases/…`, a bundled one where no such path is.

    Any other text is returned as it is. UsageError names the nearest files or ids where there is none.
    """
    path = argument(text)
    file, _, case = path.partition("::")
    if not path.startswith("cases/") or Path(file).exists():
        return path
    folder = spec.data_dir("cases").parent
    if case or not (folder / file).exists():
        find_case(path)
    return str(folder / path)


def _scenario(identity: str) -> Case:
    found = bundled_scenarios()
    if identity not in found:
        raise UsageError(say("no-scenario", identity=identity, near=closest(identity, found)))
    return found[identity]
