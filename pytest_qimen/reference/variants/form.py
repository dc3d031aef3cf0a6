"""Legal variants of an answer's bytes: how its XML is written."""

import re
from collections.abc import Callable

from pytest_qimen import xml
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.spec import later_elements
from pytest_qimen.wire.http import Reply

FAMILY = Family("reply")

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


FAMILY.rows(
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


def _later(request: Request, root: xml.Element) -> None:
    """What later metadata adds to the groups of the answer."""
    if request.method is None:
        return
    for element in list(root.iter()):
        for one in later_elements(request.method.api, xml.name(element)):
            xml.append(element, one.name).text = one.example


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


FAMILY.rows(
    ("reversed-elements", _reverse),
    ("unknown-elements", _unknown),
    ("later-edition", _later),
    ("unknown-attributes", _attributes),
    ("empty-elements", _empties),
    point="answer",
)


def _namespace(request: Request, root: xml.Element) -> None:
    root.set("{urn:vendor}version", "1")


FAMILY.rows(("namespace", _namespace), point="answer")
