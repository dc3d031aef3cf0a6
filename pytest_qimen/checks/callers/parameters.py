"""The HTTP request and the parameters of a call: who sends what to which method, and when."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import unquote_to_bytes

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.client.clock import CHINA
from pytest_qimen.phrases import Said, say
from pytest_qimen.spec import PREFIX, later_method
from pytest_qimen.verdict import Finding, Level

NEAR = timedelta(minutes=10)
SHORTEST = 8  # characters of a secret that is nothing but one where it stands
JUDGED = (
    *("method", "method-form", "timestamp", "timestamp-now", "version", "app-key", "customer"),
    *("customer-spelling", "format", "sign-method", "url-encoded", "encoded-once", "no-duplicates"),
    *("no-empty-parameter", "post", "content-type", "charset", "secrets-stay"),
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_TWICE = re.compile("%[0-9A-Fa-f]{2}")
_PLAIN = (
    "method",
    "timestamp",
    "app_key",
    "v",
    "customerId",
    "sign_method",
    "format",
)  # hold no per cent sign


def check(call: Call, caller: Caller) -> Iterator[Finding]:
    """Yield what is wrong with the request line, the headers and the parameters."""
    yield from _http(call)
    yield from _encoding(call)
    yield from _method(call, caller)
    yield from _time(call)
    yield from _sender(call, caller)
    yield from _closed(call)
    yield from _secrets(call, caller)


def fault(
    what: str, level: Level, path: str, expected: Said, actual: Said, clause: str = "000 section 2.2"
) -> Finding:
    """Return the finding about a requirement of `caller.call`."""
    return Finding(f"caller.call.{what}", level, path, expected, actual, clause)


def seen(text: str) -> Said:
    """Return the text, or the word for nothing."""
    return text or say("nothing")


def _http(call: Call) -> Iterator[Finding]:
    heard = call.heard
    is_empty = not heard.body and not call.is_top and "message" not in heard.lost
    if heard.verb != "POST" or is_empty:
        yield fault(
            "post", Level.SHOULD, "", say("call-post"), seen(heard.verb if heard.verb != "POST" else "")
        )
    kind = heard.header("content-type")
    if "headers" in heard.lost or not heard.body:
        return
    if call.is_top:
        if "form" not in kind.lower():
            yield fault(
                "content-type",
                Level.SHOULD,
                "Content-Type",
                say("call-form-type"),
                seen(kind),
                "000 section 2.1",
            )
    elif kind.partition(";")[0].strip().lower() not in ("text/xml", "application/xml"):
        yield fault(
            "content-type", Level.SHOULD, "Content-Type", say("call-xml-type"), seen(kind), "000 section 2.1"
        )
    yield from _charset(call, kind)


def _charset(call: Call, kind: str) -> Iterator[Finding]:
    root = call.root
    told = re.search(r"charset=\"?([\w-]+)", kind, re.IGNORECASE)
    if root is None or call.is_top or not told:
        return
    declared = root.getroottree().docinfo.encoding or "utf-8"
    if _codec(told[1]) != _codec(declared):
        actual = say("call-charset-is", header=told[1], declared=declared)
        yield fault("charset", Level.SHOULD, "Content-Type", say("call-charset"), actual, "000 section 2.1")


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name.replace("ascii", "utf-8")
    except LookupError:
        return name.lower()


def _encoding(call: Call) -> Iterator[Finding]:
    query = call.heard.query
    raw = re.search(r"[^!-~]", query)
    if raw or any(not _is_utf8(part) for part in query.split("&")):
        actual = query[max(0, raw.start() - 20) : raw.start() + 20] if raw else query[:80]
        yield fault("url-encoded", Level.MUST, "", say("call-encoded"), actual, "000 section 2.1")
    for name, value in call.pairs:
        if name in _PLAIN and _TWICE.search(value):
            yield fault("encoded-once", Level.MUST, name, say("call-encoded-once"), value, "000 section 2.1")
    for name, count in Counter(name for name, _ in call.every).items():
        if count > 1:
            times = say("call-times", number=count)
            yield fault("no-duplicates", Level.SHOULD, name, say("call-once"), times)
    for name, value in call.every:
        if not value:
            yield fault(
                "no-empty-parameter",
                Level.MAY,
                name,
                say("call-no-empty"),
                say("nothing"),
                "design section 6.1",
            )


def _is_utf8(part: str) -> bool:
    try:
        unquote_to_bytes(part.encode("utf-8", "surrogateescape")).decode()
    except UnicodeDecodeError:
        return False
    return True


def _method(call: Call, caller: Caller) -> Iterator[Finding]:
    name, api = call.get("method"), call.api
    if api is None and (later := later_method(name)):
        yield fault("method", Level.MAY, "method", say("call-method"), later)
    elif api is None:
        yield fault("method", Level.MUST, "method", say("call-method"), seen(name))
    elif caller.prefixed is not None and api.protocol == "qimen":
        wanted = api.role in caller.prefixed
        if name.startswith(PREFIX) != wanted:
            expected = say("call-prefixed" if wanted else "call-bare")
            yield fault("method-form", Level.MUST, "method", expected, name, "design section 6.2")


def _time(call: Call) -> Iterator[Finding]:
    stamp = call.get("timestamp")
    try:
        if not _STAMP.fullmatch(stamp):
            raise ValueError
        moment = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        yield fault("timestamp", Level.MUST, "timestamp", say("call-timestamp"), seen(stamp))
        return
    if call.heard.at and abs(call.heard.at - moment) > NEAR:
        now = call.heard.at.astimezone(CHINA).isoformat(" ", "seconds")[:19]
        yield fault("timestamp-now", Level.MAY, "timestamp", say("call-now", time=now), stamp)


def _sender(call: Call, caller: Caller) -> Iterator[Finding]:
    key = call.get("app_key")
    if not key or (caller.app_key and key != caller.app_key):
        expected = say("call-app-key", key=caller.app_key) if caller.app_key else say("call-a-value")
        yield fault("app-key", Level.MUST, "app_key", expected, seen(key))
    if call.is_top or call.get("customerId"):
        return
    spelled = next((name for name, value in call.every if name.lower() == "customerid" and value), "")
    if spelled:
        yield fault(
            "customer-spelling", Level.SHOULD, spelled, say("call-spelled", name="customerId"), spelled
        )
    else:
        yield fault("customer", Level.MUST, "customerId", say("call-a-value"), say("nothing"))


def _closed(call: Call) -> Iterator[Finding]:
    """Yield the parameters with a value that the documents do not list."""
    top = call.is_top
    lists = (
        ("version", "v", ("1.0", "2.0"), True),
        ("format", "format", ("xml", "json") if top else ("xml",), False),
        ("sign-method", "sign_method", ("md5", "hmac", "hmac-sha256") if top else ("md5",), False),
    )
    for what, name, codes, needed in lists:
        value = call.get(name)
        if (value or needed) and value not in codes:
            yield fault(what, Level.MUST, name, say("call-one-of", codes=codes), seen(value))


def _secrets(call: Call, caller: Caller) -> Iterator[Finding]:
    if len(caller.secret) < SHORTEST:
        return
    heard, secret = call.heard, caller.secret
    places = {
        "url": heard.target,
        "body": heard.body.decode("utf-8", "replace"),
        **dict(heard.headers),
        **{name: value for name, value in call.every if name != "sign"},
    }
    for place, text in places.items():
        if secret in text:
            yield fault(
                "secrets-stay",
                Level.MUST,
                place,
                say("call-no-secret"),
                say("call-secret"),
                "000 section 5.1",
            )
            return
