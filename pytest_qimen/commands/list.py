"""`qimen list`: methods, roles, requirements and counts of cases."""

import argparse

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.errors import QimenError


def add_parser(commands: Subparsers) -> None:
    """Add `qimen list` to the command line."""
    parser = command(commands, "list", run, "show methods, roles, requirements and counts of cases")
    parser.add_argument("pattern", nargs="?", default="*", help="a glob, such as 'deliveryorder.*'")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen import spec
    from pytest_qimen.cases import bundled_cases

    found = [(name, path) for name, path in spec.methods().items() if spec.matches(name, [options.pattern])]
    if not found:
        raise QimenError(f"list: no method matches {options.pattern!r}{spec.nearest(options.pattern)}")
    print(f"{'method':<46}{'request':>8}{'answer':>8}{'rules':>7}{'cases':>7}  title")
    totals = [0, 0, 0, 0]
    for name, path in found:
        api = spec.load_api(name)
        counts = [len(api.request.leaves), len(api.response.leaves), len(api.rules), len(bundled_cases(path))]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        print(f"{name:<46}{counts[0]:>8}{counts[1]:>8}{counts[2]:>7}{counts[3]:>7}  {api.title.zh}")
    counted = f"{len(found)} method{'s' * (len(found) != 1)}"
    print(f"{counted:<46}{totals[0]:>8}{totals[1]:>8}{totals[2]:>7}{totals[3]:>7}")
    return 0
