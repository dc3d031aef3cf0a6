"""`qimen verify`: a certificate checked offline."""

import argparse
import sys
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen verify` to the command line."""
    parser = command(commands, "verify", run, say("help-verify"))
    parser.add_argument("certificate", type=Path, help=say("help-verify-certificate"))
    parser.add_argument("--key", type=Path, help=say("help-verify-key"))
    parser.add_argument("--allow-unsigned", action="store_true", help=say("help-verify-allow-unsigned"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status: 1 for a certificate that is worth nothing."""
    from pytest_qimen.errors import DataError
    from pytest_qimen.report.certificate import opened, told

    try:
        found = opened(options.certificate, key=options.key)
    except DataError as error:
        print(f"qimen: {error}", file=sys.stderr)
        return 1
    print("\n".join(told(found, options.key is not None, options.language)))
    return 0 if found.signature is not None or options.allow_unsigned else 1
