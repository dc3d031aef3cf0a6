"""`qimen list`: methods, roles, requirements and counts of cases; scenarios of callers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.console import padded, width_of
from pytest_qimen.errors import QimenError
from pytest_qimen.phrases import counted, say

if TYPE_CHECKING:
    from pytest_qimen.cases import Case

HEADS = ("method", "request", "answer", "rules", "cases", "title")
WIDTHS = (8, 8, 7, 7)


def add_parser(commands: Subparsers) -> None:
    """Add `qimen list` to the command line."""
    parser = command(commands, "list", run, say("help-list"))
    parser.add_argument("pattern", nargs="?", default="*", help=say("help-list-pattern"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen import spec
    from pytest_qimen.cases.caller_cases import bundled_scenarios

    pattern, language = options.pattern, options.language
    methods = [name for name in spec.methods() if spec.matches(name, [pattern])]
    of_callers = pattern == "*" or pattern.startswith("callers")
    found = bundled_scenarios().items() if of_callers else ()
    scenarios = [case for name, case in found if fnmatchcase(name, pattern)]
    if not methods and not scenarios:
        raise QimenError(say("list-nothing", pattern=pattern, near=spec.nearest(pattern)))
    if methods:
        _methods(methods, language)
    if scenarios:
        _scenarios([] if methods else scenarios, len(scenarios), language)
    return 0


def _methods(names: Sequence[str], language: str) -> None:
    """Print a line for each method, and how much there is of everything."""
    from pytest_qimen import spec
    from pytest_qimen.cases import bundled_cases

    heads = [say(f"list-{name}").text(language) for name in HEADS]
    print(_row(heads[0], heads[1:5], heads[5]))
    totals = [0, 0, 0, 0]
    for name in names:
        api, cases = spec.load_api(name), len(bundled_cases(spec.methods()[name]))
        counts = [len(api.request.leaves), len(api.response.leaves), len(api.rules), cases]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        print(_row(name, counts, api.title.zh))
    print(_row(counted("count-methods", len(names)).text(language), totals))


def _scenarios(shown: Sequence[Case], count: int, language: str) -> None:
    """Print a line for each scenario, and how many there are."""
    for case in shown:
        title = case.title.zh if language == "zh" else case.title.en
        level = padded(say(case.level.value).text(language), 7)
        print(f"{case.id}{' ' * (56 - width_of(case.id))}{level}  {title}")
    print(counted("count-scenarios", count).text(language))


def _row(name: str, counts: Sequence[object], title: str = "") -> str:
    """Return a line of the table; the last column is as wide as it likes."""
    cells = "".join(padded(f"{count}", width) for count, width in zip(counts, WIDTHS, strict=True))
    return f"{name}{' ' * (46 - width_of(name))}{cells}  {title}".rstrip()
