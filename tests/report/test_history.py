"""A line a run is kept, read strictly, and drawn; cases that change there and back are flaky."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import xml
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.report.history import LARGEST, NAME, Entry, changes, keep, read_history
from pytest_qimen.report.history_page import page
from pytest_qimen.report.lock import FolderLock
from pytest_qimen.report.merge import RecordedRun
from tests.report.report_events import ENDED, HEAD, broken_run, case

HOSTILE = "</style><script>x</script>\u202e\x07&\"'"


def recorded(hour: int, *statuses: str, **more: Any) -> RecordedRun:
    """A run at that hour with a case for every status."""
    head = replace(HEAD, started=f"2026-11-22T{hour:02}:00:00.000+08:00", **more)
    cases = tuple(case(f"wms/stock.query/request/c{place}", each) for place, each in enumerate(statuses))
    return RecordedRun(head, cases, ENDED)


def told(runs: Sequence[RecordedRun]) -> list[tuple[str, str, bool]]:
    found = changes([Entry.of(one) for one in runs])
    return [(one.id.rpartition("/")[2], " ".join(one.statuses), one.is_flaky) for one in found]


def test_a_line_a_run(tmp_path: Path) -> None:
    runs = [recorded(2, "pass", "fail"), recorded(1, "pass", "pass"), recorded(2, "pass", "fail")]
    for one in runs:
        found = keep(one, tmp_path / "deep")
    assert [entry.started[11:13] for entry in found] == ["01", "02"]
    assert len((tmp_path / "deep" / NAME).read_text("utf-8").splitlines()) == 2
    assert read_history(tmp_path / "deep" / NAME) == found
    assert [entry.verdict for entry in found] == ["conformant", "non-conformant"]
    assert [Entry.from_json(json.loads(json.dumps(entry.to_json()))) for entry in found] == found
    assert [path.name for path in (tmp_path / "deep").iterdir()] == [NAME]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], []),
        ([recorded(1, "pass", "fail"), recorded(2, "pass", "fail")], []),
        ([recorded(1, "fail"), recorded(2, "pass")], [("c0", "fail pass", False)]),
        (
            [recorded(1, "fail", "pass"), recorded(2, "pass", "pass"), recorded(3, "fail", "warn")],
            [("c0", "fail pass fail", True), ("c1", "pass pass warn", False)],
        ),
        # what the record names a cause of is no change
        ([recorded(1, "blocked"), recorded(2, "pass"), recorded(3, "error"), recorded(4, "waived")], []),
        # nor is another target, suite or choice of methods, or a run that broke off
        ([recorded(1, "fail"), recorded(2, "pass", target="other")], []),
        ([recorded(1, "fail"), recorded(2, "pass", suite=replace(HEAD.suite, digest="1"))], []),
        ([recorded(1, "fail"), replace(recorded(2, "pass"), ended=None)], []),
        ([recorded(1, "fail"), RecordedRun(HEAD, (case("erp/a.report/request/minimal"),), ENDED)], []),
    ],
)
def test_cases_that_changed(runs: list[RecordedRun], expected: list[tuple[str, str, bool]]) -> None:
    assert told(runs) == expected


GOOD = Entry.of(recorded(1, "fail")).to_json()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: no line of a history"),
        ("[]", "line 2: it: expected an object"),
        ("[" * 100_000, "line 2: no line of a history"),
        (json.dumps(GOOD | {"format": 2}), "line 2: is of format 2; this version reads up to 1"),
        (json.dumps(GOOD | {"verdict": "fine"}), "line 2: verdict: expected one of conformant"),
        (json.dumps(GOOD | {"started": "now"}), "line 2: started: expected a time"),
        (json.dumps(GOOD | {"counts": {"fail": -1}}), "line 2: counts"),
        (json.dumps(GOOD | {"told": {"fail": [1]}}), "line 2: told.fail"),
        (json.dumps({key: value for key, value in GOOD.items() if key != "suite"}), "line 2: suite"),
    ],
)
def test_a_line_that_does_not_fit(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / NAME
    path.write_text(f"{json.dumps(GOOD)}\n{line}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        keep(recorded(3, "pass"), tmp_path)
    assert f"{path}: {complaint}" in str(caught.value)
    assert sorted(one.name for one in tmp_path.iterdir()) == [NAME]


def test_a_full_history_and_a_held_one(tmp_path: Path) -> None:
    held = FolderLock(tmp_path, "--history")
    with pytest.raises(UsageError, match="--history: another run writes"):
        keep(recorded(1, "pass"), tmp_path)
    held.release()
    with (tmp_path / NAME).open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(DataError, match="is larger than 64 MB"):
        keep(recorded(1, "pass"), tmp_path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_well_formed_and_says_all(language: str) -> None:
    runs = [recorded(1, "fail"), recorded(2, "pass"), recorded(3, "fail")]
    runs += [RecordedRun(replace(HEAD, target=HOSTILE), tuple(broken_run()), None)]
    text = page([Entry.of(one) for one in runs], language)
    root = xml.parse(text.partition("\n")[2].encode())
    assert "<script" not in text
    assert "U+202E" in text
    bars = xml.find(root, "body.main.div[1].svg.a[]")
    assert [one.get("href") for one in bars] == ["#run-1", "#run-2", "#run-3", "#run-4"]
    assert "✗" in text
    label = bars[0].get("aria-label") or ""
    assert label.startswith(
        {"en": "run 1, 2026-11-22T01:00: non-conformant; fail 1"}.get(language, "第 1 次")
    )
    assert {"en": ">flaky<", "zh": ">不稳定<"}[language] in text
    assert {"en": "broke off", "zh": "中断"}[language] in text


def test_an_empty_history_and_one_of_a_later_version() -> None:
    assert "None changed." in page([])
    entry = Entry.from_json(GOOD | {"counts": {"odd<b>": 3}})
    assert "odd&lt;b&gt; 3" in page([entry])
