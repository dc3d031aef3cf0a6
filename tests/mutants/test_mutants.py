"""tests/MUTANTS.md is held to its word: it knows every mutant, and a sample of them dies as it says."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_qimen.spec import load_all, load_api
from tests.mutants.matrix import TABLE, judged, read, report, text
from tests.mutants.model import NOTHING_THERE, UNTOLD, Mutant
from tests.mutants.mutants import KINDS, mutants_of, open_of
from tests.mutants.requests import constraints
from tests.mutants.runs import NO_CASE, NOT_JUDGED, Bench

REPORTS = read()
SHARE = 99  # per cent of all mutants that must be killed
STEP = 97  # every so many mutants, one of each kind beside, are run anew


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def _survives(mutant: Mutant) -> bool:
    return mutant.method in REPORTS and mutant.id in REPORTS[mutant.method].survivors


def sample() -> list[Mutant]:
    """The first mutant of every kind that is killed, and a few of all methods."""
    every = [mutant for api in load_all() for mutant in mutants_of(api) if not _survives(mutant)]
    kinds = {mutant.kind: mutant for mutant in reversed(every)}
    return list({mutant.id: mutant for mutant in (*kinds.values(), *every[::STEP])}.values())


@pytest.mark.parametrize("mutant", sample(), ids=lambda mutant: mutant.id)
def test_a_mutant_is_killed_as_the_page_says(mutant: Mutant, bench: Bench) -> None:
    assert bench.run(mutant).red


def test_the_page_knows_every_mutant() -> None:
    found = {api.name: Counter(mutant.kind for mutant in mutants_of(api)) for api in load_all()}
    told = {name: {kind: count for kind, (_, count) in one.killed.items()} for name, one in REPORTS.items()}
    assert told == {name: {kind: kinds[kind] for kind in KINDS} for name, kinds in found.items()}
    assert {name: one.open for name, one in REPORTS.items()} == {api.name: open_of(api) for api in load_all()}


def test_nearly_all_mutants_are_killed() -> None:
    killed, count = judged(REPORTS)
    assert count >= 8000
    assert 100 * killed >= SHARE * count


def test_every_survivor_has_a_reason() -> None:
    survivors = [survivor for one in REPORTS.values() for survivor in one.survivors.values()]
    assert {reason for level, reason in survivors if level == "must"} == set()
    assert {reason for _, reason in survivors} <= {UNTOLD, NOTHING_THERE, NOT_JUDGED}
    known = {mutant.id for api in load_all() for mutant in mutants_of(api)}
    assert {identity for one in REPORTS.values() for identity in one.survivors} <= known


def test_no_two_mutants_share_a_name() -> None:
    names = Counter(mutant.id for api in load_all() for mutant in mutants_of(api))
    assert [name for name, count in names.items() if count > 1] == []


def test_what_another_constraint_implies_is_no_constraint() -> None:
    """No value can break a length alone that a list of codes or the form of a time sets already."""
    for api in load_all():
        for row in (*api.request.leaves, *api.response.leaves):
            implied = row.max and "length" not in dict(constraints(row)) and row.type == "string"
            if implied and not row.separator:
                form = row.format in ("date", "datetime", "time")
                codes = row.codes.codes if row.codes else ()
                assert form or codes, (api.name, row.path)
                assert all(len(code) <= (row.max or 0) for code in codes), (api.name, row.path)


def test_the_page_reads_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "MUTANTS.md"
    path.write_text(text(REPORTS), "utf-8")
    assert read(path) == REPORTS
    assert path.read_text("utf-8") == TABLE.read_text("utf-8")


def test_a_mutant_that_no_case_sees_survives(bench: Bench) -> None:
    api = load_api("wms/entryorder.query")
    mutant = mutants_of(api)[0]
    blind = Mutant(
        api.name, mutant.kind, mutant.path, mutant.level, mutant.make, ("wms/entryorder.query/no-",)
    )
    run = bench.run(blind)
    assert (run.red, run.reason) == ((), NO_CASE)
    assert report(api, [run]).survivors == {mutant.id: (mutant.level.value, NO_CASE)}
