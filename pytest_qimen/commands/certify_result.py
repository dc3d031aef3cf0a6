"""`qimen certify-result`: a certificate for a conformant run."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen certify-result` to the command line."""
    parser = command(commands, "certify-result", run, say("help-certify-result"))
    parser.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help=say("help-certify-result-folders")
    )
    parser.add_argument("--key", type=Path, help=say("help-certify-result-key"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.console import json_of
    from pytest_qimen.report.certificate import issue
    from pytest_qimen.report.halves import load_halves

    print(json_of(issue(load_halves(options.folders), key=options.key, language=options.language)))
    return 0
