"""Faults of the answer's form: its root, flag, code and message, its encoding, its HTTP side."""

import json
import re

from pytest_qimen import xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.wire.http import Reply

_HEAD = {"flag", "code", "message", "error_response"}
FAMILY = Family("data")


def _put(name: str, value: str) -> Hook:
    """Give a field of the answer another value, where the answer has it."""

    def data(request: Request, answer: Data) -> None:
        if name in answer:
            answer[name] = value

    return data


def _drop(name: str) -> Hook:
    return lambda request, answer: answer.pop(name, None)


def _flag(change: Hook) -> Hook:
    def data(request: Request, answer: Data) -> None:
        for name in ("flag", "is_success"):
            if name in answer:
                answer[name] = change(answer[name])

    return data


def _verdict(value: str) -> Hook:
    """Put another word where an answer of TOP says true or false."""

    def data(request: Request, answer: Data) -> None:
        group, name = (
            (answer, "is_success") if "is_success" in answer else (answer.group("result"), "success")
        )
        if name in group:
            group[name] = value

    return data


FAMILY.rows(
    ("flag-missing", _drop("flag")),
    ("flag-empty", _put("flag", "")),
    ("flag-upper-case", _flag(str.upper)),
    ("flag-with-blanks", _flag(lambda text: f" {text} ")),
    ("flag-boolean", _flag(lambda text: "true" if text in ("success", "true") else "false")),
    ("top-verdict-unclear", _verdict("ok")),
    ("flag-always-success", _flag(lambda text: "success")),
    ("flag-always-failure", _flag(lambda text: "failure")),
    ("code-missing", _drop("code")),
    ("code-empty", _put("code", "")),
    ("code-too-long", _put("code", "9" * 51)),
    ("message-missing", _drop("message")),
    ("message-empty", _put("message", "")),
    ("message-too-long", _put("message", "长" * 501)),
    (
        "message-trace",
        _put("message", "java.lang.NullPointerException\n\tat com.example.wms.Order.create(Order.java:42)"),
    ),
    ("answer-fields-lost", lambda request, answer: [answer.pop(name) for name in set(answer) - _HEAD]),
    (
        "answer-ids-lost",
        lambda request, answer: [answer.pop(name) for name in list(answer) if name.endswith("Id")],
    ),
)


def _unwrapped(request: Request, root: xml.Element) -> None:
    """Put what the groups directly below the root hold in their place."""
    for group in list(root.iterchildren("*")):
        if len(group):
            root.remove(group)
            root.extend(list(group))


FAMILY.rows(("answer-wrappers-left-out", _unwrapped), point="answer")


def _root(name: str) -> Hook:
    def answer(request: Request, root: xml.Element) -> None:
        root.tag = name

    return answer


def _wrap(request: Request, root: xml.Element) -> None:
    children = list(root)
    inner = xml.append(root, "response")
    for child in children:
        inner.append(child)


def _twice(request: Request, root: xml.Element) -> None:
    for child in list(root)[:1]:
        root.append(xml.copy(child))


def _words(request: Request, root: xml.Element) -> None:
    """Numbers are told in words."""
    rows = request.method.api.response.leaves if request.method else ()
    for row in rows:
        if row.type in ("int", "long", "decimal", "number"):
            for element in xml.find(root, row.path):
                element.text = "many"


def _plain_root(request: Request, root: xml.Element) -> None:
    if request.top:
        root.tag = "response"


FAMILY.rows(
    ("numbers-in-words", _words),
    ("root-of-top-plain", _plain_root),
    ("root-wrong", _root("result")),
    ("root-request", _root("request")),
    ("root-upper-case", _root("Response")),
    ("root-wrapped", _wrap),
    ("flag-twice", _twice),
    point="answer",
)


def _bytes(change: Hook) -> Hook:
    """Change the bytes of the body."""

    def reply(request: Request, reply: Reply) -> None:
        reply.body = change(reply.body)

    return reply


def _declared(encoding: str, really: str) -> Hook:
    def change(body: bytes) -> bytes:
        text = re.sub(r"^<\?xml[^>]*\?>\s*", "", body.decode())
        declaration = f'<?xml version="1.0" encoding="{encoding}"?>\n' if encoding else ""
        return (declaration + text.replace("success<", "success<", 1)).encode(really, "xmlcharrefreplace")

    return _bytes(change)


def _chinese(change: Hook) -> Hook:
    """Put Chinese into the message first, so that the encoding shows."""

    def reply(request: Request, reply: Reply) -> None:
        reply.body = reply.body.replace(b"</message>", "：测试</message>".encode(), 1)
        change(request, reply)

    return reply


def _json(request: Request, reply: Reply) -> None:
    root = xml.parse(reply.body)
    found = {xml.name(child): xml.text(child) for child in root}
    reply.body = json.dumps({xml.name(root): found}, ensure_ascii=False).encode()
    reply.headers["Content-Type"] = "application/json"


def _html(request: Request, reply: Reply) -> None:
    reply.body = b"<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"
    reply.headers["Content-Type"] = "text/html"


def _status(status: int, when: str = "") -> Hook:
    def reply(request: Request, reply: Reply) -> None:
        if when.encode() in reply.body:
            reply.status = status

    return reply


def _header_gbk(request: Request, reply: Reply) -> None:
    reply.headers["Content-Type"] = "text/xml;charset=GBK"


def _prefix(body: bytes) -> bytes:
    body = re.sub(rb"<(/?)([A-Za-z_])", rb"<\1q:\2", body)
    return re.sub(rb"<q:(\w+)", rb'<q:\1 xmlns:q="http://example.com/qimen"', body, count=1)


def _before_end(text: bytes) -> Hook:
    return _bytes(lambda body: body[: body.rindex(b"</")] + text + body[body.rindex(b"</") :])


def _cut(at: int) -> Hook:
    def reply(request: Request, reply: Reply) -> None:
        reply.cut = at if at <= 0 else min(at, len(reply.body) - 1)

    return reply


_DOCTYPE = b'<!DOCTYPE response SYSTEM "response.dtd">\n'
FAMILY.rows(
    ("answer-html", _html),
    ("answer-json", _json),
    ("answer-empty", _bytes(lambda body: b"")),
    ("answer-blank", _bytes(lambda body: b"\r\n")),
    ("answer-doctype", _bytes(lambda body: body.replace(b"?>\n", b"?>\n" + _DOCTYPE, 1))),
    ("answer-unclosed", _bytes(lambda body: body[: body.rindex(b"</")])),
    ("answer-truncated", _bytes(lambda body: body[: len(body) // 2])),
    ("answer-two-roots", _bytes(lambda body: body + b"<end/>")),
    ("answer-ampersand", _before_end(b"<n>a & b</n>")),
    ("answer-control", _before_end(b"<n>\x07</n>")),
    ("answer-late-declaration", _bytes(lambda body: b"\n" + body)),
    ("answer-gbk", _chinese(_declared("", "gbk"))),
    ("answer-declared-gbk", _chinese(_declared("GBK", "gbk"))),
    ("answer-header-gbk", _chinese(_header_gbk)),
    ("answer-wrong-encoding", _before_end(b"<n>caf\xe9</n>")),
    ("answer-utf-16", _declared("UTF-16", "utf-16")),
    ("answer-prefixed", _bytes(_prefix)),
    ("status-500", _status(500)),
    ("status-500-on-failure", _status(500, "failure")),
    ("status-404", _status(404)),
    ("status-503", _status(503)),
    ("status-201", _status(201)),
    ("answer-cut", _cut(20)),
    ("answer-none", _cut(-1)),
    point="reply",
)


def _confess(request: Request, answer: Data) -> None:
    if answer.text("flag") == "failure":
        shown = request.incoming.body.decode("utf-8", "replace")[:80]
        answer["message"] = f"bad request: {shown}"


FAMILY.rows(("failure-echoes", _confess))
