"""Two runs in, what changed between them out: newly red, newly green, still red, waived, untested …"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError
from pytest_qimen.report.causes import SEVERITY, is_red, plain
from pytest_qimen.report.merge import read, read_json
from pytest_qimen.report.results import FORMAT

TESTED = frozenset({"pass", "info", "warn", "fail", "stale", "waived"})
NEEDED = ("suite", "target", "cases", "counts")
TITLES = {
    "newly_red": "newly red",
    "still_red": "still red",
    "newly_green": "newly green",
    "waived": "newly waived",
    "untested": "no longer tested",
    "gone": "gone",
    "new": "new",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How every case of a run ended: id -> status; `level` is where red begins."""

    suite: str
    target: str
    level: str
    statuses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A case and its status in both runs; empty where it was not in one."""

    id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every case that is red or has changed, in exactly one list; a new case that is red is newly red."""

    newly_red: tuple[StatusChange, ...]
    still_red: tuple[StatusChange, ...]
    newly_green: tuple[StatusChange, ...]
    waived: tuple[StatusChange, ...]
    untested: tuple[StatusChange, ...]
    gone: tuple[StatusChange, ...]
    new: tuple[StatusChange, ...]
    notes: tuple[str, ...] = ()


def snapshot(path: Path | str) -> Snapshot:
    """A results.json, an events.jsonl or a folder with either; DataError for what is none of them."""
    file = Path(path)
    if file.is_dir() and (file / "results.json").exists():
        file = file / "results.json"
    if file.suffix == ".json":
        return _of_results(file)
    record = read(file)
    return of_events(record.head, record.events)


def of_events(head: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Snapshot:
    """The snapshot of a run from its events."""
    return _snapshot(head, {event["id"]: event["status"] for event in events})


def _of_results(file: Path) -> Snapshot:
    found = read_json(file)
    if not isinstance(found, dict) or not all(key in found for key in NEEDED):
        raise DataError(file, "file", "is no results.json of pytest-qimen")
    if not isinstance(found.get("format"), int) or found["format"] > FORMAT:
        raise DataError(file, "format", f"is {found.get('format')!r}; this version reads up to {FORMAT}")
    try:
        statuses = {case["id"]: case["status"] for case in found["cases"]}
        unknown = sorted(set(statuses.values()) - set(SEVERITY))
    except (KeyError, TypeError):
        raise DataError(file, "cases", "expected a list of cases with id and status") from None
    if unknown:
        raise DataError(file, "cases", f"unknown status {unknown[0]!r}")
    return _snapshot(found, statuses)


def _snapshot(head: Mapping[str, Any], statuses: Mapping[str, str]) -> Snapshot:
    suite = head["suite"]
    return Snapshot(
        f"{suite['version']} ({suite['digest']})", head["target"], head.get("level", "must"), statuses
    )


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """What changed from `old` to `new`; both are judged from the level of `new` on."""
    lists: dict[str, list[StatusChange]] = {name: [] for name in TITLES}
    for identity in sorted({*old.statuses, *new.statuses}):
        change = StatusChange(identity, old.statuses.get(identity, ""), new.statuses.get(identity, ""))
        name = _list(change, new.level)
        if name:
            lists[name].append(change)
    notes = [
        f"the {word} differs: {one} and {other}"
        for word, one, other in (("suite", old.suite, new.suite), ("target", old.target, new.target))
        if one != other
    ]
    return Comparison(**{name: tuple(changes) for name, changes in lists.items()}, notes=tuple(notes))


def _list(change: StatusChange, level: str) -> str:
    """The list to which a change belongs; empty when there is nothing to say."""
    was, is_now = (bool(status) and is_red(status, level) for status in (change.old, change.new))
    if is_now:
        return "still_red" if was else "newly_red"
    if not change.new:
        return "gone"
    if not change.old:
        return "new"
    if change.new not in TESTED and (was or change.old in TESTED):
        return "untested"
    return ("waived" if change.new == "waived" else "newly_green") if was else ""


def lines(comparison: Comparison, most: int = 200) -> Iterator[str]:
    """The comparison as text: counts, then the cases of each list, at most `most` of each."""
    found = {name: getattr(comparison, name) for name in TITLES}
    yield ", ".join(f"{len(changes)} {TITLES[name]}" for name, changes in found.items())
    yield from (f"note: {plain(note)}" for note in comparison.notes)
    for name, changes in found.items():
        if changes:
            yield ""
            yield f"{TITLES[name]} ({len(changes)})"
            for change in changes[:most]:
                both = " -> ".join(filter(None, (change.old, change.new)))
                yield f"  {both:<20} {plain(change.id)}"
            if len(changes) > most:
                yield f"  … and {len(changes) - most} more"
