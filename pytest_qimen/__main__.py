"""The `qimen` command: finds the module of the command that is asked for and runs it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from typing import TextIO, cast

from pytest_qimen.console import Console, plain
from pytest_qimen.errors import QimenError

COMMANDS = (
    *(
        "list",
        "generate",
        "serve",
        "sign",
        "check",
        "judge",
        "replay",
        "init-target",
        "report",
        "schema",
        "compare",
    ),
    *("baseline", "certify-result", "verify", "explain", "cleanup"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 for good, 1 for a found fault, 2 with one line on standard error for bad input."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    out, err = cast(TextIO, Console(sys.stdout)), cast(TextIO, Console(sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        return _run(given)


def _run(given: Sequence[str]) -> int:
    options = _parser(given[:1]).parse_args(given)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except QimenError as error:
        print(f"qimen: {plain(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _parser(first: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the one command that is asked for, or of all: loading each takes time."""
    parser = argparse.ArgumentParser(prog="qimen", description="Conformance of Qimen and TOP endpoints.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in [name for name in COMMANDS if name in first] or COMMANDS:
        import_module(f"pytest_qimen.commands.{name.replace('-', '_')}").add_parser(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
