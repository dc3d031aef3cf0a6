"""`qimen init-driver`: a driver to start from, which makes a system send."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say

NAMES = {"python": "drive.py", "shell": "drive.sh", "java": "Drive.java"}


def add_parser(commands: Subparsers) -> None:
    """Add `qimen init-driver` to the command line."""
    parser = command(commands, "init-driver", run, say("help-init-driver"))
    parser.add_argument(
        "kind", choices=tuple(NAMES), nargs="?", default="python", help=say("help-init-driver-kind")
    )


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.errors import unusable

    name = NAMES[options.kind]
    source = Path(__file__).parents[1] / "drivers" / f"{name}.txt"
    try:
        with Path(name).open("x", encoding="utf-8") as file:
            file.write(source.read_text("utf-8"))
        Path(name).chmod(0o755)
    except OSError as error:
        raise unusable("init-driver", name, error) from None
    print(say("wrote", file=name).text(options.language))
    return 0
