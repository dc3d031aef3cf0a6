"""tests/KILLS.md is held to its word: every fault turns the case that it names red."""

import re
from collections.abc import Iterator

import pytest

from pytest_qimen.cases import Case, find_case
from pytest_qimen.reference.faults import FAULTS
from tests.kills.matrix import RED, TABLE, outcomes

# Faults that no answer shows or that break only what the documents leave open: recorded, never judged.
OBSERVED = {
    "negative-stock-refused": "stock below zero is open",
    "answer-cut": "half an answer may be the network's fault: status error, never green",
    "answer-none": "no answer may be the network's fault: status error, never green",
    "answer-prefixed": "legal XML: noted, for the official client reads it as a failure",
    "attributes-refused": "no document speaks of attributes",
    "bad-format-accepted": "what format may hold beside xml is open",
    "bad-version-accepted": "what a receiver does with another v is open",
    "bill-num-shared-by-warehouses": "over what a billNum is unique is open",
    "blanks-collapsed": "blanks are recorded",
    "bom-refused": "a byte order mark is recorded",
    "cancel-closes": "CLOSED is as good an end as CANCELED",
    "cancel-of-finished-succeeds": "no document says which orders can be cancelled",
    "cancel-of-unknown-succeeds": "what cancelling nothing answers is open",
    "cancelled-order-created-again": "whether a code may be used again is open",
    "chunked-refused": "the suite sends a Content-Length, as the official client does",
    "content-type-demanded": "other content types are recorded",
    "doctype-accepted": "a DOCTYPE may be overlooked, as long as nothing of it is resolved",
    "duplicate-not-checked": "no document forbids an element twice",
    "failure-echoes": "a message may quote the request",
    "get-accepted": "other HTTP methods are recorded",
    "heartbeat-old-time": "clocks differ: recorded",
    "key-in-any-case": "whether keys are compared by case is open",
    "keys-shared-by-methods": "over what a key is unique is open",
    "large-body-refused": "no document says how large a message may be: recorded",
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
    "scroll-pages-of-19": "how many goods a store has only the other side knows",
    "scroll-skips-one": "how many goods a store has only the other side knows",
    "signature-told": "a message may say what it likes",
    "signature-without-sub-code": "sub_code is the platform's rule, not the documents'",
    "sku-codes-20-refused": "which codes exist only the other side knows",
    "stock-floored-at-zero": "stock below zero is open",
    "store-delete-of-unknown-succeeds": "what deleting nothing answers is open",
    "unknown-customer-accepted": "who the customers are only the other side knows",
    "values-trimmed": "outer blanks are recorded",
    "version-1-refused": "which of the two versions a receiver speaks is open",
}

ROWS = {
    match[1]: match[2].split(", ")
    for line in TABLE.read_text("utf-8").splitlines()
    if (match := re.fullmatch(r"\| ([\w@:.-]+) \| [1-9]\d* \| (.+) \|", line)) and "/" in match[2]
}


def cases_of(fault: str) -> Iterator[Case]:
    return (find_case(identity) for identity in ROWS[fault])


@pytest.mark.parametrize("fault", sorted(ROWS))
def test_a_named_case_turns_red(fault: str) -> None:
    assert any(outcome.status in RED for outcome in outcomes(cases_of(fault), fault))


def test_the_clean_endpoint_keeps_every_named_case_green() -> None:
    named = dict.fromkeys(identity for fault in ROWS for identity in ROWS[fault])
    found = outcomes((find_case(one) for one in named), None)
    assert [outcome.case.id for outcome in found if outcome.status in RED] == []


def test_every_fault_is_in_the_table_or_has_a_reason() -> None:
    visible = {name for name, fault in FAULTS.items() if not fault.hidden}
    assert visible - set(ROWS) == set(OBSERVED)
    assert len(ROWS) >= 200
