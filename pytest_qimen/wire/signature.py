"""Parameters, body and secret in; the signature of a Qimen or TOP request, or the verdict on one, out."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Final

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say

Body = bytes | str | None

_DIGESTS: Final[dict[str, Callable[[bytes, bytes], str]]] = {
    "md5": lambda secret, text: hashlib.md5(secret + text + secret).hexdigest(),
    "hmac": lambda secret, text: hmac.new(secret, text, hashlib.md5).hexdigest(),
    "hmac-sha256": lambda secret, text: hmac.new(secret, text, hashlib.sha256).hexdigest(),
}
SIGN_METHODS: Final = tuple(_DIGESTS)


def sign(params: Mapping[str, str], body: Body, secret: str, sign_method: str = "md5") -> str:
    """Return the upper-case hex signature that the official client gives a request (design.md 6.1).

    `params` are the raw, not URL-encoded parameters; `sign` and those with an empty value are left out.
    Qimen signs `body` after them, bytes verbatim or text as UTF-8; TOP signs no body: there it is None and
    the form fields are among `params`. Raises UsageError for a method that is not in SIGN_METHODS.
    """
    return _digest({key: value for key, value in params.items() if value}, body, secret, sign_method)


def verify(params: Mapping[str, str], body: Body, secret: str, sign_method: str = "md5") -> bool:
    """Return True when `params["sign"]` is the signature of the request as it arrived (design.md 6.1).

    As strict as the official verifier: upper-case hex only, and an empty parameter keeps its name, so
    that a request signed by `sign` but sent with one is refused. `sign_method` is the receiver's to decide:
    always md5 in Qimen, the parameter of that name in TOP. Raises UsageError as `sign` does.
    """
    expected = _digest(params, body, secret, sign_method)
    return hmac.compare_digest(params.get("sign", "").encode(), expected.encode())


def string_to_sign(params: Mapping[str, str], body: Body) -> bytes:
    """Return what is digested, without the secret: names and values by name, then the body (000 5.1)."""
    # Python orders text by code point, which is the byte order of its UTF-8.
    text = "".join(key + params[key] for key in sorted(params) if key != "sign").encode()
    return text + (body.encode() if isinstance(body, str) else body or b"")


def _digest(params: Mapping[str, str], body: Body, secret: str, sign_method: str) -> str:
    if sign_method not in _DIGESTS:
        raise UsageError(
            say("unknown-sign-method", sign_method=sign_method, sign_methods=", ".join(SIGN_METHODS))
        )
    return _DIGESTS[sign_method](secret.encode(), string_to_sign(params, body)).upper()
