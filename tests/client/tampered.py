"""Requests that are tampered with."""

import re
from urllib.parse import parse_qsl, urlsplit

from pytest_qimen import spec, xml
from pytest_qimen.client.request import SignedRequest, draft, finish, seal
from pytest_qimen.client.tampers import AFTER, BEFORE, tamper
from pytest_qimen.wire.signature import verify
from tests.support.apis import TARGET, api, may, must

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
INSIDE = "<a>测 1</a><b><c>x&amp;y</c></b>".encode()
BODY = b"<request>" + INSIDE + b"</request>"
MOMENT = "2026-05-01 10:00:00"
QIMEN = api(must("a"), may("b", "group"), may("b.c", type="string", format="date"))
TOP = api(must("a"), may("b", "group"), may("b.c"), may("b.n", "number"), protocol="top")


def sent(one: spec.Api, root: xml.Element, *names: str) -> SignedRequest:
    """The request with these tampers, of a known moment."""
    made = draft(TARGET, one, root)
    made.set("timestamp", MOMENT)
    tamper(made, names, BEFORE)
    seal(TARGET, made)
    tamper(made, names, AFTER)
    return finish(TARGET, made)


def qimen(*names: str) -> SignedRequest:
    return sent(QIMEN, xml.parse(BODY), *names)


def is_verified(request: SignedRequest, protocol: str = "qimen") -> bool:
    """What the official verifier says of what is on the wire."""
    query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    if protocol == "qimen":
        return verify(query, request.body, TARGET.secret)
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    return verify(query | form, None, TARGET.secret, query["sign_method"])


def doctype(subset: str, first: str = "测 1") -> bytes:
    text = f"<!DOCTYPE request [{subset}]>\n<request><a>{first}</a><b><c>x&amp;y</c></b></request>"
    return HEAD + text.encode()


def ending(text: bytes) -> bytes:
    return HEAD + b"<request>" + INSIDE + text + b"</request>"


def references(text: str) -> str:
    return "".join(f"&#{ord(one)};" for one in text)


ATTRIBUTES = b"".join(b' a%d="1"' % number for number in range(10_000))


LAUGHS = '<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";"}{"".join(["&a" + str(n - 1) + ";"] * 9)}">'
    for n in range(1, 10)
)
PASSWD = "file:///etc/passwd"
INCLUDE = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{PASSWD}"/>'.encode()


BODIES = {
    "no-declaration": BODY,
    "single-quotes": b"<?xml version='1.0' encoding='UTF-8'?>\n" + BODY,
    "standalone": b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + BODY,
    "wrong-encoding": b'<?xml version="1.0" encoding="iso-8859-1"?>\n' + BODY,
    "bom": b"\xef\xbb\xbf" + HEAD + BODY,
    "crlf": HEAD.replace(b"\n", b"\r\n") + BODY.replace(b"><", b">\r\n<"),
    "indented": HEAD + BODY.replace(b"><", b">\n  <"),
    "tabs": HEAD + BODY.replace(b"><", b">\t<"),
    "cdata": HEAD + BODY.replace("测 1".encode(), "<![CDATA[测 1]]>".encode()),
    "cdata-inside": HEAD + BODY.replace("测 1".encode(), "测<![CDATA[ 1]]>".encode()),
    "comments-inside": HEAD + BODY.replace("测 1".encode(), "测<!-- note --> 1".encode()),
    "references": HEAD + BODY.replace("测 1".encode(), references("测 1").encode()),
    "comments": HEAD + BODY.replace(b"><", b"><!-- note --><"),
    "processing-instruction": HEAD + b'<?note a="b"?>\n' + BODY,
    "wide-tags": HEAD + re.sub(rb"(\w)>", rb"\1 >", BODY),
    "attribute": HEAD + BODY.replace(b"<request>", b'<request note="1">'),
    "namespaces": HEAD
    + BODY.replace(
        b"<request>",
        b'<request xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        b' xmlns:xsd="http://www.w3.org/2001/XMLSchema">',
    ),
    "many-attributes": HEAD + BODY.replace(b"<request>", b"<request" + ATTRIBUTES + b">"),
    "deep": ending(b"<d>" * 5_000 + b"</d>" * 5_000),
    "padded": ending(b"<vendorField>" + b"x" * 4_000 + b"</vendorField>"),
    "large": ending(b"<vendorField>" + b"x" * 70_000 + b"</vendorField>"),
    "big": ending(b"<vendorField>" + b"x" * 1_000_000 + b"</vendorField>"),
    "huge": ending(b"<vendorField>" + b"x" * 5_000_000 + b"</vendorField>"),
    "truncated": (HEAD + BODY)[: len(HEAD + BODY) * 2 // 3],
    "unclosed": HEAD + b"<request>" + INSIDE,
    "crossed": ending(b"<a><b></a></b>"),
    "bare-ampersand": ending(b"<vendorField>a & b</vendorField>"),
    "control-character": ending(b"<vendorField>a\x07b</vendorField>"),
    "not-utf-8": ending(b"<vendorField>\xc3\x28\xff</vendorField>"),
    "two-roots": HEAD + BODY + b"<request/>",
    "not-xml": b'{"request": {}}',
    "nothing": b"",
    "wrong-root": HEAD + b"<query>" + INSIDE + b"</query>",
    "doctype": doctype(""),
    "entity-as-value": doctype('<!ENTITY e "测 1">', "&e;"),
    "external-subset:http://x/a": HEAD + b'<!DOCTYPE request SYSTEM "http://x/a">\n' + BODY,
    "schema-location:http://x/a": HEAD
    + BODY.replace(
        b"<request>",
        b'<request xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        b' xsi:noNamespaceSchemaLocation="http://x/a">',
    ),
    "internal-entity": doctype('<!ENTITY e "entity">', "&e;"),
    "external-entity:file:///etc/passwd": doctype(f'<!ENTITY e SYSTEM "{PASSWD}">', "&e;"),
    "parameter-entity:file:///etc/passwd": doctype(f'<!ENTITY % p SYSTEM "{PASSWD}"> %p;'),
    "billion-laughs": doctype(LAUGHS, "&a9;"),
    "quadratic": doctype(f'<!ENTITY e "{"x" * 50_000}">', "&e;" * 5_000),
    "xinclude:file:///etc/passwd": ending(INCLUDE),
    "flip-start": HEAD + BODY.replace("测 1".encode(), "测 2".encode()),
    "flip-middle": HEAD + BODY.replace("测 1".encode(), "测 2".encode()),
    "flip-end": HEAD + BODY.replace("测 1".encode(), "测 2".encode()),
    "body-blank": HEAD + BODY + b" ",
    "body-newline": HEAD + BODY + b"\n",
}


def params(*names: str) -> dict[str, str]:
    return {key: value for key, value in qimen(*names).params if key != "sign"}


PARAMS = {
    "drop-param:timestamp": {"timestamp": None},
    "drop-param:unheard": {},
    "set-param:v=9.9": {"v": "9.9"},
    "set-param:partner_id=top=1": {"partner_id": "top=1"},
    "set-param:customerId=测试": {"customerId": "测试"},
    "set-param:session=": {"session": ""},
    "sign-method:hmac": {"sign_method": "hmac"},
    "tamper-param:timestamp": {"timestamp": "2020-01-02 03:04:05"},
    "tamper-param:v": {"v": "1.0"},
    "tamper-param:app_key": {"app_key": "key1"},
    "tamper-param:method": {"method": "thing.create1"},
    "tamper-param:format": {"format": "xml1"},
    "extra-unsigned": {"extra": "1"},
}
