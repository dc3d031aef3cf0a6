"""Replays: what a flow sends again is the same message; the messages are composed and compared."""

from pathlib import Path

import pytest

from pytest_qimen.cases import Case, bundled_cases, bundled_files, load_cases
from pytest_qimen.verdict import Level
from tests.support.files import write
from tests.support.replays import Difference, differences, messages, written_out

FLOWS = [path for path in bundled_files() if path.parent.name == "flows"]
NUMBERS = ("outBizCode", "billNum", "bill_num", "bill_no", "order_no", "messageId")  # made to de-duplicate
SPLIT = ("document.split", "document.split-key")  # one document in several messages, as printed

CHANGE = """\
[[flow]]
id = "change-again"
title = { zh = "重发", en = "Again" }
level = "must"
family = "idempotency"
clause = "003 stockchange.report"
requirements = ["replay.one-effect"]
let = { biz = "@new" }
step = [
  { method = "stockchange.report", set = { "items.item[].outBizCode" = "@biz" }, expect = "success" },
  { method = "stockchange.report", again = true, expect = "any" },
]
"""
RETOLD = 'set = { "items.item[].outBizCode" = "@biz" }, expect = "any"'


def is_replay(case: Case, found: Difference) -> bool:
    """Tell whether the later message passes for the earlier one sent again, by its number or its code."""
    name = found.path.rpartition(".")[2]
    first, step = case.steps[found.first - 1], case.steps[found.step - 1]
    replays = name in NUMBERS or (step.api.method.endswith(".create") and case.family == "idempotency")
    return replays and first.expect != "failure" and not set(SPLIT).intersection(case.requirements)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_what_is_judged_as_a_replay_is_the_same_message(path: Path) -> None:
    judged = [case for case in bundled_cases(path) if case.level is not Level.MAY]
    assert [found for case in judged for found in differences(case) if is_replay(case, found)] == []


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_what_is_sent_again_is_said_with_again(path: Path) -> None:
    assert [found for case in bundled_cases(path) for found in written_out(case)] == []


def test_a_flow_that_sends_it_again_passes(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, "cases/flows/mine.toml", CHANGE))
    assert case.steps[1].again == 1
    assert list(differences(case)) == []
    assert [number for number, *_ in messages(case)] == [1]


def test_a_flow_that_sends_the_number_in_another_message_does_not(tmp_path: Path) -> None:
    """The orderCode of a change is a key, too: made anew, it makes another message of it."""
    path = write(tmp_path, "cases/flows/mine.toml", CHANGE, 'again = true, expect = "any"', RETOLD)
    (case,) = load_cases(path)
    (found,) = differences(case)
    assert (found.first, found.step, found.path) == (1, 2, "items.item[].outBizCode")
    assert is_replay(case, found)


def test_a_flow_that_writes_the_same_message_out_is_told(tmp_path: Path) -> None:
    whole = CHANGE.replace('"@biz" }', '"@biz", "items.item[].orderCode" = "O1" }')
    again = RETOLD.replace('"@biz" }', '"@biz", "items.item[].orderCode" = "O1" }')
    path = write(tmp_path, "cases/flows/mine.toml", whole, 'again = true, expect = "any"', again)
    (case,) = load_cases(path)
    assert list(differences(case)) == []
    assert list(written_out(case)) == [("flows/mine/change-again", 1, 2)]
