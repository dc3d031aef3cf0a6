"""`qimen serve`: the embedded endpoint, until it is interrupted."""

import argparse
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command, port


def add_parser(commands: Subparsers) -> None:
    """Add `qimen serve` to the command line."""
    parser = command(commands, "serve", run, "run the embedded endpoint until interrupted")
    parser.add_argument("--port", type=port, default=0, help="0, the default, lets the system choose")
    parser.add_argument("--state", type=Path, help="the SQLite file that keeps what it learns")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="break it in this way")
    parser.add_argument(
        "--variant", action="append", default=[], metavar="NAME", help="differ legally in this way"
    )
    parser.add_argument("--list-faults", action="store_true", help="show every fault and stop")
    parser.add_argument("--list-variants", action="store_true", help="show every variant and stop")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.reference.faults import FAULTS
    from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, start
    from pytest_qimen.reference.variants import VARIANTS
    from pytest_qimen.runner.embedded import DATA

    if options.list_faults or options.list_variants:
        for name, entry in sorted((FAULTS if options.list_faults else VARIANTS).items()):
            print(f"{name:<44}{entry.en}")
        return 0
    endpoint = start(faults=options.fault, variants=options.variant, state=options.state, port=options.port)
    print(f"{endpoint.url}  app_key={APP_KEY} customerId={CUSTOMER_ID}; Ctrl-C ends it", flush=True)
    for key, values in DATA.items():
        print(
            f'it knows one document already; for the target file: [data] "{key}" = "{values[0]}"', flush=True
        )
    try:
        endpoint.wait()
    except KeyboardInterrupt:
        pass
    finally:
        endpoint.stop()
    return 0
