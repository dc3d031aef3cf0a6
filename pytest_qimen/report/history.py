"""Runs in, a line each in history.jsonl out; and the lines of that file read, with the cases that changed."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, UsageError, of_system, opened
from pytest_qimen.phrases import say
from pytest_qimen.report.lock import FolderLock
from pytest_qimen.report.members import Members, Unfit, as_whole
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Json, Suite
from pytest_qimen.report.results import verdict
from pytest_qimen.verdict import Status

NAME, FORMAT = "history.jsonl", 1
LARGEST = 64 << 20  # bytes of the file
CASES = 20_000  # whose status one line tells
SHOWN = 200  # runs, the last ones
VERDICTS = ("conformant", "non-conformant", "incomplete")
PLAIN = (Status.PASS, Status.INFO, Status.UNSUPPORTED)  # of which a line keeps the number only
JUDGED = (Status.FAIL, Status.WARN)  # what changes without a cause that the record names


@dataclass(frozen=True, slots=True)
class Entry:
    """A run: `told` holds the cases of every status but pass, info and unsupported, sorted."""

    started: str
    ended: str | None
    seed: str
    suite: Suite
    target: str
    level: str
    methods: tuple[str, ...]
    verdict: str
    counts: Mapping[str, int]
    told: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, run: RecordedRun) -> "Entry":
        """Return the line about a run."""
        head, told = run.head, dict[str, list[str]]()
        for case in run.cases:
            if case.status not in PLAIN:
                told.setdefault(case.status.value, []).append(case.id)
        return cls(
            head.started,
            run.ended,
            head.seed,
            head.suite,
            head.target,
            head.level.value,
            tuple(sorted({case.api for case in run.cases})),
            verdict(run.cases, head.level, run.ended is not None, head.shards),
            dict(Counter(case.status.value for case in run.cases)),
            {status: tuple(sorted(ids)[:CASES]) for status, ids in sorted(told.items())},
        )

    @property
    def same(self) -> tuple[Suite, str, tuple[str, ...]]:
        """Return what two runs must share for their cases to be compared."""
        return self.suite, self.target, self.methods

    def to_json(self) -> Json:
        """Return the line."""
        return {
            "format": FORMAT,
            "started": self.started,
            "ended": self.ended,
            "seed": self.seed,
            "suite": self.suite.to_json(),
            "target": self.target,
            "level": self.level,
            "methods": list(self.methods),
            "verdict": self.verdict,
            "counts": dict(self.counts),
            "told": {status: list(ids) for status, ids in self.told.items()},
        }

    @classmethod
    def from_json(cls, found: Any) -> "Entry":
        """Return the entry; Unfit for another kind of line or one of a newer format."""
        members = Members(found)
        if members.whole("format") > FORMAT:
            raise Unfit(say("file-format", found=found["format"], format=FORMAT))
        told = Members(found.get("told"), "told")
        said = members.text("verdict")
        if said not in VERDICTS:
            raise Unfit(say("member-verdict", verdicts=", ".join(VERDICTS), said=said[:40]))
        return cls(
            members.time("started"),
            None if found.get("ended") is None else members.time("ended"),
            members.text("seed"),
            Suite.from_json(found.get("suite")),
            members.text("target"),
            members.text("level"),
            members.texts("methods"),
            said,
            members.named("counts", as_whole),
            {str(status): told.texts(status)[:CASES] for status in told.found},
        )


def keep(run: RecordedRun, folder: Path) -> list[Entry]:
    """Append the run to the folder's history unless it is there, and return all runs.

    One process at a time writes; UsageError where another one does, or where the file is full, DataError for
    a file that is no history.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = FolderLock(folder, "--history")
    try:
        path, entry = folder / NAME, Entry.of(run)
        found = read_history(path) if path.exists() else []
        if any((one.started, one.seed) == (entry.started, entry.seed) for one in found):
            return found
        line = json.dumps(entry.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n"
        size = path.stat().st_size if path.exists() else 0
        if size + len(line.encode("utf-8", "surrogatepass")) > LARGEST:
            raise UsageError(say("history-full", path=str(path), largest=LARGEST >> 20))
        with path.open("a", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            file.write(line)
        return sorted([*found, entry], key=lambda one: one.started)
    finally:
        held.release()


def read_history(path: Path) -> list[Entry]:
    """Return the runs in the order in which they began; DataError names the line that does not fit."""
    try:
        with opened(path) as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise DataError(path, say("the-file"), of_system(error)) from None
    if len(data) > LARGEST:
        raise DataError(path, say("the-file"), say("file-large", largest=LARGEST >> 20))
    found = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            found.append(Entry.from_json(json.loads(line)))
        except (ValueError, RecursionError) as error:
            reason = error.said if isinstance(error, Unfit) else say("history-line")
            raise DataError(path, say("line-number", number=number), reason) from None
    return sorted(found, key=lambda one: one.started)


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose status changed: that of every run of `runs` (places in the history), in their order."""

    id: str
    runs: tuple[int, ...]
    statuses: tuple[str, ...]

    @property
    def is_flaky(self) -> bool:
        """Return True when it changed and changed back: mending changes a status only once."""
        return sum(one != other for one, other in zip(self.statuses, self.statuses[1:], strict=False)) > 1


def changes(entries: Sequence[Entry]) -> list[Change]:
    """Return the cases that changed between whole runs of one suite, target and set of methods; flaky first.

    A status with a cause that the record names (blocked, error, waived, stale, untested) is no change.
    """
    found: dict[tuple[object, str], list[tuple[int, str]]] = {}
    groups: dict[object, list[int]] = {}
    for place, entry in enumerate(entries):
        if entry.ended is not None:
            groups.setdefault(entry.same, []).append(place)
    for same, places in groups.items():
        names = {
            name for place in places for status in JUDGED for name in entries[place].told.get(status, ())
        }
        for place in places:
            status_of = {name: status for status, ids in entries[place].told.items() for name in ids}
            for name in names:
                status = status_of.get(name, "pass")
                if status in (*JUDGED, "pass"):
                    found.setdefault((same, name), []).append((place, status))
    every = [Change(name, *map(tuple, zip(*rows, strict=True))) for (_, name), rows in found.items()]
    changed = [one for one in every if len(set(one.statuses)) > 1]
    return sorted(changed, key=lambda one: (not one.is_flaky, one.id, one.runs))
