"""Known failures: the tables of a run are read back by the target file and cover exactly its failures."""

import tomllib
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.errors import UsageError
from pytest_qimen.report.baseline import baseline
from pytest_qimen.report.globs import glob, shortest
from pytest_qimen.target.model import load_target
from pytest_qimen.verdict import Level
from tests.report.report_events import FLAG, HEAD, REFUSES, broken_run, case, finding

SIGNS = st.text("ab/.*?[]!-", min_size=1, max_size=8)


@given(SIGNS, SIGNS)
def test_a_pattern_matches_its_id_alone(identity: str, other: str) -> None:
    assert fnmatchcase(identity, glob(identity))
    assert fnmatchcase(other, glob(identity)) == (other == identity)


def test_the_target_file_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text('[target]\nurl = "http://x/y"\n\n' + baseline(HEAD, broken_run(), days=30), "utf-8")
    waivers = load_target(file).waivers
    covered = {event.id for event in broken_run() if any(one.covers(event.id) for one in waivers)}
    assert covered == {event.id for event in broken_run() if event.status == "fail"}
    assert {(one.expires - one.since).days for one in waivers} == {30}


@given(st.text())
def test_whatever_an_endpoint_says_is_legal_toml(text: str) -> None:
    events = [case("wms/a/x", "fail", FLAG | {"actual": text})]
    (known,) = tomllib.loads(baseline(replace(HEAD, target=text), events))["known"]
    assert known["id"] == "wms/a/x"
    assert "\n" not in known["reason"]


@pytest.mark.parametrize(
    ("event", "level", "known"),
    [
        (case("wms/a/x", "warn", finding(REFUSES, "should")), "must", False),
        (case("wms/a/x", "warn", finding(REFUSES, "should")), "should", True),
        (case("wms/a/x", "stale", FLAG, cause="the waiver expired on 2026-01-01"), "must", True),
        (case("wms/a/x", "stale", cause="passes, but is known as failing"), "must", False),
        (case("wms/a/x", "error", cause="timeout: 30 s"), "must", False),
        (case("wms/a/x", "blocked", cause="wms/a/y"), "must", False),
        (case("wms/a/x", "waived", FLAG), "must", False),
    ],
)
def test_what_is_a_known_failure(event: dict, level: str, known: bool) -> None:
    assert ("[[known]]" in baseline(replace(HEAD, level=Level(level)), [event])) == known


def test_days() -> None:
    (known,) = tomllib.loads(baseline(HEAD, broken_run()[:1], days=1, since=date(2026, 12, 31)))["known"]
    assert known["id"] == "wms/stock.query/request/minimal"
    assert (known["since"], known["expires"]) == (date(2026, 12, 31), date(2027, 1, 1))
    with pytest.raises(UsageError, match="at least one day"):
        baseline(HEAD, [], days=0)


RESTS = ("request/p/1", "request/q", "s")
IDS = [f"wms/{method}/{rest}" for method in ("a.x", "a.y", "b.x") for rest in RESTS]
PATTERNS = {  # what is well -> the patterns for the rest
    (): ["wms/*"],
    ("wms/b.x/s",): [
        *("wms/a.*/request/*", "wms/a.x/s", "wms/a.y/s", "wms/b.x/request/p/1", "wms/b.x/request/q"),
    ],
    ("wms/a.x/s", "wms/a.y/s", "wms/b.x/s", "wms/b.x/request/q"): [
        "wms/a.*/request/*",
        "wms/b.x/request/p/1",
    ],
    ("wms/a.x/request/q", "wms/a.y/s", "wms/b.x/s"): [
        *("wms/a.x/request/p/1", "wms/a.x/s", "wms/a.y/request/p/1", "wms/a.y/request/q"),
        *("wms/b.x/request/p/1", "wms/b.x/request/q"),
    ],
}


@pytest.mark.parametrize("well", PATTERNS)
def test_globs_where_everything_below_is_red(well: tuple[str, ...]) -> None:
    assert list(shortest([one for one in IDS if one not in well], IDS)) == PATTERNS[well]


ODD = ("wms/a.x/request/p[]", "wms/a.x/request/p[]/1", "erp/a.x/s")
SOME = st.lists(st.sampled_from([*IDS, *ODD]), unique=True)


@given(SOME, SOME)
def test_globs_cover_what_is_red_and_nothing_else(red: list[str], well: list[str]) -> None:
    well = [one for one in well if one not in red]
    found = shortest(red, [*red, *well])
    assert sorted(one for covered in found.values() for one in covered) == sorted(red)
    for pattern, covered in found.items():
        assert [one for one in red if fnmatchcase(one, pattern)] or not red
        assert set(covered) <= {one for one in red if fnmatchcase(one, pattern)}
        assert not [one for one in well if fnmatchcase(one, pattern)]


def test_the_table_with_globs_is_offered_and_read_back(tmp_path: Path) -> None:
    events = [case(one, "fail", FLAG) for one in IDS]
    assert "# --globs makes 1 entries of them" in baseline(HEAD, events)
    file = tmp_path / "target.toml"
    file.write_text('[target]\nurl = "http://x/y"\n\n' + baseline(HEAD, events, globs=True), "utf-8")
    (waiver,) = load_target(file).waivers
    assert waiver.id == "wms/*"
    assert waiver.reason.startswith("9 cases: ")
    assert all(map(waiver.covers, IDS))
