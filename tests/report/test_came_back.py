"""What came back where others depend on a case, and what to look at."""

import gzip
from dataclasses import replace

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.phrases import LANGUAGES, say
from pytest_qimen.reasons import AtStep, Network
from pytest_qimen.report.came_back import came_back
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord, RequestRecord
from pytest_qimen.report.events import case_record
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Status

SMOKE = case_record(Outcome(find_case("protocol/smoke/wms/answers"), Status.FAIL))
SENT = RequestRecord("POST", "http://h/x", (), (), b"")


def answered(status: int, body: bytes, *headers: tuple[str, str]) -> CaseRecord:
    return replace(SMOKE, exchanges=(ExchangeRecord("1", 1, SENT, status, headers, body, 0.1, None),))


REFUSED = "<response><flag>failure</flag><code>{}</code><message>{}</message></response>"
ADVICE = {
    "check-redirect": answered(302, b"", ("Location", "https://h/login")),
    "check-path": answered(404, b"<html>Not Found</html>"),
    "check-media": answered(415, b"{}"),
    "check-login": answered(200, b"<!DOCTYPE html><form><input type=password></form>"),
    "check-html": answered(200, b"<html><title>Welcome to nginx</title></html>"),
    "check-json": answered(200, b'\xef\xbb\xbf {"success": false}'),
    "check-soap": answered(500, b"<soap:Envelope xmlns:soap='x'><soap:Fault/></soap:Envelope>"),
    "check-gzip": answered(200, gzip.compress(b"<response/>")),
    "check-empty": answered(200, b"  \n"),
    "check-secret": answered(200, REFUSED.format("sign-check-failure", "").encode()),
    "check-faq": answered(200, REFUSED.format("S003", "unknown warehouse").encode()),
}


@pytest.mark.parametrize("advice", ADVICE)
def test_what_to_check(advice: str) -> None:
    line, check = came_back(ADVICE[advice])
    assert line.id == "came-back"
    assert check == say(advice)


def test_chinese_words_for_a_signature() -> None:
    assert list(came_back(answered(200, REFUSED.format("E1", "签名错误").encode())))[1] == say("check-secret")


def test_a_gzip_that_is_declared_is_no_news() -> None:
    packed = answered(200, gzip.compress(b"<response/>"), ("Content-Encoding", "gzip"))
    assert list(came_back(packed))[1] == say("check-faq")


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("connect", "check-connect"),
        ("tls", "check-tls"),
        ("timeout", "check-timeout"),
        ("reset", "check-faq"),
    ],
)
def test_no_answer(word: str, advice: str) -> None:
    reason = AtStep(1, "service.heartbeat", Network(word, "refused"))
    told = list(came_back(replace(SMOKE, reason=reason)))
    assert told == [say("came-nothing", reason=say(word, reason="refused")), say(advice)]


def test_nothing_was_sent() -> None:
    assert not list(came_back(SMOKE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_is_short_and_hides_nothing(language: str) -> None:
    hostile = b"\x1b[2J\xe2\x80\xae" + b"x" * 10_000
    line = next(came_back(answered(200, hostile, ("Content-Type", "text/\x1bplain")))).text(language)
    assert "\x1b" not in line
    assert "<U+001B>[2J<U+202E>xxx" in line
    assert "text/<U+001B>plain" in line
    assert len(line) < 300
