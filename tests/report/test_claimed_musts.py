"""A certificate of what a system sends counts what is claimed, and names the musts that do not apply."""

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen.cases.caller_cases import bundled_scenarios, unclaimed
from pytest_qimen.cases.scenario_read import load_scenarios
from pytest_qimen.errors import UsageError
from pytest_qimen.reasons import LeftOut
from pytest_qimen.report.caller_musts import never_sent
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.caller_scope import CallerScope
from pytest_qimen.report.certificate import issue, opened, told
from pytest_qimen.report.halves import halves_of
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.results import suite
from pytest_qimen.verdict import Status
from tests.report.report_events import ENDED, HEAD, case
from tests.report.test_certificate_caller import PROFILE, TODAY, saved, sent

FORMAT, TOTAL = "caller.message.format", "caller.split.total-true"
MAKER, WITH_TIMES = "entryorder.create", "deliveryorder.create"


def narrow(*methods: str, lacks: tuple[str, ...] = (FORMAT,), calls: int = 2) -> RecordedRun:
    """A run of what sends these methods only, in which no case judged some requirements."""
    claims = CallerRecord.of(replace(PROFILE, sends=methods), "http://x/")
    played = {one.id for one in bundled_scenarios().values()}
    kept = []
    for one in sent().cases:
        if one.id in played and (lacking := unclaimed(load_scenarios()[one.id], claims.profile)):
            one = replace(one, status=Status.UNSUPPORTED, reason=LeftOut(lacking), showing=None)
        if one.id.startswith("callers/sent/"):
            one = replace(one, requests=calls)
        if one.id in played or not {*one.requirements} & {*lacks}:
            kept.append(one)
    return RecordedRun(replace(HEAD, suite=suite(), side="caller", caller=claims), tuple(kept), ENDED)


def test_what_may_be_left_out_and_never_came_is_not_applicable(tmp_path: Path) -> None:
    found = issue(halves_of(narrow(MAKER, lacks=(FORMAT, TOTAL))), today=TODAY)
    assert [*found["certificate"]["caller"]["not_applicable"]] == [FORMAT, TOTAL]
    file = saved(tmp_path, found)
    english, chinese = (told(opened(file, today=TODAY), False, language) for language in ("en", "zh"))
    assert any(line.startswith(f"must not applicable, never sent: {TOTAL} (totalOrder") for line in english)
    assert any(line.startswith(f"不适用的必须项，从未发送：{FORMAT}（它所发送的接口都不") for line in chinese)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (narrow(MAKER, WITH_TIMES), "1 must shown by no case: message.format"),  # its times are demanded
        (narrow(MAKER, lacks=("caller.call.signed",)), "1 must shown by no case: call.signed"),
        (
            narrow(MAKER, lacks=("caller.split.total",)),
            "1 must shown by no case: split.total",
        ),  # a scenario's
    ],
)
def test_what_must_come_or_can_be_provoked_stays_demanded(run: RecordedRun, words: str) -> None:
    played = [
        replace(one, showing=replace(one.showing, shown=()))
        if one.showing and "caller.split.total" in one.showing.shown
        else one
        for one in run.cases
    ]
    with pytest.raises(UsageError) as error:
        issue(halves_of(replace(run, cases=tuple(played))), today=TODAY)
    assert words in str(error.value)


def test_a_key_that_could_not_come_twice_is_no_key_that_never_came() -> None:
    claims = CallerRecord.of(replace(PROFILE, sides=("wms",), sends=("deliveryorder.confirm",)), "http://x/")
    keys = "caller.key.message-once"
    for calls, absent in ((1, []), (2, [keys])):
        run = replace(narrow(MAKER, lacks=(keys,), calls=calls), head=replace(HEAD, caller=claims))
        one = case("callers/sent/erp/deliveryorder.confirm", requests=calls)
        run = replace(run, cases=(*run.cases, one))
        assert [one.id for one in never_sent(run, claims) if one.id == keys] == absent


def test_what_is_left_out_is_of_the_sides_that_are_claimed() -> None:
    """Methods of other sides are none that it could send; those of its own are all named, in one line."""
    scope = CallerScope.of_run(narrow(MAKER))
    (line,) = [str(one) for one in scope.phrases() if str(one).startswith("left out, ")]
    assert "combineitem.synchronize, deliveryorder.batchcreate, deliveryorder.create, " in line
    assert not any(name in line for name in ("store.create", "entryorder.confirm", "alibaba"))


@pytest.mark.parametrize("name", ["callers/batches/confirm-failed", "callers/sent/erp/itemlack.report"])
def test_what_is_of_a_side_that_nobody_claims_need_not_be_in_the_run(name: str) -> None:
    """A run that a path narrowed to what is claimed lacks nothing."""
    assert issue(halves_of(sent(**{name: None})), today=TODAY)["certificate"]["kind"] == "caller"


def test_calls_without_a_scenario_certify_nothing_and_say_what_to_run() -> None:
    run = sent()
    heard = replace(run, cases=tuple(one for one in run.cases if one.id not in bundled_scenarios()))
    for found, words in (
        (
            heard,
            "no scenario was played, and what calls alone show is not enough: pytest --qimen-listen PORT",
        ),
        (
            replace(heard, head=replace(run.head, caller=None)),
            r"write \[caller\] into the target file and run",
        ),
    ):
        with pytest.raises(UsageError, match=words) as error:
            issue(halves_of(found), today=TODAY)
        assert "musts" not in str(error.value)
