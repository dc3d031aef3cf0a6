"""The `qimen` command: finds the module of the command that is asked for and runs it."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.metadata import version
from typing import TextIO, cast

from pytest_qimen.commands.parsers import Parser, add_language, speaking
from pytest_qimen.console import Console, language_of, odd_language, plain
from pytest_qimen.errors import QimenError, UsageError, closest, of_system
from pytest_qimen.phrases import say, text_of

COMMANDS = (
    *(
        "test",
        "list",
        "generate",
        "serve",
        "sign",
        "check",
        "judge",
        "listen",
        "ui",
        "replay",
        "init-target",
        "init-driver",
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
        if odd := odd_language(given):
            print(f"qimen: {plain(odd.text())}", file=sys.stderr)
        return _run(given, language_of(given))


def _run(given: Sequence[str], language: str) -> int:
    try:
        with speaking(language):
            options = _options(given, language)
        options.language = language
        run: Callable[[argparse.Namespace], int] = options.run
        status = run(options)
        sys.stdout.flush()
        return status
    except QimenError as error:
        print(f"qimen: {plain(error.text(language))}", file=sys.stderr)
        return 2
    except OSError as error:
        _give_up_output()
        if isinstance(error, BrokenPipeError):
            return 0
        print(f"qimen: {plain(text_of(of_system(error), language))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130  # as a shell says of a command that Ctrl-C ended


def _give_up_output() -> None:
    """Let what standard output does not take go nowhere, or Python complains of it in the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _options(given: Sequence[str], language: str) -> argparse.Namespace:
    """Return the options; a misspelt command or option ends with status 2 and the nearest names."""
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        near = closest(given[0], COMMANDS) or say("qimen-help")
        raise UsageError(say("no-command", given=given[0], near=near))
    options, unknown = _parser(given[:1], language).parse_known_args(given)
    if unknown:
        parser: Parser = options.parser
        near = closest(unknown[0].partition("=")[0], re.findall("--[a-z-]+", parser.format_help()))
        parser.error(say("unknown-argument", words=" ".join(unknown), near=near).text(language))
    return options


def _parser(first: Sequence[str], language: str) -> Parser:
    """Return the parser of the one command that is asked for, or of all: loading each takes time."""
    parser = Parser(language, prog="qimen", description=say("help-qimen").text(language))
    add_language(parser)
    given = version("pytest-qimen") if "--version" in first else ""
    parser.add_argument(
        "--version", action="version", version=f"pytest-qimen {given}", help=say("help-version")
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    vars(commands)["language"] = language
    for name in [name for name in COMMANDS if name in first] or COMMANDS:
        import_module(f"pytest_qimen.commands.{name.replace('-', '_')}").add_parser(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
