"""The signature of a call, and which known mistake made it where it is wrong."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.checks.callers.parameters import fault, seen
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.verdict import Finding, Level
from pytest_qimen.wire import signature
from pytest_qimen.wire.diagnosis import Diagnosis, diagnose

CLAUSE = "000 section 5.1"
TOP = "caller.top.sign"
# What the beginning of a mistake's id says about the requirement that it breaks; the first that fits counts.
_MISTAKES = (
    ("sign-lower-case", "sign-upper-case"),
    ("sign-mixed-case", "sign-upper-case"),
    ("sign-body-first", "signed"),
    ("sign-body", "sign-body"),
    ("sign-not-signed", "sign-all-parameters"),
    ("sign-values", "sign-raw-values"),
    ("sign-order", "sign-sorted"),
    ("sign-secret-front", "sign-secret-both-ends"),
    ("sign-secret-end", "sign-secret-both-ends"),
    ("sign-secret-none", "sign-secret-both-ends"),
)
JUDGED = ("signed", *dict.fromkeys(name for _, name in _MISTAKES if name != "signed"))


def check(call: Call, caller: Caller) -> Iterator[Finding]:
    """Yield what is wrong with the signature; nothing where no secret is known or the sign was masked.

    A body that a recording kept as text may have been encoded anew: against it a signature is only noted.
    """
    if not caller.secret or call.heard.lost.intersection(("sign", "message")):
        return
    given = call.get("sign")
    if not given:
        yield _fault(call, "signed", Level.MUST, say("call-sign"), say("nothing"))
        return
    how = call.get("sign_method") if call.is_top else "md5"
    if how not in signature.SIGN_METHODS:
        return  # parameters.py names it
    pairs = call.every
    body = None if call.is_top else call.heard.body
    filled = {name: value for name, value in pairs if value}  # some sign the name of an empty parameter
    if any(signature.verify(signed, body, caller.secret, how) for signed in (dict(pairs), filled)):
        return
    level = Level.MAY if "body" in call.heard.lost and not call.is_top else Level.MUST
    found = diagnose(pairs, body, caller.secret, given, how)
    if not found:
        why = say("call-sign-wrong", given=given, why=say("sign-unknown"))
        yield _fault(call, "signed", level, say("call-sign"), why)
        return
    yield from _explained(call, found[0], given, level)


def _fault(call: Call, what: str, level: Level, expected: Phrase, actual: Said) -> Finding:
    """Return the finding; a signature of TOP, which covers no body, has a requirement of its own."""
    found = fault(what, level, "sign", expected, actual, CLAUSE)
    return replace(found, check=TOP) if call.is_top and what == "signed" else found


def _explained(call: Call, found: Diagnosis, given: str, level: Level) -> Iterator[Finding]:
    """Yield one finding for each mistake that was made."""
    for mistake in found.mistakes:
        what = _requirement(mistake)
        expected = say("call-sign-upper") if what == "sign-upper-case" else say("call-sign")
        actual = say("call-sign-wrong", given=seen(given), why=mistake)
        yield _fault(call, what, level, expected, actual)


def _requirement(mistake: Phrase) -> str:
    return next((name for start, name in _MISTAKES if mistake.id.startswith(start)), "signed")
