"""`qimen explain`: what a case or a requirement wants, and why."""

import argparse

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen explain` to the command line."""
    parser = command(commands, "explain", run, say("help-explain"))
    parser.add_argument("id", help=say("help-explain-id"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.report.explain import about

    print("\n".join(about(options.id, options.language)))
    return 0
