"""Case events in, the terminal summary out: causes first, then a line a method, 80 columns wide."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from pytest_qimen.report.results import RED, verdict
from pytest_qimen.report.words import count, say, wide, word

COLUMNS = {  # those of the second line are shown where they occur
    **{"pass": "pass", "fail": "fail", "warn": "warn", "info": "info", "blocked": "block"},
    **{"unsupported": "unsup", "waived": "waive", "stale": "stale", "error": "error"},
}
ALWAYS = 5
WIDTH, NAME, CELL = 80, 34, 6
Events = Sequence[Mapping[str, Any]]


def lines(events: Events, level: str, finished: bool = True, language: str = "en") -> Iterator[str]:
    """The summary, line by line."""
    for text in _causes(events, level, language):
        yield from folded(text)
    found = {event["status"] for event in events}
    columns = [name for place, name in enumerate(COLUMNS) if place < ALWAYS or name in found]
    width = min(NAME, WIDTH - CELL * len(columns))
    yield " " * width + "".join(f"{COLUMNS[column]:>{CELL}}" for column in columns)
    for role in dict.fromkeys(event["role"] for event in events):
        chosen = [event for event in events if event["role"] == role]
        yield _row(role, chosen, columns, width)
        if len({event["method"] for event in chosen}) > 1:
            for method in dict.fromkeys(event["method"] for event in chosen):
                of_method = [event for event in chosen if event["method"] == method]
                yield _row(f"  {method}", of_method, columns, width)
    yield _row("all", events, columns, width)
    yield from folded(_last(events, level, finished, language))


def folded(text: str) -> list[str]:
    """The text in lines of 80 columns; a word that is longer stays whole, so that it can be copied."""
    if wide(text) <= WIDTH:
        return [text]
    return wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _row(name: str, events: Events, columns: Sequence[str], width: int) -> str:
    counts = Counter(event["status"] for event in events)
    cells = "".join(f"{counts[column] or '·':>{CELL}}" for column in columns)
    return f"{name if len(name) <= width else name[: width - 1] + '…':<{width}}{cells}"


def _causes(events: Events, level: str, language: str) -> Iterator[str]:
    """What other cases were blocked by, most consequential first."""
    blocked = Counter(event["cause"] for event in events if event["status"] == "blocked")
    red = {event["id"] for event in events if event["status"] in RED[level] or event["status"] == "error"}
    for cause, number in blocked.most_common(20):
        mark = "" if cause in red else f" {word('(itself not red)', language)}" if "/" in cause else ""
        yield f"{count(number, 'blocked', language)} {say(cause, language)}{mark}"


def _last(events: Events, level: str, finished: bool, language: str) -> str:
    counts = Counter(event["status"] for event in events)
    said = verdict(events, level, finished)
    why = {
        "conformant": word("every must that was tested holds", language),
        "non-conformant": count(sum(counts[status] for status in RED[level]), "red", language),
        "incomplete": count(counts["blocked"] + counts["error"], "untested", language)
        if finished
        else word("the run broke off", language),
    }[said]
    unsupported = counts["unsupported"]
    left_out = f"; {count(unsupported, 'unsupported', language)}" if unsupported else ""
    requests = count(sum(event["requests"] for event in events), "requests", language)
    return f"{word('verdict', language)}: {word(said, language)} ({why}{left_out}), {requests}"
