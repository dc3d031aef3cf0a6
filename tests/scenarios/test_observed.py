"""What the calls of a scenario show together: nothing for a good system, red at its requirement else."""

import pytest

from pytest_qimen.cases.scenario import Send
from pytest_qimen.cases.scenario_read import load_scenarios
from pytest_qimen.verdict import Status
from tests.scenarios.sessions import led

OBSERVED = [
    one.id
    for one in load_scenarios().values()
    if one.observes
    and one.side != "wms"
    and not one.id.startswith("callers/send/")
    and not any(isinstance(beat, Send) for beat in one.beats)
]
WAITS = ("callers/faults/", "callers/load/")  # hang, are down, or send much


@pytest.mark.parametrize("retries", [0, 1])
def test_a_good_system_raises_nothing(retries: int) -> None:
    names = [name for name in OBSERVED if not name.startswith(WAITS)]
    found, cases = led(*names, retries=retries)
    assert {name: (one.status, one.findings) for name, one in found.items() if not one.status.is_good} == {}
    assert [name for name, one in found.items() if one.status is Status.WARN] == []
    red = {name: one.findings for name, one in cases.items() if one.status.is_broken}
    assert red == {}
    for name in names:
        showing = found[name].showing
        assert showing
        assert set(load_scenarios()[name].requirements) <= set(showing.shown)


@pytest.mark.parametrize(
    ("fault", "scenario", "requirement", "status"),
    [
        ("first-page-only", "paging/pages", "page.all", Status.FAIL),
        ("skips-pages", "paging/pages", "page.step", Status.FAIL),
        ("follows-for-ever", "paging/endless", "page.endless", Status.WARN),
        ("skips-failed-page", "paging/page-fails", "page.failed-page", Status.WARN),
        ("counts-no-lines", "batches/split-order", "split.total", Status.FAIL),
        ("counts-no-lines", "batches/part-lost", "split.total", Status.FAIL),
        ("orders-before-items", "sequence/item-first", "sequence.item-first", Status.WARN),
        ("keeps-first-cursor", "paging/scroll-changing", "scroll.changing", Status.FAIL),
        ("one-long-message", "batches/stores", "split.stores", Status.FAIL),
        ("pushes-all", "batches/part-lost", "split.lost-part", Status.WARN),
        ("forgets-ids", "sequence/item-id", "sequence.item-id", Status.FAIL),
    ],
)
def test_a_fault_is_found_at_its_requirement(
    fault: str, scenario: str, requirement: str, status: Status
) -> None:
    found = led(f"callers/{scenario}", faults=[fault], retries=0)[0][f"callers/{scenario}"]
    assert found.status is status
    assert f"caller.{requirement}" in {one.check for one in found.findings}


def test_a_part_that_never_comes_again_is_not_green() -> None:
    found = led("callers/batches/part-lost", faults=["cannot-resend"], retries=0)[0]
    (outcome,) = found.values()
    assert outcome.showing
    assert "caller.split.lost-part" not in outcome.showing.shown


def test_what_only_the_end_shows_reaches_the_cases_of_all_calls() -> None:
    """A list that was left after its first page: known when no more calls come."""
    cases = led("callers/paging/pages", faults=["first-page-only"])[1]
    found = cases["callers/page/all/wms/entryorder.query"]
    assert found.status is Status.INFO
    assert found.findings
