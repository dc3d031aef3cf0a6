"""`qimen serve`: the embedded endpoint, until it is interrupted."""

import argparse
import socket
from collections.abc import Iterator
from pathlib import Path

from pytest_qimen.commands.ending import ending
from pytest_qimen.commands.parsers import Subparsers, command, port
from pytest_qimen.phrases import Phrase, Said, say, text_of

_LOCAL = ("127.0.0.1", "::1", "localhost")
_EVERY = ("0.0.0.0", "::")


def add_parser(commands: Subparsers) -> None:
    """Add `qimen serve` to the command line."""
    parser = command(commands, "serve", run, say("help-serve"))
    parser.add_argument("--port", type=port, default=0, help=say("help-serve-port"))
    parser.add_argument("--host", default="127.0.0.1", help=say("help-serve-host"))
    parser.add_argument(
        "--tls",
        nargs=2,
        metavar=("CERT.pem", "KEY.pem"),
        help=say("help-serve-tls"),
    )
    parser.add_argument("--state", type=Path, help=say("help-serve-state"))
    parser.add_argument(
        "--explain-signature",
        action="store_true",
        help=say("help-serve-explain-signature"),
    )
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help=say("help-serve-fault"))
    parser.add_argument(
        "--variant", action="append", default=[], metavar="NAME", help=say("help-serve-variant")
    )
    parser.add_argument("--list-faults", action="store_true", help=say("help-serve-list-faults"))
    parser.add_argument("--list-variants", action="store_true", help=say("help-serve-list-variants"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    from pytest_qimen.reference.faults import FAULTS
    from pytest_qimen.reference.serve import start
    from pytest_qimen.reference.variants import VARIANTS
    from pytest_qimen.wire.server import tls_context

    if options.list_faults or options.list_variants:
        for name, entry in sorted((FAULTS if options.list_faults else VARIANTS).items()):
            print(f"{name:<44}{entry.zh if options.language == 'zh' else entry.en}")
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
        with ending() as end:
            for said in _words(endpoint.url, options.host):
                print(text_of(said, options.language), flush=True)
            end.wait()
    finally:
        endpoint.stop()
    return 0


def _words(url: str, host: str) -> Iterator[Said]:
    """Yield what the terminal shows: the address, who reaches it, the keys to copy, the document it knows."""
    from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
    from pytest_qimen.runner.embedded import DATA
    from pytest_qimen.target.keys import exports

    keys = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
    yield say("serve-is", url=url, reach=reach(url, host))
    yield ""
    yield say("serve-keys")
    yield from exports(keys)
    yield ""
    yield say("serve-knows")
    yield "[data]"
    yield from (f'"{key}" = "{values[0]}"' for key, values in DATA.items())
    yield ""
    yield say("serve-ends")


def reach(url: str, host: str) -> Phrase:
    """Return who can reach the endpoint."""
    if host in _LOCAL:
        return say("reach-here")
    if host not in _EVERY:
        return say("reach-host", host=host)
    address = _own_address()
    return say("reach-as", url=url.replace("127.0.0.1", address)) if address else say("reach-all")


def _own_address() -> str:
    """Return the address that other machines see; nothing is sent to find it. Empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of no machine (RFC 5737)
        except OSError:
            return ""
        return str(probe.getsockname()[0])
