"""Legal differences of systems that send: each raises nothing, whatever it is asked for."""

import pytest

from pytest_qimen.verdict import Status
from tests.scenarios.sessions import led

MIXED = (
    *("callers/answers/success", "callers/answers/failure-then-resend", "callers/answers/chunked"),
    *(
        "callers/faults/lost-answer",
        "callers/faults/html-200",
        "callers/faults/reset-before",
        "callers/faults/lost-cancel",
    ),
    *("callers/faults/lost-increment/storeinventory.update", "callers/faults/lost-publish"),
    *("callers/batches/partial-bills", "callers/batches/split-order", "callers/batches/part-lost"),
    *("callers/paging/pages", "callers/paging/scroll-changing", "callers/sequence/item-id"),
    *("callers/text/chinese", "callers/sequence/store", "callers/reads/text"),
)


GOOD = (Status.PASS, Status.INFO)


@pytest.mark.parametrize(
    ("way", "retries"),
    [
        ("", 0),  # never by itself
        ("looks-up", 0),  # asks whether the document is there before anything else
        ("looks-up", 1),
        ("retries-at-once", 1),
        ("retries-at-once", 2),
        ("retries-late", 1),  # after the window: 30 s later where that is 10 s
        ("http-1.0", 1),
        ("chunked", 1),
        ("other-order", 1),
    ],
)
def test_a_legal_difference_raises_nothing(way: str, retries: int) -> None:
    found, cases = led(*MIXED, faults=[*filter(None, [way])], retries=retries)
    good = (*GOOD, Status.UNTESTED) if way == "looks-up" else GOOD  # what it has found it need not send again
    assert {name: one.findings for name, one in found.items() if one.status not in good} == {}
    assert {name: one.findings for name, one in cases.items() if one.status.is_broken} == {}


@pytest.mark.parametrize("way", ["", "parallel"])
def test_load_one_after_the_other_or_at_once(way: str) -> None:
    found, cases = led("callers/load/parallel", faults=[*filter(None, [way])])
    (outcome,) = found.values()
    assert outcome.status is Status.PASS
    assert outcome.showing
    assert outcome.showing.shown == ("caller.load.keys", "caller.load.signature")
    assert [name for name, one in cases.items() if one.status.is_broken] == []


@pytest.mark.parametrize(
    ("fault", "requirement"),
    [("one-key", "caller.load.keys"), ("wrong-secret-sometimes", "caller.load.signature")],
)
def test_what_breaks_under_load_is_found(fault: str, requirement: str) -> None:
    (outcome,) = led("callers/load/parallel", faults=["parallel", fault])[0].values()
    assert outcome.status is Status.FAIL
    assert requirement in {one.check for one in outcome.findings}


def test_a_caller_that_never_sends_is_untested_everywhere() -> None:
    found, cases = led(*MIXED[:3], MIXED[-1], "callers/paging/pages", faults=["never-sends"])
    assert {one.status for one in found.values()} == {Status.UNTESTED}
    assert {one.status for one in cases.values()} <= {Status.UNTESTED, Status.UNSUPPORTED}
