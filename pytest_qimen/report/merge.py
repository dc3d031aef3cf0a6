"""Folders with events.jsonl in, one run out, and every form of it written into a folder."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, UsageError, decoded, of_system, opened, unusable
from pytest_qimen.phrases import say
from pytest_qimen.report import badge, har, html, markdown
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import read_events
from pytest_qimen.report.record import EndRecord, RunRecord
from pytest_qimen.report.results import results
from pytest_qimen.report.shards import in_order

LARGEST = 1 << 30  # bytes of a results.json or a certificate


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run: its first line, one record a case, and when it ended (None: it broke off)."""

    head: RunRecord
    cases: tuple[CaseRecord, ...]
    ended: str | None


def read(path: Path | str) -> RecordedRun:
    """Return the run in a folder or an events.jsonl; DataError, naming the line, for anything else."""
    file = Path(path)
    file = file / "events.jsonl" if file.is_dir() else file
    try:
        records = list(read_events(file))
    except OSError as error:
        raise DataError(file, say("the-file"), of_system(error)) from None
    if not records or not isinstance(records[0], RunRecord):
        raise DataError(file, say("line-number", number=1), say("no-run"))
    ended = next((record.ended for record in records if isinstance(record, EndRecord)), None)
    return RecordedRun(records[0], _worst(one for one in records if isinstance(one, CaseRecord)), ended)


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; DataError where there is none."""
    try:
        with opened(path) as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise DataError(path, say("the-file"), say("file-large-bytes", largest=LARGEST))
        return json.loads(decoded(data))
    except OSError as error:
        raise DataError(path, say("the-file"), of_system(error)) from None
    except (ValueError, RecursionError):
        raise DataError(path, say("the-file"), say("no-json")) from None


def _worst(cases: Iterable[CaseRecord]) -> tuple[CaseRecord, ...]:
    """Return one record a case: where there are several, the worst."""
    found: dict[str, CaseRecord] = {}
    for case in cases:
        old = found.get(case.id)
        if old is None or case.status.rank < old.status.rank:
            found[case.id] = case
    return tuple(found.values())


def load(paths: Sequence[Path | str]) -> RecordedRun:
    """Return the runs in `paths` as one; UsageError where they are no shards of one run."""
    return joined(paths, [read(path) for path in paths])


def joined(paths: Sequence[Path | str], runs: Sequence[RecordedRun]) -> RecordedRun:
    """Return these runs, which `paths` hold, as one; UsageError where they are no shards of one run."""
    if not runs:
        raise UsageError(say("report-nothing"))
    for path, run in zip(paths[1:], runs[1:], strict=True):
        if why := _unlike(run.head, runs[0].head):
            raise UsageError(say("no-shard", path=str(path), first=str(paths[0]), **why))
    ends = [run.ended for run in runs]
    return RecordedRun(
        _joined([run.head for run in runs]),
        _worst(case for run in runs for case in run.cases),
        max(end for end in ends if end) if all(ends) else None,
    )


def _joined(heads: Sequence[RunRecord]) -> RunRecord:
    """Return what the heads of shards say between them."""

    return replace(
        heads[0],
        shards=in_order([shard for head in heads for shard in head.shards]),
        seed="+".join(dict.fromkeys(head.seed for head in heads)),
        started=min(head.started for head in heads),
    )


def _identity(head: RunRecord) -> Mapping[str, object]:
    """Return what all shards of a run have in common, by what it is called."""
    keys = ("suite", "side", "target", "url", "level", "roles", "methods", "embedded")
    profile = head.profile.to_json() if head.profile else {}
    caller = head.caller.to_json() if head.caller else {}
    return {
        **{key: getattr(head, key) for key in keys},
        **{f"profile {key}": value for key, value in profile.items()},
        **{f"caller {key}": value for key, value in caller.items()},
        "number of shards": ", ".join(dict.fromkeys(shard.partition("/")[2] for shard in head.shards)),
    }


def _unlike(its: RunRecord, mine: RunRecord) -> Mapping[str, str]:
    """Return the first thing in which two heads differ, as words; empty where they are of one run."""
    theirs, ours = _identity(its), _identity(mine)
    for key in ours:
        if theirs.get(key) != ours[key]:
            return {"key": key, "its": _show(theirs.get(key)), "mine": _show(ours[key])}
    return {}


def _show(value: object) -> str:
    return repr(str(value)) if isinstance(value, str) else str(value)


FORMS: Mapping[str, tuple[str, Callable[[RecordedRun, str], str]]] = {
    "json": (
        "results.json",
        lambda run, _: (
            json.dumps(results(run.head, run.cases, run.ended), ensure_ascii=False, indent=1) + "\n"
        ),
    ),
    "html": ("report.html", lambda run, _: html.render(run.head, run.cases, run.ended)),
    "md": ("summary.md", lambda run, language: markdown.markdown(run.head, run.cases, run.ended, language)),
    "svg": ("badge.svg", lambda run, _: badge.badge(run.head, run.cases, run.ended)),
    "har": (
        "exchanges.har",
        lambda run, _: json.dumps(har.har(run.head, run.cases), ensure_ascii=False, indent=1),
    ),
}


def write(
    run: RecordedRun, folder: Path, forms: Iterable[str] = FORMS, *, language: str = "en"
) -> list[Path]:
    """Write these forms into the folder, all or, where one cannot be made, none; each file in one piece."""
    forms = tuple(forms)
    unknown = [form for form in forms if form not in FORMS]
    if unknown:
        raise UsageError(say("report-form", unknown=unknown[0], forms=", ".join(FORMS)))
    texts = [(folder / FORMS[form][0], FORMS[form][1](run, language)) for form in forms]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts:
            _put(path, text)
    except OSError as error:
        raise unusable("report", folder, error) from None
    return [path for path, _ in texts]


def save(run: RecordedRun, form: str, path: Path) -> None:
    """Write one form into a file of this name."""
    _put(path, FORMS[form][1](run, "en"))


def _put(path: Path, text: str) -> None:
    path = path.resolve()  # a link goes on leading where it leads
    if path.exists() and not path.is_file():  # a device or a pipe takes the text and stays what it is
        path.write_text(text, "utf-8")
        return
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)
