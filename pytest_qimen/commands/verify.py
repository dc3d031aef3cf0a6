"""`qimen verify`: a certificate checked offline."""

import argparse
import sys
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import LANGUAGES


def add_parser(commands: Subparsers) -> None:
    """Add `qimen verify` to the command line."""
    parser = command(commands, "verify", run, "check a certificate offline")
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--key", type=Path, help="the Ed25519 public key (PEM)")
    parser.add_argument("--allow-unsigned", action="store_true", help="let one that nobody signed pass, too")
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="the language of what it says"
    )


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status: 1 for a certificate that is worth nothing."""
    from pytest_qimen.errors import DataError
    from pytest_qimen.report.certificate import opened, told

    try:
        found = opened(options.certificate, key=options.key)
    except DataError as error:
        print(f"qimen: {error}", file=sys.stderr)
        return 1
    print("\n".join(told(found, options.key is not None, options.lang)))
    return 0 if found.signature is not None or options.allow_unsigned else 1
