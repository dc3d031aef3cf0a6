"""A host and a port in, a socket that listens there out, or one that keeps the port and takes nobody."""

import contextlib
import errno
import socket
import time

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say

BACKLOG = 512
_PATIENCE = 5.0  # seconds in which the system must give a port back that was just closed


def listening(host: str, port: int) -> socket.socket:
    """Listen; UsageError says in plain words why that is not possible, and what to do."""
    if not 0 <= port < 1 << 16:
        raise UsageError(say("want-port-number", port=port))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    foreign = say("host-foreign", host=host)
    try:
        address = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (socket.gaierror, UnicodeError):
        raise UsageError(foreign) from None
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(foreign) from None
        why = {
            errno.EADDRINUSE: say("port-busy"),
            errno.EACCES: say("port-forbidden"),
        }.get(error.errno or 0, str(error))
        raise UsageError(say("port-why", port=port, why=why)) from None


def knock(listener: socket.socket) -> None:
    """Let the accept() of a listening socket return, on every platform."""
    with contextlib.suppress(OSError):
        host, port = listener.getsockname()[:2]
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        socket.create_connection((local, port), timeout=1).close()


def kept(listener: socket.socket) -> socket.socket:
    """Close a listening socket; return one on its port that nobody can connect to until it listens.

    OSError: the port went to somebody else in between.
    """
    address, family = listener.getsockname()[:2], listener.family
    listener.close()
    until = time.monotonic() + _PATIENCE
    while True:
        keeper = socket.socket(family, socket.SOCK_STREAM)
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            keeper.bind(address)
        except OSError:
            keeper.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return keeper
