"""Bytes and a key file in, a signature out, and back; the only place that needs the optional cryptography."""

import base64
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, UsageError, unusable
from pytest_qimen.phrases import say

ALGORITHM = "Ed25519"


def _library() -> tuple[Any, Any]:
    """Return the two modules of cryptography; UsageError that names the extra when it is not installed."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise UsageError(say("sign-needs")) from None
    return serialization, ed25519


def sign(data: bytes, file: Path) -> dict[str, str]:
    """Return the signature by the private key in a PEM file, with the public key beside it."""
    serialization, ed25519 = _library()
    try:
        key = serialization.load_pem_private_key(_read(file), None)
    except (ValueError, TypeError):
        raise UsageError(say("key-no-private", file=str(file))) from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise UsageError(say("key-no-ed25519", file=str(file)))
    return {
        "algorithm": ALGORITHM,
        "key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "value": base64.b64encode(key.sign(data)).decode(),
    }


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise unusable("--key", file, error) from None


def shown(signature: Mapping[str, str]) -> str:
    """Return the public key of a checked signature, in hexadecimal."""
    return base64.b64decode(signature["key"]).hex()


def check(path: str | PathLike[str], data: bytes, signature: Any, file: Path | None) -> None:
    """Raise DataError for a signature that does not fit, or is by another key than that in `file`."""
    _, ed25519 = _library()
    from cryptography.exceptions import InvalidSignature

    try:
        raw, value = (base64.b64decode(signature[name], validate=True) for name in ("key", "value"))
        ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(value, data)
    except (KeyError, TypeError, ValueError):
        raise DataError(path, "signature", say("signature-parts", algorithm=ALGORITHM)) from None
    except InvalidSignature:
        raise DataError(path, "signature", say("signature-unfit")) from None
    if file is not None and _public(file) != raw:
        raise DataError(path, "signature", say("key-other", file=str(file)))


def _public(file: Path) -> bytes:
    """Return the raw public key in a PEM file."""
    serialization, ed25519 = _library()
    try:
        key = serialization.load_pem_public_key(_read(file))
    except ValueError:
        raise UsageError(say("key-no-pem", file=str(file))) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise UsageError(say("key-no-public", file=str(file)))
    raw: bytes = key.public_bytes_raw()
    return raw
