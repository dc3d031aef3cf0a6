"""tests/ROBUSTNESS.md is held to its word: whatever goes wrong, the suite ends and leaves its record."""

from collections.abc import Callable

import pytest

from tests.robustness.matrix import HEAD, MEGABYTES, SECONDS, TABLE, Outcome, disasters

DISASTERS = disasters()
ROWS = TABLE.read_text("utf-8").removeprefix(HEAD.format(seconds=SECONDS, megabytes=MEGABYTES)).splitlines()


@pytest.mark.parametrize(("name", "run"), DISASTERS.items(), ids=DISASTERS)
def test_the_suite_survives(name: str, run: Callable[[], Outcome]) -> None:
    (row,) = (row for row in ROWS if row.startswith(f"| {name} |"))
    assert run().row(name) == row


def test_the_table_knows_every_disaster_and_all_end_in_time() -> None:
    assert [row.split(" | ")[0].removeprefix("| ") for row in ROWS] == list(DISASTERS)
    assert all(row.endswith("| yes |") for row in ROWS)
