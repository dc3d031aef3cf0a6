"""An Exchange in, text for people out: the request as a curl command, without its secrets, and the answer."""

import shlex
from collections.abc import Mapping

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say

LONGEST = 4_000
OPTIONS: Mapping[str, tuple[str, ...]] = {  # of curl, for the deliveries that no header tells
    "http-1.0": ("--http1.0",),
    "packets": ("--limit-rate", "200"),
}


def curl(request: SignedRequest, masked: bool = True) -> str:
    """Return a command that sends it again, once sign and session are filled in where they are masked.

    A long body is cut in a masked one; UsageError for one that no argument of a command can hold. --data-raw
    reads no file for a body that begins with @, -g takes brackets in a URL as they are, `name;` is a header
    without a value.
    """
    if not masked and (b"\0" in request.body or not is_text(request.body)):
        raise UsageError(say("curl-no-utf8"))
    url = request.masked_url() if masked else request.url
    words = ["curl", "-sS", *OPTIONS.get(request.delivery, ())]
    words += [*(["-g"] if set(url) & set("[]{}") else []), "-X", request.http_method, url]
    for name, value in request.headers:
        words += ["-H", f"{name}: {value}" if value else f"{name};"]
    if "content-type" not in (name.lower() for name, _ in request.headers):
        words += ["-H", "Content-Type:"]  # else curl makes one up
    if request.body:
        words += ["--data-raw", text_of(request.body) if masked else request.body.decode()]
    return " ".join(shlex.quote(word) for word in words)


def is_text(body: bytes) -> bool:
    """Return True for bytes in UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def answer_text(exchange: Exchange) -> str:
    """Return status line and body of what came back, or why nothing did."""
    if exchange.error:
        return str(exchange.error)
    return f"HTTP {exchange.status}\n{text_of(exchange.body)}"


def text_of(body: bytes, longest: int = LONGEST) -> str:
    """Return the body as text, unreadable bytes escaped, cut behind `longest` bytes."""
    text = body[:longest].decode("utf-8", "backslashreplace")
    return text if len(body) <= longest else f"{text}… ({len(body)} bytes)"
