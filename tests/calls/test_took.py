"""How long an answer took, as a HAR tells it."""

import json
from pathlib import Path

import pytest

from pytest_qimen.calls.recording import har_entries


@pytest.mark.parametrize(
    ("time", "took"), [(1500, 1.5), (0.5, 0.0005), (-1, None), (None, None), (True, None), ("9", None)]
)
def test_the_time_of_an_entry(tmp_path: Path, time: object, took: float | None) -> None:
    entry = {"request": {"method": "POST", "url": "http://x/?method=a"}, "response": {}, "time": time}
    path = tmp_path / "one.har"
    path.write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")
    (heard,) = har_entries(path)
    assert heard.took == took
