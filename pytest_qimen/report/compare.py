"""Two runs in, what changed between them out: newly red, newly green, still red, waived, untested …"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_qimen.console import plain
from pytest_qimen.errors import DataError
from pytest_qimen.phrases import Phrase, counted, say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.members import Members, Unfit
from pytest_qimen.report.merge import read, read_json
from pytest_qimen.report.record import FORMAT, RunRecord, Suite
from pytest_qimen.verdict import Level, Status

RED = ("newly_red", "still_red")
LISTS = (*RED, "newly_green", "waived", "untested", "gone", "new")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How every case of a run ended: id -> status; `level` is where red begins."""

    suite: str
    target: str
    level: str
    statuses: Mapping[str, Status]


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A case and its status in both runs; None where it was not in one."""

    id: str
    old: Status | None
    new: Status | None


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
    notes: tuple[Phrase, ...] = ()


def snapshot(path: Path | str) -> Snapshot:
    """Return a results.json, an events.jsonl or a folder with either; DataError for what is none of them."""
    file = Path(path)
    if file.is_dir() and (file / "results.json").exists():
        file = file / "results.json"
    if file.suffix == ".json":
        return _of_results(file)
    run = read(file)
    return of_run(run.head, run.cases)


def of_run(head: RunRecord, cases: Sequence[CaseRecord]) -> Snapshot:
    """Return the snapshot of a run."""
    return Snapshot(str(head.suite), head.target, head.level, {case.id: case.status for case in cases})


def _of_results(file: Path) -> Snapshot:
    found = read_json(file)
    try:
        members = Members(found)
        if "cases" not in members or "counts" not in members:
            raise Unfit(say("no-results"))
        if members.whole("format") > FORMAT:
            raise Unfit(say("file-format", found=found["format"], format=FORMAT))
        level = members.one_of("level", Level) if "level" in members else Level.MUST
        suite = Suite.from_json(found.get("suite"))
        return Snapshot(str(suite), members.text("target"), level, dict(members.list_of("cases", _status)))
    except Unfit as error:
        raise DataError(file, say("the-file"), error.said) from None


def _status(found: Any, place: str) -> tuple[str, Status]:
    members = Members(found, place)
    return members.text("id"), members.one_of("status", Status)


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """Return what changed from `old` to `new`; both are judged from the level of `new` on."""
    lists: dict[str, list[StatusChange]] = {name: [] for name in LISTS}
    for identity in sorted({*old.statuses, *new.statuses}):
        change = StatusChange(identity, old.statuses.get(identity), new.statuses.get(identity))
        name = _list(change, new.level)
        if name:
            lists[name].append(change)
    notes = [
        say(f"differs-{word}", one=one, other=other)
        for word, one, other in (("suite", old.suite, new.suite), ("target", old.target, new.target))
        if one != other
    ]
    return Comparison(**{name: tuple(changes) for name, changes in lists.items()}, notes=tuple(notes))


def _list(change: StatusChange, level: str) -> str:
    """Return the list to which a change belongs; empty when there is nothing to say."""
    was, is_now = (status is not None and status.fails(level) for status in (change.old, change.new))
    if is_now:
        return "still_red" if was else "newly_red"
    if not change.new:
        return "gone"
    if not change.old:
        return "new"
    if not change.new.is_judged and (was or change.old.is_judged):
        return "untested"
    return ("waived" if change.new is Status.WAIVED else "newly_green") if was else ""


def lines(comparison: Comparison, language: str = "en", most: int = 200) -> Iterator[str]:
    """Yield the comparison as text: counts, then what changed: `most` lines a list of red, else a tenth."""
    found = {name: getattr(comparison, name) for name in LISTS}
    yield ", ".join(_count(name, changes, language) for name, changes in found.items())
    for note in comparison.notes:
        yield plain(f"{say('note').text(language)}: {note.text(language)}")
    for name, changes in found.items():
        shown = [change for change in changes if change.old is not change.new][
            : most if name in RED else most // 10
        ]
        if not shown:
            continue
        yield ""
        yield f"{_count(name, changes, language)}:"
        for change in shown:
            both = " -> ".join(filter(None, (change.old, change.new)))
            yield f"  {both:<20} {plain(change.id)}"
        if len(changes) > len(shown):
            yield f"  {say('and-more', number=len(changes) - len(shown)).text(language)}"


def _count(name: str, changes: Sequence[StatusChange], language: str) -> str:
    return counted(f"count-compare-{name}", len(changes)).text(language)
