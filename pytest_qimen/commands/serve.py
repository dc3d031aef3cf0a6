"""`qimen serve`: the embedded endpoint, until it is interrupted."""

import argparse
import socket
from collections.abc import Iterator
from pathlib import Path

from pytest_qimen.commands.parsers import Subparsers, command, port

_LOCAL = ("127.0.0.1", "::1", "localhost")
_EVERY = ("0.0.0.0", "::")


def add_parser(commands: Subparsers) -> None:
    """Add `qimen serve` to the command line."""
    parser = command(commands, "serve", run, "run the embedded endpoint until interrupted")
    parser.add_argument("--port", type=port, default=0, help="0, the default, lets the system choose")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen at; 0.0.0.0 lets other machines in"
    )
    parser.add_argument(
        "--tls",
        nargs=2,
        metavar=("CERT.pem", "KEY.pem"),
        help="speak HTTPS with this certificate and its key",
    )
    parser.add_argument("--state", type=Path, help="the SQLite file that keeps what it learns")
    parser.add_argument(
        "--explain-signature",
        action="store_true",
        help="say in sub_message which known mistake gives a wrong signature",
    )
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="break it in this way")
    parser.add_argument(
        "--variant", action="append", default=[], metavar="NAME", help="differ legally in this way"
    )
    parser.add_argument("--list-faults", action="store_true", help="show every fault and stop")
    parser.add_argument("--list-variants", action="store_true", help="show every variant and stop")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.reference.faults import FAULTS
    from pytest_qimen.reference.serve import start
    from pytest_qimen.reference.variants import VARIANTS
    from pytest_qimen.wire.server import tls_context

    if options.list_faults or options.list_variants:
        for name, entry in sorted((FAULTS if options.list_faults else VARIANTS).items()):
            print(f"{name:<44}{entry.en}")
        return 0
    endpoint = start(
        faults=options.fault,
        variants=options.variant,
        state=options.state,
        port=options.port,
        host=options.host,
        tls=tls_context(*options.tls) if options.tls else None,
        explains=options.explain_signature,
    )
    try:
        for line in _words(endpoint.url, options.host):
            print(line, flush=True)
        endpoint.wait()
    except KeyboardInterrupt:
        pass
    finally:
        endpoint.stop()
    return 0


def _words(url: str, host: str) -> Iterator[str]:
    """Yield what the terminal shows: the address, who reaches it, the keys to copy, the document it knows."""
    from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
    from pytest_qimen.runner.embedded import DATA
    from pytest_qimen.target.keys import exports

    keys = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
    yield f"{url} is the embedded endpoint; {reach(url, host)}"
    yield ""
    yield "Copy its keys into the terminal of the test. A shell:"
    yield from exports(keys)
    yield ""
    yield "It knows one document already. For a target file:"
    yield "[data]"
    yield from (f'"{key}" = "{values[0]}"' for key, values in DATA.items())
    yield ""
    yield "Ctrl-C ends it"


def reach(url: str, host: str) -> str:
    """Return who can reach the endpoint."""
    if host in _LOCAL:
        return "only this machine reaches it"
    if host not in _EVERY:
        return f"every machine that reaches {host} can use it"
    address = _own_address()
    found = f", as {url.replace('127.0.0.1', address)}" if address else ""
    return f"every machine that reaches this one can use it{found}"


def _own_address() -> str:
    """Return the address that other machines see; nothing is sent to find it. Empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of no machine (RFC 5737)
        except OSError:
            return ""
        return str(probe.getsockname()[0])
