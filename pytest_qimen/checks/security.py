"""What an answer must never give away: secrets, the content of files, the inside of the program."""

import html
import re
from collections.abc import Iterator

from pytest_qimen.findings import Finding, Level
from pytest_qimen.transport import Exchange

CLAUSE = "000 section 5.1"
_FILE = re.compile(rb"root:[^:\s]{0,200}:0:0:")
_TRACES = {  # bounded, so that a hostile answer cannot make the search slow
    "Java": re.compile(
        rb"\bat [\w$.]{1,200}\([\w$]{1,100}\.java:\d+\)|\b(?:java|org|com)\.[\w.]{1,150}Exception\b"
    ),
    "Python": re.compile(rb"Traceback \(most recent call last\)"),
    ".NET": re.compile(rb"\bat [\w.<>]{1,200}\([^)\n]{0,300}\) in [A-Za-z]:\\"),
    "PHP": re.compile(rb"(?:Fatal error|Stack trace)[^\n]{0,300}\.php"),
    "SQL": re.compile(rb"SQL syntax|ORA-\d{5}|SQLSTATE\["),
}
_SEARCHED = 200_000  # bytes from the beginning of an answer
SHORTEST = 6  # characters; a shorter secret stands in harmless words, too


def spellings(secret: str) -> set[bytes]:
    """How the secret may be written in an answer; none for one that is too short to tell."""
    if len(secret) < SHORTEST:
        return set()
    sparing = secret.replace("&", "&amp;").replace("<", "&lt;")
    return {
        text.encode() for text in (secret, sparing, html.escape(secret), html.escape(secret, quote=False))
    }


def check(exchange: Exchange, secret: str) -> Iterator[Finding]:
    """A secret or a file's content is a broken must, a stack trace a broken should."""
    if any(text in exchange.body for text in spellings(secret)):
        yield Finding("security.secret", Level.MUST, "", "no secret in the answer", "the app secret", CLAUSE)
    if _FILE.search(exchange.body[:_SEARCHED]):
        yield Finding(
            "security.file",
            Level.MUST,
            "",
            "no file content in the answer",
            "lines of /etc/passwd",
            "XML 1.0 section 4.4, external entities",
        )
    for language, pattern in _TRACES.items():
        found = pattern.search(exchange.body[:_SEARCHED])
        if found:
            yield Finding(
                "security.trace",
                Level.SHOULD,
                "",
                "no stack trace in the answer",
                f"{language}: {found[0].decode('utf-8', 'replace')[:120]}",
                "000 section 2.3",
            )
