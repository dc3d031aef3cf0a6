"""`qimen report`: every form of a run, or of its shards, made from its events."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say

if TYPE_CHECKING:
    from pytest_qimen.report.merge import RecordedRun


def add_parser(commands: Subparsers) -> None:
    """Add `qimen report` to the command line."""
    parser = command(commands, "report", run, say("help-report"))
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help=say("help-report-folders"))
    parser.add_argument("--mask-personal", action="store_true", help=say("help-report-mask-personal"))
    parser.add_argument("--open", action="store_true", help=say("help-report-open"))
    parser.add_argument("--history", type=Path, metavar="DIR", help=say("help-report-history"))
    parser.add_argument("-o", "--output", type=Path, help=say("help-report-o"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return the exit status of the run: 0 for conformant, else 1."""
    from pytest_qimen.report.merge import load, write
    from pytest_qimen.report.personal import masked
    from pytest_qimen.report.results import verdict
    from pytest_qimen.report.shards import flaws
    from pytest_qimen.report.summary import ending, folded

    run = load(options.folders)
    run = masked(run) if options.mask_personal else run
    folder = options.output or options.folders[0]
    for path in write(run, folder, language=options.language):
        print(path)
    if options.history:
        print(remember(run, options.history, options.language))
    if options.open:
        show(folder / "report.html", options.language)
    for flaw in flaws(run.head.shards):
        print(say("report-lacks", flaw=flaw).text(options.language), file=sys.stderr)
    of_run = run.cases, run.head.level, run.ended is not None
    print(*folded(ending(*of_run, options.language, run.head.shards)), sep="\n")
    return 0 if verdict(*of_run, run.head.shards) == "conformant" else 1


def remember(run: "RecordedRun", folder: Path, language: str) -> Path:
    """Keep a line about the run in the folder's history; return the page that shows all of them."""
    from pytest_qimen.report.history import keep
    from pytest_qimen.report.history_page import page

    path = folder / "history.html"
    path.write_text(page(keep(run, folder), language), "utf-8", errors="surrogatepass")
    return path


def show(page: Path, language: str) -> None:
    """Show the page in the browser; say where it lies when there is no browser."""
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        print(say("no-browser", page=str(page)).text(language))
