"""Bytes that are no XML in, the likely cause out: what careless code is known to send instead."""

import re
from typing import Final

from pytest_qimen import xml
from pytest_qimen.phrases import LANGUAGES, Phrase, say
from pytest_qimen.spec import Field

_SEEN: Final = 1 << 20  # bytes that are looked at
_FORM: Final = re.compile(rb"[\w.%+-]{1,100}=[^<>]*")
_BARE: Final = re.compile(rb"&(?![A-Za-z]\w{0,30};|#\d{1,7};|#x[0-9A-Fa-f]{1,6};)")
_NAMED: Final = re.compile(rb"&([A-Za-z]\w{0,30});")
_OWN: Final = (b"amp", b"lt", b"gt", b"quot", b"apos")
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}['\"]([\w.-]{1,40})['\"]")


def likely_cause(data: bytes) -> Phrase | None:
    """Return the likely cause; None where nothing is known."""
    body = data[:_SEEN].removeprefix(b"\xef\xbb\xbf").strip()
    start = body[:500].lower()
    if start[:1] in (b"{", b"["):
        return say("cause-json")
    if start.startswith((b"<!doctype html", b"<html")):
        return say("cause-html")
    if start.startswith((b"&lt;", b"&amp;lt;")):
        return say("cause-escaped")
    if start.startswith((b"%3c", b"xml=", b"data=")) or _FORM.fullmatch(body[:2000]):
        return say("cause-form")
    return _coding(body) or _ampersand(body) or _prefix(body)


def _coding(body: bytes) -> Phrase | None:
    """Return a cause where the bytes are not in the encoding that the declaration names."""
    found = _DECLARED.match(body)
    declared = found[1].decode() if found else "UTF-8"
    if _reads(body, declared):
        return None
    for real in ("UTF-8", "GBK"):
        if real.lower() != declared.lower() and _reads(body, real):
            return say("cause-encoding", declared=declared, real=real)
    return None


def _reads(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError as error:
        return error.end >= len(body) == _SEEN  # a character that was cut
    except LookupError:
        return False
    return True


def _ampersand(body: bytes) -> Phrase | None:
    if b"<!DOCTYPE" in body:
        return None
    if bare := _BARE.search(body):
        return say("cause-ampersand", near=_near(body, bare.start()))
    names = (found[1] for found in _NAMED.finditer(body) if found[1] not in _OWN)
    name = next(names, None)
    return say("cause-entity", name=name.decode("ascii", "replace")) if name else None


def _near(body: bytes, place: int) -> str:
    return body[max(0, place - 20) : place + 20].decode("utf-8", "replace").replace("\n", " ")


def _prefix(body: bytes) -> Phrase | None:
    """Return a cause where the message begins behind other text, such as that of a log."""
    start = body.find(b"<")
    if not 0 < start <= 1000:
        return None
    try:
        xml.parse(body[start : body.rfind(b">") + 1])
    except xml.XmlError:
        return None
    return say("cause-prefix", text=body[:start].decode("utf-8", "replace")[:40])


def misplaced(row: Field, rule: str, place: str, root: xml.Element) -> Phrase | None:
    """Return why a list is wrong: its lines lack their wrapper, or each has one of its own; else None.

    `place` is the path of the element in which the wrapper is wanted.
    """
    group, found = row.name, xml.find(root, place)
    if row.leaf or not found or rule not in ("need", "duplicate"):
        return None
    child = group.removesuffix("s")  # orderLines holds orderLine
    if rule == "duplicate":
        return say("cause-doubled", group=group, child=child)
    if child != group and xml.find(found[0], child):
        return say("cause-wrapper", group=group, child=child)
    return None


def both(phrase: Phrase) -> str:
    """Return a sentence in both languages."""
    return " / ".join(phrase.text(language) for language in LANGUAGES)
