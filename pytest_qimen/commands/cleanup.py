"""The events of a run that broke off in; what it had created, and may have created, taken back."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from pytest_qimen.client.transport import Transport
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.console import plain
from pytest_qimen.errors import UsageError
from pytest_qimen.report.ledger_file import ReadLedger
from pytest_qimen.report.summary import width_of
from pytest_qimen.runner import Left, Session
from pytest_qimen.target.model import load_target, with_options

CONNECTIONS = 8
SHOWN = 20  # warnings
CUT = 60  # columns of a reason, and of a name
HEADS = ("method", "name", "case", "why")


def cleanup(path: Path, *, url: str | None, file: Path | None, out: TextIO, err: TextIO) -> int:
    """Undo what the events file lists as created or unsure; 1 where something is left behind, in a table."""
    target = with_options(load_target(file), url=url)
    if not target.url:
        raise UsageError("cleanup: name the endpoint with --url or --target")
    if not path.is_file():
        raise UsageError(f"cleanup: there is no file {path}")
    warnings: list[str] = []
    found = ReadLedger(path, warnings.append)
    for said in [*warnings[:SHOWN], *([f"and {len(warnings) - SHOWN} more"] if warnings[SHOWN:] else [])]:
        print(f"qimen: skipped: {plain(said)}", file=err)
    ledger = found.ledger
    count = len(ledger.open) + sum(bool(one.undo) for one in ledger.unsure.values())
    transport = Transport.to(target)
    try:
        left = ledger.settle(Session(target, transport).undo, 1 if target.rate else CONNECTIONS)
    finally:
        transport.close()
    for line in _table(left):
        print(line, file=out)
    print(f"{count - len(left)} of {count} taken back", file=out)
    return int(any(one.sure for one in left))


def _table(left: Sequence[Left]) -> Iterator[str]:
    """Yield what is left behind in columns, the same reasons together, the unsure ones last."""
    if not left:
        return
    rows = [_row(one) for one in sorted(left, key=lambda one: (not one.sure, str(one.reason)))]
    widths = [max(map(width_of, column)) for column in zip(HEADS, *rows, strict=True)]
    for row in (HEADS, *rows):
        yield "  ".join(
            text + " " * (width - width_of(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
    unsure = Counter(one.sure for one in left)[False]
    if unsure:
        yield f"{unsure} of them had no clear answer and may never have been created"


def _row(left: Left) -> tuple[str, ...]:
    entry = left.entry
    name = entry.name or ", ".join(entry.keys.values()) or "-"
    return tuple(_cut(plain(text)) for text in (entry.method, name, entry.case, str(left.reason)))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CUT else f"{line[: CUT - 1]}…"


def add_parser(commands: Subparsers) -> None:
    """Add `qimen cleanup` to the command line."""
    parser = command(commands, "cleanup", run, "take back what an interrupted run created")
    parser.add_argument("events", type=Path, metavar="EVENTS", help="the run's events.jsonl")
    parser.add_argument("--url", help="the endpoint")
    parser.add_argument("--target", type=Path, help="the target file")


def run(options: argparse.Namespace) -> int:
    """Take back what the run created; return 1 when something is left behind."""
    return cleanup(options.events, url=options.url, file=options.target, out=sys.stdout, err=sys.stderr)
