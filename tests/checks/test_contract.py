"""Accepted or refused, and what an answer must hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from pytest_qimen.cases import Check
from pytest_qimen.cases.model import CHECKS
from pytest_qimen.checks import contract
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.checks.spellings import excerpt
from pytest_qimen.client.clock import CHINA
from pytest_qimen.phrases import say
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Level, Status, status_of
from tests.checks.answers import API, CONTENT, EXPECTED, NESTED, TOP, exchange, found, judged
from tests.support.servers import response

GET = "<alibaba_thing_get_response>{}</alibaba_thing_get_response>"
SCROLL = "<thing_scroll_response>{}</thing_scroll_response>"


VERDICTS: Mapping[str, tuple[Api, str, str | None, str]] = {
    "success": (API, response(), "success", "flag=success code=0 message=ok"),
    "failure": (API, response("failure", "E1", "no"), "failure", "flag=failure code=E1 message=no"),
    "neither": (API, response("Success"), None, "flag=Success code=0 message=ok"),
    "no flag": (API, "<response/>", None, "<response> without a verdict"),
    "no XML": (API, "oops", None, "Start tag expected, '<' not found, line 1, column 1 (<string>, line 1)"),
    "the gateway's error": (
        API,
        "<error_response><code>25</code><msg>Invalid signature</msg></error_response>",
        "failure",
        "code=25 msg=Invalid signature",
    ),
    "TOP": (TOP, GET.format("<is_success>true</is_success>"), "success", "is_success=true"),
    "TOP in capitals": (TOP, GET.format("<is_success> TRUE</is_success>"), "success", "is_success= TRUE"),
    "TOP refuses": (TOP, GET.format("<is_success>false</is_success>"), "failure", "is_success=false"),
    "TOP is unclear": (TOP, GET.format("<is_success>1</is_success>"), None, "is_success=1"),
    "TOP says nothing": (
        TOP,
        GET.format("<items/>"),
        "success",
        "<alibaba_thing_get_response> without a verdict",
    ),
    "TOP of another method": (TOP, "<other_response/>", None, "<other_response> without a verdict"),
    "TOP wrapped once more": (
        TOP,
        GET.format("<result><is_success>false</is_success></result>"),
        "failure",
        "is_success=false",
    ),
    "TOP nested": (
        NESTED,
        SCROLL.format("<result><success>true</success></result>"),
        "success",
        "success=true",
    ),
}


@pytest.mark.parametrize(("one", "body", "verdict", "words"), VERDICTS.values(), ids=VERDICTS)
def test_verdicts(one: Api, body: str, verdict: str | None, words: str) -> None:
    made = read(exchange(body), one)
    assert (made.verdict, str(contract.describe(made))) == (verdict, words)


def test_top_has_an_envelope_of_its_own() -> None:
    assert found(GET.format("<is_success>true</is_success><items><item>A</item></items>"), one=TOP) == []
    assert found(GET.format("<result><is_success>true</is_success></result>"), one=TOP) == []
    assert found("<error_response><code>15</code></error_response>", one=TOP) == []
    assert found("<response><is_success>true</is_success></response>", one=TOP) == [
        ("envelope.root", "must", "")
    ]
    assert found(GET.format("<is_success>maybe</is_success>"), one=TOP) == [
        ("envelope.flag", "must", "is_success")
    ]
    assert found(GET.format("<items><item>A</item></items><colour/>"), one=TOP) == [
        ("answer.undeclared", "may", "colour")
    ]


@pytest.mark.parametrize(("pair", "expected"), EXPECTED.items())
def test_accepted_or_refused(pair: tuple[str, str], expected: str) -> None:
    expect, flag = pair
    made = read(exchange(response(flag)), API)
    told = [f"{one.level} {one.check}" for one in contract.verdict(judged(made, expect=expect))]
    assert " ".join(told) == expected


def test_the_words_of_a_verdict() -> None:
    made = read(exchange(response("failure", "E7", "no stock")), API)
    assert list(contract.verdict(judged(made, level=Level.SHOULD, clause="003 x"))) == [
        Finding(
            "contract.accepts",
            Level.SHOULD,
            "",
            say("accepted"),
            "flag=failure code=E7 message=no stock",
            "003 x",
        )
    ]


LINES = response(
    more="<a>1</a><a>1.0</a><n>3</n><n>2</n><t>x</t><e/><g><k>A</k><q>5</q></g><g><k>B</k><q>7</q></g>"
    "<c>B3</c><c>B1, B2</c><j>[1]</j><j>{}</j><i>Infinity</i><s>sNaN</s><u>1_0</u><h>1e9</h>"
)


@pytest.mark.parametrize(("path", "kind", "value", "expected"), CONTENT)
def test_contents(path: str, kind: str, value: Any, expected: str) -> None:
    made = read(exchange(LINES), API)
    told = list(contract.content(judged(made, Check(path, kind, value))))
    assert [str(one.expected) for one in told] == ([expected] if expected else [])
    assert {(one.check, one.level, one.path, one.clause) for one in told} <= {
        (f"contract.{kind}", Level.MUST, path, "003")
    }


def test_json_that_is_far_too_deep_is_none() -> None:
    made = read(exchange(response(more=f"<j>{'[' * 200_000}</j>")), API)
    (told,) = contract.content(judged(made, Check("j", "json", True)))
    assert told.expected == say("valid-json")


def test_every_kind_of_check_is_in_the_table() -> None:
    assert {kind for _, kind, _, _ in CONTENT} == set(CHECKS)


WHERE: list[tuple[dict[str, str], Any, bool]] = [
    ({"k": "A"}, 5, True),
    ({"k": "B"}, 7, True),
    ({"k": "B"}, 5, False),
    ({"k": "C"}, 5, False),
    ({"q": "5.0"}, 5, True),
    ({"k": "A", "q": "7"}, 5, False),
    ({"g[].k": "A"}, 5, True),
    ({"g[].k": "B"}, 5, False),
]


@pytest.mark.parametrize(("where", "value", "holds"), WHERE)
def test_siblings_choose_the_values(where: dict[str, str], value: Any, holds: bool) -> None:
    made = read(exchange(LINES), API)
    told = list(contract.content(judged(made, Check("g[].q", "is", value, where))))
    assert (told == []) is holds


ON = {
    ("success", "success"): 1,
    ("success", "failure"): 0,
    ("failure", "failure"): 1,
    ("any", "success"): 1,
    ("any", "failure"): 1,
}


@pytest.mark.parametrize(("pair", "count"), ON.items())
def test_contents_are_judged_on_their_verdict(pair: tuple[str, str], count: int) -> None:
    on, flag = pair
    made = read(exchange(response(flag)), API)
    check = Check("none", "present", True, on=on, level=Level.MAY)
    assert [one.level for one in contract.content(judged(made, check))] == [Level.MAY] * count


def test_nothing_is_said_of_the_contents_of_what_is_no_xml() -> None:
    made = Answer(None, "oops", None)
    assert list(contract.content(judged(made, Check("a", "present", True, on="any")))) == []


def test_long_lists_of_values_are_cut() -> None:
    made = read(exchange(response(more="<v>7</v>" * 100)), API)
    (told,) = contract.content(judged(made, Check("v[]", "count", 1)))
    assert told.actual == ", ".join(["7"] * 20)


@pytest.mark.parametrize(("minutes", "holds"), [(0, True), (4, True), (-4, True), (6, False), (-6, False)])
def test_times_near_now(minutes: int, holds: bool) -> None:
    then = (datetime.now(CHINA) + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
    made = read(exchange(response(more=f"<time>{then}</time>")), API)
    told = list(contract.content(judged(made, Check("time", "within-minutes", 5))))
    assert (told == []) is holds
    assert all(str(one.expected).startswith("a time within 5 minutes of 20") for one in told)


@pytest.mark.parametrize("days", [1, -1])
def test_a_time_near_that_of_a_clock_that_was_set_meanwhile(
    days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(CHINA)
    monkeypatch.setattr("pytest_qimen.client.clock.wall", lambda: now + timedelta(days=days))
    for gone, holds in ((0, True), (days, True), (days / 2, False), (-days, False)):
        told = f"{now + timedelta(days=gone):%F %T}"
        made = read(exchange(response(more=f"<time>{told}</time>")), API)
        assert (list(contract.content(judged(made, Check("time", "within-minutes", 5)))) == []) is holds


STATUS = {
    (): Status.PASS,
    (Level.MAY,): Status.INFO,
    (Level.MAY, Level.SHOULD): Status.WARN,
    (Level.SHOULD, Level.MUST, Level.MAY): Status.FAIL,
}


@pytest.mark.parametrize(("levels", "status"), STATUS.items())
def test_the_worst_finding_gives_the_status(levels: tuple[Level, ...], status: Status) -> None:
    assert status_of(Finding("a.b", level, "", "", "", "") for level in levels) is status


def test_excerpts() -> None:
    assert excerpt(exchange(b"a\xff\n" + b"b" * 300)) == "a\\xff\n" + "b" * 197 + "…"
