"""Folders with events.jsonl in, one Record out, and every form of it written into a folder."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.report import badge, har, html, markdown
from pytest_qimen.report.causes import SEVERITY
from pytest_qimen.report.events import FORMAT, read_events
from pytest_qimen.report.results import results

Event = Mapping[str, Any]
SAME = ("suite", "target", "url", "level")
NEEDED = {
    "run": ("format", "suite", "target", "level", "seed", "started"),
    "case": (
        *("id", "method", "role", "level", "family", "status", "cause"),
        *("findings", "requirements", "requests", "seconds"),
    ),
    "end": ("ended",),
}
FINDING = frozenset({"check", "level", "path", "expected", "actual", "clause", "step"})


@dataclass(frozen=True, slots=True)
class Record:
    """A run: its start event, one event a case, and when it ended (None: it broke off)."""

    head: Event
    events: tuple[Event, ...]
    ended: str | None


def read(path: Path | str) -> Record:
    """The run in a folder or an events.jsonl; DataError, naming the line, for anything else."""
    file = Path(path)
    file = file / "events.jsonl" if file.is_dir() else file
    try:
        events = list(read_events(file))
    except OSError as error:
        raise DataError(file, "file", error.strerror or str(error)) from None
    if not events or events[0]["type"] != "run":
        raise DataError(file, "line 1", "is not the start of a run of pytest-qimen")
    head = events[0]
    if not isinstance(head.get("format"), int) or head["format"] > FORMAT:
        raise DataError(
            file, "line 1", f"is of format {head.get('format')!r}; this version reads up to {FORMAT}"
        )
    for number, event in enumerate(events, 1):
        if complaint := _complaint(event):
            raise DataError(file, f"line {number}", complaint)
    ended = next((event["ended"] for event in events if event["type"] == "end"), None)
    return Record(head, _worst(event for event in events if event["type"] == "case"), ended)


def read_json(path: Path) -> Any:
    """What a JSON file holds; DataError where there is none."""
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(path, "file", error.strerror or str(error)) from None
    except (ValueError, RecursionError):
        raise DataError(path, "file", "is no JSON") from None


def _complaint(event: Event) -> str:
    """Why this is no event of ours; empty when it is one."""
    missing = [key for key in NEEDED.get(event["type"], ()) if key not in event]
    if missing:
        return f"lacks {', '.join(missing)}"
    if event["type"] == "run" and not {"version", "digest"} <= set(event["suite"]):
        return "names no suite"
    if event["type"] == "case" and event["status"] not in SEVERITY:
        return f"has an unknown status {event['status']!r}"
    if event["type"] == "case" and not all(set(found) >= FINDING for found in event["findings"]):
        return "has an incomplete finding"
    return ""


def _worst(events: Iterable[Event]) -> tuple[Event, ...]:
    """One event a case, by its id: where there are several, the worst."""
    found: dict[str, Event] = {}
    for event in events:
        old = found.get(event["id"])
        if old is None or SEVERITY.index(event["status"]) < SEVERITY.index(old["status"]):
            found[event["id"]] = event
    return tuple(found.values())


def load(paths: Sequence[Path | str]) -> Record:
    """The runs in `paths` as one; UsageError where they are shards of different suites or targets."""
    records = [read(path) for path in paths]
    if not records:
        raise UsageError("report: expected at least one folder with an events.jsonl")
    first = records[0]
    for path, record in zip(paths[1:], records[1:], strict=True):
        for key in SAME:
            if record.head.get(key) != first.head.get(key):
                raise UsageError(
                    f"report: {path} is no shard of {paths[0]}: "
                    f"{key} {_show(record.head.get(key))} instead of {_show(first.head.get(key))}"
                )
    ends = [record.ended for record in records]
    return Record(
        {**first.head, **_joined([record.head for record in records])},
        _worst(event for record in records for event in record.events),
        max(end for end in ends if end) if all(ends) else None,
    )


def _joined(heads: Sequence[Event]) -> dict[str, Any]:
    """What the heads of shards say between them."""
    chosen = {
        key: sorted({name for head in heads for name in head.get(key, [])}, key=str)
        for key in ("roles", "methods", "shards")
    }
    return chosen | {
        "seed": "+".join(dict.fromkeys(head["seed"] for head in heads)),
        "started": min(head["started"] for head in heads),
    }


def _show(value: Any) -> str:
    return f"{value.get('version')} ({value.get('digest')})" if isinstance(value, dict) else repr(value)


FORMS: Mapping[str, tuple[str, Callable[[Record], str]]] = {
    "json": (
        "results.json",
        lambda run: json.dumps(results(run.head, run.events, run.ended), ensure_ascii=False, indent=1) + "\n",
    ),
    "html": ("report.html", lambda run: html.render(run.head, run.events, run.ended)),
    "md": ("summary.md", lambda run: markdown.markdown(run.head, run.events, run.ended)),
    "svg": ("badge.svg", lambda run: badge.badge(run.head, run.events, run.ended)),
    "har": (
        "exchanges.har",
        lambda run: json.dumps(har.har(run.head, run.events), ensure_ascii=False, indent=1),
    ),
}


def write(record: Record, folder: Path, forms: Iterable[str] = FORMS) -> list[Path]:
    """Write these forms into the folder, all or, where one cannot be made, none; each file in one piece."""
    forms = tuple(forms)
    unknown = [form for form in forms if form not in FORMS]
    if unknown:
        raise UsageError(f"report: unknown form {unknown[0]!r}; expected some of {', '.join(FORMS)}")
    texts = [(folder / FORMS[form][0], FORMS[form][1](record)) for form in forms]
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts:
        _put(path, text)
    return [path for path, _ in texts]


def save(record: Record, form: str, path: Path) -> None:
    """Write one form into a file of this name."""
    _put(path, FORMS[form][1](record))


def _put(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)
