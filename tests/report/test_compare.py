"""Two runs: every case is in one list at most, and what cannot be compared is refused in a line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.errors import DataError
from pytest_qimen.report.compare import LISTS, Snapshot, compare, lines, of_run, snapshot
from pytest_qimen.report.results import results
from pytest_qimen.verdict import Status
from tests.report.report_events import ENDED, HEAD, broken_run, case, write_events

RUNS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(Status))


def test_a_folder_its_events_and_its_results_say_the_same(tmp_path: Path) -> None:
    folder = write_events(tmp_path / "run", broken_run())
    of_folder = snapshot(folder)
    assert snapshot(folder / "events.jsonl") == of_folder
    (folder / "results.json").write_text(json.dumps(results(HEAD, broken_run(), ENDED)), "utf-8")
    assert snapshot(folder / "results.json") == snapshot(folder) == of_folder


@given(RUNS, RUNS, st.sampled_from(["must", "should"]))
def test_lists(old: dict[str, str], new: dict[str, str], level: str) -> None:
    found = compare(Snapshot("s", "t", "must", old), Snapshot("s", "t", level, new))
    lists = {name: [change.id for change in getattr(found, name)] for name in LISTS}
    ids = [identity for some in lists.values() for identity in some]
    assert len(ids) == len(set(ids))
    red = {identity for identity, status in new.items() if status.fails(level)}
    assert {*lists["newly_red"], *lists["still_red"]} == red
    assert set(lists["gone"]) == old.keys() - new.keys()
    assert set(lists["new"]) == new.keys() - old.keys() - red
    assert not any(old[identity].fails(level) for identity in old.keys() & new.keys() - set(ids))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "expected an object"),
        ('{"format": 1}', "is no results.json"),
        (json.dumps(results(HEAD, [], ENDED) | {"format": 2}), "is of format 2; this version reads up to 1"),
        (json.dumps(results(HEAD, [], ENDED) | {"cases": [{}]}), "lacks cases[1].id"),
        (json.dumps(results(HEAD, [], ENDED) | {"cases": [{"id": "a", "status": "odd"}]}), "expected one of"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "results.json"
    file.write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        snapshot(file)
    assert words in str(error.value)
    assert file.read_text("utf-8") == text


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        snapshot(tmp_path / "results.json")


def test_red_is_judged_as_the_new_run_judges() -> None:
    old = Snapshot("s", "t", "must", {"a": Status.WARN})
    assert compare(old, Snapshot("s", "t", "should", {"a": Status.WARN})).still_red
    assert not compare(old, Snapshot("s", "t", "must", {"a": Status.WARN})).still_red


def test_what_is_waived_now_is_not_green() -> None:
    old, new = (
        of_run(HEAD, [case("wms/a/x", status), case("wms/a/y", "fail")]) for status in ("fail", "waived")
    )
    found = compare(old, new)
    assert ([one.id for one in found.waived], found.newly_green) == (["wms/a/x"], ())


def test_what_is_new_and_good_is_counted_rather_than_listed() -> None:
    old, new = (
        Snapshot(
            "s", "t", "must", {f"{word}/{number:03}": Status(word) for word in words for number in range(100)}
        )
        for words in ((), ("pass", "fail"))
    )
    told = list(lines(compare(old, new)))
    assert sum("fail/" in line for line in told) == 100
    assert sum("pass/" in line for line in told) == 20
    assert told[-1] == "  … and 80 more"
