"""A call and the journal in, all findings about the caller out, each at most once."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers import keys, message, parameters, signing
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

CallCheck: TypeAlias = Callable[[Call, Caller], Iterator[Finding]]
OF_ONE_CALL: tuple[CallCheck, ...] = (parameters.check, signing.check, message.check)
JUDGED = frozenset(
    (
        *("caller.call.http", "caller.message.every-method"),  # of a port that listens
        *(f"caller.call.{name}" for name in (*parameters.JUDGED, *signing.JUDGED)),
        *(f"caller.{name}" for name in (*message.JUDGED, *keys.JUDGED)),
    )
)


def judge(call: Call, caller: Caller, journal: Journal) -> tuple[Finding, ...]:
    """Return what is wrong with the call, and add it to the journal."""
    found = [finding for check in OF_ONE_CALL for finding in check(call, caller)]
    journal.add(call)
    found += keys.check(call, journal)
    return tuple(dict.fromkeys(found))


def no_http(reason: str) -> Finding:
    """Return the finding about bytes that are no HTTP request; `reason` is the server's word for it."""
    return Finding("caller.call.http", Level.MUST, "", say("call-http"), reason, "RFC 9112")
