"""Faults of reading: what a parser wrongly takes, wrongly refuses, or changes on the way."""

import json
import re
import struct
from collections.abc import Callable, Mapping
from html import escape
from unicodedata import normalize

from pytest_qimen import schema, xml
from pytest_qimen.messages import samples
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.spec import later_element

FAMILY = Family("body")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>", re.DOTALL)
_ENTITY = re.compile(rb'<!ENTITY\s+(\w+)\s+(SYSTEM\s+)?"([^"]*)"\s*>')
_REFERENCE = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w+);")
_SWOLLEN = 1_000_000  # bytes: a real parser would go on, this one need not prove it
_FILE = b"root:x:0:0:root:/root:/bin/bash"  # what a real parser would have read from the file


def _without_doctype(request: Request, body: bytes) -> bytes:
    return _REFERENCE.sub(b"", _DOCTYPE.sub(b"", body))


def _expanded(request: Request, body: bytes) -> bytes:
    """Resolve the entities that the DOCTYPE declares; an external one becomes what its file might hold."""
    known = {name: _FILE if system else text for name, system, text in _ENTITY.findall(body)}
    body = _DOCTYPE.sub(b"", body)
    while _REFERENCE.search(body) and len(body) < _SWOLLEN:
        body = _REFERENCE.sub(lambda found: known.get(found[1], b""), body)
    return _REFERENCE.sub(b"", body)


def _forgiven(request: Request, body: bytes) -> bytes:
    """Something legal in the place of what cannot be parsed."""
    try:
        xml.parse(body)
    except xml.XmlError:
        if b"<!DOCTYPE" not in body and request.method:
            return xml.write(samples.minimal(request.method.api.request))
    return body


def _refuse(pattern: bytes, found: bool = True) -> Hook:
    """Refuse a body in which the pattern stands, or does not."""

    def body(request: Request, body: bytes) -> bytes:
        if bool(re.search(pattern, body)) is found:
            raise Refused("cannot read the message", "bad-xml")
        return body

    return body


FAMILY.rows(
    (
        "text-cut-at-comment",
        lambda request, body: re.sub(rb"(<!-- note -->)[^<]*<", rb"\1<", body),
    ),
    ("text-before-cdata-lost", lambda request, body: re.sub(rb">[^<>]+<!\[CDATA\[", b"><![CDATA[", body)),
    ("doctype-accepted", _without_doctype),
    ("entity-resolved", _expanded),
    ("malformed-accepted", _forgiven),
    ("not-utf-8-accepted", lambda request, body: body.decode("utf-8", "replace").encode()),
    (
        "control-characters-accepted",
        lambda request, body: re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", body),
    ),
    ("bare-ampersand-accepted", lambda request, body: re.sub(rb"&(?!\w+;|#)", b"&amp;", body)),
    (
        "trailing-text-accepted",
        lambda request, body: re.sub(rb"(</request\s*>).*\Z", rb"\1", body, flags=re.DOTALL),
    ),
    ("cdata-refused", _refuse(rb"<!\[CDATA\[")),
    ("comment-refused", _refuse(rb"<!--")),
    ("comment-between-lines-refused", _refuse(rb"</(orderLine|item|storeInventory)>\s*<!--")),
    ("instruction-refused", _refuse(rb"<\?(?!xml\s)")),
    ("declaration-required", _refuse(rb"^\s*(?!<\?xml)\S")),
    ("declaration-refused", _refuse(rb"<\?xml\s")),
    ("standalone-refused", _refuse(rb"<\?xml[^>]*standalone")),
    ("single-quotes-refused", _refuse(rb"<\?xml[^>]*'")),
    ("bom-refused", _refuse(rb"^\xef\xbb\xbf")),
    ("crlf-refused", _refuse(rb"\r\n")),
    ("indentation-refused", _refuse(rb">\s+<(?!request|\?|!)")),
    ("references-refused", _refuse(rb"&#")),
    ("namespaces-refused", _refuse(rb"<[^<>]*\sxmlns")),
    ("attributes-refused", _refuse(rb"<[A-Za-z][\w.]*\s+[\w:]+\s*=")),
    ("chinese-refused", _refuse(rb"[\x80-\xff]")),
    ("emoji-refused", _refuse(rb"[\xf0-\xf4][\x80-\xbf]{3}")),
    ("large-body-refused", _refuse(rb"(?s).{100001}")),
    ("empty-elements-refused", _refuse(rb"<(\w+)\s*(/>|></\1)")),
)


def _echo(request: Request, answer: Data) -> None:
    if request.root is not None and _FILE.decode() in "".join(map(xml.text, request.root.iter())):
        answer["message"] = _FILE.decode()


def _wounded(_: str) -> Mapping[str, Hook]:
    """An entity is survived, but the next call is not answered as it should be."""
    hurt: list[bytes] = []

    def body(request: Request, body: bytes) -> bytes:
        if hurt:
            raise Refused("out of order", hurt.pop().decode())
        if b"<!ENTITY" in body:
            hurt.append(b"wounded")
        return body

    return {"body": body}


FAMILY.add("wounded-by-entity", _wounded)
FAMILY.add("file-entity-resolved", lambda _: {"body": _expanded, "data": _echo})


def _leaves(change: Callable[[str], str]) -> Hook:
    """Change the text of every leaf."""

    def element(request: Request, root: xml.Element) -> None:
        for leaf in root.iter():
            if not len(leaf) and leaf.text:
                leaf.text = change(leaf.text)

    return element


def _as_float(text: str) -> str:
    """An amount as 32 bits of floating point keep it."""
    if not re.fullmatch(r"\d+\.\d+", text):
        return text
    return f"{struct.unpack('f', struct.pack('f', float(text)))[0]:.{len(text.partition('.')[2])}f}"


def _wrapped(text: str) -> str:
    """A quantity of ten digits as 32 bits keep it."""
    return str(int(text) % 2**32) if re.fullmatch("[4-9][0-9]{9}", text) else text


def _refuse_unknown(request: Request, root: xml.Element) -> None:
    assert request.method is not None
    for path in schema.undeclared(request.method.api, "request", root):
        raise Refused(f"unknown element {path}", "bad-xml")


def _refuse_later(request: Request, root: xml.Element) -> None:
    assert request.method is not None
    api = request.method.api
    for path in schema.undeclared(api, "request", root):
        if later_element(api, path):
            raise Refused(f"unknown element {path}", "bad-xml")


def _refuse_order(request: Request, root: xml.Element) -> None:
    assert request.method is not None
    message = request.method.api.request
    order = {row.path.replace("[]", ""): number for number, row in enumerate(message.fields)}
    for element in root.iter():
        path = re.sub(r"\[\d+\]", "", xml.place(element))
        places = [order.get(f"{path}.{xml.name(child)}".lstrip("."), 0) for child in element]
        if places != sorted(places):
            raise Refused(f"elements below {path or 'the root'} in a wrong order", "bad-xml")


def _refuse_repeats(request: Request, root: xml.Element) -> None:
    for path, _ in xml.walk(root):
        if path.endswith("[]"):
            raise Refused(f"{path} stands twice", "bad-xml")


def _zeros_dropped(request: Request, root: xml.Element) -> None:
    """A text that is 0 counts as absent."""
    for row in request.method.api.request.leaves if request.method else ():
        for leaf in xml.find(root, row.path) if row.type == "string" else ():
            if leaf.text == "0":
                leaf.text = ""


FAMILY.rows(
    ("unknown-element-refused", _refuse_unknown),
    ("later-edition-refused", _refuse_later),
    ("element-order-enforced", _refuse_order),
    ("second-line-refused", _refuse_repeats),
    ("chinese-lost", _leaves(lambda text: re.sub("[\u0080-\uffff]", "?", text))),
    ("emoji-lost", _leaves(lambda text: re.sub("[\U00010000-\U0010ffff]", "", text) or "?")),
    ("values-normalised", _leaves(lambda text: normalize("NFKC", text))),
    ("amounts-as-floats", _leaves(_as_float)),
    ("quantities-wrapped", _leaves(_wrapped)),
    ("values-trimmed", _leaves(lambda text: text.strip() or text)),
    ("blanks-collapsed", _leaves(lambda text: re.sub(r"\s+", " ", text))),
    ("markup-stripped", _leaves(lambda text: re.sub("[&<>'\"]", "", text) or "?")),
    ("specials-stripped", _leaves(lambda text: re.sub(r"[%+\\]", "", text) or "?")),
    ("markup-double-escaped", _leaves(escape)),
    ("values-upper-cased", _leaves(str.upper)),
    (
        "leading-zeros-lost",
        _leaves(lambda text: text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text),
    ),
    ("values-cut-at-20", _leaves(lambda text: text[:20])),
    ("zero-is-nothing", _zeros_dropped),
    point="element",
)


def _overlook(*codes: str) -> Hook:
    return lambda request, code: code in codes


def _named_with_more(request: Request, code: str) -> bool:
    """The name of the method may stand within a longer one."""
    return code == "invalid-method" and (request.name.startswith("x.") or request.name.endswith(".x"))


def _timestamp_like(pattern: str) -> Hook:
    """A timestamp of this look need not be one."""

    def overlook(request: Request, code: str) -> bool:
        return code == "invalid-timestamp" and bool(re.fullmatch(pattern, request.every["timestamp"]))

    return overlook


FAMILY.rows(
    ("impossible-timestamp-accepted", _timestamp_like(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")),
    (
        "loose-timestamp-accepted",
        _timestamp_like(r"(?!\d{4}-\d\d-\d\d \d\d:\d\d:)\d{4}[-/]\d+[-/]\d+[ T]\d+:\d+(:\d+)?"),
    ),
    ("wrong-root-accepted", _overlook("bad-root")),
    ("get-accepted", _overlook("bad-method")),
    ("unknown-method-accepted", _overlook("invalid-method")),
    ("method-with-more-accepted", _named_with_more),
    ("unknown-customer-accepted", _overlook("invalid-customer")),
    ("bad-timestamp-accepted", _overlook("invalid-timestamp")),
    ("bad-version-accepted", _overlook("invalid-version")),
    ("json-content-type-accepted", _overlook("invalid-content-type")),
    ("bad-format-accepted", _overlook("invalid-format")),
    *(
        (f"missing-{name}-accepted", _overlook(f"missing-{name}"))
        for name in ("timestamp", "format", "app_key", "v", "sign_method", "customerId")
    ),
    point="overlook",
)


def _name(allowed: Callable[[Request], bool], message: str) -> Hook:
    def element(request: Request, root: xml.Element) -> None:
        if not allowed(request):
            raise Refused(message, "invalid-method")

    return element


def _content_type(request: Request, root: xml.Element) -> None:
    if "xml" not in request.incoming.headers.get("content-type", "") and not request.top:
        raise Refused("not text/xml", "bad-content-type")


FAMILY.rows(
    (
        "prefixed-method-refused",
        _name(lambda request: request.top or not request.name.startswith("taobao."), "unknown method"),
    ),
    (
        "bare-method-refused",
        _name(lambda request: request.top or request.name.startswith("taobao."), "unknown method"),
    ),
    (
        "extra-parameter-refused",
        _name(lambda request: not {"partner_id", "extra"} & set(request.every), "unknown parameter"),
    ),
    ("version-1-refused", _name(lambda request: request.every.get("v") != "1.0", "unknown version")),
    ("content-type-demanded", _content_type),
    point="element",
)


def _mended_json(request: Request, good: bool) -> bool:
    """Business parameters that are no JSON are read with other quotes, or left out."""
    form = request.form or {}
    for name, value in list(form.items()):
        if value[:1] in ("[", "{") and not _is_json(value):
            form.pop(name)
            if _is_json(mended := value.replace("'", '"')):
                form[name] = mended
    return good


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


FAMILY.rows(("broken-json-accepted", _mended_json), point="verify")
