"""Faults of the signature check."""

import hashlib
from collections.abc import Callable
from urllib.parse import quote, unquote_to_bytes

from pytest_qimen import signing
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request, signed

FAMILY = Family("signature", "signature.verified", "verify")
_FIXED = ("app_key", "customerId", "format", "method", "sign", "sign_method", "timestamp", "v")


def _body(change: Callable[[bytes], bytes]) -> Hook:
    """The signature is computed over a changed body."""

    def verify(request: Request, _: bool) -> bool:
        body = request.signed_body
        return signed(request, request.every, body if body is None else change(body))

    return verify


FAMILY.rows(
    ("signature-unchecked", "no signature is checked", "不校验签名", lambda request, _: True),
    (
        "signature-also-without-body",
        "a signature over the parameters alone is good, too",
        "只对参数签名也算通过",
        lambda request, good: good or signed(request, request.every, b""),
    ),
    (
        "signature-without-body",
        "the body is left out of the signature",
        "签名不含请求体",
        _body(lambda body: b""),
    ),
    (
        "signature-lower-case-accepted",
        "a lower-case signature is good, too",
        "接受小写签名",
        lambda request, good: good or _with_sign(request, request.every.get("sign", "").upper()),
    ),
    (
        "signature-blanks-accepted",
        "blanks around a signature do not matter",
        "忽略签名前后的空白",
        lambda request, good: good or _with_sign(request, request.every.get("sign", "").strip()),
    ),
    (
        "signature-newlines-removed",
        "newlines are taken out of the body before it is digested",
        "计算签名前去掉请求体中的换行",
        _body(lambda body: body.replace(b"\r", b"").replace(b"\n", b"")),
    ),
    (
        "signature-body-stripped",
        "blanks around the body are taken away before it is digested",
        "计算签名前去掉请求体首尾空白",
        _body(lambda body: body.strip()),
    ),
    (
        "signature-body-url-decoded",
        "the body is URL-decoded before it is digested",
        "计算签名前对请求体做 URL 解码",
        _body(lambda body: unquote_to_bytes(body.replace(b"+", b" "))),
    ),
    (
        "signature-body-gbk",
        "the body is turned into GBK before it is digested",
        "计算签名前把请求体转成 GBK",
        _body(lambda body: body.decode("utf-8", "replace").encode("gbk", "replace")),
    ),
    (
        "signature-body-latin",
        "the body is read as Latin-1 and digested as UTF-8",
        "按 Latin-1 读取请求体后计算签名",
        _body(lambda body: body.decode("latin-1").encode()),
    ),
    (
        "signature-emoji-dropped",
        "characters beyond the BMP are dropped before the body is digested",
        "计算签名前丢弃表情符号",
        _body(lambda body: "".join(c for c in body.decode("utf-8", "replace") if c < "\U00010000").encode()),
    ),
    (
        "signature-fixed-parameters",
        "only a fixed list of parameters is signed",
        "只校验固定的参数",
        lambda request, _: signed(
            request, {name: request.every[name] for name in _FIXED if name in request.every}, request.signed_body
        ),
    ),
    (
        "signature-empty-accepted",
        "an empty or missing signature is good",
        "签名为空或缺失也通过",
        lambda request, good: good or not request.every.get("sign"),
    ),
    (
        "signature-only-logged",
        "a bad signature is only logged",
        "签名错误只记日志",
        lambda request, good: request.notes.setdefault("bad-signature", not good) or True,
    ),
    (
        "signature-truncated-accepted",
        "the beginning of the right signature is enough",
        "只比较签名的前几位",
        lambda request, good: good
        or (len(request.every.get("sign", "")) >= 8 and _expected(request).startswith(request.every["sign"])),
    ),
    (
        "signature-head-compared",
        "only the first eight digits are compared",
        "只比较签名前八位",
        lambda request, good: good or request.every.get("sign", "")[:8] == _expected(request)[:8],
    ),
    (
        "signature-any-hex-accepted",
        "anything of 32 hex digits is good",
        "任意 32 位十六进制都通过",
        lambda request, good: good or _is_hex(request.every.get("sign", "")),
    ),
    (
        "signature-empty-secret-accepted",
        "a signature with an empty secret is good, too",
        "空密钥的签名也通过",
        lambda request, good: good or signed(request, request.every, request.signed_body, ""),
    ),
    (
        "signature-values-encoded",
        "the parameters are digested URL-encoded",
        "用 URL 编码后的参数值计算签名",
        lambda request, _: signed(
            request, {name: quote(value) for name, value in request.every.items()}, request.signed_body
        ),
    ),
    (
        "signature-keys-unsorted",
        "the parameters are digested in the order in which they came",
        "参数不排序就计算签名",
        lambda request, _: request.every.get("sign") == _unsorted(request),
    ),
    (
        "signature-large-body-unchecked",
        "a body of more than 2,000 bytes is not checked",
        "超过 2000 字节的请求体不校验签名",
        lambda request, good: good or len(request.incoming.body) > 2000,
    ),
    (
        "signature-chinese-unchecked",
        "a body that is not plain ASCII is not checked",
        "含中文的请求体不校验签名",
        lambda request, good: good or not request.incoming.body.isascii(),
    ),
    (
        "signature-version-1-unchecked",
        "a request of version 1.0 is not checked",
        "版本 1.0 的请求不校验签名",
        lambda request, good: good or request.every.get("v") == "1.0",
    ),
)
FAMILY.rows(
    (
        "signature-method-ignored",
        "sign_method is ignored: TOP signatures are always read as md5",
        "忽略 sign_method,一律按 md5 校验",
        lambda request, _: signing.verify(request.every, request.signed_body, request.secret),
    ),
)


def _with_sign(request: Request, sign: str) -> bool:
    return signed(request, {**request.every, "sign": sign}, request.signed_body)


def _is_hex(text: str) -> bool:
    return len(text) == 32 and all(digit in "0123456789abcdefABCDEF" for digit in text)


def _expected(request: Request) -> str:
    how = request.every.get("sign_method", "md5") if request.top else "md5"
    known = how if how in signing.SIGN_METHODS else "md5"
    return signing.sign(request.every, request.signed_body, request.secret, known)


def _unsorted(request: Request) -> str:
    text = "".join(name + value for name, value in request.every.items() if name != "sign").encode()
    secret = request.secret.encode()
    return hashlib.md5(secret + text + (request.signed_body or b"") + secret).hexdigest().upper()


def _of_bad_signature(change: Hook) -> Hook:
    """Change the answer to a request whose signature was refused."""

    def data(request: Request, answer: Data) -> None:
        if "sign-check-failure" in (answer.text("code"), answer.text("sub_code")):
            change(request, answer)

    return data


FAMILY.rows(
    (
        "signature-refused-as-success",
        "a bad signature is refused with flag success",
        "签名错误却返回 success",
        _of_bad_signature(lambda request, answer: answer.update(flag="success")),
    ),
    (
        "signature-without-sub-code",
        "a bad signature is refused without sub_code",
        "签名错误时没有 sub_code",
        _of_bad_signature(lambda request, answer: [answer.pop(name) for name in ("sub_code", "sub_message")]),
    ),
    (
        "signature-told",
        "a bad signature is answered with the right one",
        "签名错误时泄露正确签名",
        _of_bad_signature(lambda request, answer: answer.update(message=f"expected {_expected(request)}")),
    ),
    (
        "secret-told",
        "a bad signature is answered with the secret",
        "签名错误时泄露密钥",
        _of_bad_signature(lambda request, answer: answer.update(message=f"secret {request.secret}")),
    ),
    point="data",
)


def _remember(request: Request, good: bool) -> bool:
    request.notes["bad-signature"] = not good
    return True


def _deny(request: Request, answer: Data) -> None:
    if request.notes.get("bad-signature"):
        answer.clear()
        answer.update(flag="failure", code="sign-check-failure", message="Illegal request")


FAMILY.add(
    "signature-checked-too-late",
    "a request with a bad signature is refused after it was carried out",
    "先执行请求,后拒绝错误签名",
    lambda _: {"verify": _remember, "data": _deny},
)
