"""The calls of one scenario in, what they show together out: pages, cursors, parts, lists, load."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.calls.journal import Journal
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks.callers.judging import JUDGED, conclude, judge
from pytest_qimen.phrases import say
from pytest_qimen.scenarios.happened import Seen, too_early
from pytest_qimen.verdict import Finding, Level

THREADS = ("caller.page.", "caller.scroll.", "caller.split.")  # begun and ended by the scenario itself
LOAD = {  # requirement -> what a call under load must not break
    "caller.load.keys": ("caller.key.",),
    "caller.load.signature": ("caller.call.signed", "caller.call.sign-", "caller.top.sign"),
}
GIVEN_UP = ("caller.page.failed-page",)  # that nothing came after a failure: it is asked for in the scenario
DECIDED = JUDGED | LOAD.keys()


def is_of_thread(name: str) -> bool:
    """Return True for a requirement that the calls of a scenario decide without any others."""
    return name.startswith(THREADS) or name in LOAD


def observed(calls: Sequence[Call], caller: Caller, wanted: frozenset[str]) -> Iterator[Finding]:
    """Yield what these calls, and no others, break of `wanted`.

    What unattended traffic leaves open is known here: nothing came before the first call, and nothing comes
    after the last. So the level is that of the requirement.
    """
    known = load_caller_requirements()
    for found in _judged(calls, caller):
        is_open = found.check in GIVEN_UP and found.level is Level.MAY
        if found.check in wanted and found.check.startswith(THREADS) and not is_open:
            yield replace(found, level=known[found.check].level)
        for name, starts in LOAD.items():
            if name in wanted and found.check.startswith(starts) and found.level.is_judged:
                yield replace(found, check=name, level=known[name].level)


def ahead_of_items(seen: Seen) -> Iterator[Finding]:
    """Yield the document that orders a new item, as was asked for, before that was synchronised."""
    if found := too_early(seen):
        call, code = found
        actual = say("play-not-synchronised", key=code[:100], place=call.heard.place)
        expected, clause = say("call-item-first"), seen.scenario.clause
        yield Finding("caller.sequence.item-first", Level.SHOULD, "", expected, actual, clause)


def _judged(calls: Sequence[Call], caller: Caller) -> list[Finding]:
    """Return what a journal of its own shows."""
    journal = Journal()
    try:
        found = [one for call in calls for one in judge(call, caller, journal)]
        return found + [late.finding for late in conclude(journal)]
    finally:
        journal.close()
