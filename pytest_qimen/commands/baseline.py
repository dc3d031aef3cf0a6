"""`qimen baseline`: a run's failures as known ones for a target file."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen baseline` to the command line."""
    parser = command(commands, "baseline", run, say("help-baseline"))
    parser.add_argument("folder", type=Path, metavar="DIR", help=say("help-baseline-folder"))
    parser.add_argument("--days", type=int, default=90, help=say("help-baseline-days"))

    parser.add_argument("--globs", action="store_true", help=say("help-baseline-globs"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.report.baseline import baseline
    from pytest_qimen.report.merge import load
    from pytest_qimen.report.personal import masked

    found = masked(load([options.folder]))  # target files are shared
    known = baseline(
        found.head,
        found.cases,
        days=options.days,
        globs=options.globs,
        language=options.language,
    )
    print(known)
    return 0
