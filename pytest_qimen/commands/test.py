"""`qimen test`: the suite against an endpoint, for those who do not know pytest."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command

NAMES = ("role", "target", "report", "level", "method", "connections", "lang")  # of pytest's options


def add_parser(commands: Subparsers) -> None:
    """Add `qimen test` to the command line."""
    parser = command(
        commands, "test", run, "test an endpoint; exit 0 if conformant, as pytest with the same options"
    )
    parser.add_argument("url", nargs="?", metavar="URL", help="the endpoint, unless the target file names it")
    parser.add_argument("--role", metavar="NAMES", help="only these roles: wms, erp, store, wdk")
    parser.add_argument("--target", metavar="FILE", help="the target file")
    parser.add_argument("--report", metavar="DIR", help="write the report into this folder")
    parser.add_argument("--level", help="from which level on a fault is red: must, should, may")
    parser.add_argument("--method", metavar="NAMES", help="only methods like 'deliveryorder.*'")
    parser.add_argument("--connections", metavar="N", help="so many cases at a time")
    parser.add_argument("--lang", help="the language of the output: en, zh")
    parser.add_argument("--open", action="store_true", help="show the report in the browser")
    parser.add_argument("--history", metavar="DIR", help="keep a line about the run there, draw all of them")
    parser.add_argument("more", nargs="*", metavar="CASE", help="only these cases, or files of cases/")


def run(options: argparse.Namespace) -> int:
    """Run pytest in a process of its own, which only plugin/ may import; return its exit status."""
    from pytest_qimen.errors import UsageError

    if not options.url and not options.target:
        raise UsageError("test: name the endpoint: qimen test http://host/path, or --target FILE")
    if (options.open or options.history) and not options.report:
        options.report = "report"
    status = _wait([sys.executable, "-m", "pytest", *_arguments(options)])
    if options.history and status in (0, 1):
        from pytest_qimen.commands.report import remember
        from pytest_qimen.report.merge import load

        print(remember(load([Path(options.report)]), Path(options.history), options.lang or "en"))
    if options.open and status in (0, 1):
        from pytest_qimen.commands.report import show

        show(Path(options.report) / "report.html")
    return status


def _arguments(options: argparse.Namespace) -> Iterator[str]:
    if options.url:
        yield f"--qimen-url={options.url}"
    for name in NAMES:
        if (value := getattr(options, name)) is not None:
            yield f"--qimen-{name}={value}"
    yield from options.more


def _wait(words: list[str]) -> int:
    """Return the exit status; Ctrl-C reaches the process by itself, which then ends in good order."""
    with subprocess.Popen(words) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
