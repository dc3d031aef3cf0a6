"""The one place where a command's parser is made, so that all say what they do in the same two places."""

import argparse
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
else:
    Subparsers = argparse._SubParsersAction


def command(
    commands: Subparsers, name: str, run: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    """Return the parser of `qimen NAME`, which `run` carries out; `words` stand in both help pages."""
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run, parser=parser)
    return parser


def port(text: str) -> int:
    """Return the TCP port that an option names; 0 lets the system choose."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected 0 to 65535, got {text!r}")
    return int(text)


def duration(text: str) -> float:
    """Return the seconds that an option such as 90s, 30m or 2h names."""
    found = re.fullmatch(r"([1-9]\d{0,6})([smh])", text, re.ASCII)
    if not found:
        raise argparse.ArgumentTypeError(f"expected a time such as 90s, 30m or 2h, got {text!r}")
    return int(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[found[2]]
