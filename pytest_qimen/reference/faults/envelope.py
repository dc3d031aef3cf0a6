"""Faults of the answer's form: its root, flag, code and message, its encoding, its HTTP side."""

import json
import re

from pytest_qimen import xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.http import Reply
from pytest_qimen.reference.request import Request

FAMILY = Family("envelope", "answer.form", "data")


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


FAMILY.rows(
    ("flag-missing", "the answer has no flag", "应答没有 flag", _drop("flag")),
    ("flag-empty", "the flag is empty", "flag 为空", _put("flag", "")),
    ("flag-upper-case", "the flag is SUCCESS or FAILURE", "flag 大写", _flag(str.upper)),
    ("flag-with-blanks", "the flag has blanks around it", "flag 前后有空格", _flag(lambda text: f" {text} ")),
    (
        "flag-boolean",
        "the flag is true or false",
        "flag 为 true/false",
        _flag(lambda text: "true" if text in ("success", "true") else "false"),
    ),
    ("flag-always-success", "every answer says success", "总是返回 success", _flag(lambda text: "success")),
    ("flag-always-failure", "every answer says failure", "总是返回 failure", _flag(lambda text: "failure")),
    ("code-missing", "the answer has no code", "应答没有 code", _drop("code")),
    ("code-empty", "the code is empty", "code 为空", _put("code", "")),
    ("code-too-long", "the code has 51 characters", "code 超过 50 个字符", _put("code", "9" * 51)),
    ("message-missing", "the answer has no message", "应答没有 message", _drop("message")),
    ("message-empty", "the message is empty", "message 为空", _put("message", "")),
    ("message-too-long", "the message has 501 characters", "message 过长", _put("message", "长" * 501)),
    (
        "message-trace",
        "the message is a stack trace",
        "message 为异常堆栈",
        _put("message", "java.lang.NullPointerException\n\tat com.example.wms.Order.create(Order.java:42)"),
    ),
    (
        "answer-fields-lost",
        "the answer holds nothing but flag, code and message",
        "应答只有 flag、code、message",
        lambda request, answer: [answer.pop(name) for name in set(answer) - _HEAD],
    ),
    (
        "answer-ids-lost",
        "the answer lacks the ids that it should give",
        "应答缺少应返回的单据编号",
        lambda request, answer: [answer.pop(name) for name in list(answer) if name.endswith("Id")],
    ),
)
_HEAD = {"flag", "code", "message", "error_response"}


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


FAMILY.rows(
    ("root-wrong", "the root element is result", "根元素为 result", _root("result")),
    ("root-request", "the root element is request", "根元素为 request", _root("request")),
    ("root-upper-case", "the root element is Response", "根元素大写", _root("Response")),
    ("root-wrapped", "the answer stands in a second response", "应答多包了一层", _wrap),
    ("flag-twice", "the first element of the answer stands twice", "应答首个元素重复", _twice),
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
    ("answer-html", "the answer is HTML", "应答为 HTML", _html),
    ("answer-json", "the answer is JSON", "应答为 JSON", _json),
    ("answer-empty", "the answer has no body", "应答体为空", _bytes(lambda body: b"")),
    ("answer-blank", "the answer is a newline", "应答体只有空白", _bytes(lambda body: b"\r\n")),
    (
        "answer-doctype",
        "the answer carries a DOCTYPE",
        "应答带有 DOCTYPE",
        _bytes(lambda body: body.replace(b"?>\n", b"?>\n" + _DOCTYPE, 1)),
    ),
    (
        "answer-unclosed",
        "the root element is not closed",
        "根元素没有结束标签",
        _bytes(lambda body: body[: body.rindex(b"</")]),
    ),
    ("answer-truncated", "half of the answer is missing", "应答被截断", _bytes(lambda body: body[: len(body) // 2])),
    ("answer-two-roots", "something follows the root", "根元素之后还有内容", _bytes(lambda body: body + b"<end/>")),
    ("answer-ampersand", "a bare ampersand stands in the answer", "应答中有未转义的 &", _before_end(b"<n>a & b</n>")),
    ("answer-control", "a control character stands in the answer", "应答中有控制字符", _before_end(b"<n>\x07</n>")),
    (
        "answer-late-declaration",
        "a line stands before the XML declaration",
        "XML 声明之前有空行",
        _bytes(lambda body: b"\n" + body),
    ),
    ("answer-gbk", "the answer is GBK and says nothing of it", "应答为未声明的 GBK", _chinese(_declared("", "gbk"))),
    ("answer-declared-gbk", "the answer is GBK and says so", "应答声明并使用 GBK", _chinese(_declared("GBK", "gbk"))),
    (
        "answer-wrong-encoding",
        "the answer is Latin-1 and says UTF-8",
        "应答声明 UTF-8,实为 Latin-1",
        _before_end(b"<n>caf\xe9</n>"),
    ),
    ("answer-utf-16", "the answer is UTF-16", "应答为 UTF-16", _declared("UTF-16", "utf-16")),
    ("answer-prefixed", "the answer's elements have a namespace prefix", "应答元素带命名空间前缀", _bytes(_prefix)),
    ("status-500", "every answer has HTTP 500", "总是返回 HTTP 500", _status(500)),
    ("status-500-on-failure", "a failure has HTTP 500", "失败时返回 HTTP 500", _status(500, "failure")),
    ("status-404", "every answer has HTTP 404", "总是返回 HTTP 404", _status(404)),
    ("status-503", "every answer has HTTP 503", "总是返回 HTTP 503", _status(503)),
    ("status-201", "every answer has HTTP 201", "总是返回 HTTP 201", _status(201)),
    ("answer-cut", "the connection ends in the middle of the answer", "应答中途断开连接", _cut(20)),
    ("answer-none", "the connection ends without an answer", "不应答就断开连接", _cut(-1)),
    point="reply",
)


def _confess(request: Request, answer: Data) -> None:
    if answer.text("flag") == "failure":
        shown = request.incoming.body.decode("utf-8", "replace")[:80]
        answer["message"] = f"bad request: {shown}"


FAMILY.hook("failure-echoes", "a failure repeats the request", "失败时原样返回请求内容")(_confess)
