"""The command as the tests call it."""

import pytest

from pytest_qimen.__main__ import main

Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *args: str) -> tuple[int, str, str]:
    status = main(args)
    out, err = capsys.readouterr()
    return status, out, err


# What a file may turn out to be: its name -> what is in it
START = {
    **{"type": "run", "format": 1, "suite": {"version": "0.1.0", "digest": "0" * 16}, "target": "demo"},
    **{"url": "http://127.0.0.1:1/", "level": "must", "seed": "Q", "started": "2026-11-22T10:00:00+08:00"},
}
