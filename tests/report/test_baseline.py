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
from pytest_qimen.report.baseline import baseline, glob
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


def test_reason_and_days() -> None:
    (known,) = tomllib.loads(
        baseline(HEAD, broken_run()[:1], days=1, reason='JIRA-1 "later"', since=date(2026, 12, 31))
    )["known"]
    assert known == {
        "id": "wms/stock.query/request/minimal",
        "reason": 'JIRA-1 "later"',
        "since": date(2026, 12, 31),
        "expires": date(2027, 1, 1),
    }
    with pytest.raises(UsageError, match="at least one day"):
        baseline(HEAD, [], days=0)
