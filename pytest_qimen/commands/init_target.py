"""`qimen init-target`: a commented target file to start from."""

import argparse
import re
import shlex
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say

_BOTH = re.compile(r"# ([^#\n]+) · (.+)$", re.MULTILINE)  # a comment in English and in Chinese


def add_parser(commands: Subparsers) -> None:
    """Add `qimen init-target` to the command line."""
    parser = command(commands, "init-target", run, say("help-init-target"))
    parser.add_argument(
        "file", type=Path, nargs="?", default=Path("target.toml"), help=say("help-init-target-file")
    )


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.errors import unusable

    text = Path(__file__).parents[1].joinpath("template.toml").read_text("utf-8")
    text = text.replace("target.toml", shlex.quote(str(options.file)), 1)
    try:
        with options.file.open("x", encoding="utf-8") as file:
            file.write(_BOTH.sub(r"# \2" if options.language == "zh" else r"# \1", text))
    except OSError as error:
        raise unusable("init-target", options.file, error) from None
    print(say("wrote", file=str(options.file)).text(options.language))
    return 0
