"""Case events in, the terminal summary out: causes first, then a line a method, 80 columns wide."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_qimen.report.results import RED, verdict

COLUMNS = ("pass", "fail", "warn", "info", "blocked", "unsupported", "waived", "stale", "error")
HEADS = ("pass", "fail", "warn", "info", "block", "unsup", "waive", "stale", "error")
Events = Sequence[Mapping[str, Any]]


def lines(events: Events, level: str) -> Iterator[str]:
    """The summary, line by line."""
    yield from _causes(events, level)
    yield f"{'':<34}" + "".join(f"{head:>6}" for head in HEADS[:7]).rstrip()
    for role in dict.fromkeys(event["role"] for event in events):
        chosen = [event for event in events if event["role"] == role]
        yield _row(role, chosen)
        if len({event["method"] for event in chosen}) > 1:
            for method in dict.fromkeys(event["method"] for event in chosen):
                yield _row(f"  {method}", [event for event in chosen if event["method"] == method])
    yield _row("all", events)
    yield _last(events, level)


def _row(name: str, events: Events) -> str:
    counts = Counter(event["status"] for event in events)
    counts["fail"] += counts["stale"] + counts["error"]
    cells = "".join(f"{counts[column] or '·':>6}" for column in COLUMNS[:7])
    return f"{name if len(name) <= 34 else name[:33] + '…':<34}{cells}"


def _causes(events: Events, level: str) -> Iterator[str]:
    """What other cases were blocked by, most consequential first."""
    blocked = Counter(event["cause"] for event in events if event["status"] == "blocked")
    red = {event["id"] for event in events if event["status"] in RED[level] or event["status"] == "error"}
    for cause, count in blocked.most_common(20):
        mark = "" if cause in red else " (itself not red)" if "/" in cause else ""
        yield f"{count} cases blocked by {cause}{mark}"


def _last(events: Events, level: str) -> str:
    counts = Counter(event["status"] for event in events)
    requests = sum(event["requests"] for event in events)
    said = verdict(events, level)
    why = {
        "conformant": "every must that was tested holds",
        "non-conformant": f"{sum(counts[status] for status in RED[level])} cases are red",
        "incomplete": f"{counts['blocked'] + counts['error']} cases could not be tested",
    }[said]
    left_out = f"; {counts['unsupported']} unsupported" if counts["unsupported"] else ""
    return f"verdict: {said} ({why}{left_out}), {requests} requests"
