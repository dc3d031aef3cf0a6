"""`qimen test`: the suite against an endpoint, for those who do not know pytest."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pytest_qimen.commands.ending import handled, status
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say

NAMES = ("role", "target", "report", "level", "method", "connections", "lang")  # of pytest's options


def add_parser(commands: Subparsers) -> None:
    """Add `qimen test` to the command line."""
    parser = command(commands, "test", run, say("help-test"))
    parser.add_argument("url", nargs="?", metavar="URL", help=say("help-test-url"))
    parser.add_argument("--role", metavar="NAMES", help=say("help-test-role"))
    parser.add_argument("--target", metavar="FILE", help=say("help-test-target"))
    parser.add_argument("--report", metavar="DIR", help=say("help-test-report"))
    parser.add_argument("--level", help=say("help-test-level"))
    parser.add_argument("--method", metavar="NAMES", help=say("help-test-method"))
    parser.add_argument("--connections", metavar="N", help=say("help-test-connections"))
    parser.add_argument("--live", action="store_true", help=say("help-test-live"))
    parser.add_argument("--open", action="store_true", help=say("help-test-open"))
    parser.add_argument("--history", metavar="DIR", help=say("help-report-history"))
    parser.add_argument("more", nargs="*", metavar="CASE", help=say("help-test-more"))


def run(options: argparse.Namespace) -> int:
    """Run pytest in a process of its own, which only plugin/ may import; return its exit status."""
    from pytest_qimen.errors import UsageError

    if not options.url and not options.target:
        raise UsageError(say("test-where"))
    if (options.open or options.history) and not options.report:
        options.report = "report"
    status = in_pytest(_arguments(options))
    if options.history and status in (0, 1):
        from pytest_qimen.commands.report import remember
        from pytest_qimen.report.merge import load

        print(remember(load([Path(options.report)]), Path(options.history), options.language))
    if options.open and status in (0, 1):
        from pytest_qimen.commands.report import show

        show(Path(options.report) / "report.html", options.language)
    return status


def _arguments(options: argparse.Namespace) -> Iterator[str]:
    if options.url:
        yield f"--qimen-url={options.url}"
    for name in NAMES:
        if (value := getattr(options, name)) is not None:
            yield f"--qimen-{name}={value}"
    if options.live:
        yield "--qimen-live=0"
    yield from options.more


def in_pytest(arguments: Iterable[str]) -> int:
    """Return the exit status of pytest in a process group of its own, which a signal ends as Ctrl-C does.

    So it makes no difference whether SIGINT comes from a terminal or is sent to this process alone. SIGTERM
    comes from CI and containers, SIGHUP from a terminal that is closed.
    """
    words = [sys.executable, "-m", "pytest", *arguments]
    if sys.platform == "win32":  # there Ctrl-C reaches every process of the console
        return subprocess.call(words)
    started: list[subprocess.Popen[bytes]] = []

    def hand_on(*_: object) -> None:
        for process in started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)

    # before the process begins: it would ignore a SIGINT that this one ignores
    with handled(hand_on, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        started.append(subprocess.Popen(words, process_group=0))
        return status(started[0])
