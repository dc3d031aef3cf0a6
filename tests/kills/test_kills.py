"""tests/KILLS.md is held to its word: every fault turns the case that it names red.

So does the fault that speaks for a requirement: every requirement of level must or should that a case tests
has one, or a reason why none can.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pytest_qimen.cases import Case, find_case
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults import FAULTS, plugs_of
from pytest_qimen.reference.hooks import Plug
from pytest_qimen.verdict import Status
from tests.kills.matrix import CRASHED, PLACED, Kills, Row, outcomes, read, text, wanted, witnesses

# Faults that no answer shows or that break only what the documents leave open: recorded, never judged.
OBSERVED = {
    "negative-stock-refused": "stock below zero is open",
    "answer-cut": "half an answer may be the network's fault: status error, never green",
    "answer-none": "no answer may be the network's fault: status error, never green",
    "answer-prefixed": "legal XML: noted, for the official client reads it as a failure",
    "attributes-refused": "no document speaks of attributes",
    "bill-num-shared-by-warehouses": "over what a billNum is unique is open",
    "bom-refused": "a byte order mark is recorded",
    "cancel-closes": "CLOSED is as good an end as CANCELED",
    "cancel-of-finished-succeeds": "no document says which orders can be cancelled",
    "cancel-of-unknown-succeeds": "what cancelling nothing answers is open",
    "cancelled-order-created-again": "whether a code may be used again is open",
    "content-type-demanded": "other content types are recorded",
    "doctype-accepted": "a DOCTYPE may be overlooked, as long as nothing of it is resolved",
    "duplicate-not-checked": "no document forbids an element twice",
    "failure-echoes": "a message may quote the request",
    "get-accepted": "other HTTP methods are recorded",
    "key-in-any-case": "whether keys are compared by case is open",
    "keys-shared-by-methods": "over what a key is unique is open",
    "large-body-refused": "no document says how large a message may be: recorded",
    "later-edition-refused": "the documents know no later edition: recorded",
    "missing-format-accepted": "the table prints no need for format",
    "missing-sign_method-accepted": "the table prints no need for sign_method",
    "pending-ignored": "no document shows what holding back changes",
    "pending-of-unknown-succeeds": "what holding back nothing answers is open",
    "query-of-unknown-is-bare": "a success without content is an empty answer",
    "query-reverses-pages": "no document orders the lines of different pages",
    "replay-in-one-request-counts-again": "one key twice in one request is open: recorded",
    "replay-not-named": "how a replay is answered is the vendor's",
    "restore-ignored": "no document shows what setting free changes",
    "scroll-never-ends": "when a cursor ends is open: an empty page ends it",
    "signature-without-sub-code": "sub_code is the platform's rule, not the documents'",
    "stock-floored-at-zero": "stock below zero is open",
    "store-delete-of-unknown-succeeds": "what deleting nothing answers is open",
    "unknown-customer-accepted": "who the customers are only the other side knows",
    "values-trimmed": "outer blanks are recorded",
    "zero-quantity-refused": "whether a quantity may be zero is open: recorded",
    "zero-refused": "whether a quantity may be zero is open: recorded",
}

UNKILLED: Mapping[str, str] = {}  # requirements that no fault of an endpoint can break, each with its reason
TOLD, WITNESSES = read()
ROWS = {fault: row.first for fault, row in TOLD.items() if row.red}


def cases_of(fault: str) -> Iterator[Case]:
    return (find_case(identity) for identity in ROWS[fault])


@pytest.mark.parametrize("fault", sorted(ROWS))
def test_a_named_case_turns_red(fault: str) -> None:
    assert any(outcome.status.is_broken for outcome in outcomes(cases_of(fault), plugs_of([fault])))


def test_every_requirement_has_a_fault_that_turns_it_red() -> None:
    assert set(wanted()) - set(WITNESSES) == set(UNKILLED)
    tested = {identity: {case.id for case in cases} for identity, cases in wanted().items()}
    assert [name for name, (_, case) in WITNESSES.items() if case not in tested.get(name, ())] == []


@pytest.mark.parametrize("fault", sorted({fault for fault, _ in WITNESSES.values()}))
def test_the_case_that_speaks_for_a_requirement_turns_red(fault: str) -> None:
    named = dict.fromkeys(case for witness, case in WITNESSES.values() if witness == fault)
    found = outcomes(map(find_case, named), plugs_of([fault]))
    assert set(named) - {outcome.case.id for outcome in found if outcome.status.is_broken} == set()


def test_the_clean_endpoint_keeps_every_named_case_green() -> None:
    named = dict.fromkeys(identity for fault in ROWS for identity in ROWS[fault])
    named |= dict.fromkeys(case for _, case in WITNESSES.values())
    found = outcomes((find_case(one) for one in named), ())
    assert [outcome.case.id for outcome in found if outcome.status.is_broken] == []


def test_every_fault_is_in_the_table_or_has_a_reason() -> None:
    visible = {name for name, fault in FAULTS.items() if not fault.hidden}
    assert visible - set(ROWS) == set(OBSERVED)
    assert set(PLACED) <= set(ROWS)
    assert len(ROWS) >= 200


def test_a_crash_is_broken_and_not_red() -> None:
    """HTTP 500 that the endpoint sends is a defect; of one that fell over its own fault it proves nothing."""

    def crash(request: object, answer: Data) -> None:
        raise ZeroDivisionError

    case = find_case("protocol/answer/wms/success")
    [said] = [one for one in outcomes([case], plugs_of(["status-500"])) if one.case == case]
    [crashed] = [one for one in outcomes([case], [Plug("data", crash)]) if one.case == case]
    assert said.status is Status.FAIL
    assert (crashed.status, crashed.cause.startswith(CRASHED)) == (Status.ERROR, True)


def test_a_requirements_own_fault_speaks_for_it() -> None:
    """Before one that turns fewer cases red, and that before one that turns many."""
    case = find_case("flows/items/mapping-updated").id
    many = Kills("flag-missing", (case, "protocol/answer/wms/success"))
    few, own = Kills("chinese-lost", (case,)), Kills("mapping-update-ignored", (case, "a", "b", "c"))
    assert witnesses([many, few], {})["item.mapping-update"] == ("chinese-lost", case)
    assert witnesses([many, few, own], {})["item.mapping-update"] == ("mapping-update-ignored", case)
    known = {"item.mapping-update": ("flag-missing", case)}
    assert witnesses([few], known)["item.mapping-update"] == ("flag-missing", case)
    assert witnesses([own], known)["item.mapping-update"] == ("mapping-update-ignored", case)


def test_the_table_reads_as_it_was_written(tmp_path: Path) -> None:
    rows = {"a-b": Row(5, 0, ("x/y", "x/z", "x/w")), "c@wms.x:a.b[]": Row(0, 2, ()), "d": Row(1, 1, ("x/y",))}
    best = {"item.mapping-update": ("c@wms.x:a.b[]", "x/y"), "request.need": ("d", "x/z")}
    path = tmp_path / "KILLS.md"
    path.write_text(text(rows, best), "utf-8")
    assert read(path) == (rows, best)
