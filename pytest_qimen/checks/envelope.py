"""The envelope of an answer: well-formed UTF-8 XML, its root, flag, code and message (000 section 2.3)."""

import re
from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.checks.answer import ERROR_ROOT, Answer
from pytest_qimen.client.transport import Exchange
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Level

CLAUSE = "000 section 2.3"
FORM = "000 section 2.1"
LONGEST = {"code": 50, "message": 200}  # what an answer may hold where its method prints no length
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*['\"]([\w.-]+)['\"]")
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


def check(exchange: Exchange, answer: Answer, api: Api) -> Iterator[Finding]:
    """Every fault of the envelope; one that makes the rest unreadable comes alone."""
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
                "a response with flag failure",
                "error_response, as documents 001 and 002 print it",
                CLAUSE,
            )
        return
    yield from _root(answer, api)
    if api.protocol == "qimen":
        yield from _head(answer.root, api)


def _bytes(exchange: Exchange, answer: Answer) -> Iterator[Finding]:
    body = exchange.body
    if not body.strip():
        yield Finding("envelope.body", Level.MUST, "", "an XML answer", "an empty body", FORM)
    elif answer.root is None and _DOCTYPE.search(body[:2000]) and not _looks_like_html(body):
        yield Finding("envelope.doctype", Level.MUST, "", "no DOCTYPE", excerpt(body), FORM)
    elif answer.root is None:
        kind = "HTML" if _looks_like_html(body) else "JSON" if body.lstrip()[:1] in b"{[" else answer.reason
        yield Finding(
            "envelope.xml", Level.MUST, "", "a well-formed XML answer", f"{kind}: {excerpt(body)}", FORM
        )
    elif _looks_like_html(body):
        yield Finding(
            "envelope.xml", Level.MUST, "", "a well-formed XML answer", f"HTML: {excerpt(body)}", FORM
        )
    elif not _is_utf8(body):
        yield Finding("envelope.encoding", Level.MUST, "", "UTF-8", _declared(body) or excerpt(body), FORM)


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
    """What is legal XML and yet stops the official client (field-notes.md)."""
    if exchange.body.startswith(b"\xef\xbb\xbf"):
        yield Finding(
            "envelope.bom", Level.MAY, "", "no byte order mark", "a BOM stops the official client", FORM
        )


def _root(answer: Answer, api: Api) -> Iterator[Finding]:
    root = answer.root
    assert root is not None
    name = xml.name(root)
    if name != api.root and not (api.protocol == "top" and name == "result"):
        yield Finding(
            "envelope.root", Level.MUST, "", f"root element {api.root}", f"root element {name}", FORM
        )
    if root.prefix:
        yield Finding(
            "envelope.namespace",
            Level.MAY,
            "",
            "no prefix",
            f"prefix {root.prefix}: the official client reads a prefixed answer as a failure",
            FORM,
        )


def _head(root: xml.Element, api: Api) -> Iterator[Finding]:
    told: dict[str, str] = {}
    for child in root.iterchildren("*"):
        told.setdefault(xml.name(child), xml.text(child))
    flag = told.get("flag")
    if flag not in ("success", "failure"):
        actual = "no flag" if flag is None else repr(flag)
        yield Finding("envelope.flag", Level.MUST, "flag", "success or failure", actual, CLAUSE)
    for name in ("code", "message"):
        row, text = api.response.by_path.get(name), told.get(name)
        longest = (row.max if row and flag == "success" else None) or LONGEST[name]
        if text is None:
            yield Finding(f"envelope.{name}", Level.MUST, name, f"a {name}", f"no {name}", CLAUSE)
        elif not text.strip():  # an empty element is an absent one (design.md 6.5)
            yield Finding(f"envelope.{name}", Level.MUST, name, f"a {name}", f"an empty {name}", CLAUSE)
        elif len(text) > longest:
            yield Finding(
                f"envelope.{name}-length",
                Level.SHOULD,
                name,
                f"at most {longest} characters",
                f"{len(text)} characters",
                CLAUSE,
            )


def excerpt(body: bytes, size: int = 200) -> str:
    """The beginning of a body as text for people."""
    text = body[:size].decode("utf-8", "backslashreplace")
    return text + ("…" if len(body) > size else "")
