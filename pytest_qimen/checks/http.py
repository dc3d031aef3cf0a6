"""The HTTP side of an answer: its status (design.md 6.4), and the encoding that its header names."""

import re
from collections.abc import Iterator

from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.content import ASKED
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

CLAUSE = "000 section 2.1"
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]+)", re.IGNORECASE)
_UTF_8 = ("utf-8", "utf8")


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a broken must for 5xx, whose body is never read, and a broken should for anything but 200.

    A header that names another encoding than UTF-8 breaks a should, too, where that makes a difference:
    clients go by it (RFC 7303 section 3.2).
    """
    exchange = evidence.exchange
    yield from _status(exchange)
    yield from _coding(exchange)
    named = _CHARSET.search(exchange.header("content-type"))
    if named and named[1].lower() not in _UTF_8 and not exchange.body.isascii():
        yield Finding(
            "http.charset",
            Level.SHOULD,
            "",
            say("charset", name="utf-8"),
            say("charset", name=named[1]),
            CLAUSE,
        )


def _coding(exchange: Exchange) -> Iterator[Finding]:
    """Yield a body in a coding that nobody asked for cannot be read (RFC 9110 section 12.5.3)."""
    coding = exchange.header("content-encoding").strip().lower()
    if coding not in ASKED:
        yield Finding("http.coding", Level.MUST, "", say("known-coding"), coding, CLAUSE)


def _status(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.status
    if status is None or status == 200:
        return
    if status >= 500:
        yield Finding("http.crash", Level.MUST, "", "HTTP 200", f"HTTP {status}", CLAUSE)
    else:
        yield Finding("http.status", Level.SHOULD, "", "HTTP 200", f"HTTP {status}", CLAUSE)


def too_large(exchange: Exchange, number: int) -> Finding:
    """Return the finding for an answer that did not end; `number` is the step's."""
    assert exchange.error
    wanted = say("reasonable-size")
    return Finding("http.size", Level.MUST, "", wanted, exchange.error.said(), CLAUSE, number)
