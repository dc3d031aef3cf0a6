"""`qimen list`: methods, roles, requirements and counts of cases."""

import argparse
from collections.abc import Sequence

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.console import padded, width_of
from pytest_qimen.errors import QimenError
from pytest_qimen.phrases import counted, say

HEADS = ("method", "request", "answer", "rules", "cases", "title")
WIDTHS = (8, 8, 7, 7)


def add_parser(commands: Subparsers) -> None:
    """Add `qimen list` to the command line."""
    parser = command(commands, "list", run, say("help-list"))
    parser.add_argument("pattern", nargs="?", default="*", help=say("help-list-pattern"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen import spec
    from pytest_qimen.cases import bundled_cases

    found = [(name, path) for name, path in spec.methods().items() if spec.matches(name, [options.pattern])]
    if not found:
        raise QimenError(say("list-nothing", pattern=options.pattern, near=spec.nearest(options.pattern)))
    heads = [say(f"list-{name}").text(options.language) for name in HEADS]
    print(_row(heads[0], heads[1:5], heads[5]))
    totals = [0, 0, 0, 0]
    for name, path in found:
        api = spec.load_api(name)
        counts = [len(api.request.leaves), len(api.response.leaves), len(api.rules), len(bundled_cases(path))]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        print(_row(name, counts, api.title.zh))
    print(_row(counted("count-methods", len(found)).text(options.language), totals))
    return 0


def _row(name: str, counts: Sequence[object], title: str = "") -> str:
    """Return a line of the table; the last column is as wide as it likes."""
    cells = "".join(padded(f"{count}", width) for count, width in zip(counts, WIDTHS, strict=True))
    return f"{name}{' ' * (46 - width_of(name))}{cells}  {title}".rstrip()
