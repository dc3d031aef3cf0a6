"""Case cases in, the terminal summary out: causes first, then a line a method, 80 columns wide."""

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import wrap

from pytest_qimen.console import padded, width_of
from pytest_qimen.phrases import counted, say
from pytest_qimen.reasons import BlockedBy
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.results import gaps, verdict
from pytest_qimen.verdict import Status

COLUMNS = {  # in English and Chinese; those of the second line are shown where they occur
    **{
        "pass": ("pass", "通过"),
        "fail": ("fail", "失败"),
        "warn": ("warn", "警告"),
        "info": ("info", "记录"),
    },
    **{
        "blocked": ("block", "受阻"),
        "untested": ("untst", "未测"),
        "unsupported": ("unsup", "排除"),
        "waived": ("waive", "豁免"),
    },
    **{"stale": ("stale", "过期"), "error": ("error", "错误")},
}
ALWAYS = 5
BLOCKERS = 10  # causes of blocked cases that are shown
WIDTH, NAME, CELL = 80, 34, 6
Cases = Sequence[CaseRecord]


def lines(
    cases: Cases,
    level: str,
    finished: bool = True,
    language: str = "en",
    shards: Sequence[str] = (),
    counts: bool = True,
) -> Iterator[str]:
    """Yield the summary, line by line; without `counts` it leaves the number of requests to who sent more."""
    for text in _causes(cases, level, language):
        yield from folded(text)
    found = {case.status for case in cases}
    columns = [name for place, name in enumerate(COLUMNS) if place < ALWAYS or name in found]
    width = min(NAME, WIDTH - CELL * len(columns))
    yield " " * width + "".join(padded(COLUMNS[column][language == "zh"], CELL) for column in columns)
    for role in dict.fromkeys(case.role for case in cases):
        chosen = [case for case in cases if case.role == role]
        yield _row(role, chosen, columns, width)
        if len({case.method for case in chosen}) > 1:
            played = [case.method for case in chosen if case.status is not Status.UNSUPPORTED]
            for method in dict.fromkeys(played):
                of_method = [case for case in chosen if case.method == method]
                yield _row(f"  {method}", of_method, columns, width)
    yield _row(say("all").text(language), cases, columns, width)
    yield from folded(ending(cases, level, finished, language, shards, counts))


def folded(text: str) -> list[str]:
    """Return the text in lines of 80 columns; a word that is longer stays whole, so that it can be copied."""
    if width_of(text) <= WIDTH:
        return [text]
    return wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _row(name: str, cases: Cases, columns: Sequence[str], width: int) -> str:
    counts = Counter(case.status for case in cases)
    cells = "".join(f"{counts[Status(column)] or '·':>{CELL}}" for column in columns)
    shown = name if len(name) <= width else name[: width - 1] + "…"
    return f"{shown}{' ' * (width - width_of(shown))}{cells}"


def _causes(cases: Cases, level: str, language: str) -> Iterator[str]:
    """Yield what other cases were blocked by, and why others never came, most consequential first."""
    blocked = Counter(case.reason for case in cases if case.status is Status.BLOCKED)
    red = {case.id for case in cases if case.status.fails(level)}
    for reason, number in blocked.most_common(BLOCKERS):
        elsewhere = isinstance(reason, BlockedBy) and reason.case not in red
        mark = say("itself-not-red").text(language) if elsewhere else ""
        words = reason.text(language) if reason else ""
        yield f"{counted('count-blocked', number).text(language)} {words}{mark}"
    unseen = Counter(case.reason for case in cases if case.status is Status.UNTESTED)
    for reason, number in unseen.most_common(BLOCKERS):
        words = reason.text(language) if reason else ""
        told = counted("count-unseen", number).text(language)
        yield f"{told}{'' if language == 'zh' else ' '}{words}"


def ending(
    cases: Cases, level: str, finished: bool, language: str, shards: Sequence[str], counts: bool = True
) -> str:
    """Return the last line: the verdict, why it is so, what was left out, how many requests were sent."""
    said = verdict(cases, level, finished, shards)
    number = sum(case.status.is_untested for case in cases)
    untested = counted("count-untested", number) if number else say("nothing-tested")
    lacking = [*([] if finished else [say("broke-off")]), *gaps(cases, shards)]
    why = {
        "conformant": [say("all-musts-hold")],
        "non-conformant": [counted("count-red", sum(case.status.is_red(level) for case in cases)), *lacking],
        "incomplete": lacking or [untested],
    }[said]
    told = "; ".join(one.text(language) for one in why)
    unsupported = sum(case.status is Status.UNSUPPORTED for case in cases)
    left_out = f"; {counted('count-unsupported', unsupported).text(language)}" if unsupported else ""
    number = sum(case.requests for case in cases)  # none of a run that others' requests already blocked
    requests = f", {counted('count-requests', number).text(language)}" if number and counts else ""
    return f"{say('verdict').text(language)}: {say(said).text(language)} ({told}{left_out}){requests}"
