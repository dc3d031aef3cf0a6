"""The events of a run that broke off in; what it had created taken back."""

import argparse
import sys
from pathlib import Path
from typing import TextIO

from pytest_qimen.client.transport import Transport
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.errors import UsageError
from pytest_qimen.report.events import created_in
from pytest_qimen.report.merge import read
from pytest_qimen.runner import Ledger, Session
from pytest_qimen.target.model import load_target, with_options


def cleanup(path: Path, *, url: str | None, file: Path | None, out: TextIO) -> int:
    """Undo what the events file lists as created; 1 where something is left behind, each with its keys."""
    target = with_options(load_target(file), url=url)
    if not target.url:
        raise UsageError("cleanup: name the endpoint with --url or --target")
    if not path.is_file():
        raise UsageError(f"cleanup: there is no file {path}")
    read(path)  # complains of what is no run of ours, and of one of a newer version
    ledger = Ledger()
    for entry in created_in(path):
        ledger.enter(entry)
    count = len(ledger.open)
    transport = Transport.to(target)
    try:
        left = ledger.settle(Session(target, transport).undo)
    finally:
        transport.close()
    for entry in left:
        print(f"left behind: {entry.method} {dict(entry.keys)}", file=out)
    print(f"{count - len(left)} of {count} taken back", file=out)
    return int(bool(left))


def add_parser(commands: Subparsers) -> None:
    """Add `qimen cleanup` to the command line."""
    parser = command(commands, "cleanup", run, "take back what an interrupted run created")
    parser.add_argument("events", type=Path, metavar="EVENTS", help="the run's events.jsonl")
    parser.add_argument("--url", help="the endpoint")
    parser.add_argument("--target", type=Path, help="the target file")


def run(options: argparse.Namespace) -> int:
    """Take back what the run created; return 1 when something is left behind."""
    return cleanup(options.events, url=options.url, file=options.target, out=sys.stdout)
