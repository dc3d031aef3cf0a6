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
    level = Level.MUST if status >= 500 else Level.SHOULD
    yield Finding("http.status", level, "", "HTTP 200", f"HTTP {status}", CLAUSE)
