"""Signatures that are not the request's: each named forgery changes what a DraftRequest is sent with."""

import hashlib
from collections.abc import Callable, Mapping

from pytest_qimen.client.attacks import Tamper
from pytest_qimen.client.request import DraftRequest, signed_parts
from pytest_qimen.wire.signature import sign, string_to_sign


def _sign(change: Callable[[str], list[str]]) -> Tamper:
    def tamper(made: DraftRequest, _: str) -> None:
        made.signature = change(made.signature[0])

    return tamper


def _signed_otherwise(secret: bool) -> Tamper:
    """Return a signature over the parameters alone, or one made with an empty secret."""

    def tamper(made: DraftRequest, _: str) -> None:
        body = made.body if secret else b""
        made.signature = [sign(dict(made.params), body, "" if secret else made.secret, made.sign_method)]

    return tamper


def _sign_without_param(made: DraftRequest, name: str) -> None:
    """A signature over all parameters but one."""
    params, body = signed_parts(made)
    params.pop(name, None)
    made.signature = [sign(params, body, made.secret, made.sign_method)]


def _one_secret(front: bool) -> Tamper:
    """Return an MD5 signature with the secret on one side of the text only."""

    def tamper(made: DraftRequest, _: str) -> None:
        text, secret = string_to_sign(*signed_parts(made)), made.secret.encode()
        made.signature = [hashlib.md5(secret + text if front else text + secret).hexdigest().upper()]

    return tamper


FORGERIES: Mapping[str, Tamper] = {
    "sign-lower": _sign(lambda text: [text.lower()]),
    "sign-truncated": _sign(lambda text: [text[:16]]),
    "sign-missing": _sign(lambda text: []),
    "sign-empty": _sign(lambda text: [""]),
    "sign-without-body": _signed_otherwise(secret=False),
    "sign-without-secret": _signed_otherwise(secret=True),
    "sign-secret-in-front": _one_secret(front=True),
    "sign-secret-at-end": _one_secret(front=False),
    "sign-without-param": _sign_without_param,
    "sign-twice": _sign(lambda text: ["0" * 32, text]),
    "sign-wrong": _sign(lambda text: [text[::-1] if text[::-1] != text else "0" * 32]),
    "sign-blank": _sign(lambda text: [f" {text}"]),
}
