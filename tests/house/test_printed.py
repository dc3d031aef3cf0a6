"""The example messages that 001, 002 and the appendix of 000 print, judged by the suite.

Verbatim but for the no-break spaces with which the web page of 002 indents: they are blanks here.
"""

import re
from pathlib import Path

import pytest

from pytest_qimen import rules, schema, xml
from pytest_qimen.cases import Step
from pytest_qimen.checks import envelope
from pytest_qimen.checks.answer import read
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.spec import load_api
from pytest_qimen.wire import encoding
from pytest_qimen.wire.signature import sign

PRINTED = Path(__file__).parents[1] / "printed"
TOP, SINGLE = "taobao.qimen.storeinventory.itemupdate", "singleitem.synchronize"


def exchange(body: bytes) -> Exchange:
    return Exchange(SignedRequest("POST", "http://127.0.0.1/", (), b"", ()), 200, (), body, 0.0)


@pytest.mark.parametrize(
    ("file", "method", "verdict"),
    [
        ("001-answer.xml", TOP, "failure"),
        ("001-error.xml", TOP, "failure"),
        ("002-answer.xml", SINGLE, "success"),
        ("002-error.xml", SINGLE, "failure"),
    ],
)
def test_printed_answers_break_no_must_or_should(file: str, method: str, verdict: str) -> None:
    api = load_api(method)
    sent = exchange((PRINTED / file).read_bytes())
    answer = read(sent, api)
    assert answer.verdict == verdict
    assert answer.root is not None
    seen = Evidence(sent, Step(api), answer, answer.root)
    assert [found for found in envelope.check(seen) if found.level.is_judged] == []
    if "error" not in file:
        assert answer.root is not None
        assert schema.problems(api, "response", answer.root) == ()
        assert schema.undeclared(api, "response", answer.root) == ()


def test_the_printed_request_of_001_is_legal_and_survives_the_form() -> None:
    api = load_api(TOP)
    root = xml.parse((PRINTED / "001-request.xml").read_bytes())
    assert schema.problems(api, "request", root) == ()
    assert rules.broken(api, "request", root) == ()
    fields, body = encoding.encode(api, root)
    assert body == b""
    assert xml.write(encoding.decode(api, fields)) == xml.write(root)


def test_the_printed_request_of_002_is_legal_and_says_more_than_the_table() -> None:
    api = load_api(SINGLE)
    root = xml.parse((PRINTED / "002-request.xml").read_bytes())
    assert [problem.text for problem in schema.problems(api, "request", root)] == []
    assert "item.productCode" in schema.undeclared(api, "request", root)


def test_the_url_that_the_appendix_prints_carries_the_digest_of_another_string() -> None:
    text = (PRINTED / "000-url.txt").read_text().strip()
    params = dict(re.findall(r"[?&](\w+)=([^&]*)", text))
    params["timestamp"] = params["timestamp"].replace("%20", " ")
    printed = params.pop("sign")
    assert sign(params, "body", "test") == "E4E83589F1454C1B677DDF0B59026C6A"
    assert sign(params | {"method": "taobao.qimen.entryorder.query", "v": "1.0"}, b"", "test") == printed
