"""The bytes of an answer become findings: every check has what raises it, and a near miss that does not."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from support.apis import api, codes, may, must, rule
from support.servers import response

from pytest_qimen import xml
from pytest_qimen.cases import Check, Step
from pytest_qimen.cases.model import CHECKS
from pytest_qimen.checks import contract, envelope, http, schema, security
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.checks.security import shows, spelled
from pytest_qimen.client.request import CHINA, SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Level, Status, status_of

SECRET = "s&3<cr>e.t*"
REQUEST = SignedRequest("POST", "http://127.0.0.1/qimen", (), b"", ())
SENT = xml.parse(b"<request><items><item>A</item><item>B</item></items></request>")
API = api(
    must("items", "group"),
    must("items.item[]"),
    answer=(
        must("thingId", max=5),
        may("kind", codes=codes("Y", "N")),
        may("day", format="date"),
        may("amount", "decimal", digits=(5, 2)),
        may("page", "int", least=1),
        may("dubious", "int", doubt="the document says both"),
        may("lines", "group"),
        may("lines.line[]", "group", limit=2),
        must("lines.line[].item"),
        may("lines.line[].count", "int"),
        may("failed"),
        may("from"),
        may("to"),
    ),
    rules=(
        rule("failed-are-sent", "should", "response", failed="failed", sent="items.item[]"),
        rule("order", "may", "response", first="from", second="to"),
    ),
)
TOP = api(
    must("a"),
    answer=(may("is_success", "boolean"), may("items", "group"), may("items.item[]")),
    envelope=(),
    protocol="top",
    method="alibaba.thing.get",
    verdict="is_success",
)
NESTED = api(
    must("a"),
    answer=(may("result", "group"), may("result.success", "boolean")),
    envelope=(),
    protocol="top",
    method="taobao.thing.scroll",
    verdict="result.success",
)


def exchange(body: bytes | str, status: int = 200) -> Exchange:
    return Exchange(REQUEST, status, (), body.encode() if isinstance(body, str) else body, 0.0)


def findings(body: bytes | str, status: int = 200, one: Api = API) -> Iterator[Finding]:
    sent = exchange(body, status)
    found = read(sent, one)
    yield from http.check(sent)
    yield from envelope.check(sent, found, one)
    yield from schema.check(found, one, SENT)
    yield from security.check(sent, SECRET)


def found(body: bytes | str, status: int = 200, one: Api = API) -> list[tuple[str, str, str]]:
    return [(each.check, each.level.value, each.path) for each in findings(body, status, one)]


def good(more: str = "", **envelope: Any) -> str:
    return response(more="<thingId>W1</thingId>" + more, **envelope)


FINE = {
    "plain": good(),
    "a failure without anything": response("failure"),
    "a failure with the platform's words": response("failure", more="<sub_code>a</sub_code><sub_message/>"),
    "the vendor's code and message": good(code="S001", message="成功"),
    "in any order": f"<response><thingId>W1</thingId>{response()[10:]}",
    "a declaration": f'<?xml version="1.0" encoding="UTF-8"?>\n{good()}',
    "a declaration in small letters": f"<?xml version='1.0' encoding='utf-8' standalone='yes'?>{good()}",
    "ASCII": f'<?xml version="1.0" encoding="US-ASCII"?>{good()}',
    "comments": good().replace("><", "><!-- note --><"),
    "an instruction": f"<?note?>{good()}<?note?>",
    "CDATA": good(message="<![CDATA[a < b]]>"),
    "a DOCTYPE in CDATA": good(message="<![CDATA[<!DOCTYPE html>]]>"),
    "a DOCTYPE in a comment": f"<!-- <!DOCTYPE html> -->{good()}",
    "references": good(message="&#25104;&amp;&lt;"),
    "blanks around": f"{good()}\n \n",
    "indented": good().replace("><", ">\n  <"),
    "attributes": good().replace("<response>", '<response id="1">'),
    "empty optional elements": good("<kind/><day></day><lines/>"),
    "an empty list element": good("<lines><line/></lines>"),
    "extendProps and remark": good("<remark>x</remark><extendProps><a>1</a></extendProps>"),
    "every field": good(
        "<kind>Y</kind><day>2024-02-29</day><amount>999.99</amount><page>1</page>"
        "<lines><line><item>A</item><count>1</count></line><line><item>B</item></line></lines>"
        "<failed>A,B</failed><from>2026-01-01</from><to>2026-01-01</to>"
    ),
}


@pytest.mark.parametrize("body", FINE.values(), ids=FINE)
def test_nothing_to_find(body: str) -> None:
    assert found(body) == []


OK = good()
SHORT = "must envelope.code code, must envelope.message message"
FAULTS: Mapping[str, tuple[bytes | str, str]] = {
    "nothing": ("", "must envelope.body"),
    "blanks": (" \r\n ", "must envelope.body"),
    "text": ("success", "must envelope.xml"),
    "JSON": ('{"flag": "success"}', "must envelope.xml"),
    "cut off": (OK[:-5], "must envelope.xml"),
    "two roots": (OK + OK, "must envelope.xml"),
    "a line before the declaration": (f'\n<?xml version="1.0"?>{OK}', "must envelope.xml"),
    "a control character": (good(message="\x07"), "must envelope.xml"),
    "a bare ampersand": (good(message="a & b"), "must envelope.xml"),
    "HTML": ("<!DOCTYPE html><html><body/></html>", "must envelope.xml"),
    "HTML that is XML": ("<html><body/></html>", "must envelope.xml, may answer.undeclared body"),
    "bytes of GBK": (good(message="成功").encode("gbk"), "must envelope.xml"),
    "as deep as the sea": ("<response>" + "<a>" * 300 + "</a>" * 300 + "</response>", "must envelope.xml"),
    "a DOCTYPE": (f"<!DOCTYPE response>{OK}", "must envelope.doctype"),
    "entities": (f'<!DOCTYPE response [<!ENTITY e "x">]>{good(message="&e;")}', "must envelope.doctype"),
    "GBK that says so": (
        ('<?xml version="1.0" encoding="GBK"?>' + good(message="成功")).encode("gbk"),
        "must envelope.encoding",
    ),
    "Latin-1 that is UTF-8": (f'<?xml version="1.0" encoding="ISO-8859-1"?>{OK}', "must envelope.encoding"),
    "UTF-16": (f'<?xml version="1.0" encoding="UTF-16"?>{OK}'.encode("utf-16"), "must envelope.encoding"),
    "a byte order mark": (b"\xef\xbb\xbf" + OK.encode(), "may envelope.bom"),
    "another root": (OK.replace("response", "result"), "must envelope.root"),
    "a prefix": (
        '<q:response xmlns:q="urn:q"><q:flag>failure</q:flag><q:code>1</q:code><q:message>m</q:message>'
        "</q:response>",
        "may envelope.namespace, may answer.undeclared flag, may answer.undeclared code, "
        "may answer.undeclared message",
    ),
    "no flag": ("<response><code>0</code><message>ok</message></response>", "must envelope.flag flag"),
    "an empty flag": (good(flag=""), "must envelope.flag flag"),
    "a flag in capitals": (good(flag="SUCCESS"), "must envelope.flag flag"),
    "a flag with blanks": (good(flag=" success "), "must envelope.flag flag"),
    "a boolean flag": (good(flag="true"), "must envelope.flag flag"),
    "no code": (good(code=None), "must envelope.code code"),
    "an empty code": (good(code=""), "must envelope.code code"),
    "a blank code": (good(code=" "), "must envelope.code code"),
    "a long code": (good(code="1" * 51), "should envelope.code-length code"),
    "no message": (good(message=None), "must envelope.message message"),
    "an empty message": (good(message=""), "must envelope.message message"),
    "a long message": (good(message="测" * 201), "should envelope.message-length message"),
    "nothing but a root": ("<response/>", f"must envelope.flag flag, {SHORT}"),
    "an error of the gateway": (
        "<error_response><code>15</code></error_response>",
        "may envelope.error-response",
    ),
    "a needed field is empty": (response(more="<thingId/><kind>Y</kind>"), "must answer.need thingId"),
    "a needed field of a line": (
        good("<lines><line><count>1</count></line></lines>"),
        "must answer.need lines.line.item",
    ),
    "too long": (response(more="<thingId>123456</thingId>"), "should answer.length thingId"),
    "no number": (good("<page>many</page>"), "should answer.type page"),
    "no code of the list": (good("<kind>y</kind>"), "should answer.codes kind"),
    "no such day": (good("<day>2023-02-29</day>"), "should answer.format day"),
    "too many digits": (good("<amount>1.234</amount>"), "should answer.digits amount"),
    "out of range": (good("<page>0</page>"), "should answer.range page"),
    "too many lines": (
        good("<lines>" + "<line><item>A</item></line>" * 3 + "</lines>"),
        "should answer.limit lines.line[3]",
    ),
    "twice": (good("<kind>Y</kind><kind>Y</kind>"), "should answer.duplicate kind[2]"),
    "a dubious constraint": (good("<dubious>many</dubious>"), "may answer.type dubious"),
    "failed what was not sent": (good("<failed>A,C</failed>"), "should answer.rule.failed-are-sent failed"),
    "the wrong way round": (good("<from>2026-01-02</from><to>2026-01-01</to>"), "may answer.rule.order from"),
    "an unknown field": (good("<colour>red</colour>"), "may answer.undeclared colour"),
    "the platform's code on success": (good("<sub_code>1</sub_code>"), "may answer.undeclared sub_code"),
    "the secret": (good(message=SECRET.replace("&", "&amp;").replace("<", "&lt;")), "must security.secret"),
    "the secret in CDATA": (good(message=f"<![CDATA[{SECRET}]]>"), "must security.secret"),
    "a file": (good(message="root:x:0:0:root:/root:/bin/sh"), "must security.file"),
    "a trace of Java": (good(message="at com.wms.Order.create(Order.java:42)"), "should security.trace"),
    "an exception of Java": (good(message="java.lang.NullPointerException"), "should security.trace"),
    "a trace of Python": (good(message="Traceback (most recent call last):"), "should security.trace"),
    "a trace of .NET": (good(message="at Wms.Order.Create(String id) in C:\\wms"), "should security.trace"),
    "a trace of PHP": (good(message="Fatal error: x in /srv/index.php"), "should security.trace"),
    "an error of SQL": (good(message="ORA-00942: no table"), "should security.trace"),
}


@pytest.mark.parametrize(("body", "expected"), FAULTS.values(), ids=FAULTS)
def test_faults(body: bytes | str, expected: str) -> None:
    assert ", ".join(f"{level} {check} {path}".rstrip() for check, level, path in found(body)) == expected


CHECK_NAME = re.compile(r"(http|envelope|answer|contract|security)\.[a-z.-]*")


def names_in_the_source() -> Iterator[str]:
    """Every name of a check that stands as a text in checks/; of one that is put together the beginning."""
    for path in Path(contract.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and CHECK_NAME.fullmatch(text):
                yield text


def test_every_check_is_raised_somewhere_in_these_tables() -> None:
    raised = {check for body, _ in FAULTS.values() for check, _, _ in found(body)}
    raised |= {check for status in STATUSES for check, _, _ in found(OK, status)}
    raised |= {"http.charset"}  # by CHARSETS
    raised |= {f"contract.{kind}" for _, kind, _, _ in CONTENT} | {
        name.split()[1] for name in EXPECTED.values() if name
    }
    names = set(names_in_the_source())
    assert len(names) > 20
    assert {name for name in names if not any(one.startswith(name) for one in raised)} == set()


NEAR = {
    "the longest code": good(code="1" * 50),
    "the longest message": good(message="测" * 200),
    "the longest value": response(more="<thingId>测12😀5</thingId>"),
    "a failure needs no fields": response("failure"),
    "a failure may hold wrong ones": response("failure", more="<page>many</page>"),
    "a success may hold nothing else": response(),
    "almost the secret": good(message=SECRET[:-1].replace("&", "&amp;").replace("<", "&lt;")),
    "almost a file": good(message="root:x:1:0:root"),
    "almost Java": good(message="at com.wms (Order.java)"),
    "almost an exception": good(message="Exception in the order"),
    "almost SQL": good(message="ORA-942"),
    "names of programs": good(message="see index.php, Order.java"),
}


@pytest.mark.parametrize("body", NEAR.values(), ids=NEAR)
def test_near_misses(body: str) -> None:
    assert found(body) == []


STATUSES = {status: ["should http.status"] for status in (201, 204, 302, 400, 404, 499)} | {
    200: [],
    500: ["must http.crash"],
    503: ["must http.crash"],
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_status(status: int, expected: list[str]) -> None:
    assert [f"{level} {check}" for check, level, _ in found(OK, status)] == expected


CHARSETS = {  # Content-Type, body -> what is found
    ("text/xml;charset=utf-8", "测"): [],
    ('text/xml; charset="UTF8"', "测"): [],
    ("text/xml", "测"): [],
    ("text/html; charset=ISO-8859-1", "plain"): [],
    ("text/html; charset=ISO-8859-1", "测"): ["charset ISO-8859-1"],
    ("text/xml;Charset=GBK;x=y", "测"): ["charset GBK"],
}


@pytest.mark.parametrize(("kind", "text", "actual"), [(*key, found) for key, found in CHARSETS.items()])
def test_the_charset_of_the_header(kind: str, text: str, actual: list[str]) -> None:
    sent = replace(exchange(f"<response>{text}</response>"), headers=(("content-type", kind),))
    assert [one.actual for one in http.check(sent)] == actual
    assert {one.level for one in http.check(sent)} <= {Level.SHOULD}


def test_a_method_may_print_other_lengths() -> None:
    one = api(must("a"), envelope=(must("flag"), must("code", max=3), must("message", max=2)))
    assert found(response(code="123", message="ok"), one=one) == []
    assert [check for check, _, _ in found(response(code="1234", message="okay"), one=one)] == [
        "envelope.code-length",
        "envelope.message-length",
    ]
    assert found(response("failure", code="1" * 50, message="m" * 200), one=one) == []


SPELLED = {
    "as it is": lambda text: text,
    "in XML": lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"),
    "in XML twice": lambda text: text.replace("&", "&amp;amp;").replace("<", "&amp;lt;"),
    "decimal references": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "hexadecimal references": lambda text: "".join(f"&#x{ord(sign):04X};" for sign in text),
    "in a URL": lambda text: quote(text, safe=""),
    "in a form": lambda text: quote_plus(text).lower(),
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON, escaped": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
}


ODD = "a<&>b.* [c]\"d'e\\f$1 测+%"


@pytest.mark.parametrize("name", SPELLED)
def test_a_secret_is_seen_in_every_spelling(name: str) -> None:
    text = f"<m>{SPELLED[name](ODD)}</m>".encode()
    pattern = spelled(ODD)
    assert shows(text, ODD)
    assert pattern
    assert pattern.sub(b"***", text) == b"<m>***</m>"
    assert not shows(text, f"{ODD}x")
    assert not shows(text, ODD.replace("e", "é"))


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
def test_a_secret_is_seen_in_utf_16(code: str) -> None:
    assert shows(f"<m>{ODD}</m>".encode(code), ODD)


HOSTILE = {
    name: text * 300_000 for name, text in (("slashes", b"\\"), ("amps", b"&amp;"), ("zeros", b"&#00"))
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_searched_in_no_time(name: str) -> None:
    assert not shows(HOSTILE[name], "\\\\&&\"\"''secret")


def test_a_short_secret_is_not_looked_for() -> None:
    assert list(security.check(exchange(good(message="test")), "test")) == []
    assert list(security.check(exchange(OK), "")) == []


def test_hostile_answers_are_searched_quickly() -> None:
    for text in (b"com.", b"at a(", b"Stack trace:", b"root:", b"Fatal error "):
        start = datetime.now()
        assert list(security.check(exchange(text * (8_000_000 // len(text))), SECRET)) == []
        assert datetime.now() - start < timedelta(seconds=2)


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
    assert (made.verdict, contract.describe(made)) == (verdict, words)


def test_top_has_an_envelope_of_its_own() -> None:
    assert found(GET.format("<is_success>true</is_success><items><item>A</item></items>"), one=TOP) == []
    assert found(GET.format("<result><is_success>true</is_success></result>"), one=TOP) == []
    assert found("<error_response><code>15</code></error_response>", one=TOP) == []
    assert found("<response><is_success>true</is_success></response>", one=TOP) == [
        ("envelope.root", "must", "")
    ]
    assert found(GET.format("<is_success>maybe</is_success>"), one=TOP) == []
    assert found(GET.format("<items><item>A</item></items><colour/>"), one=TOP) == [
        ("answer.undeclared", "may", "colour")
    ]


EXPECTED: Mapping[tuple[str, str], str] = {
    ("success", "success"): "",
    ("success", "failure"): "must contract.accepts",
    ("success", ""): "must contract.accepts",
    ("failure", "failure"): "",
    ("failure", "success"): "must contract.refuses",
    ("any", "success"): "may contract.observed",
    ("any", "failure"): "may contract.observed",
    ("any", ""): "",
}


@pytest.mark.parametrize(("pair", "expected"), EXPECTED.items())
def test_accepted_or_refused(pair: tuple[str, str], expected: str) -> None:
    expect, flag = pair
    step, made = Step(API, expect=expect), read(exchange(response(flag)), API)
    told = [f"{one.level} {one.check}" for one in contract.verdict(step, made, Level.MUST, "003")]
    assert " ".join(told) == expected


def test_the_words_of_a_verdict() -> None:
    step, made = Step(API), read(exchange(response("failure", "E7", "no stock")), API)
    assert list(contract.verdict(step, made, Level.SHOULD, "003 x")) == [
        Finding(
            "contract.accepts",
            Level.SHOULD,
            "",
            "the request is accepted",
            "flag=failure code=E7 message=no stock",
            "003 x",
        )
    ]


LINES = response(
    more="<a>1</a><a>1.0</a><n>3</n><n>2</n><t>x</t><e/><g><k>A</k><q>5</q></g><g><k>B</k><q>7</q></g>"
    "<c>B3</c><c>B1, B2</c><j>[1]</j><j>{}</j><i>Infinity</i><s>sNaN</s><u>1_0</u><h>1e9</h>"
)
CONTENT: list[tuple[str, str, Any, str]] = [  # path, kind, value, what is expected instead
    ("a", "is", "1", ""),
    ("j[]", "json", True, ""),
    ("c[]", "lists", "B1", ""),
    ("c[]", "lists", "B2", ""),
    ("c[]", "lists", "B", "B among them"),
    ("none", "lists", "B1", "B1 among them"),
    ("none", "json", True, ""),
    ("t", "json", True, "valid JSON"),
    ("a", "json", True, "JSON with a list or an object"),
    ("a[]", "is", 1, ""),
    ("a[]", "is", "1.00", ""),
    ("t", "is", "x", ""),
    ("t", "is", "X", "X"),
    ("n[]", "is", 3, "3"),
    ("none", "is", "x", "x"),
    ("e", "is", "", ""),
    ("s", "is", "1", "1"),
    ("u", "is", 10, "10"),
    ("h", "is", 1000000000, "1000000000"),
    ("a[]", "only", 1, ""),
    ("n[]", "only", ["2", 3], ""),
    ("none", "only", "x", ""),
    ("e", "only", "x", ""),
    ("n[]", "only", 3, "only 3"),
    ("n[]", "only", ["2", 4], "only 2, 4"),
    ("t", "not-contains", "y", ""),
    ("none", "not-contains", "y", ""),
    ("i", "not-contains", "fin", "no text with 'fin' in it"),
    ("t", "not", "y", ""),
    ("t", "not", "x", "anything but x"),
    ("none", "not", "x", ""),
    ("n[]", "not", 2, "anything but 2"),
    ("i", "not", 0, ""),
    ("n[]", "in", ["2", 3], ""),
    ("n[]", "in", [3], "one of 3"),
    ("none", "in", ["2"], "one of 2"),
    ("n[]", "count", 2, ""),
    ("none", "count", 0, ""),
    ("n[]", "count", 3, "3 of them, not 2"),
    ("n[]", "at-most", 2, ""),
    ("n[]", "at-most", 1, "at most 1 of them, not 2"),
    ("n[]", "sum", 5, ""),
    ("n[]", "sum", "5.0", ""),
    ("none", "sum", 0, ""),
    ("n[]", "sum", 6, "a sum of 6"),
    ("t", "sum", 0, "a sum of 0"),
    ("i", "sum", 0, "a sum of 0"),
    ("s", "sum", 0, "a sum of 0"),
    ("t", "present", True, ""),
    ("e", "present", True, "a value"),
    ("none", "present", True, "a value"),
    ("e", "absent", True, ""),
    ("none", "absent", True, ""),
    ("t", "absent", True, "nothing"),
    ("n[]", "unique", True, ""),
    ("none", "unique", True, ""),
    ("a[]", "unique", True, ""),
    ("g[].k", "unique", True, ""),
    ("t", "within-minutes", 5, "a time yyyy-MM-dd HH:mm:ss"),
]


@pytest.mark.parametrize(("path", "kind", "value", "expected"), CONTENT)
def test_contents(path: str, kind: str, value: Any, expected: str) -> None:
    made = read(exchange(LINES), API)
    told = list(contract.content((Check(path, kind, value),), made, Level.MUST, "003"))
    assert [one.expected for one in told] == ([expected] if expected else [])
    assert {(one.check, one.level, one.path, one.clause) for one in told} <= {
        (f"contract.{kind}", Level.MUST, path, "003")
    }


def test_json_that_is_far_too_deep_is_none() -> None:
    made = read(exchange(response(more=f"<j>{'[' * 200_000}</j>")), API)
    (told,) = contract.content((Check("j", "json", True),), made, Level.MUST, "003")
    assert told.expected == "valid JSON"


def test_every_kind_of_check_is_in_the_table() -> None:
    assert {kind for _, kind, _, _ in CONTENT} == set(CHECKS)


WHERE: list[tuple[dict[str, str], Any, bool]] = [
    ({"k": "A"}, 5, True),
    ({"k": "B"}, 7, True),
    ({"k": "B"}, 5, False),
    ({"k": "C"}, 5, False),
    ({"q": "5.0"}, 5, True),
    ({"k": "A", "q": "7"}, 5, False),
]


@pytest.mark.parametrize(("where", "value", "holds"), WHERE)
def test_siblings_choose_the_values(where: dict[str, str], value: Any, holds: bool) -> None:
    made = read(exchange(LINES), API)
    told = list(contract.content((Check("g[].q", "is", value, where),), made, Level.MUST, "003"))
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
    assert [one.level for one in contract.content((check,), made, Level.MUST, "003")] == [Level.MAY] * count


def test_nothing_is_said_of_the_contents_of_what_is_no_xml() -> None:
    made = Answer(None, "oops", None)
    assert list(contract.content((Check("a", "present", True, on="any"),), made, Level.MUST, "003")) == []


def test_long_lists_of_values_are_cut() -> None:
    made = read(exchange(response(more="<v>7</v>" * 100)), API)
    (told,) = contract.content((Check("v[]", "count", 1),), made, Level.MUST, "003")
    assert told.actual == ", ".join(["7"] * 20)


@pytest.mark.parametrize(("minutes", "holds"), [(0, True), (4, True), (-4, True), (6, False), (-6, False)])
def test_times_near_now(minutes: int, holds: bool) -> None:
    then = (datetime.now(CHINA) + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
    made = read(exchange(response(more=f"<time>{then}</time>")), API)
    told = list(contract.content((Check("time", "within-minutes", 5),), made, Level.MUST, "003"))
    assert (told == []) is holds
    assert all(one.expected.startswith("a time within 5 minutes of 20") for one in told)


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
    assert envelope.excerpt(b"a\xff\n" + b"b" * 300) == "a\\xff\n" + "b" * 197 + "…"
