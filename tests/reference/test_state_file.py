"""The state file: what is no database of ours is refused in a line, and stays as it is."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pytest_qimen.errors import UsageError
from pytest_qimen.reference import start


def with_table(columns: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"create table {columns}")

    return make


def damaged(path: Path) -> None:
    start(state=path).stop()
    data = bytearray(path.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    path.write_bytes(data)


@pytest.mark.parametrize("make", [with_table("customers (name)"), with_table("orders (x)"), damaged])
def test_a_database_of_another_program_or_a_damaged_one(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match=rf"^state file {re.escape(str(path))}: ") as caught:
        start(state=path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.touch()
    for _ in range(2):
        start(state=path).stop()
    assert path.stat().st_size
