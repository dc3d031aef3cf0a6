"""Files and folders of recordings in, their calls out, those of one folder in the order of their times."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from pathlib import Path

from pytest_qimen.calls import recording
from pytest_qimen.calls.bounds import bounded
from pytest_qimen.calls.call import Heard
from pytest_qimen.errors import DataError, UsageError, of_system
from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord
from pytest_qimen.report.events import read_events

SUFFIXES = (".har", ".http", ".jsonl", ".log")


def recorded(files: Sequence[str]) -> Iterator[Heard]:
    """Yield the calls of all files; a folder is one recording in several files.

    Its calls come in the order of their times; those of a file that keeps none stay together.
    """
    for name in files:
        path = Path(name)
        if not path.is_dir():
            yield from _calls(path)
            continue
        inside = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES)
        if not inside:
            raise UsageError(say("folder-lacks", name=name, suffixes=", ".join(SUFFIXES)))
        for _, _, _, heard in merge(*(_timed(place, file) for place, file in enumerate(inside))):
            yield heard


def _timed(place: int, file: Path) -> Iterator[tuple[float, int, int, Heard]]:
    """Yield the calls of a file with what orders them among those of others."""
    last = 0.0
    for number, heard in enumerate(_calls(file)):
        last = max(last, _seconds(heard.at))
        yield last, place, number, heard


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _calls(path: Path) -> Iterator[Heard]:
    return map(bounded, _events(path) if path.suffix == ".jsonl" else recording.read_recording(path))


def _events(path: Path) -> Iterator[Heard]:
    """Yield the exchanges of an events.jsonl, of which only cases with evidence keep any.

    Of a session that listened, several cases keep one call: it counts once.
    """
    seen: set[int] = set()
    try:
        for record in read_events(path):
            for one in record.exchanges if isinstance(record, CaseRecord) else ():
                same = hash((one.request.url, one.request.body, one.body, one.seconds))
                if same not in seen:
                    seen.add(same)
                    yield _exchange(one)
    except OSError as error:
        raise DataError(path, say("the-file"), of_system(error)) from None


def _exchange(found: ExchangeRecord) -> Heard:
    request = found.request
    return Heard(
        found.id,
        request.http_method,
        request.url,
        request.headers,
        request.body,
        None,
        found.status or 0,
        found.body if found.status else None,
        found.headers,
        frozenset(recording.masked(request.url)),
    )
