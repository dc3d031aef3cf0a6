"""`qimen explain`: what a case or a requirement wants, and why."""

import argparse

from pytest_qimen.commands.parsers import Subparsers, command


def add_parser(commands: Subparsers) -> None:
    """Add `qimen explain` to the command line."""
    parser = command(commands, "explain", run, "say what a case wants, why, and how to leave it out")
    parser.add_argument("id", help="the id of a case or of a requirement")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.report.explain import about

    print("\n".join(about(options.id)))
    return 0
