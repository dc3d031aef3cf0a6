"""`qimen compare`: what changed between two runs."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen compare` to the command line."""
    parser = command(commands, "compare", run, say("help-compare"))
    parser.add_argument("old", type=Path, help=say("help-compare-old"))
    parser.add_argument("new", type=Path, help=say("help-compare-new"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.report.compare import compare, lines, snapshot

    found = compare(snapshot(options.old), snapshot(options.new))
    print("\n".join(lines(found, options.language)))
    return int(bool(found.newly_red))
