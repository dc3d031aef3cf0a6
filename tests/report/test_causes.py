"""Causes: what is the same defect is one entry, what it blocked stands below it, the worst comes first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.console import plain
from pytest_qimen.phrases import defects, say
from pytest_qimen.reasons import Because, Network
from pytest_qimen.report.causes import Cause, causes, reason
from pytest_qimen.report.results import verdict
from pytest_qimen.report.titles import title
from pytest_qimen.verdict import Status
from tests.report.report_events import ENDED, FLAG, REFUSES, broken_run, case, finding

LATE = Network("timeout", "30 s").to_json()
NEED = {"check": "answer.need", "expected": "an element with a value", "actual": "nothing"}


def named(events: list) -> list[tuple[str, str, str, int, int]]:
    return [
        (cause.check, cause.about, cause.status, len(cause.cases), len(cause.blocked))
        for cause in causes(events)
    ]


def test_a_broken_run() -> None:
    assert named(broken_run()) == [
        ("envelope.flag", "flag", "fail", 1, 3),
        ("contract.refuses", "signature.verified", "fail", 1, 0),
        ("contract.refuses", "request.length", "warn", 1, 0),
    ]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([case("wms/a/x"), case("wms/a/y", "info", finding(REFUSES, "may"))], []),
        # the number of a repeated element is no difference
        (
            [case(f"wms/{n}/x", "fail", NEED | {"path": f"items.item[{n}].itemCode"}) for n in (1, 2)],
            [("answer.need", "items.item.itemCode", "fail", 2, 0)],
        ),
        # what an answer says wrongly, in several ways, is one defect
        (
            [
                case(
                    "flows/a/x",
                    "fail",
                    REFUSES | {"check": "contract.is"},
                    REFUSES | {"check": "contract.count"},
                )
            ],
            [("contract", "request.accept", "fail", 1, 0)],
        ),
        # a case may show two defects
        (
            [case("wms/a/x", "fail", FLAG, finding(NEED, "should"))],
            [("envelope.flag", "flag", "fail", 1, 0), ("answer.need", "", "warn", 1, 0)],
        ),
        # the same defect as a must here and a should there is as bad as the must
        (
            [case("wms/a/x", "warn", finding(FLAG, "should")), case("wms/b/x", "fail", FLAG)],
            [("envelope.flag", "flag", "fail", 2, 0)],
        ),
        ([case("wms/a/x", "error", reason=LATE)], [("error", "timeout", "error", 1, 0)]),
        # of an earlier version only the text is known
        ([case("wms/a/x", "error", cause="reset: x")], [("error", "reset: x", "error", 1, 0)]),
        ([case("wms/a/x", "stale", cause="passes")], [("stale", "passes", "stale", 1, 0)]),
        # who is blamed may be words, or a case that is not part of the run
        ([case("wms/a/x", "blocked", cause="pin one")], [("blocked", "pin one", "blocked", 0, 1)]),
        ([case("wms/a/x", "waived", FLAG), case("wms/a/y", "unsupported")], []),
    ],
)
def test_causes(events: list, expected: list) -> None:
    assert named(events) == expected


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_nothing_that_went_wrong_is_lost(statuses: list[Status]) -> None:
    found = {"fail": [FLAG], "warn": [finding(REFUSES, "should")]}
    events = [
        case(f"wms/m{n}/x", status, *found.get(status, []), cause=f"wms/m{n - 1}/x")
        for n, status in enumerate(statuses)
    ]
    listed = causes(events)
    shown = {event.id for cause in listed for event in cause.cases}
    assert shown == {event.id for event in events if event.status in ("fail", "warn", "error", "stale")}
    blocked = [event.id for cause in listed for event in cause.blocked]
    assert sorted(blocked) == sorted(event.id for event in events if event.status == "blocked")
    assert [cause.rank for cause in listed] == sorted(cause.rank for cause in listed)


@pytest.mark.parametrize(
    ("events", "level", "ended", "en"),
    [
        (broken_run(), "must", ENDED, "2 cases are red, from 2 causes; 3 could not be tested"),
        (broken_run(), "should", ENDED, "3 cases are red, from 3 causes; 3 could not be tested"),
        ([case("wms/a/x")], "must", ENDED, "Every must that was tested holds (1 case)"),
        ([case("wms/a/x")], "must", None, "The run broke off"),
        ([case("wms/a/x", "fail", FLAG)], "must", None, "1 case is red, from 1 cause; the run broke off"),
        ([case("wms/a/x", "error", cause="reset: x")], "must", ENDED, "1 could not be tested"),
        ([case("wms/a/x", "unsupported")], "must", ENDED, "1 unsupported"),
        ([], "must", ENDED, "No case was run"),
    ],
)
def test_reason(events: list, level: str, ended: str | None, en: str) -> None:
    assert reason(events, level, ended).en == en
    assert reason(events, level, ended).zh
    assert (verdict(events, level, ended is not None) == "non-conformant") == ("red" in en)


@given(st.text())
def test_plain_text_hides_nothing(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable() or not text.isprintable()
    assert not any(ord(sign) < 32 or 0x202A <= ord(sign) <= 0x202E for sign in shown)


def test_each_case_counts_once_for_its_worst_cause() -> None:
    both = case("wms/a/x", "fail", FLAG, NEED | {"path": "a"})
    events = [
        both,
        case("wms/a/y", "fail", FLAG),
        case("wms/a/z", "warn", finding(NEED | {"path": "a"}, "should")),
    ]
    found = causes(events)
    assert [(one.check, [each.id for each in one.own], len(one.cases)) for one in found] == [
        ("answer.need", ["wms/a/x", "wms/a/z"], 2),
        ("envelope.flag", ["wms/a/y"], 2),
    ]


@pytest.mark.parametrize(
    ("check", "about", "zh", "en"),
    [
        (
            "contract.refuses",
            "request.need",
            "接受缺少必填字段的请求",
            "accepts requests without a demanded field",
        ),
        (
            "contract.accepts",
            "encoding.observed",
            "拒绝了应接受的请求：",
            "refuses what must be accepted: What the documents leave open",
        ),
        ("contract.refuses", "no.such", "接受了应拒绝的请求", "accepts what must be refused"),
        ("envelope.code", "code", "应答没有 code", "the answer has no code"),
        ("http.odd.thing", "", "HTTP 应答不正确", "the HTTP answer is wrong"),
        ("error", "play-driver-broken", "驱动程序出错", "the driver failed"),
        ("error", "reset", "网络或套件出错", "the network or the suite broke"),
        ("unheard", "of", "unheard", "unheard"),
    ],
)
def test_a_title_states_the_defect(check: str, about: str, zh: str, en: str) -> None:
    told = title(Cause(check, about, Status.FAIL))
    assert told.zh.startswith(zh)
    assert told.en.startswith(en)


def test_every_closer_title_is_of_a_requirement() -> None:
    pairs = re.findall(r"'defect-contract\.\w+-([a-z.-]+)'", str(list(defects.TEXTS)))
    assert set(pairs) <= set(load_requirements())
    assert len(pairs) > 20


def test_a_broken_driver_is_named_as_such() -> None:
    broken = [Because(say("play-driver-broken", why=f"exit status {number}")).to_json() for number in (3, 4)]
    events = [case(f"wms/a/{name}", "error", reason=why) for name, why in zip("xy", broken, strict=True)]
    assert named(events) == [("error", "play-driver-broken", "error", 2, 0)]
    (cause,) = causes(events)
    assert title(cause).en == "the driver failed, which is not held against the system"
