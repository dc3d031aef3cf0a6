"""results.json, the verdict and the summary."""

import json
from collections.abc import Sequence

import pytest

from pytest_qimen.reasons import BlockedBy
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.causes import reason
from pytest_qimen.report.events import case_record
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import SIGNATURES, gaps, results, verdict
from pytest_qimen.report.summary import lines
from pytest_qimen.verdict import Status
from tests.report.outcomes import MISSING, event, outcome
from tests.support.apis import TARGET

VERDICTS: list[tuple[Sequence[CaseRecord], str, bool, str]] = [
    ([event("pass"), event("info", "may")], "must", True, "conformant"),
    ([event("pass"), event("warn", "should")], "must", True, "conformant"),
    ([event("pass"), event("warn", "should")], "should", True, "non-conformant"),
    ([event("pass"), event("warn", "should")], "may", True, "non-conformant"),
    ([event("pass"), event("waived")], "must", True, "conformant"),
    ([event("pass"), event("unsupported")], "must", True, "conformant"),
    ([event("unsupported")], "must", True, "incomplete"),
    ([], "must", True, "incomplete"),
    ([event("pass")], "must", False, "incomplete"),
    ([event("pass"), event("blocked")], "must", True, "incomplete"),
    ([event("pass"), event("blocked", "should")], "must", True, "conformant"),
    ([event("pass"), event("error", "may")], "must", True, "incomplete"),
    ([event("pass"), event("fail"), event("error")], "must", True, "non-conformant"),
    ([event("pass"), event("stale", "may")], "must", True, "non-conformant"),
    ([event("fail")], "must", False, "non-conformant"),
]


@pytest.mark.parametrize(("found", "level", "finished", "said"), VERDICTS)
def test_verdicts(found: Sequence[CaseRecord], level: str, finished: bool, said: str) -> None:
    assert verdict(found, level, finished) == said


def checked(status: str, role: str = "wms", level: str = "must") -> CaseRecord:
    """A signature case of a role."""
    return event(status, level, id=f"protocol/signature/{role}/good", role=role, file=SIGNATURES)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([event("pass"), checked("pass")], []),
        ([event("pass"), checked("unsupported"), checked("fail")], []),
        ([event("pass")], []),  # narrowed by its user, who asked for no signature
        ([event("pass", role="erp"), checked("unsupported")], []),
        ([event("pass"), checked("unsupported")], ["no signature check of wms was tried"]),
        (
            [event("pass"), checked("unsupported"), checked("pass", level="may")],
            ["no signature check of wms"],
        ),
        (
            [event("pass"), event("pass", role="erp"), checked("unsupported"), checked("unsupported", "erp")],
            ["no signature check of erp, wms was tried"],
        ),
    ],
)
def test_a_role_whose_signature_was_never_tried(found: Sequence[CaseRecord], said: list[str]) -> None:
    assert verdict(found, "must") == ("incomplete" if said else verdict(found, "must"))
    assert all(str(gap).startswith(words) for gap, words in zip(gaps(found), said, strict=True))
    if said:
        assert said[0] in "\n".join(lines(found, "must"))
        assert said[0] in reason(found, "must", "later").en.lower()


HEAD = RunRecord.from_json(
    {
        "type": "run",
        "format": 1,
        "suite": {"version": "1", "digest": "d"},
        "target": "mine",
        "level": "must",
        "seed": "QABC120",
        "started": "2026-05-01T10:00:00+08:00",
    }
)


def test_results_are_sorted_and_counted() -> None:
    found = results(HEAD, [event("pass", id="b"), event("fail", id="a"), event("pass", id="c")], "later")
    assert [case["id"] for case in found["cases"]] == ["a", "b", "c"]
    assert found["counts"] == {status.value: 0 for status in Status} | {"pass": 2, "fail": 1}
    assert (found["verdict"], found["ended"], found["seed"]) == ("non-conformant", "later", "QABC120")
    json.dumps(found)
    assert results(HEAD, [event("pass")], None)["verdict"] == "incomplete"


MINIMAL = BlockedBy("wms/a/request/minimal").to_json()
ANSWER = BlockedBy("protocol/answer/erp/success").to_json()
SUMMARY = """\
2 cases blocked by wms/a/request/minimal
1 case blocked by the endpoint knows no such order
1 case blocked by protocol/answer/erp/success (itself not red)
                            pass  fail  warn  info block unsup waive stale error
wms                            2     1     ·     ·     3     ·     1     ·     1
  a                            1     1     ·     ·     3     ·     1     ·     1
  a-method-with-a-very-lo…     1     ·     ·     ·     ·     ·     ·     ·     ·
erp                            ·     ·     1     1     1     1     ·     1     ·
all                            2     1     1     1     4     1     1     1     1
verdict: non-conformant (2 cases are red; 1 unsupported), 12 requests
"""


def test_the_summary() -> None:
    events = [
        event("pass"),
        event("fail", id="wms/a/request/minimal"),
        event("blocked", reason=MINIMAL),
        event("blocked", reason=MINIMAL),
        event("blocked", cause="the endpoint knows no such order"),
        event("waived"),
        event("error"),
        event("pass", method="a-method-with-a-very-long-name-indeed"),
        *(event(status, role="erp", method="z") for status in ("warn", "info", "unsupported", "stale")),
        event(
            "blocked",
            role="erp",
            method="z",
            reason=BlockedBy("protocol/answer/erp/success").to_json(),
            requests=0,
        ),
    ]
    assert "\n".join(lines(events, "must")) + "\n" == SUMMARY


LAST = {
    "verdict: conformant (every must that was tested holds), 1 request": ([event("pass")], True),
    "verdict: incomplete (the run broke off), 1 request": ([event("pass")], False),
    "verdict: incomplete (2 cases could not be tested), 2 requests": (
        [event("error"), event("blocked")],
        True,
    ),
    "verdict: non-conformant (1 case is red), 1 request": ([event("fail")], True),
}


@pytest.mark.parametrize(("line", "run"), LAST.items())
def test_the_last_line(line: str, run: tuple[list[CaseRecord], bool]) -> None:
    assert list(lines(run[0], "must", run[1]))[-1] == line


def test_the_summary_in_chinese() -> None:
    told = list(lines([event("fail"), event("blocked", cause="no answer at all")], "must", True, "zh"))
    assert told[0] == "1 个用例受阻于 no answer at all"
    assert told[-1] == "结论: 不符合规范 (1 个用例不合格), 2 个请求"


def test_the_summary_fits_80_columns() -> None:
    long = "pin one that your system knows " * 6
    path = f"wms/a/request/{'very.' * 20}long"
    counts = [event(status.value, requests=10**8) for status in Status for _ in range(3)]
    told = list(
        lines(
            [*counts, event("blocked", cause=long), event("blocked", reason=BlockedBy(path).to_json())],
            "must",
        )
    )
    assert [line for line in told if len(line) > 80] == [f"  {path}"]  # an id stays whole, to be copied
    assert "  (itself not red)" in told


def test_columns_that_say_nothing_are_left_out() -> None:
    assert next(iter(lines([event("pass")], "must"))) == " " * 36 + "pass  fail  warn  info block"


def test_targets_do_not_show_in_events() -> None:
    assert TARGET.secret not in json.dumps(case_record(outcome(Status.FAIL, MISSING)).to_json())


def test_methods_that_were_left_out_fill_no_lines() -> None:
    events = [event("pass"), *(event("unsupported", method=f"m{number}") for number in range(30))]
    told = list(lines(events, "must"))
    assert [line.split()[0] for line in told[1:4]] == ["wms", "a", "all"]
    assert told[1].split() == ["wms", "1", "·", "·", "·", "·", "30"]


def test_no_column_touches_the_next_in_chinese() -> None:
    told = list(lines([event("unsupported"), event("untested", cause="x")], "must", True, "zh"))
    assert told[0] == "1 个用例未测：x"
    assert told[1].split() == ["通过", "失败", "警告", "记录", "受阻", "未测", "排除"]
