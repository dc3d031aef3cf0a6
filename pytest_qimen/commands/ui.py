"""`qimen ui`: runs and listening sessions, started and watched in the browser by who knows no pytest."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command, port
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen ui` to the command line."""
    parser = command(commands, "ui", run, say("help-ui"))
    parser.add_argument("--page-port", type=port, default=0, metavar="N", help=say("help-ui-port"))
    parser.add_argument("--folder", type=Path, default=Path("qimen-runs"), help=say("help-ui-folder"))
    parser.add_argument("--open", action="store_true", help=say("help-ui-open"))


def run(options: argparse.Namespace) -> int:
    """Serve the page until it is interrupted; every run that it started ends with it."""
    from pytest_qimen.commands.ending import ending
    from pytest_qimen.live.feed import Feed
    from pytest_qimen.live.launch import Launcher
    from pytest_qimen.live.server import LivePage

    launcher = Launcher(options.folder)
    feed = Feed(launcher.state())
    page = LivePage(
        feed,
        options.page_port,
        presses={"start": launcher.start, "stop": launcher.stop},
        pages={"report": launcher.report, "history": launcher.history},
    )
    launcher.changed = feed.tell
    try:
        with ending() as end:
            print(say("ui-here", url=page.url).text(options.language), flush=True)
            if options.open:
                import webbrowser

                webbrowser.open(page.url)
            end.wait()
    finally:
        launcher.close()
        page.close()
    return 0
