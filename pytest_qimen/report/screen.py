"""Case records in, the short list of what is wrong out: causes with counts and a few examples each."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from pytest_qimen.console import plain, width_of
from pytest_qimen.phrases import counted, say, text_of
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.causes import Cause, causes
from pytest_qimen.report.summary import WIDTH, folded
from pytest_qimen.report.titles import title

EXAMPLES, CAUSES, LONGEST = 3, 15, 240  # of a cause, of a run, characters of a line
DETAILS, DETAIL_LINES, DETAIL_LONGEST = 20, 120, 40  # details: how many, their lines, the lines of one


def red_causes(
    cases: Sequence[CaseRecord], red: Sequence[CaseRecord]
) -> list[tuple[Cause, list[CaseRecord]]]:
    """Return the causes that show in red cases, each with those that no worse cause has counted."""
    wanted = {case.id for case in red}
    least = max((case.status.rank for case in red), default=-1)
    return [
        (cause, [case for case in cause.own if case.id in wanted])
        for cause in causes(cases)
        if cause.status.rank <= least and any(case.id in wanted for case in cause.cases)
    ]


def chosen(found: Sequence[tuple[Cause, list[CaseRecord]]]) -> list[CaseRecord]:
    """Return the cases in the order in which they tell most: the first of every cause, the second …"""
    rounds = zip_longest(*(own for _, own in found))
    return [case for each in rounds for case in each if case is not None]


def heading(words: str) -> str:
    """Return the words in the middle of a ruled line."""
    side = max((WIDTH - width_of(words) - 2) // 2, 1)
    return f"{'=' * side} {words} {'=' * (WIDTH - side - width_of(words) - 2)}"


def details(
    cases: Sequence[CaseRecord], texts: Mapping[str, str], whole: bool, language: str
) -> Iterator[str]:
    """Yield what the first cases show, as long as it is short, and how many are left out."""
    shown = count = 0
    for case in cases:
        text = texts[case.id].split("\n")
        if not whole and len(text) > DETAIL_LONGEST:
            text = [*text[: DETAIL_LONGEST - 1], "…"]
        if not whole and shown and (shown == DETAILS or count + len(text) > DETAIL_LINES):
            break
        shown, count = shown + 1, count + len(text) + 1
        yield f"{'_' * 4} {case.id} {'_' * max(WIDTH - len(case.id) - 6, 4)}"
        yield from text
    if shown < len(cases):
        yield say("more-details", shown=shown, number=len(cases)).text(language)


def lines(found: Sequence[tuple[Cause, list[CaseRecord]]], language: str) -> Iterator[str]:
    """Yield each cause with its count and examples."""
    for number, (cause, own) in enumerate(found[:CAUSES], 1):
        told = counted("count-red", len(own)) if own else counted("count-also", len(cause.cases))
        words = title(cause)
        what = plain(words.zh if language == "zh" else words.en)[:LONGEST]
        yield from folded(f"{number}. {what} ({told.text(language)})")
        for case in own[:EXAMPLES]:
            yield f"   {case.status.upper()} {case.id}: {wrong(case, language)}"[:LONGEST]
        if len(own) > EXAMPLES:
            yield f"   {say('more-of-cause', number=len(own) - EXAMPLES).text(language)}"
    if len(found) > CAUSES:
        yield say("more-causes", number=len(found) - CAUSES).text(language)


def wrong(case: CaseRecord, language: str = "en") -> str:
    """Return what is wrong with a case in one line: its worst finding, or the reason."""
    found = min(case.findings, key=lambda one: one.level.rank, default=None)
    if found is None:
        return plain(case.reason.text(language)) if case.reason else ""
    actual, expected = text_of(found.actual, language), text_of(found.expected, language)
    if found.check == "contract.refuses":
        said = say("wrong-accepted")
    elif found.check == "contract.accepts":
        said = say("wrong-refused", actual=actual)
    elif found.path:
        said = say("wrong-at", place=found.path, actual=actual, expected=expected)
    else:
        said = say("wrong", actual=actual, expected=expected)
    return plain(" ".join(said.text(language).split()))


def verbose(word: Any, case: CaseRecord | None) -> Any:
    """Return the word of `-v` for a case, with the evidence that its verdict rests on, if it names one."""
    if case is None or case.showing is None or not isinstance(word, str):
        return word
    return f"{word} ({case.showing.evidence})"
