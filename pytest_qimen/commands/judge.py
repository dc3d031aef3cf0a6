"""Recordings in, what is wrong with the calls and with the answers out: `qimen judge`."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pytest_qimen.calls import recording
from pytest_qimen.calls.call import Call, Caller, Heard
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.judging import conclude, judge
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.listening.answers import judge_answer
from pytest_qimen.phrases import LANGUAGES, Phrase, say, text_of
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord
from pytest_qimen.report.events import read_events
from pytest_qimen.target.model import load_target
from pytest_qimen.verdict import Finding, Status, status_of

SHOWN = 20  # findings that are printed for one call
SUFFIXES = (".har", ".http", ".jsonl")


@dataclass(slots=True)
class Tally:
    """What was judged and what could not be, counted while the calls go by."""

    calls: int = 0
    answers: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    bad_answers: int = 0
    lost: Counter[str] = field(default_factory=Counter)


def judge_main(
    files: Sequence[str], caller: Caller, out: TextIO, *, language: str = "en", notes: bool = False
) -> int:
    """Print what is wrong with each recorded call; 0 for nothing, 1 where a must is broken.

    All recordings are one journal: a key that was used in another file was used. `notes` prints what is only
    observed, too. DataError for a file that is no recording, UsageError where there is no call.
    """
    tally, journal = Tally(), Journal()
    try:
        for heard in recorded(files):
            tally.calls += 1
            call = Call(heard, tally.calls)
            _count(call, tally)
            found = judge(call, caller, journal)
            said = tuple(judge_answer(call, caller))
            tally.statuses[status_of(found)] += 1
            tally.answers += heard.answer is not None
            tally.bad_answers += status_of(said) is Status.FAIL
            _print(call, (*found, *said), out, language, notes)
        late = conclude(journal)
        _print_late(late, out, language, notes)
    finally:
        journal.close()
    if not tally.calls:
        raise UsageError("no recorded request names a method: nothing to judge")
    _total(tally, caller, out, language)
    is_broken = status_of(one.finding for one in late) is Status.FAIL
    return 1 if tally.statuses[Status.FAIL] or tally.bad_answers or is_broken else 0


def recorded(files: Sequence[str]) -> Iterator[Heard]:
    """Yield the calls of all files; a folder stands for the recordings in it, in the order of their names."""
    for name in files:
        path = Path(name)
        inside = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"{name}: no {', '.join(SUFFIXES)} in this folder")
        for file in inside:
            yield from _events(file) if file.suffix == ".jsonl" else recording.read_recording(file)


def _events(path: Path) -> Iterator[Heard]:
    """Yield the exchanges of an events.jsonl, of which only cases with evidence keep any."""
    try:
        for record in read_events(path):
            if isinstance(record, CaseRecord):
                yield from (_exchange(one) for one in record.exchanges)
    except OSError as error:
        raise DataError(path, "file", error.strerror or str(error)) from None


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


def _count(call: Call, tally: Tally) -> None:
    """Count what this recording does not keep."""
    tally.lost.update(call.heard.lost)
    tally.lost["time"] += call.heard.at is None
    tally.lost["answer"] += call.heard.status is None


def _print(call: Call, found: Sequence[Finding], out: TextIO, language: str, notes: bool) -> None:
    shown = _shown(found, notes)
    key = next((one.value for one in call.keys), "-")
    status = status_of(found).value
    line = say(
        "judge-call", place=call.heard.place, method=call.get("method") or "-", key=key, verdict=status
    )
    print(_printable(line, language), file=out)
    for one in shown[:SHOWN]:
        print(f"  {_printable(_said(one, language), language)}", f"      {one.clause}", sep="\n", file=out)
    if len(shown) > SHOWN:
        print(f"  {say('judge-and-more', number=len(shown) - SHOWN).text(language)}", file=out)


def _shown(found: Iterable[Finding], notes: bool) -> list[Finding]:
    """Return what is printed, the worst first."""
    return sorted((one for one in found if notes or one.level.is_judged), key=lambda one: one.level.rank)


def _print_late(found: Sequence[Late], out: TextIO, language: str, notes: bool) -> None:
    """Print what is only known when no more calls come, for each call that it is about."""
    for place, method in dict.fromkeys((one.place, one.method) for one in found):
        rows = _shown((one.finding for one in found if (one.place, one.method) == (place, method)), notes)
        if rows:
            print(_printable(say("judge-late", place=place, method=method), language), file=out)
        for one in rows[:SHOWN]:
            print(
                f"  {_printable(_said(one, language), language)}", f"      {one.clause}", sep="\n", file=out
            )


def _said(found: Finding, language: str) -> Phrase:
    return say(
        "judge-finding",
        level=found.level.value,
        check=found.check,
        path=found.path or "-",
        expected=text_of(found.expected, language),
        actual=text_of(found.actual, language)[:300],
    )


def _printable(line: Phrase, language: str) -> str:
    """Return the line without line breaks and control characters of the other side."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in line.text(language))


def _total(tally: Tally, caller: Caller, out: TextIO, language: str) -> None:
    total = say(
        "judge-total",
        calls=tally.calls,
        failed=tally.statuses[Status.FAIL],
        warned=tally.statuses[Status.WARN],
        answers=tally.answers,
        bad=tally.bad_answers,
    )
    print(total.text(language), file=out)
    silent = [] if caller.secret else [say("judge-no-secret")]
    words = {
        "sign": "judge-masked",
        "body": "judge-reencoded",
        "headers": "judge-no-headers",
        "time": "judge-no-order",
        "answer": "judge-no-answers",
    }
    silent += [say(word, number=tally.lost[name]) for name, word in words.items() if tally.lost[name]]
    for one in silent:
        print(say("judge-silent", what=one).text(language), file=out)


def caller_of(file: str | None) -> Caller:
    """Return the caller that a target file describes, or the environment: it tells no form of methods."""
    target = load_target(file)
    return Caller(target.app_key, target.secret, target.session, target.prefixed if file else None)


def add_parser(commands: Subparsers) -> None:
    """Add `qimen judge` to the command line."""
    parser = command(commands, "judge", run, "judge recorded calls (HAR, .http, events.jsonl)")
    parser.add_argument("files", nargs="+", metavar="FILE", help=".har, .http, .jsonl, or a folder of them")
    parser.add_argument("--target", metavar="TOML", help="whose calls they are: app key, secret, prefixed")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the output")
    parser.add_argument("--notes", action="store_true", help="print what is only observed, too")


def run(options: argparse.Namespace) -> int:
    """Judge the recordings; 1 where a must is broken."""
    caller = caller_of(options.target)
    return judge_main(options.files, caller, sys.stdout, language=options.lang, notes=options.notes)
