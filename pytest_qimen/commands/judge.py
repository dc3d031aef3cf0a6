"""Recordings in, what is wrong with the calls and with the answers out: `qimen judge`."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.errors import UsageError
from pytest_qimen.listening.judge import concluded, judged
from pytest_qimen.listening.model import Arrival, Judged
from pytest_qimen.listening.recorded import recorded
from pytest_qimen.listening.report import Report, opened
from pytest_qimen.listening.tally import Tally as CaseTally
from pytest_qimen.phrases import Phrase, say, text_of
from pytest_qimen.target.caller import NO_CALLER, CallerProfile
from pytest_qimen.target.model import load_target
from pytest_qimen.verdict import Finding, Level, Status, status_of

SHOWN = 20  # findings that are printed for one call


@dataclass(slots=True)
class Tally:
    """What was judged and what could not be, counted while the calls go by."""

    calls: int = 0
    answers: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    bad_answers: int = 0
    lost: Counter[str] = field(default_factory=Counter)


def judge_main(
    files: Sequence[str],
    caller: Caller,
    out: TextIO,
    *,
    language: str = "en",
    notes: bool = False,
    profile: CallerProfile = NO_CALLER,
    report: Report | None = None,
) -> int:
    """Print what is wrong with each recorded call; 0 for nothing, 1 for a broken must or no verdict.

    All recordings are one journal: a key that was used in another file was used. `notes` prints what is only
    observed, too; into a `report` everything is written, with what the `profile` claims and never came.
    DataError for a file that is no recording, UsageError where there is no call.
    """
    tally, journal, cases = Tally(), Journal(), CaseTally(caller, profile, hidden=frozenset(("http",)))
    try:
        for heard in recorded(files):
            tally.calls += 1
            call = Call(heard, tally.calls)
            _count(call, tally)
            found = judged(Arrival(tally.calls, heard), call, caller, journal, answers=True)
            _take(found, tally)
            _print(found, out, language, notes)
            if report:
                cases.add(found)
                report.add(found)
        late = concluded(journal, caller)
        _print_late(late, out, language, notes)
    finally:
        journal.close()
    if not tally.calls:
        raise UsageError(say("judge-nothing"))
    _total(tally, caller, out, language)
    if report:
        cases.conclude(late)
        report.end(list(cases.records(answers=tally.answers > 0)), whole=True)
    is_broken = status_of(one.finding for one in late) is Status.FAIL
    unclear = tally.statuses[Status.ERROR]
    return 1 if tally.statuses[Status.FAIL] or tally.bad_answers or is_broken or unclear else 0


def _count(call: Call, tally: Tally) -> None:
    """Count what this recording does not keep."""
    tally.lost.update(call.heard.lost)
    tally.lost["time"] += call.heard.at is None
    tally.lost["answer"] += call.heard.status is None


def _take(found: Judged, tally: Tally) -> None:
    """Count what became of a call."""
    tally.statuses[found.status] += 1
    if not found.trouble:
        tally.answers += found.call.heard.answer is not None
        tally.bad_answers += status_of(found.answer) is Status.FAIL


def _print(found: Judged, out: TextIO, language: str, notes: bool) -> None:
    if found.trouble:
        print(_printable(found.trouble, language), file=out)
        return
    both = (*found.findings, *found.answer)
    shown = _shown(both, notes)
    status, place = status_of(both).value, found.call.heard.place
    line = say("judge-call", place=place, method=found.method, key=found.key, verdict=status)
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
        "whole": "judge-too-large",
        "sign": "judge-masked",
        "body": "judge-reencoded",
        "message": "judge-no-messages",
        "headers": "judge-no-headers",
        "time": "judge-no-order",
        "answer": "judge-no-answers",
    }
    silent += [
        say(word, number=tally.lost[name], most=xml.MOST) for name, word in words.items() if tally.lost[name]
    ]
    for one in silent:
        print(say("judge-silent", what=one).text(language), file=out)


def add_parser(commands: Subparsers) -> None:
    """Add `qimen judge` to the command line."""
    parser = command(commands, "judge", run, say("help-judge"))
    parser.add_argument("files", nargs="+", metavar="FILE", help=say("help-judge-files"))
    parser.add_argument("--target", metavar="TOML", help=say("help-judge-target"))
    parser.add_argument("--report", type=Path, metavar="DIR", help=say("help-judge-report"))
    parser.add_argument("--notes", action="store_true", help=say("help-judge-notes"))


def run(options: argparse.Namespace) -> int:
    """Judge the recordings; 1 where a must is broken."""
    target = load_target(options.target)
    prefixed = target.prefixed if options.target else None  # the environment tells no form of methods
    caller = Caller(target.app_key, target.secret, target.session, prefixed)
    name = target.name or Path(options.files[0]).name
    with opened(options.report, name, "", Level.MUST, target.caller) as report:
        return judge_main(
            options.files,
            caller,
            sys.stdout,
            language=options.language,
            notes=options.notes,
            profile=target.caller,
            report=report,
        )
