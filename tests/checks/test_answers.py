"""The form of an answer: HTTP, envelope, fields, secrets."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from pytest_qimen.checks import contract, http, security
from pytest_qimen.checks.spellings import shows, spelled
from pytest_qimen.verdict import Level
from tests.checks.answers import CONTENT, EXPECTED, SECRET, TOP, exchange, found, seen
from tests.support.apis import api, must
from tests.support.servers import response


def good(more: str = "", **envelope: Any) -> str:
    return response(more="<thingId>W1</thingId>" + more, **envelope)


FINE = {
    "markup as text": good(message="&lt;qimen-injected/>"),
    "markup in CDATA": good(message="<![CDATA[<flag>success</flag><qimen-injected/>]]>"),
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
        "may envelope.namespace",
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
    "a list without its wrapper": (
        good("<line><item>A</item></line>"),
        "should answer.misplaced lines, may answer.undeclared line",
    ),
    "fields without both their wrappers": (
        good("<item>A</item><count>1</count>"),
        "should answer.misplaced lines, may answer.undeclared item, may answer.undeclared count",
    ),
    "a vendor's own that stands in a list elsewhere": (good("<item>A</item>"), "may answer.undeclared item"),
    "the platform's code on success": (good("<sub_code>1</sub_code>"), "may answer.undeclared sub_code"),
    "the secret": (good(message=SECRET.replace("&", "&amp;").replace("<", "&lt;")), "must security.secret"),
    "the secret in CDATA": (good(message=f"<![CDATA[{SECRET}]]>"), "must security.secret"),
    "a file": (good(message="root:x:0:0:root:/root:/bin/sh"), "must security.file"),
    "injected markup": (
        good("<b>no <qimen-injected/></b>"),
        "may answer.undeclared b, must security.injected",
    ),
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


def test_a_refusal_in_the_form_of_qimen() -> None:
    """A TOP call whose method is also one of Qimen may be refused as either has it; a success may not."""
    shared = replace(TOP, method="taobao.qimen.storeinventory.itemupdate", verdict="flag")
    assert ("envelope.other-protocol", "may", "") in found(response("failure"), one=shared)
    assert ("envelope.root", "must", "") in found(response(), one=shared)
    assert ("envelope.root", "must", "") in found(response("failure"), one=TOP)


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
    raised |= {"http.charset", "http.coding"}  # by CHARSETS and CODINGS
    raised |= {"envelope.other-protocol"}  # by test_a_refusal_in_the_form_of_qimen
    raised |= {"security.signature"}  # by test_signature_told.py
    raised |= {"http.size", "answer.more"}  # by test_ledger.py, test_long_answers.py
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
    assert [str(one.actual) for one in http.check(seen(sent))] == actual
    assert {one.level for one in http.check(seen(sent))} <= {Level.SHOULD}


CODINGS = {"": [], "gzip": [], "X-Gzip": [], "deflate": [], "identity": [], "br": ["br"], "zstd": ["zstd"]}


@pytest.mark.parametrize(("coding", "actual"), CODINGS.items())
def test_a_coding_that_nobody_asked_for(coding: str, actual: list[str]) -> None:
    sent = replace(exchange("<response/>"), headers=(("Content-Encoding", coding),))
    told = list(http.check(seen(sent)))
    assert [(one.check, one.level, one.actual) for one in told] == [
        ("http.coding", Level.MUST, one) for one in actual
    ]


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
    assert list(security.check(seen(exchange(good(message="test")), "test"))) == []
    assert list(security.check(seen(exchange(OK), ""))) == []


@pytest.mark.parametrize("text", [b"com.", b"at a(", b"Stack trace:", b"root:", b"Fatal error "])
def test_hostile_answers_are_searched_to_their_end(text: bytes) -> None:
    """Eight million bytes: what goes back and forth in them does not come to an end."""
    assert list(security.check(seen(exchange(text * (8_000_000 // len(text)))))) == []
