"""Legal variants of how an answer travels: its headers, framing, encoding and pace."""

import gzip

from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.wire.http import Reply

FAMILY = Family("reply")


def _header(**headers: str) -> Hook:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, reply: reply.headers.update(named)


def _with(**settings: object) -> Hook:
    def reply(request: Request, reply: Reply) -> None:
        for name, value in settings.items():
            setattr(reply, name, value)

    return reply


def _gzip(request: Request, reply: Reply) -> None:
    if "gzip" in request.incoming.headers.get("accept-encoding", ""):
        reply.body = gzip.compress(reply.body, 1)
        reply.headers["Content-Encoding"] = "gzip"


def _bad_signature_400(request: Request, reply: Reply) -> None:
    if b"sign-check-failure" in reply.body:
        reply.status = 400


def _lower_headers(request: Request, reply: Reply) -> None:
    reply.headers = {name.lower(): value for name, value in reply.headers.items()}


FAMILY.rows(
    ("chunked", _with(chunked=True)),
    ("gzip", _gzip),
    ("http-1.0", _with(version="HTTP/1.0", close=True)),
    ("connection-close", _with(close=True)),
    ("slow", _with(delay=0.02)),
    ("extra-headers", _header(Set_Cookie="a=b", X_Request_Id="1", Server="nginx")),
    ("lower-case-headers", _lower_headers),
    ("application-xml", _header(Content_Type="application/xml")),
    ("no-charset", _header(Content_Type="text/xml")),
    ("text-html-type", _header(Content_Type="text/html;charset=utf-8")),
    ("bad-signature-400", _bad_signature_400),
)
