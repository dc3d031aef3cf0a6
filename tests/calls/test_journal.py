"""The journal: kept on disk and gone on with, its threads are what they were, two senders are two."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.calls.journal import NEAREST, TOGETHER, Journal
from pytest_qimen.checks.callers.judging import judge
from tests.support.callings import calling, found
from tests.support.heard import CALLER
from tests.support.wrong_documents import entry
from tests.support.wrong_pages import bills


@dataclass
class Known:
    names: list[str] = field(default_factory=list)
    number: int = 0


def test_a_thread_is_what_was_kept_last() -> None:
    journal = Journal()
    assert journal.recall(Known, "a") == Known()
    journal.keep("a", Known(["中", "\ud800"], 1))
    journal.keep("a", Known(["x"], 2))
    journal.keep("b", Known())
    assert journal.recall(Known, "a") == Known(["x"], 2)
    assert list(journal.threads(Known)) == [Known(["x"], 2), Known()]
    journal.close()


def test_a_kept_journal_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    first = Journal(path)
    assert first.last == 0
    judge(Call(bills(("b1", "5")), 1), CALLER, first)
    first.close()
    again = Journal(path)
    assert again.last == 1
    found = judge(Call(bills(("b1", "6")), again.last + 1), CALLER, again)
    again.close()
    assert "caller.key.bill-once" in {one.check for one in found}


def test_many_calls_are_written_down_together() -> None:
    journal = Journal()
    for number in range(1, 2 * TOGETHER + 2):
        journal.add(Call(calling("wms/service.heartbeat"), number))
    assert journal.last == 2 * TOGETHER + 1
    journal.close()


def test_a_replay_is_none_however_often_it_comes() -> None:
    calls = [bills(("b1", "5"))] * (NEAREST + 2)
    assert [one for one in found(calls) if one.level.is_judged] == []


def test_numbers_of_two_senders_are_two_numbers() -> None:
    def of(key: str, quantity: str) -> Heard:
        made = bills(("b1", quantity))
        return replace(made, target=made.target.replace("app_key=testerp_appkey", f"app_key={key}"))

    two = replace(CALLER, app_key="", secret="")
    assert {one.check for one in found([of("a", "1"), of("b", "2")], two)} == {
        "caller.message.variety",
        "caller.sequence.initial-before-update",
    }
    assert "caller.key.bill-once" in {one.check for one in found([of("a", "1"), of("a", "2")], two)}


def test_two_owners_may_use_one_code() -> None:
    mine, theirs = entry(), entry(entryOrder__ownerCode="other")
    assert [one for one in found([mine, theirs]) if one.level.is_judged] == []
