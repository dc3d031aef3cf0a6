"""A call and the journal in, all findings about the caller out, each at most once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers import (
    batches,
    items,
    keys,
    message,
    paging,
    parameters,
    scrolling,
    sequence,
    signing,
    splits,
    stores,
    variety,
)
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

SAME, MOST = 50, 1_000  # findings that are kept of one call
CallCheck: TypeAlias = Callable[[Call, Caller], Iterator[Finding]]
JournalCheck: TypeAlias = Callable[[Call, Journal], Iterator[Finding]]
OF_ONE_CALL: tuple[CallCheck, ...] = (parameters.check, signing.check, message.check)
OF_THE_JOURNAL: tuple[JournalCheck, ...] = (
    *(keys.check, paging.check, scrolling.check, items.check, splits.check, batches.check, stores.check),
)
AT_THE_END = (paging.conclude, scrolling.conclude, splits.conclude, batches.conclude, variety.conclude)
AT_THE_PORT = frozenset(("caller.call.http", "caller.message.every-method"))  # what only listening shows
JUDGED = frozenset(
    (
        *(f"caller.call.{name}" for name in (*parameters.JUDGED, *signing.JUDGED)),
        *(f"caller.{name}" for name in (*message.JUDGED, *keys.JUDGED, *paging.JUDGED, *scrolling.JUDGED)),
        *(f"caller.{name}" for name in (*items.JUDGED, *splits.JUDGED, *batches.JUDGED, *stores.JUDGED)),
        *(f"caller.{name}" for name in (*sequence.JUDGED, *variety.JUDGED)),
        signing.TOP,
    )
)


def judge(call: Call, caller: Caller, journal: Journal) -> tuple[Finding, ...]:
    """Return what is wrong with the call, SAME places of a kind, MOST in all, and add it to the journal."""
    found = [finding for check in OF_ONE_CALL for finding in check(call, caller)]
    journal.add(call)
    found += sequence.check(call, journal, found)
    for check in OF_THE_JOURNAL:
        found += check(call, journal)
    return _fewer(dict.fromkeys(found))


def _fewer(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the first SAME findings of each kind and place of the documents, the worst MOST of all."""
    counts = Counter[tuple[str, Level, str]]()
    kept = []
    for one in found:
        kind = one.check, one.level, xml.schematic(one.path)
        counts[kind] += 1
        if counts[kind] <= SAME:
            kept.append(one)
    return tuple(kept if len(kept) <= MOST else sorted(kept, key=lambda one: one.level.rank)[:MOST])


def no_http(reason: str) -> Finding:
    """Return the finding about bytes that are no HTTP request; `reason` is the server's word for it."""
    return Finding("caller.call.http", Level.MUST, "", say("call-http"), reason, "RFC 9112")


def conclude(journal: Journal) -> tuple[Late, ...]:
    """Return what is only known when no more calls come; to be asked once, behind the last call."""
    return tuple(late for check in AT_THE_END for late in check(journal))
