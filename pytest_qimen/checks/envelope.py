"""The envelope of an answer: well-formed UTF-8 XML, its root, flag, code and message (000 section 2.3)."""

import re
from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.checks.answer import ERROR_ROOT, Answer
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.checks.spellings import excerpt
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import Said, say
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Level

CLAUSE = "000 section 2.3"
FORM = "000 section 2.1"
LONGEST = {"code": 50, "message": 200}  # what an answer may hold where its method prints no length
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*['\"]([\w.-]+)['\"]")
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield every fault of the envelope; one that makes the rest unreadable comes alone."""
    exchange, answer, api = evidence.exchange, evidence.answer, evidence.step.api
    fatal = next(_bytes(exchange, answer), None)
    if fatal:
        yield fatal
        return
    yield from _notes(exchange)
    assert answer.root is not None
    if xml.name(answer.root) == ERROR_ROOT:
        if api.protocol == "qimen":
            yield Finding(
                "envelope.error-response",
                Level.MAY,
                "",
                say("failure-response"),
                say("error-response"),
                CLAUSE,
            )
        return
    if _is_refused_as_qimen(answer, api):
        actual = say("qimen-refusal")
        yield Finding("envelope.other-protocol", Level.MAY, "", say("top-refusal"), actual, CLAUSE)
        return
    yield from _root(answer, api)
    if api.protocol == "qimen":
        yield from _head(answer.root, api)
    elif answer.verdict is None and (told := xml.get(answer.root, api.verdict)):
        yield _unclear(told, api)


def unreadable(evidence: Evidence) -> Iterator[Finding]:
    """Yield what makes an answer unreadable, whatever it is meant to say."""
    yield from _bytes(evidence.exchange, evidence.answer)


def _is_refused_as_qimen(answer: Answer, api: Api) -> bool:
    """Return True for a refusal in Qimen's form of a TOP call whose method is also one of Qimen."""
    shared = api.protocol == "top" and api.method.startswith("taobao.qimen.")
    return shared and answer.verdict == "failure" and xml.name(_the(answer)) == "response"


def _the(answer: Answer) -> xml.Element:
    assert answer.root is not None
    return answer.root


def _bytes(exchange: Exchange, answer: Answer) -> Iterator[Finding]:
    body, told = exchange.body, excerpt(exchange) if answer.root is None else ""
    if not body.strip():
        yield Finding("envelope.body", Level.MUST, "", say("xml-answer"), say("empty-body"), FORM)
    elif answer.root is None and _DOCTYPE.search(body[:2000]) and not _looks_like_html(body):
        yield Finding("envelope.doctype", Level.MUST, "", say("no-doctype"), told, FORM)
    elif answer.root is None:
        kind = "HTML" if _looks_like_html(body) else "JSON" if body.lstrip()[:1] in b"{[" else answer.reason
        yield Finding(
            "envelope.xml", Level.MUST, "", say("well-formed"), say("told", place=kind, why=told), FORM
        )
    elif _looks_like_html(body):
        told = excerpt(exchange)
        yield Finding("envelope.xml", Level.MUST, "", say("well-formed"), f"HTML: {told}", FORM)
    elif not _is_utf8(body):
        told = _declared(body) or excerpt(exchange)
        yield Finding("envelope.encoding", Level.MUST, "", "UTF-8", told, FORM)


def _looks_like_html(body: bytes) -> bool:
    start = body.lstrip()[:200].lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _declared(body: bytes) -> str:
    found = _ENCODING.match(body)
    return found[1].decode() if found else ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _declared(body).lower().replace("_", "-") in ("", "utf-8", "utf8", "us-ascii", "ascii")


def _notes(exchange: Exchange) -> Iterator[Finding]:
    """Yield what is legal XML and yet stops the official client (field-notes.md)."""
    if exchange.body.startswith(b"\xef\xbb\xbf"):
        yield Finding("envelope.bom", Level.MAY, "", say("no-bom"), say("bom"), FORM)


def _root(answer: Answer, api: Api) -> Iterator[Finding]:
    root = answer.root
    assert root is not None
    name = xml.name(root)
    if name != api.root and not (api.protocol == "top" and name == "result"):
        yield Finding(
            "envelope.root", Level.MUST, "", say("root", name=api.root), say("root", name=name), FORM
        )
    if root.prefix:
        yield Finding(
            "envelope.namespace",
            Level.MAY,
            "",
            say("no-prefix"),
            say("prefix", name=root.prefix),
            FORM,
        )


def _unclear(told: str, api: Api) -> Finding:
    """Return the finding on an answer of TOP whose word for success or failure is neither."""
    expected: Said = say("success-or-failure")
    if api.verdict != "flag":
        expected = say("boolean", one="true", other="false")
    clause = f"{api.source} response.{api.verdict}"
    return Finding("envelope.flag", Level.MUST, api.verdict, expected, repr(told), clause)


def _head(root: xml.Element, api: Api) -> Iterator[Finding]:
    told: dict[str, str] = {}
    for child in root.iterchildren("*"):
        told.setdefault(xml.name(child), xml.text(child))
    flag = told.get("flag")
    if flag not in ("success", "failure"):
        actual: Said = say("no-element", name="flag") if flag is None else repr(flag)
        yield Finding("envelope.flag", Level.MUST, "flag", say("success-or-failure"), actual, CLAUSE)
    for name in ("code", "message"):
        row, text = api.response.by_path.get(name), told.get(name)
        longest = (row.max if row and flag == "success" else None) or LONGEST[name]
        if text is None or not text.strip():  # an empty element is an absent one (design.md 6.5)
            lacking = say("no-element" if text is None else "empty-element", name=name)
            yield Finding(
                f"envelope.{name}", Level.MUST, name, say("some-element", name=name), lacking, CLAUSE
            )
        elif len(text) > longest:
            yield Finding(
                f"envelope.{name}-length",
                Level.SHOULD,
                name,
                say("at-most-characters", most=longest),
                say("characters", count=len(text)),
                CLAUSE,
            )
