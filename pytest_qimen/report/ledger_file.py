"""The ledger in events.jsonl: read back, whatever else is broken; set aside before a new run."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pytest_qimen import xml
from pytest_qimen.errors import DataError, opened
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.report.members import Unfit
from pytest_qimen.report.record import AnsweredRecord, CreatedRecord, EndRecord, RunRecord
from pytest_qimen.runner import Created, Ledger
from pytest_qimen.spec import load_api, methods

LONGEST = 1 << 26  # bytes of a line
OTHER = b'{"type":"case",'  # how the lines begin that are no part of the ledger, and most of the file
SEED = re.compile(r"Q[0-9A-Z]{5}[0-9A-Z]")
Warn = Callable[[Said], None]


def ledgers(folder: Path) -> list[Path]:
    """Return the files in which workers on this machine keep theirs."""
    return sorted(folder.glob("created-*.jsonl"))


class ReadLedger:
    """What an events file and the ledgers of workers beside it say was created; `warn` hears of bad lines."""

    def __init__(self, path: Path, warn: Warn) -> None:
        """Raises DataError for what is no run of ours."""
        self.ledger = Ledger()
        self.head: RunRecord | None = None
        self.is_over = False
        self._warn = warn
        for file in (path, *ledgers(path.parent)):
            for number, line in enumerate(_lines(file), 1):
                try:
                    self._take(line, first=file == path and number == 1)
                except (Unfit, ValueError, RecursionError) as error:
                    reason = error.said if isinstance(error, Unfit) else say("no-json")
                    if self.head is None:
                        raise DataError(file, say("line-number", number=number), reason) from None
                    warn(say("skipped-line", file=str(file), number=number, reason=reason))
        if self.head is None:
            raise DataError(path, say("line-number", number=1), say("no-run"))
        self._drop_strange(path, self.head.seed)

    def _take(self, line: bytes, first: bool) -> None:
        found: Any = json.loads(line)
        kind = found.get("type") if isinstance(found, dict) else None
        if not isinstance(kind, str):
            raise Unfit(say("no-event"))
        if first:
            self.head = RunRecord.from_json(found)
        elif kind == "end":
            self.is_over = bool(EndRecord.from_json(found))
        elif kind in ("intent", "created"):
            self._enter(CreatedRecord.from_json(found).entry, kind == "created")
        elif kind == "refused":
            self.ledger.refused(AnsweredRecord.from_json(found).id)

    def _enter(self, entry: Created, sure: bool) -> None:
        if sure:
            self.ledger.enter(entry)
        else:
            self.ledger.unsure[entry.id] = entry

    def _drop_strange(self, path: Path, seed: str) -> None:
        """Take out what no run of the suite can have written: a stranger's ledger takes nothing else back."""
        known: tuple[dict[Any, Created], ...] = (self.ledger.open, self.ledger.unsure)
        for entries in known:
            for handle, entry in list(entries.items()):
                if why := _objection(entry, seed):
                    self._warn(say("told", place=str(path), why=why))
                    del entries[handle]


@cache
def _undos() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return how each method is taken back, by it and what undoes it."""
    apis = [load_api(name) for name in methods()]
    return {(api.method, api.undo["method"]): api.undo for api in apis if api.undo}


def _objection(entry: Created, seed: str) -> Phrase | None:
    """Return why an entry is nothing that a run of the suite can have created; None when it may be."""
    if not entry.undo:
        return None
    places = _places(entry)
    alike = [path for path in places if path in entry.undo_set] == list(
        entry.undo_set
    )  # the first one names it
    literal = all(
        place == entry.undo_set.get(path, place) for path, place in places.items() if ":" not in place
    )
    if not places or not alike or not literal or (entry.name and next(iter(places)) not in entry.undo_set):
        with_ = ", ".join(f"{path} {value}" for path, value in entry.undo_set.items())
        return say("undo-strange", method=entry.method, undo=entry.undo, names=with_)
    if any(not xml.is_legal_text(value) for value in entry.undo_set.values()):
        return say("undo-unwritable", undo=entry.undo)
    if not entry.name or places[next(iter(places))].startswith("response:"):
        return None
    own = SEED.fullmatch(seed) is not None and entry.name.startswith(seed[:6]) and entry.name != seed[:6]
    return None if own else say("key-strange", name=entry.name)


def _places(entry: Created) -> Mapping[str, str]:
    """Return where each value comes from that takes an entry back, the one that names it first."""
    undo = _undos().get((entry.method, entry.undo))
    found: Mapping[str, str] = undo["set"] if undo else {}
    return found


def made_up(entry: Created) -> Created:
    """Return the entry with what the run itself made up, and nothing that the receiver gave it.

    Nobody can tell an id of the receiver from that of somebody's real order: it may not even be named.
    """
    places = _places(entry)
    own = {
        path: value
        for path, value in entry.undo_set.items()
        if not places.get(path, "").startswith("response:")
    }
    named = own if next(iter(places), "") in own else {}
    return entry if own == entry.undo_set else replace(entry, undo_set=named)


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of the ledger, a last half line left out."""
    with opened(path) as file:
        while line := file.readline(LONGEST):
            if not line.startswith(OTHER) and (line.endswith(b"\n") or len(line) == LONGEST):
                yield line


def set_aside(folder: Path) -> Path | None:
    """Rename the record of a run that broke off and left something, with its workers' ledgers; its new name.

    Whatever else is there is no loss: the embedded endpoint has gone with its run, and a run that came to
    its end has told what it left.
    """
    path = folder / "events.jsonl"
    try:
        found = ReadLedger(path, lambda said: None)
    except (DataError, OSError):
        return None
    ledger = found.ledger
    if found.is_over or (found.head and found.head.embedded) or not (ledger.open or ledger.unsure):
        return None
    kept = next(
        place for number in range(1, 10_000) if not (place := folder / f"interrupted-{number}.jsonl").exists()
    )
    with path.open("ab") as file:
        for part in ledgers(folder):
            file.write(part.read_bytes())
    path.rename(kept)
    return kept
