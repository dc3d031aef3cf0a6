"""Faults of the signature check."""

import codecs
import hashlib
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, unquote_to_bytes

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.protocol import signed
from pytest_qimen.reference.request import Request
from pytest_qimen.wire import signature

FAMILY = Family("verify")
FIXED = ("app_key", "customerId", "format", "method", "sign", "sign_method", "timestamp", "v")


def _body(change: Callable[[bytes], bytes]) -> Hook:
    """The signature is computed over a changed body."""

    def verify(request: Request, _: bool) -> bool:
        body = request.signed_body
        return signed(request, request.every, body if body is None else change(body))

    return verify


def _either(verify: Hook) -> Hook:
    """A good signature is good, and so is what this takes for one."""
    return lambda request, good: good or verify(request, good)


def _place(request: Request, name: str) -> int:
    """Where a parameter stands in the URL."""
    return [*request.params, name].index(name)


FAMILY.rows(
    ("signature-unchecked", lambda request, _: True),
    ("signature-also-without-body", lambda request, good: good or signed(request, request.every, b"")),
    ("signature-also-without-fields", lambda request, good: good or _of(request, request.params)),
    ("signature-also-without-timestamp", lambda request, good: good or _without(request, "timestamp")),
    ("signature-also-without-customer", lambda request, good: good or _without(request, "customerId")),
    ("signature-session-skipped", lambda request, good: good or _without(request, "session")),
    ("signature-also-with-secret-in-front", lambda request, good: good or _one_secret(request, front=True)),
    ("signature-also-with-secret-at-end", lambda request, good: good or _one_secret(request, front=False)),
    ("signature-unchecked-under-other-name", lambda request, good: good or _is_other_name(request)),
    ("signature-without-bom", _body(lambda body: body.removeprefix(codecs.BOM_UTF8))),
    (
        "signature-also-md5",
        lambda request, good: good or signature.verify(request.every, request.signed_body, request.secret),
    ),
    ("signature-without-body", _body(lambda body: b"")),
    (
        "signature-lower-case-accepted",
        lambda request, good: good or _with_sign(request, request.every.get("sign", "").upper()),
    ),
    (
        "signature-blanks-accepted",
        lambda request, good: good or _with_sign(request, request.every.get("sign", "").strip()),
    ),
    ("signature-newlines-removed", _body(lambda body: body.replace(b"\r", b"").replace(b"\n", b""))),
    ("signature-line-breaks-alike", _either(_body(lambda body: body.replace(b"\r\n", b"\n")))),
    ("signature-body-stripped", _body(lambda body: body.strip())),
    ("signature-body-url-decoded", _body(lambda body: unquote_to_bytes(body.replace(b"+", b" ")))),
    ("signature-body-gbk", _body(lambda body: body.decode("utf-8", "replace").encode("gbk", "replace"))),
    ("signature-body-latin", _body(lambda body: body.decode("latin-1").encode())),
    (
        "signature-emoji-dropped",
        _body(lambda body: "".join(c for c in body.decode("utf-8", "replace") if c < "\U00010000").encode()),
    ),
    (
        "signature-fixed-parameters",
        lambda request, _: signed(
            request,
            {name: request.every[name] for name in FIXED if name in request.every},
            request.signed_body,
        ),
    ),
    (
        "signature-order-of-url",
        lambda request, good: good and _place(request, "method") < _place(request, "app_key"),
    ),
    ("percent-20-not-decoded", lambda request, good: good and "%20" not in request.incoming.target),
    (
        "signature-method-not-signed",
        lambda request, good: (
            good or signed(request, {**request.every, "sign_method": "md5"}, request.signed_body)
        ),
    ),
    ("signature-empty-accepted", lambda request, good: good or not request.every.get("sign")),
    (
        "signature-only-logged",
        lambda request, good: request.notes.setdefault("bad-signature", not good) or True,
    ),
    (
        "signature-truncated-accepted",
        lambda request, good: (
            good
            or (
                len(request.every.get("sign", "")) >= 8
                and _expected(request).startswith(request.every["sign"])
            )
        ),
    ),
    (
        "signature-head-compared",
        lambda request, good: good or request.every.get("sign", "")[:8] == _expected(request)[:8],
    ),
    ("signature-any-hex-accepted", lambda request, good: good or _is_hex(request.every.get("sign", ""))),
    (
        "signature-empty-secret-accepted",
        lambda request, good: good or signed(request, request.every, request.signed_body, ""),
    ),
    (
        "signature-values-encoded",
        lambda request, _: signed(
            request, {name: quote(value) for name, value in request.every.items()}, request.signed_body
        ),
    ),
    (
        "signature-keys-unsorted",
        lambda request, _: request.every.get("sign") == _joined(request, request.every),
    ),
    (
        "signature-sorted-without-case",
        lambda request, _: (
            request.every.get("sign") == _joined(request, sorted(request.every, key=str.lower))
        ),
    ),
)
FAMILY.rows(
    (
        "signature-method-ignored",
        lambda request, _: signature.verify(request.every, request.signed_body, request.secret),
    )
)


def _with_sign(request: Request, sign: str) -> bool:
    return signed(request, {**request.every, "sign": sign}, request.signed_body)


def _of(request: Request, params: Mapping[str, str | None]) -> bool:
    """Whether the signature is one over these parameters alone."""
    every = {name: value for name, value in params.items() if value is not None}
    return signed(request, {**every, "sign": request.every.get("sign", "")}, request.signed_body)


def _without(request: Request, name: str) -> bool:
    """Whether the signature is one over all parameters but this."""
    return _of(request, {**request.every, name: None})


def _is_hex(text: str) -> bool:
    return len(text) == 32 and all(digit in "0123456789abcdefABCDEF" for digit in text)


def _expected(request: Request) -> str:
    how = request.every.get("sign_method", "md5") if request.top else "md5"
    known = how if how in signature.SIGN_METHODS else "md5"
    return signature.sign(request.every, request.signed_body, request.secret, known)


def _joined(request: Request, names: Iterable[str]) -> str:
    """The MD5 signature over the parameters in this order."""
    text = "".join(name + request.every[name] for name in names if name != "sign").encode()
    secret = request.secret.encode()
    return hashlib.md5(secret + text + (request.signed_body or b"") + secret).hexdigest().upper()


def _is_other_name(request: Request) -> bool:
    """Whether the method has a prefix where callers leave it out, or none where they write it."""
    role = request.method.api.role if request.method else ""
    return role != "wdk" and request.name.startswith("taobao.") is not (role == "store")


def _one_secret(request: Request, front: bool) -> bool:
    """Whether the signature is one with the secret on one side only."""
    text, secret = signature.string_to_sign(request.every, request.signed_body), request.secret.encode()
    digest = hashlib.md5(secret + text if front else text + secret).hexdigest()
    return request.every.get("sign") == digest.upper()


def _of_bad_signature(change: Hook) -> Hook:
    """Change the answer to a request whose signature was refused."""

    def data(request: Request, answer: Data) -> None:
        if "sign-check-failure" in (answer.text("code"), answer.text("sub_code")):
            change(request, answer)

    return data


FAMILY.rows(
    (
        "signature-refused-as-success",
        _of_bad_signature(lambda request, answer: answer.update(flag="success")),
    ),
    (
        "signature-without-sub-code",
        _of_bad_signature(lambda request, answer: [answer.pop(name) for name in ("sub_code", "sub_message")]),
    ),
    (
        "signature-told",
        _of_bad_signature(lambda request, answer: answer.update(message=f"expected {_expected(request)}")),
    ),
    (
        "secret-told",
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
        answer.update(sub_code="sign-check-failure", sub_message="Illegal request")


FAMILY.add("signature-checked-too-late", lambda _: {"verify": _remember, "data": _deny})
