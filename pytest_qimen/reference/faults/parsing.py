"""Faults of reading: what a parser wrongly takes, wrongly refuses, or changes on the way."""

import re
from collections.abc import Callable
from html import escape

from pytest_qimen import samples, schema, xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.reference.store import Refused

FAMILY = Family("parsing", "request.parsed", "body")
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
    ("doctype-accepted", "a DOCTYPE is overlooked", "忽略 DOCTYPE 照常处理", _without_doctype),
    ("entity-resolved", "entities of a DOCTYPE are resolved", "解析 DOCTYPE 中的实体", _expanded),
    ("malformed-accepted", "what is not well-formed is accepted", "接受格式错误的 XML", _forgiven),
    (
        "not-utf-8-accepted",
        "bytes that are no UTF-8 are replaced",
        "非 UTF-8 字节被替换后接受",
        lambda request, body: body.decode("utf-8", "replace").encode(),
    ),
    (
        "control-characters-accepted",
        "control characters are taken out",
        "删除控制字符后接受",
        lambda request, body: re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", body),
    ),
    (
        "bare-ampersand-accepted",
        "a bare ampersand is accepted",
        "接受未转义的 &",
        lambda request, body: re.sub(rb"&(?!\w+;|#)", b"&amp;", body),
    ),
    ("trailing-text-accepted", "what follows the root is dropped", "忽略根元素之后的内容", lambda request, body: (
        re.sub(rb"(</request\s*>).*\Z", rb"\1", body, flags=re.DOTALL)
    )),
    ("cdata-refused", "CDATA is refused", "拒绝 CDATA", _refuse(rb"<!\[CDATA\[")),
    ("comment-refused", "comments are refused", "拒绝注释", _refuse(rb"<!--")),
    ("instruction-refused", "processing instructions are refused", "拒绝处理指令", _refuse(rb"<\?(?!xml\s)")),
    ("declaration-required", "the XML declaration is required", "要求 XML 声明", _refuse(rb"^\s*(?!<\?xml)\S")),
    ("declaration-refused", "the XML declaration is refused", "拒绝 XML 声明", _refuse(rb"<\?xml\s")),
    ("standalone-refused", "standalone is refused", "拒绝 standalone", _refuse(rb"<\?xml[^>]*standalone")),
    ("single-quotes-refused", "a declaration in single quotes is refused", "拒绝单引号", _refuse(rb"<\?xml[^>]*'")),
    ("bom-refused", "a byte order mark is refused", "拒绝 BOM", _refuse(rb"^\xef\xbb\xbf")),
    ("crlf-refused", "CR LF between elements is refused", "拒绝 CRLF", _refuse(rb"\r\n")),
    ("indentation-refused", "blanks between elements are refused", "拒绝缩进", _refuse(rb">\s+<(?!request|\?|!)")),
    ("references-refused", "numeric references are refused", "拒绝数字字符引用", _refuse(rb"&#")),
    ("attributes-refused", "attributes are refused", "拒绝属性", _refuse(rb"<[A-Za-z][\w.]*\s+[\w:]+\s*=")),
    ("chinese-refused", "a body that is not plain ASCII is refused", "拒绝非 ASCII 字符", _refuse(rb"[\x80-\xff]")),
    ("emoji-refused", "characters beyond the BMP are refused", "拒绝表情符号", _refuse(rb"[\xf0-\xf4][\x80-\xbf]{3}")),
    ("large-body-refused", "a body of more than 100,000 bytes is refused", "拒绝大报文", _refuse(rb"(?s).{100001}")),
    ("empty-elements-refused", "an empty element is refused", "拒绝空元素", _refuse(rb"<(\w+)\s*(/>|></\1)")),
)  # fmt: skip


def _echo(request: Request, answer: Data) -> None:
    if request.root is not None and _FILE.decode() in "".join(map(xml.text, request.root.iter())):
        answer["message"] = _FILE.decode()


FAMILY.add(
    "file-entity-resolved",
    "an external entity is read and shown in the answer",
    "读取外部实体并在应答中泄露",
    lambda _: {"body": _expanded, "data": _echo},
    requirement="security.entities",
)


def _leaves(change: Callable[[str], str]) -> Hook:
    """Change the text of every leaf."""

    def element(request: Request, root: xml.Element) -> None:
        for leaf in root.iter():
            if not len(leaf) and leaf.text:
                leaf.text = change(leaf.text)

    return element


def _refuse_unknown(request: Request, root: xml.Element) -> None:
    assert request.method is not None
    for path in schema.undeclared(request.method.api, "request", root):
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


FAMILY.rows(
    ("unknown-element-refused", "an element that nobody knows is refused", "拒绝未知元素", _refuse_unknown),
    ("element-order-enforced", "elements must stand in the document's order", "强制元素顺序", _refuse_order),
    ("second-line-refused", "a list of more than one element is refused", "拒绝多行列表", _refuse_repeats),
    (
        "chinese-lost",
        "Chinese becomes question marks",
        "中文变成问号",
        _leaves(lambda text: re.sub("[\u0080-\uffff]", "?", text)),
    ),
    ("emoji-lost", "characters beyond the BMP are dropped", "丢失表情符号", _leaves(
        lambda text: re.sub("[\U00010000-\U0010ffff]", "", text) or "?"
    )),
    ("values-trimmed", "blanks around a value are lost", "去掉值首尾空白", _leaves(lambda text: text.strip() or text)),
    ("blanks-collapsed", "blanks within a value are collapsed", "合并值中空白", _leaves(
        lambda text: re.sub(r"\s+", " ", text)
    )),
    ("markup-stripped", "the characters & < > ' \" are lost", "丢失 & < > ' \" 字符", _leaves(
        lambda text: re.sub("[&<>'\"]", "", text) or "?"
    )),
    ("specials-stripped", "the characters % + \\ are lost", "丢失 % + \\ 字符", _leaves(
        lambda text: re.sub(r"[%+\\]", "", text) or "?"
    )),
    ("markup-double-escaped", "markup characters are escaped twice", "标记字符二次转义", _leaves(escape)),
    ("values-upper-cased", "every value is turned into capitals", "值被转成大写", _leaves(str.upper)),
    ("leading-zeros-lost", "texts of digits lose their zeros", "丢失前导零", _leaves(
        lambda text: text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text
    )),
    ("values-cut-at-20", "texts are cut at 20 characters", "文本截断为 20 个字符", _leaves(lambda text: text[:20])),
    point="element",
)  # fmt: skip


def _overlook(*codes: str) -> Hook:
    return lambda request, code: code in codes


FAMILY.rows(
    ("wrong-root-accepted", "the name of the root does not matter", "不检查根元素", _overlook("bad-root")),
    ("get-accepted", "the HTTP method does not matter", "不检查 HTTP 方法", _overlook("bad-method")),
    ("unknown-method-accepted", "an unknown method succeeds", "未知方法返回成功", _overlook("invalid-method")),
    ("unknown-app-key-accepted", "any app_key will do", "不校验 app_key", _overlook("invalid-app-key")),
    ("unknown-customer-accepted", "any customerId will do", "不校验 customerId", _overlook("invalid-customer")),
    ("bad-timestamp-accepted", "timestamp may hold anything", "不校验 timestamp 格式", _overlook("invalid-timestamp")),
    ("bad-version-accepted", "v may hold anything", "不校验 v", _overlook("invalid-version")),
    ("bad-format-accepted", "format may hold anything", "不校验 format", _overlook("invalid-format")),
    *(
        (f"missing-{name}-accepted", f"{name} may be missing", f"不要求 {name}", _overlook(f"missing-{name}"))
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
        "a method with taobao.qimen. is refused",
        "拒绝带 taobao.qimen. 前缀的方法名",
        _name(lambda request: request.top or not request.name.startswith("taobao."), "unknown method"),
    ),
    (
        "bare-method-refused",
        "a method without taobao.qimen. is refused",
        "拒绝不带前缀的方法名",
        _name(lambda request: request.top or request.name.startswith("taobao."), "unknown method"),
    ),
    (
        "extra-parameter-refused",
        "a parameter such as partner_id is refused",
        "拒绝额外的 URL 参数",
        _name(lambda request: not {"partner_id", "extra"} & set(request.every), "unknown parameter"),
    ),
    (
        "version-1-refused",
        "version 1.0 is refused",
        "拒绝版本 1.0",
        _name(lambda request: request.every.get("v") != "1.0", "unknown version"),
    ),
    ("content-type-demanded", "a Content-Type that names no XML is refused", "强制 Content-Type", _content_type),
    point="element",
)


def _chunked(request: Request, body: bytes) -> bytes:
    if "transfer-encoding" in request.incoming.headers:
        raise Refused("length required", "bad-http")
    return body


FAMILY.hook("chunked-refused", "a chunked body is refused", "拒绝分块传输")(_chunked)
