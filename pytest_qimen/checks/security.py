"""What an answer must never give away: secrets, the content of files, the inside of the program."""

import re
from collections.abc import Iterator
from functools import cache

from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

CLAUSE = "000 section 5.1"
PLANTED = "pytest-qimen-planted-text"  # what a file and an address hold that only an attack leads to
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
_MARKS = {  # without one of these an answer cannot match, and looking for them is much faster
    "Java": (b".java:", b"Exception"),
    "Python": (b"Traceback",),
    ".NET": (b") in ",),
    "PHP": (b".php",),
    "SQL": (b"SQL", b"ORA-"),
}
_ANY_MARK = re.compile(b"|".join(re.escape(mark) for marks in _MARKS.values() for mark in marks))
_CODED = re.compile(rb"[&%\\\0]")
_SEARCHED = 200_000  # bytes from the beginning of an answer
_AMP, _QUOTED = "&(?:amp;){0,3}", "'\"\\/"
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
SHORTEST = 6  # characters; a shorter secret stands in harmless words, too


@cache
def spelled(secret: str) -> re.Pattern[bytes] | None:
    """Return a pattern of every spelling of the secret: as it is, in XML, a URL, JSON, or UTF-16.

    None for one that is too short to tell.
    """
    if len(secret) < SHORTEST:
        return None
    wide = [re.escape(secret.encode(code)) for code in ("utf-16-le", "utf-16-be")]
    return re.compile(b"|".join([b"".join(map(_ways, secret)), *wide]))


def _ways(sign: str) -> bytes:
    """Return a pattern of every spelling of a character; bounded, so that no answer makes it slow."""
    code = ord(sign)
    ways = [rf"{_AMP}#0{{0,6}}{code};", rf"(?i:{_AMP}#x0{{0,6}}{code:x};)"]
    ways += [f"(?i:{''.join(f'%{byte:02x}' for byte in sign.encode())})", rf"(?i:\\{{1,4}}u{code:04x})"]
    if sign in _NAMED:
        ways.append(f"{_AMP}{_NAMED[sign]};")
    if sign == " ":
        ways.append(r"\+")
    if sign in _QUOTED:
        ways.append(rf"\\{{1,4}}{re.escape(sign)}")
    return f"(?:{'|'.join([*ways, re.escape(sign)])})".encode()  # longest first


def shows(text: bytes, secret: str) -> bool:
    """Return True when the secret can be read in the text."""
    pattern = spelled(secret)
    if pattern is None:
        return False
    if _CODED.search(text):
        return bool(pattern.search(text))
    return secret.encode() in text or secret.replace(" ", "+").encode() in text  # much faster


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a broken must for a secret or a file's content, a broken should for a stack trace."""
    exchange = evidence.exchange
    if any(shows(exchange.body, secret) for secret in exchange.request.secrets):
        yield Finding("security.secret", Level.MUST, "", say("no-secret"), say("secret"), CLAUSE)
    body = exchange.body[:_SEARCHED]
    if b":0:0:" in body and _FILE.search(body):
        yield Finding(
            "security.file",
            Level.MUST,
            "",
            say("no-file"),
            say("passwd"),
            "XML 1.0 section 4.4, external entities",
        )
    if PLANTED.encode() in body:
        clause = "XML 1.0 section 4.4, external entities"
        yield Finding("security.file", Level.MUST, "", say("no-file"), say("planted"), clause)
    for language, pattern in _TRACES.items() if _ANY_MARK.search(body) else ():
        if any(mark in body for mark in _MARKS[language]) and (found := pattern.search(body)):
            yield Finding(
                "security.trace",
                Level.SHOULD,
                "",
                say("no-trace"),
                f"{language}: {found[0].decode('utf-8', 'replace')[:120]}",
                "000 section 2.3",
            )


def fetched() -> Finding:
    """Return the broken must of an address in a message that was fetched."""
    clause = "XML 1.0 section 4.4, external entities"
    return Finding("security.fetched", Level.MUST, "", say("no-fetch"), say("fetched"), clause, 1)
