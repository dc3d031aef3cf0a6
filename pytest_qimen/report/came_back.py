"""A case of which others depend in; what came back, in a line, and what to check, out."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from pytest_qimen.console import plain
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.reasons import BlockedBy, Network, innermost
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord
from pytest_qimen.report.summary import folded

BLOCKERS = 3  # blocking cases that are asked what came back
SHOWN = 160  # characters of a body
GZIP = b"\x1f\x8b"
UNHEARD = {"connect": "check-connect", "tls": "check-tls", "timeout": "check-timeout"}
LOGIN = ("password", "login", "signin", "登录", "密码")


def blockers(
    cases: Sequence[CaseRecord], record: Callable[[str], CaseRecord | None], language: str
) -> Iterator[str]:
    """Yield what came back where others are blocked by it, and what to look at; each once."""
    blamed = Counter(case.reason.case for case in cases if isinstance(case.reason, BlockedBy))
    found = filter(None, map(record, sorted(blamed, key=blamed.__getitem__, reverse=True)))
    told = set[str]()
    for case, _ in zip(found, range(BLOCKERS), strict=False):
        texts = [phrase.text(language) for phrase in came_back(case)]
        if texts and texts[-1] not in told:
            told.add(texts[-1])
            yield from (line for text in (f"{case.id}:", *texts) for line in folded(text))


def came_back(case: CaseRecord) -> Iterator[Phrase]:
    """Yield what the endpoint answered to the last request of the case, and what to look at."""
    cause = innermost(case.reason)
    if isinstance(cause, Network):
        yield say("came-nothing", reason=cause.said())
        yield say(UNHEARD.get(cause.word, "check-faq"))
        return
    if not case.exchanges or case.exchanges[-1].error:
        return
    last = case.exchanges[-1]
    yield _line(last)
    yield say(_advice(last))


def _line(exchange: ExchangeRecord) -> Phrase:
    headers = _headers(exchange)
    told = [f"HTTP {exchange.status}"]
    told += [
        f"{name}: {headers[name.lower()]}"
        for name in ("Location", "Content-Type")
        if headers.get(name.lower())
    ]
    body = exchange.body[: SHOWN * 4].decode("utf-8", "backslashreplace")
    body = " ".join(body.split())
    shown = body[:SHOWN] + "…" * (len(body) > SHOWN or len(exchange.body) > SHOWN * 4)
    return say("came-back", head=plain(", ".join(told)), body=plain(shown), size=len(exchange.body))


def _headers(exchange: ExchangeRecord) -> dict[str, str]:
    return {name.lower(): value for name, value in exchange.headers}


def _advice(exchange: ExchangeRecord) -> str:
    """Return the id of the sentence that says what to look at."""
    by_status = {
        404: "check-path",
        405: "check-path",
        415: "check-media",
        401: "check-login",
        403: "check-login",
    }
    status = exchange.status or 0
    if 300 <= status < 400:
        return "check-redirect"
    if status in by_status:
        return by_status[status]
    return _by_body(exchange.body, "content-encoding" in _headers(exchange))


def _by_body(body: bytes, encoded: bool) -> str:
    text = body[:4000].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    lower = text.lower()
    if body.startswith(GZIP) and not encoded:
        return "check-gzip"
    if not text:
        return "check-empty"
    if text[0] in "{[":
        return "check-json"
    if "<!doctype html" in lower or "<html" in lower:
        return "check-login" if any(word in lower for word in LOGIN) else "check-html"
    if ":envelope" in lower or "<envelope" in lower:
        return "check-soap"
    if (
        "sign-check-failure" in lower
        or "invalid-signature" in lower
        or "签名" in text
        or "signature" in lower
    ):
        return "check-secret"
    return "check-faq"
