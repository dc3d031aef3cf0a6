"""Folders with events.jsonl in, one run out, and every form of it written into a folder."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, UsageError
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
        raise DataError(file, "file", error.strerror or str(error)) from None
    if not records or not isinstance(records[0], RunRecord):
        raise DataError(file, "line 1", "is not the start of a run of pytest-qimen")
    ended = next((record.ended for record in records if isinstance(record, EndRecord)), None)
    return RecordedRun(records[0], _worst(one for one in records if isinstance(one, CaseRecord)), ended)


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; DataError where there is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(path, "file", f"is larger than {LARGEST} bytes")
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(path, "file", error.strerror or str(error)) from None
    except (ValueError, RecursionError):
        raise DataError(path, "file", "is no JSON") from None


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
    runs = [read(path) for path in paths]
    if not runs:
        raise UsageError("report: expected at least one folder with an events.jsonl")
    first = runs[0].head
    for path, run in zip(paths[1:], runs[1:], strict=True):
        theirs = _identity(run.head)
        for key, mine in _identity(first).items():
            if (its := theirs.get(key)) != mine:
                raise UsageError(
                    f"report: {path} is no shard of {paths[0]}: {key} {_show(its)} instead of {_show(mine)}"
                )
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
    keys = ("suite", "target", "url", "level", "roles", "methods", "embedded")
    profile = head.profile.to_json() if head.profile else {}
    return {
        **{key: getattr(head, key) for key in keys},
        **{f"profile {key}": value for key, value in profile.items()},
        "number of shards": ", ".join(dict.fromkeys(shard.partition("/")[2] for shard in head.shards)),
    }


def _show(value: object) -> str:
    return repr(str(value)) if isinstance(value, str) else str(value)


FORMS: Mapping[str, tuple[str, Callable[[RecordedRun], str]]] = {
    "json": (
        "results.json",
        lambda run: json.dumps(results(run.head, run.cases, run.ended), ensure_ascii=False, indent=1) + "\n",
    ),
    "html": ("report.html", lambda run: html.render(run.head, run.cases, run.ended)),
    "md": ("summary.md", lambda run: markdown.markdown(run.head, run.cases, run.ended)),
    "svg": ("badge.svg", lambda run: badge.badge(run.head, run.cases, run.ended)),
    "har": (
        "exchanges.har",
        lambda run: json.dumps(har.har(run.head, run.cases), ensure_ascii=False, indent=1),
    ),
}


def write(run: RecordedRun, folder: Path, forms: Iterable[str] = FORMS) -> list[Path]:
    """Write these forms into the folder, all or, where one cannot be made, none; each file in one piece."""
    forms = tuple(forms)
    unknown = [form for form in forms if form not in FORMS]
    if unknown:
        raise UsageError(f"report: unknown form {unknown[0]!r}; expected some of {', '.join(FORMS)}")
    texts = [(folder / FORMS[form][0], FORMS[form][1](run)) for form in forms]
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts:
        _put(path, text)
    return [path for path, _ in texts]


def save(run: RecordedRun, form: str, path: Path) -> None:
    """Write one form into a file of this name."""
    _put(path, FORMS[form][1](run))


def _put(path: Path, text: str) -> None:
    path = path.resolve()  # a link goes on leading where it leads
    if path.exists() and not path.is_file():  # a device or a pipe takes the text and stays what it is
        path.write_text(text, "utf-8")
        return
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)
