"""Case events in, the terminal summary out: causes first, then a line a method, 80 columns wide."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_qimen.report.results import RED, verdict

COLUMNS = {  # those of the second line are shown where they occur
    **{"pass": "pass", "fail": "fail", "warn": "warn", "info": "info", "blocked": "block"},
    **{"unsupported": "unsup", "waived": "waive", "stale": "stale", "error": "error"},
}
ALWAYS = 5
Events = Sequence[Mapping[str, Any]]


def lines(events: Events, level: str, finished: bool = True) -> Iterator[str]:
    """The summary, line by line."""
    yield from _causes(events, level)
    found = {event["status"] for event in events}
    columns = [name for place, name in enumerate(COLUMNS) if place < ALWAYS or name in found]
    yield f"{'':<34}" + "".join(f"{COLUMNS[column]:>6}" for column in columns)
    for role in dict.fromkeys(event["role"] for event in events):
        chosen = [event for event in events if event["role"] == role]
        yield _row(role, chosen, columns)
        if len({event["method"] for event in chosen}) > 1:
            for method in dict.fromkeys(event["method"] for event in chosen):
                yield _row(f"  {method}", [event for event in chosen if event["method"] == method], columns)
    yield _row("all", events, columns)
    yield _last(events, level, finished)


def _row(name: str, events: Events, columns: Sequence[str]) -> str:
    counts = Counter(event["status"] for event in events)
    cells = "".join(f"{counts[column] or '·':>6}" for column in columns)
    return f"{name if len(name) <= 34 else name[:33] + '…':<34}{cells}"


def _causes(events: Events, level: str) -> Iterator[str]:
    """What other cases were blocked by, most consequential first."""
    blocked = Counter(event["cause"] for event in events if event["status"] == "blocked")
    red = {event["id"] for event in events if event["status"] in RED[level] or event["status"] == "error"}
    for cause, count in blocked.most_common(20):
        mark = "" if cause in red else " (itself not red)" if "/" in cause else ""
        yield f"{count} cases blocked by {cause}{mark}"


def _last(events: Events, level: str, finished: bool) -> str:
    counts = Counter(event["status"] for event in events)
    requests = sum(event["requests"] for event in events)
    said = verdict(events, level, finished)
    why = {
        "conformant": "every must that was tested holds",
        "non-conformant": f"{sum(counts[status] for status in RED[level])} cases are red",
        "incomplete": f"{counts['blocked'] + counts['error']} cases could not be tested"
        if finished
        else "the run broke off",
    }[said]
    left_out = f"; {counts['unsupported']} unsupported" if counts["unsupported"] else ""
    return f"verdict: {said} ({why}{left_out}), {requests} requests"
