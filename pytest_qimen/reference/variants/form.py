"""Legal variants of an answer's bytes and headers."""

import gzip
import re
from collections.abc import Callable

from pytest_qimen import xml
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.http import Reply
from pytest_qimen.reference.request import Request

FORM = Family("form", "reply")
HTTP = Family("http", "reply")

_LEAF = re.compile(rb">([^<>&]*[^<>&\s][^<>&]*)</")
_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>\s*")


def _bytes(change: Callable[[bytes], bytes]) -> Hook:
    def reply(request: Request, reply: Reply) -> None:
        if "xml" in reply.headers.get("Content-Type", ""):
            reply.body = change(reply.body)

    return reply


def _declared(declaration: bytes) -> Hook:
    return _bytes(lambda body: declaration + _DECLARATION.sub(b"", body))


def _references(found: re.Match[bytes]) -> bytes:
    return b">" + b"".join(b"&#x%x;" % ord(letter) for letter in found[1].decode()) + b"</"


FORM.rows(
    ("no-declaration", _declared(b"")),
    ("single-quotes", _declared(b"<?xml version='1.0' encoding='UTF-8'?>\n")),
    ("upper-case-utf-8", _declared(b'<?xml version="1.0" encoding="UTF-8"?>\n')),
    ("standalone", _declared(b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n')),
    ("bare-version", _declared(b'<?xml version="1.0"?>\n')),
    ("byte-order-mark", _bytes(lambda body: b"\xef\xbb\xbf" + body)),
    ("pretty-printed", _bytes(lambda body: body.replace(b"><", b">\n  <"))),
    ("tabs", _bytes(lambda body: body.replace(b"><", b">\t<"))),
    ("crlf", _bytes(lambda body: body.replace(b"\n", b"\r\n").replace(b"><", b">\r\n<"))),
    ("trailing-newline", _bytes(lambda body: body + b"\r\n\r\n")),
    ("cdata", _bytes(lambda body: _LEAF.sub(rb"><![CDATA[\1]]></", body))),
    ("references", _bytes(lambda body: _LEAF.sub(_references, body))),
    ("comments", _bytes(lambda body: body.replace(b"><", b"><!-- note --><"))),
    ("instruction", _bytes(lambda body: body.replace(b"?>\n", b'?>\n<?note a="b"?>\n', 1))),
    ("wide-tags", _bytes(lambda body: re.sub(rb"(</?[\w.]+)>", rb"\1 >", body))),
)


def _reverse(request: Request, root: xml.Element) -> None:
    for element in root.iter():
        names = {child.tag for child in element}
        if len(names) > 1:  # not a list: its order is its own
            element[:] = list(element)[::-1]


def _unknown(request: Request, root: xml.Element) -> None:
    for element in list(root.iter()):
        if len(element) and element.tag != "extendProps":
            xml.append(element, "vendorField").text = "vendor"


def _attributes(request: Request, root: xml.Element) -> None:
    for element in root.iter():
        element.set("vendor", "1")


def _empties(request: Request, root: xml.Element) -> None:
    """Optional fields that have no value as empty elements."""
    if request.method is None or root.tag == "error_response":
        return
    for row in request.method.api.response.children():
        if row.leaf and row.need != "must" and not xml.find(root, row.path):
            xml.append(root, row.name)


FORM.rows(
    ("reversed-elements", _reverse),
    ("unknown-elements", _unknown),
    ("unknown-attributes", _attributes),
    ("empty-elements", _empties),
    point="answer",
)


def _namespace(request: Request, root: xml.Element) -> None:
    root.set("{urn:vendor}version", "1")


FORM.rows(("namespace", _namespace), point="answer")


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


HTTP.rows(
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
