"""tests/KILLS.md is held to its word: every fault turns the case that it names red."""

import re
from collections.abc import Iterator

import pytest

from pytest_qimen.cases import Case, find_case
from pytest_qimen.findings import Level
from pytest_qimen.reference.faults import FAULTS
from pytest_qimen.requirements import load_requirements
from tests.kills.matrix import RED, TABLE, outcomes

# Faults that no answer shows or that break only what the documents leave open: recorded, never judged.
OBSERVED = {
    "answer-cut": "half an answer may be the network's fault: error, never green",
    "answer-none": "no answer may be the network's fault: error, never green",
}

ROWS = {
    match[1]: match[2].split(", ")
    for line in TABLE.read_text("utf-8").splitlines()
    if (match := re.fullmatch(r"\| ([\w@:.-]+) \| [1-9]\d* \| (.+) \|", line)) and "/" in match[2]
}


def cases_of(fault: str) -> Iterator[Case]:
    return (find_case(identity) for identity in ROWS[fault][:1])


@pytest.mark.parametrize("fault", sorted(ROWS))
def test_the_named_case_turns_red(fault: str) -> None:
    assert [outcome.status in RED for outcome in outcomes(cases_of(fault), fault)] == [True]


def test_the_clean_endpoint_keeps_every_named_case_green() -> None:
    named = dict.fromkeys(identity for fault in ROWS for identity in ROWS[fault])
    found = outcomes((find_case(one) for one in named), None)
    assert [outcome.case.id for outcome in found if outcome.status in RED] == []


def test_every_fault_is_in_the_table_or_has_a_reason() -> None:
    visible = {name for name, fault in FAULTS.items() if not fault.hidden}
    assert visible - set(ROWS) == set(OBSERVED)
    assert len(ROWS) >= 200


def test_every_judged_requirement_that_a_case_tests_has_a_fault_that_turns_it_red() -> None:
    spoken = set(re.findall(r"^\| ([a-z][\w.-]+\.[\w.-]+) \| \d+ \|", TABLE.read_text("utf-8"), re.MULTILINE))
    judged = {
        identity
        for identity, requirement in load_requirements().items()
        if requirement.level is not Level.MAY and requirement.untested is None
    }
    assert judged - spoken == set()
