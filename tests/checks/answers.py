"""Exchanges whose answers the tests judge."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pytest_qimen import xml
from pytest_qimen.cases import Check, Step
from pytest_qimen.checks import envelope, http, schema, security
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Level
from tests.support.apis import api, codes, may, must, rule

SECRET = "s&3<cr>e.t*"
REQUEST = SignedRequest("POST", "http://127.0.0.1/qimen", (), b"", (), secrets=(SECRET,))
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


def seen(sent: Exchange, secret: str = SECRET, one: Api = API) -> Evidence:
    """The evidence of an exchange that knew this secret."""
    request = replace(sent.request, secrets=(secret,))
    return Evidence(replace(sent, request=request), Step(one), read(sent, one), SENT)


def findings(body: bytes | str, status: int = 200, one: Api = API) -> Iterator[Finding]:
    sent = exchange(body, status)
    for check in (http.check, envelope.check, schema.check, security.check):
        yield from check(seen(sent, one=one))


def found(body: bytes | str, status: int = 200, one: Api = API) -> list[tuple[str, str, str]]:
    return [(each.check, each.level.value, each.path) for each in findings(body, status, one)]


def judged(
    made: Answer, *checks: Check, level: Level = Level.MUST, expect: str = "success", clause: str = "003"
) -> Evidence:
    """Evidence of an answer, for the checks of what it says and holds."""
    return Evidence(exchange(b""), Step(API, expect=expect, checks=checks), made, SENT, level, clause)


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
    ("t", "verbatim", "x", ""),
    ("none", "verbatim", "x", ""),
    ("a", "verbatim", "1.00", "only 1.00"),
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
    ("g[2].q", "counts", "n[]", "only 2"),
    ("n[2]", "counts", "n[]", ""),
    ("none", "counts", "n[]", ""),
    ("n[2]", "pages", ["n[]", "1"], ""),
    ("a[]", "pages", ["n[]", "2"], ""),
    ("n[2]", "pages", ["n[]", "2"], "only 1"),
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
    ("t", "longest", 1, ""),
    ("none", "longest", 1, ""),
    ("i", "longest", 2, "at most 2 characters"),
    ("t", "within-minutes", 5, "a time yyyy-MM-dd HH:mm:ss"),
]
