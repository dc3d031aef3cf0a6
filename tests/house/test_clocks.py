"""Whatever waits or lasts is measured by a clock that nobody sets; who reads the wall clock is listed."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"
WALL = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}
CLOCKS = {"datetime", "date", "time"}  # the modules and classes whose functions these are
READERS = {  # module -> what the time of day is to it
    "client/clock.py": "the only clock of the suite's side",
    "report/baseline.py": "the day from which a failure is known",
    "report/certificate.py": "the day of issue, and that of a check",
    "runner/session.py": "the day of a run, by which known failures expire",
    "reference/database.py": "times that the embedded endpoint shows",
    "reference/variants/behaviour.py": "the timestamp of a request, as the embedded endpoint checks it",
}


def readers(path: Path) -> Iterator[int]:
    """The lines of a module that read the wall clock."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Attribute(ast.Name(clock), name) if clock in CLOCKS and name in WALL:
                yield node.lineno


def test_the_wall_clock_is_read_where_a_time_of_day_is_meant() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if list(readers(path))}
    assert found == set(READERS)
