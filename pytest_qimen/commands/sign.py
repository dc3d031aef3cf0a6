"""`qimen sign`: the signature of parameters and a body."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.wire.signature import SIGN_METHODS


def add_parser(commands: Subparsers) -> None:
    """Add `qimen sign` to the command line."""
    parser = command(commands, "sign", run, "sign parameters and a body with the secret in QIMEN_SECRET")
    parser.add_argument("params", nargs="+", metavar="NAME=VALUE", help="raw, not URL-encoded")
    parser.add_argument("--body", type=Path, help="the file with the body; none for TOP")
    parser.add_argument("--method", default="md5", choices=SIGN_METHODS, help="the sign_method")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    import os

    from pytest_qimen.errors import UsageError
    from pytest_qimen.wire.signature import sign

    secret = os.environ.get("QIMEN_SECRET")
    if not secret:
        raise UsageError("sign: the environment has no QIMEN_SECRET")
    wrong = [pair for pair in options.params if "=" not in pair]
    if wrong:
        raise UsageError(f"sign: expected NAME=VALUE, got {wrong[0]!r}")
    try:
        body = options.body.read_bytes() if options.body else None
    except OSError as error:
        raise UsageError(f"sign: {error}") from None
    print(sign(dict(pair.split("=", 1) for pair in options.params), body, secret, options.method))
    return 0
