"""The events of a run that broke off in; what it had created, and may have created, taken back."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pytest_qimen.client.request import mask_query
from pytest_qimen.client.transport import Transport
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.console import plain, width_of
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import Said, say
from pytest_qimen.report.ledger_file import ReadLedger, made_up
from pytest_qimen.runner import Created, Left, Session
from pytest_qimen.target.model import load_target, with_options

CONNECTIONS = 8
SHOWN = 20  # warnings
CUT, WIDE = 60, 160  # columns of a reason and of a name, and of what a request names
HEADS = ("method", "name", "case", "why")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken back, and where; `assigned`: also by the ids that the receiver gave."""

    path: Path
    url: str | None = None
    file: Path | None = None
    assigned: bool = False


def cleanup(wanted: Wanted, out: TextIO, err: TextIO, language: str = "en") -> int:
    """Undo what the events file lists as created or unsure; 1 where something is left behind, in a table.

    The file may be a stranger's: nothing goes anywhere but to the endpoint that is named, and what it takes
    back is listed first.
    """
    path, url, file = wanted.path, wanted.url, wanted.file
    target = with_options(load_target(file), url=url)
    if not target.url:
        raise UsageError(say("cleanup-where"))
    path = path / "events.jsonl" if path.is_dir() else path
    if not path.is_file():
        raise UsageError(say("told", place="cleanup", why=say("no-file-there", path=str(path))))
    warnings: list[Said] = []
    found = ReadLedger(path, warnings.append)
    more = [say("and-more", number=len(warnings) - SHOWN)] if warnings[SHOWN:] else []
    for said in [*warnings[:SHOWN], *more]:
        print(f"qimen: {plain(say('skipped', what=said).text(language))}", file=err)
    ledger = found.ledger
    count = len(ledger.open) + sum(bool(one.undo) for one in ledger.unsure.values())
    if not wanted.assigned:
        ledger.open = {handle: made_up(one) for handle, one in ledger.open.items()}
        ledger.unsure = {handle: made_up(one) for handle, one in ledger.unsure.items()}
    for line in _intended([*ledger.open.values(), *ledger.unsure.values()], mask_query(target.url), language):
        print(line, file=out)
    transport = Transport.to(target)
    try:
        left = ledger.settle(Session(target, transport).undo, 1 if target.rate else CONNECTIONS)
    finally:
        transport.close()
    for line in _table(left, language):
        print(line, file=out)
    if any(not one.entry.name and one.entry.undo for one in left) and not wanted.assigned:
        print(say("left-assigned").text(language), file=out)
    print(say("taken-back", number=count - len(left), all=count).text(language), file=out)
    return int(any(one.sure for one in left))


def _intended(entries: Sequence[Created], url: str, language: str) -> Iterator[str]:
    """Yield where requests go, and what each of them takes back."""
    named = [one for one in entries if one.name]
    if named:
        yield plain(say("takes-back", url=url).text(language))
    for one in named[:SHOWN]:
        told = ", ".join(f"{path} {value}" for path, value in one.undo_set.items())
        yield f"  {one.undo}: {_cut(plain(told), WIDE)}"
    if named[SHOWN:]:
        yield f"  {say('and-more', number=len(named) - SHOWN).text(language)}"


def _table(left: Sequence[Left], language: str) -> Iterator[str]:
    """Yield what is left behind in columns, the same reasons together, the unsure ones last."""
    if not left:
        return
    heads = tuple(say(f"left-{name}").text(language) for name in HEADS)
    rows = [_row(one, language) for one in sorted(left, key=lambda one: (not one.sure, str(one.reason)))]
    widths = [max(map(width_of, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        yield "  ".join(
            text + " " * (width - width_of(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
    unsure = Counter(one.sure for one in left)[False]
    if unsure:
        yield say("left-unsure", number=unsure).text(language)


def _row(left: Left, language: str) -> tuple[str, ...]:
    entry = left.entry
    name = entry.name or ", ".join(entry.keys.values()) or "-"
    return tuple(_cut(plain(text)) for text in (entry.method, name, entry.case, left.reason.text(language)))


def _cut(text: str, width: int = CUT) -> str:
    line = " ".join(text.split())
    while width_of(line) > width:
        line = f"{line[:-2]}…"
    return line


def add_parser(commands: Subparsers) -> None:
    """Add `qimen cleanup` to the command line."""
    parser = command(commands, "cleanup", run, say("help-cleanup"))
    parser.add_argument("events", type=Path, metavar="EVENTS", help=say("help-cleanup-events"))
    parser.add_argument("--url", help=say("help-cleanup-url"))
    parser.add_argument("--target", type=Path, help=say("help-cleanup-target"))
    parser.add_argument("--assigned", action="store_true", help=say("help-cleanup-assigned"))


def run(options: argparse.Namespace) -> int:
    """Take back what the run created; return 1 when something is left behind."""
    wanted = Wanted(options.events, options.url, options.target, options.assigned)
    return cleanup(wanted, sys.stdout, sys.stderr, options.language)
