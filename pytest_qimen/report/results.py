"""Case events in, results.json out: the verdict of a run and why (design.md 5)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from pytest_qimen.cases import bundled_files
from pytest_qimen.verdict import Status

FORMAT = 1
RED = {
    "must": frozenset({"fail", "stale"}),
    "should": frozenset({"fail", "warn", "stale"}),
    "may": frozenset({"fail", "warn", "stale"}),
}
UNTESTED = frozenset({Status.BLOCKED.value, Status.ERROR.value})


@cache
def suite() -> dict[str, str]:
    """The suite's version and the digest of its case files."""
    digest = hashlib.sha256()
    for path in bundled_files():
        digest.update(path.read_bytes())
    return {"version": version("pytest-qimen"), "digest": digest.hexdigest()[:16]}


def verdict(events: Iterable[Mapping[str, Any]], level: str, finished: bool = True) -> str:
    """non-conformant when something is red, incomplete when a must was not tested, else conformant."""
    events = list(events)
    if any(event["status"] in RED[level] for event in events):
        return "non-conformant"
    untested = any(event["status"] in UNTESTED and event["level"] == "must" for event in events)
    errors = any(event["status"] == Status.ERROR for event in events)
    tested = any(
        event["status"] not in UNTESTED and event["status"] != Status.UNSUPPORTED for event in events
    )
    return "conformant" if tested and not untested and not errors and finished else "incomplete"


def results(
    head: Mapping[str, Any], events: Sequence[Mapping[str, Any]], ended: str | None
) -> dict[str, Any]:
    """The whole results.json; `head` is the run's start event, `ended` None for a run that broke off."""
    kept = (
        "id",
        "method",
        "role",
        "level",
        "family",
        "requirements",
        "status",
        "cause",
        "findings",
        "requests",
        "seconds",
    )
    counts = Counter(event["status"] for event in events)
    return {
        "format": FORMAT,
        "verdict": verdict(events, head["level"], ended is not None),
        "suite": head["suite"],
        "target": head["target"],
        "level": head["level"],
        "seed": head["seed"],
        "started": head["started"],
        "ended": ended,
        "counts": {status.value: counts.get(status.value, 0) for status in Status},
        "cases": [
            {key: event[key] for key in kept} for event in sorted(events, key=lambda event: event["id"])
        ],
    }
