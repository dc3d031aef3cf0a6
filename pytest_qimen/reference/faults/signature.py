"""Faults of the signature check."""

import codecs
import hashlib
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook, Make
from pytest_qimen.reference.protocol import signed
from pytest_qimen.reference.request import Request
from pytest_qimen.wire import signature

FAMILY = Family("verify")
_FIXED = ("app_key", "customerId", "format", "method", "sign", "sign_method", "timestamp", "v")


def _body(change: Callable[[bytes], bytes]) -> Hook:
    """The signature is computed over a changed body."""

    def verify(request: Request, _: bool) -> bool:
        body = request.signed_body
        return signed(request, request.every, body if body is None else change(body))

    return verify


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
            {name: request.every[name] for name in _FIXED if name in request.every},
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


def _parts(request: Request) -> list[str]:
    """Return the parts of the query as they stand in the URL."""
    return request.incoming.query.split("&")


def _raw(keep: Callable[[str], bool]) -> Hook:
    """A signature that fits the parts of the query that `keep` takes is good, too."""

    def verify(request: Request, good: bool) -> bool:
        query = "&".join(filter(keep, _parts(request)))
        kept = dict(parse_qsl(query, keep_blank_values=True))
        every = kept | request.form if request.form else kept
        return good or signed(request, every, request.signed_body)

    return verify


def _refused(which: Callable[[Request], bool]) -> Hook:
    """What is well signed is refused where this is true of it."""
    return lambda request, good: good and not which(request)


def _doubled(last: bool) -> Make:
    """A parameter may stand twice, and the first or the last counts."""

    def verify(request: Request, _: bool) -> bool:
        pairs = parse_qsl(request.incoming.query, keep_blank_values=True)
        every = dict(pairs if last else pairs[::-1]) | (request.form or {})
        return signed(request, every, request.signed_body)

    return lambda _: {"verify": verify, "overlook": lambda request, code: code == "doubled-parameter"}


def _without_twins(request: Request, good: bool) -> bool:
    names = {name for name in request.every if name != name.lower() and name.lower() in request.every}
    every = {name: value for name, value in request.every.items() if name not in names}
    return good or signed(request, every, request.signed_body)


def _declared_fields(request: Request, good: bool) -> bool:
    known = {row.name for row in request.method.api.request.children()} if request.method else set()
    form = {name: value for name, value in (request.form or {}).items() if name in known}
    return good or signed(request, request.params | form, request.signed_body)


def _hmac(how: str) -> Hook:
    """A TOP call that says that it is signed so is not checked."""
    return lambda request, good: good or (request.top and request.every.get("sign_method") == how)


def _hmac_as_top(request: Request, good: bool) -> bool:
    """A Qimen call with HMAC is checked as TOP has it: without the body."""
    hashed = not request.top and request.every.get("sign_method") == "hmac"
    return good or (hashed and signature.verify(request.every, b"", request.secret, "hmac"))


def _hmac_of_less(known: Callable[[Request], Mapping[str, str]]) -> Hook:
    """A TOP call with an HMAC is good, too, where it signs only what is known of it."""

    def verify(request: Request, good: bool) -> bool:
        hashed = request.top and request.every.get("sign_method", "").startswith("hmac")
        return good or (hashed and signed(request, known(request), None))

    return verify


def _fixed(request: Request) -> Mapping[str, str]:
    known = {name: value for name, value in request.params.items() if name in _FIXED}
    return known | (request.form or {})


FAMILY.rows(
    ("signature-at-values-skipped", _raw(lambda part: "=@" not in part)),
    ("signature-two-equals-skipped", _raw(lambda part: part.count("=") < 2)),
    ("signature-zeros-skipped", _raw(lambda part: not part.endswith("=0"))),
    ("signature-null-skipped", _raw(lambda part: not part.endswith("=null"))),
    ("signature-brackets-skipped", _raw(lambda part: "[" not in unquote(part))),
    ("signature-upper-case-twins-skipped", _without_twins),
    ("signature-unknown-fields-skipped", _declared_fields),
    ("at-values-refused", _refused(lambda request: any("=@" in one for one in _parts(request)))),
    ("zero-values-refused", _refused(lambda request: "0" in request.every.values())),
    ("outer-blanks-refused", _refused(lambda request: any(v != v.strip() for v in request.every.values()))),
    ("null-values-refused", _refused(lambda request: "null" in request.every.values())),
    ("two-equals-refused", _refused(lambda request: any(one.count("=") > 1 for one in _parts(request)))),
    ("percent-3d-not-decoded", _refused(lambda request: "%3D" in request.incoming.target)),
    ("signature-hmac-unchecked", _hmac("hmac")),
    ("signature-hmac-sha256-unchecked", _hmac("hmac-sha256")),
    ("signature-hmac-without-body", _hmac_as_top),
    ("signature-hmac-without-fields", _hmac_of_less(lambda request: request.params)),
    ("signature-hmac-fixed-parameters", _hmac_of_less(_fixed)),
)
FAMILY.add("first-of-doubled-taken", _doubled(last=False))
FAMILY.add("last-of-doubled-taken", _doubled(last=True))
