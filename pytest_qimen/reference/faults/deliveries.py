"""Faults of receiving: ways onto the wire that legal clients use and that this endpoint does not take."""

import re
from collections.abc import Callable, Mapping

from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.wire.http import Incoming, Reply

FAMILY = Family("verify")
_ONE_PACKET = 16_000  # bytes that come in one piece, unless the client cuts them
_MOST = 10  # connections


def _refuse(status: int, meant: Callable[[Incoming], object]) -> Hook:
    """Refuse with a bare HTTP status, as a server does before any program sees the request."""

    def reply(request: Request, reply: Reply) -> None:
        if meant(request.incoming):
            reply.status, reply.body = status, b""

    return reply


FAMILY.rows(
    ("chunked-refused", _refuse(411, lambda incoming: "transfer-encoding" in incoming.headers)),
    ("expect-refused", _refuse(417, lambda incoming: "expect" in incoming.headers)),
    ("http-1.0-refused", _refuse(505, lambda incoming: incoming.version == "HTTP/1.0")),
    point="reply",
)


def _first_packet(request: Request, verdict: bool) -> bool:
    """What came after the first packet was not read, so that the signature cannot be right."""
    incoming = request.incoming
    whole = {"expect", "transfer-encoding"}.isdisjoint(incoming.headers)
    return verdict and not (whole and incoming.ahead < len(incoming.body) < _ONE_PACKET)


def _unless(pattern: str) -> Hook:
    """Never verify a query in which the pattern stands."""
    return lambda request, verdict: verdict and not re.search(pattern, request.incoming.query)


FAMILY.rows(
    ("first-packet-only", _first_packet),
    ("blanks-in-one-way-only", _unless(r"%20.*\+|\+.*%20")),
    ("small-percent-not-decoded", _unless("%(?:[a-f]|[0-9][a-f])")),
    ("letters-not-decoded", _unless("(customerId|timestamp)=%")),
)


def _leaking(_: str) -> Mapping[str, Hook]:
    """Connections that the client closes are not given back: so many in a row, and there is none left."""
    closed: list[bool] = []

    def verify(request: Request, verdict: bool) -> bool:
        if request.incoming.headers.get("connection", "") != "close":
            closed.clear()
            return verdict
        closed.append(True)
        return verdict and len(closed) <= _MOST

    return {"verify": verify}


FAMILY.add("closed-connections-leak", _leaking)
