"""A pass means that the thing was seen: what never happened, or to another document, shows nothing."""

import pytest

from pytest_qimen.reasons import Unsplit
from pytest_qimen.verdict import Status
from tests.scenarios.sessions import led
from tests.scenarios.theatre import played


def one(name: str, *faults: str, retries: int = 0) -> tuple[Status, set[str], set[str]]:
    """Return how a scenario ends, what it shows, and what it finds fault with."""
    outcome = led(f"callers/{name}", faults=faults, retries=retries)[0][f"callers/{name}"]
    shown = set(outcome.showing.shown) if outcome.showing else set()
    return outcome.status, shown, {found.check for found in outcome.findings if found.level.is_judged}


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        ("batches/split-order", "one-long-message"),  # a document in one message was not split
        ("batches/part-lost", "one-long-message"),
        ("answers/ids-kept/entryorder.create", "cancels-another"),
        ("answers/cancel-refused", "cancels-another"),
        ("faults/lost-cancel", "cancels-another"),
        ("sequence/cancel", "cancels-another"),
        ("paging/exact", "first-page-only"),  # the second page, after which it should stop, was never read
        ("batches/partial-items", "single-parts"),  # a batch of one has no second part that fails
        ("load/parallel", "few-documents"),
    ],
)
def test_what_never_happened_is_untested(scenario: str, fault: str) -> None:
    status, shown, blamed = one(scenario, fault)
    assert (status, shown, blamed) == (Status.UNTESTED, set(), set())


@pytest.mark.parametrize("fault", ["", "one-long-message"])
def test_parts_show_their_requirements_only_where_there_are_parts(fault: str) -> None:
    status, shown, _ = one("batches/split-order", *filter(None, [fault]))
    assert (status is Status.PASS) == (not fault)
    assert ("caller.split.total" in shown) == (not fault)


@pytest.mark.parametrize("name", ["json-200", "not-xml", "status-500", "no-flag", "html-200", "half-answer"])
def test_the_success_of_another_document_is_none_of_the_broken_one(name: str) -> None:
    status, _, blamed = one(f"faults/{name}", "orders-anew")
    assert (status, blamed) == (Status.FAIL, {"caller.fault.unclear-is-not-success"})


@pytest.mark.parametrize("name", ["json-200", "status-500"])
def test_the_success_of_the_same_message_sent_again_counts(name: str) -> None:
    status, _, blamed = one(f"faults/{name}", retries=1)
    assert (status, blamed) == (Status.PASS, set())


def test_a_report_about_another_document_shows_nothing() -> None:
    """The answer to the item is broken; the report is about the order that was sent after it."""
    status, _, blamed = one("faults/json-200", "syncs-first")
    assert (status, blamed) == (Status.UNTESTED, set())


@pytest.mark.parametrize(
    ("fault", "retries"),
    [
        ("gives-up-pages", 0),  # breaks off at the page that failed, and reads all when it is asked to again
        ("", 0),  # asks for the page once more at once
    ],
)
def test_when_a_failed_page_is_read_again_is_its_own_affair(fault: str, retries: int) -> None:
    status, shown, blamed = one("paging/page-fails", *filter(None, [fault]), retries=retries)
    assert (status, blamed) == (Status.PASS, set())
    assert "caller.page.failed-page" in shown


def test_two_readings_that_skip_nothing_break_nothing() -> None:
    status, shown, blamed = one("paging/scroll-page-fails")
    assert (status, blamed) == (Status.PASS, set())
    assert "caller.scroll.failed" in shown


def test_an_item_that_is_there_already_is_no_new_one() -> None:
    names = ("callers/sequence/item-id", "callers/sequence/item-first")
    found = led(*names, faults=["orders-before-items"])[0]
    assert found[names[1]].status is Status.UNTESTED


@pytest.mark.parametrize("retries", [0, 1])
def test_a_port_that_is_closed_for_a_while(retries: int) -> None:
    """Nobody can connect; what comes once it listens again is all that is asked for."""
    found = played("callers/faults/refused-connection", retries=retries)
    assert (found.shown, found.findings, found.errors) == ({"caller.fault.no-crash"}, [], [])
    assert {one.script.way for one in found.taken} <= {"closed", ""}


def test_one_that_dies_of_a_closed_port() -> None:
    found = played("callers/faults/refused-connection", ["dies-of-a-closed-port"])
    assert [one.check for one in found.findings] == ["caller.fault.no-crash"]


@pytest.mark.parametrize("name", ["callers/batches/split-order", "callers/batches/part-lost"])
def test_a_system_that_never_splits_says_so(name: str) -> None:
    found = led(name, faults=["one-long-message"], splits=False)[0][name]
    assert (found.status, found.reason) == (Status.UNSUPPORTED, Unsplit())
