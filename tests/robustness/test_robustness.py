"""tests/ROBUSTNESS.md is held to its word: whatever goes wrong, the suite ends and leaves its record."""

from collections.abc import Callable

import pytest

from tests.robustness.matrix import HEAD, MEGABYTES, SECONDS, TABLE, Outcome, disasters
from tests.robustness.server import ATTACKS, SERVER, server_rows
from tests.wire import test_server_attack

DISASTERS = disasters()
FIRST, _, SECOND = TABLE.read_text("utf-8").partition(SERVER)
ROWS = FIRST.removeprefix(HEAD.format(seconds=SECONDS, megabytes=MEGABYTES)).splitlines()


@pytest.mark.parametrize(("name", "run"), DISASTERS.items(), ids=DISASTERS)
def test_the_suite_survives(name: str, run: Callable[[], Outcome]) -> None:
    (row,) = (row for row in ROWS if row.startswith(f"| {name} |"))
    assert run().row(name) == row


def test_the_table_knows_every_disaster_and_all_end_in_time() -> None:
    assert [row.split(" | ")[0].removeprefix("| ") for row in ROWS] == list(DISASTERS)
    assert all(row.endswith("| yes |") for row in ROWS)


def test_the_second_table_is_that_of_the_tests_of_the_server() -> None:
    assert SECOND.splitlines() == list(server_rows())
    tests = {name.removeprefix("test_") for name in vars(test_server_attack) if name.startswith("test_")}
    assert tests == set(ATTACKS)
