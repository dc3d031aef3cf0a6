"""How the bytes of a request go onto the wire: whole, or in one of the ways that legal clients also use."""

import select
import socket
import time
from contextlib import suppress
from typing import Final, Protocol

DELIVERIES: Final = {  # with the headers that each adds
    "": (),
    "chunked": (("Transfer-Encoding", "chunked"),),
    "expect-continue": (("Expect", "100-continue"),),
    "packets": (),
    "http-1.0": (),
    "own-connection": (),
}
_CHUNK: Final = 100  # bytes
_SLICES: Final = 5
_PAUSE: Final = 0.005  # seconds between two packets, so that they do not become one
_PATIENCE: Final = 1.0  # seconds to wait for `100 Continue`; then the body follows (RFC 9110 10.1.1)


class Writer(Protocol):
    """What a request is written to."""

    socket: socket.socket

    def write(self, data: bytes) -> None:
        """Send all of `data`."""


def framing(delivery: str, body: bytes) -> tuple[tuple[str, str], ...]:
    """Return the header that tells the body's length; none where it comes in chunks."""
    return () if delivery == "chunked" else (("Content-Length", str(len(body))),)


def deliver(writer: Writer, head: bytes, body: bytes, delivery: str) -> None:
    """Send a request the way `delivery` says; raises OSError."""
    if delivery == "chunked":
        writer.write(head + _chunks(body))
    elif delivery == "expect-continue":
        writer.write(head)
        select.select([writer.socket], [], [], _PATIENCE)
        with suppress(OSError):  # who refuses the body may close at once: its answer is there
            writer.write(body)
    elif delivery == "packets":
        size = max(1, -(-len(body) // _SLICES))
        writer.write(head)
        for start in range(0, len(body), size):
            time.sleep(_PAUSE)
            writer.write(body[start : start + size])
    else:
        writer.write(head + body)


def _chunks(body: bytes) -> bytes:
    """Return the body in chunks, with their sizes in capital and small hexadecimal digits alike."""
    parts = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
