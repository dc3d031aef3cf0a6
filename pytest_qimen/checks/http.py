"""The HTTP side of an answer: its status (design.md 6.4)."""

from collections.abc import Iterator

from pytest_qimen.findings import Finding, Level
from pytest_qimen.transport import Exchange

CLAUSE = "000 section 2.1"


def check(exchange: Exchange) -> Iterator[Finding]:
    """5xx is a broken must, for its body is never read; anything else but 200 a broken should."""
    status = exchange.status
    if status is None or status == 200:
        return
    if status >= 500:
        yield Finding("http.crash", Level.MUST, "", "HTTP 200", f"HTTP {status}", CLAUSE)
    else:
        yield Finding("http.status", Level.SHOULD, "", "HTTP 200", f"HTTP {status}", CLAUSE)
