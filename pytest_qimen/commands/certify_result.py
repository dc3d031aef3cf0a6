"""`qimen certify-result`: a certificate for a conformant run."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command


def add_parser(commands: Subparsers) -> None:
    """Add `qimen certify-result` to the command line."""
    parser = command(commands, "certify-result", run, "print a certificate for a conformant run")
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="a run, or all of its shards")
    parser.add_argument("--key", type=Path, help="an Ed25519 private key (PEM); unsigned without it")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.console import json_of
    from pytest_qimen.report.certificate import issue
    from pytest_qimen.report.merge import load

    print(json_of(issue(load(options.folders), key=options.key)))
    return 0
