"""What an answer must never give away: secrets, the content of files, the inside of the program."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

from pytest_qimen import xml
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.checks.spellings import excerpt, shows
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level
from pytest_qimen.wire.signature import sign

CLAUSE = "000 section 5.1"
QUOTED = "XML 1.0 section 2.4, character data and markup"
ENTITIES = "XML 1.0 section 4.4, external entities"
INJECTED = "qimen-injected"  # an element that only stands in the answer where a quoted value was not escaped
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
_DIGEST = re.compile(rb"\b[0-9A-Fa-f]{32}\b")  # an MD5 in hexadecimal digits
_SEARCHED = 200_000  # bytes from the beginning of an answer


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a broken must for a secret, a file or injected markup, a broken should for a stack trace."""
    exchange = evidence.exchange
    if any(shows(exchange.body, secret) for secret in exchange.request.secrets):
        yield Finding("security.secret", Level.MUST, "", say("no-secret"), say("secret"), CLAUSE)
    body = exchange.body[:_SEARCHED]
    if evidence.step.tampers and _tells_signature(evidence, body):
        yield Finding(
            "security.signature", Level.SHOULD, "", say("no-signature"), say("good-signature"), CLAUSE
        )
    if b":0:0:" in body and _FILE.search(body):
        yield Finding(
            "security.file",
            Level.MUST,
            "",
            say("no-file"),
            say("passwd"),
            ENTITIES,
        )
    if PLANTED.encode() in body:
        yield Finding("security.file", Level.MUST, "", say("no-file"), say("planted"), ENTITIES)
    root = evidence.answer.root if INJECTED.encode() in body else None
    if root is not None and any(xml.name(element) == INJECTED for element in root.iter("*")):
        yield Finding("security.injected", Level.MUST, "", say("no-injection"), say("injected"), QUOTED)
    for language, pattern in _TRACES.items() if _ANY_MARK.search(body) else ():
        if any(mark in body for mark in _MARKS[language]) and (found := pattern.search(body)):
            yield Finding(
                "security.trace",
                Level.SHOULD,
                "",
                say("no-trace"),
                f"{language}: {excerpt(replace(exchange, body=body[found.start() : found.end()]), 120)}",
                "000 section 2.3",
            )


def _tells_signature(evidence: Evidence, body: bytes) -> bool:
    """Return True where the answer to a badly signed request holds the signature that it should have had."""
    told = {found.upper() for found in _DIGEST.findall(body)}
    if not told:
        return False
    request = evidence.exchange.request
    sent = [value for name, value in request.params if name == "sign"]
    params = {name: value for name, value in request.params if name != "sign"}
    signed: bytes | None = request.body
    if evidence.step.api.protocol == "top":
        params |= dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        signed = None
    good = sign(params, signed, next(iter(request.secrets), ""))
    return good not in sent and good.encode() in told
