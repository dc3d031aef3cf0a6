"""A certificate file in, its body and its signature out: every member checked, one way to read it only.

What a signature covers must say the same to every reader: no member twice, no number with a fraction, no
half of a surrogate pair, dates as `date` prints them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, unusable
from pytest_qimen.phrases import say
from pytest_qimen.report import ed25519
from pytest_qimen.report.members import Members, Unfit, as_text, as_whole
from pytest_qimen.report.record import Json, Suite
from pytest_qimen.report.scope import Scope

FORMAT = 1
LARGEST = 1 << 20  # bytes of a certificate
DEEPEST = 8  # lists and objects inside each other
VERDICT = "conformant"
NEEDED = ("verdict", "suite", "requirements", "target", "seed", "counts", "issued", "expires")
BESIDE = {"certificate", "signature", "note"}
AHEAD = timedelta(days=1)  # the issuer's date may be tomorrow's here


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says, as it stands in the file and with the members that are shown."""

    body: Json
    signature: Any
    target: str
    suite: Suite
    requirements: str
    seed: str
    counts: dict[str, int]
    issued: date
    expires: date
    scope: Scope


def read_certificate(path: Path, today: date) -> Certificate:
    """Return the certificate in a file; DataError for none, UsageError where there is no file."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise unusable("verify", path, error) from None
    try:
        if len(data) > LARGEST:
            raise Unfit(say("file-large-bytes", largest=LARGEST))
        return _certificate(_parsed(data), today)
    except Unfit as error:
        raise DataError(path, "certificate", error.said) from None


def _parsed(data: bytes) -> Any:
    """Return the JSON; Unfit for what two readers might read in two ways."""
    try:
        found = json.loads(
            data.decode(), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse
        )
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unfit(say("half-surrogate")) from None
    except Unfit:
        raise
    except (ValueError, RecursionError):
        raise Unfit(say("no-json-utf8")) from None
    if not _is_flat(found):
        raise Unfit(say("file-deep", deepest=DEEPEST))
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise Unfit(say("member-doubled", twice=twice[:60]))
    return found


def _refuse(text: str) -> Any:
    raise Unfit(say("json-fraction", text=text[:60]))


def _is_flat(value: Any, left: int = DEEPEST) -> bool:
    """Return True where at most `left` lists and objects lie inside each other."""
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return left > 0 and all(_is_flat(one, left - 1) for one in inside)


def _certificate(found: Any, today: date) -> Certificate:
    body = found.get("certificate") if isinstance(found, dict) else None
    if not isinstance(body, dict) or "format" not in body:
        raise Unfit(say("no-certificate"))
    if type(body["format"]) is not int or not 1 <= body["format"] <= FORMAT:
        raise Unfit(say("certificate-format", body=str(body["format"])[:60], format=FORMAT))
    for name in found:
        if name not in BESIDE:
            raise Unfit(say("member-unsigned", name=name[:60]))
    missing = [name for name in NEEDED if name not in body]
    if missing:
        raise Unfit(say("lacks-members", missing=", ".join(missing)))
    return _checked(Members(body), found.get("signature"), today)


def _checked(members: Members, signature: Any, today: date) -> Certificate:
    for name in ("requirements", "target", "seed"):
        if not members.text(name).strip():
            raise Unfit(say("member-empty", name=name))
    if members.text("verdict") != VERDICT:
        raise Unfit(say("certificate-verdict", verdict=VERDICT, text=members.text("verdict")[:60]))
    issued, expires = _date(members, "issued"), _date(members, "expires")
    if issued > today + AHEAD:
        raise Unfit(say("certificate-future", issued=str(issued)))
    if expires <= issued:
        raise Unfit(say("certificate-dates", expires=str(expires), issued=str(issued)))
    return Certificate(
        dict(members.found),
        _signature(signature),
        members.text("target"),
        Suite.from_json(members.found["suite"]),
        members.text("requirements"),
        members.text("seed"),
        members.named("counts", as_whole),
        issued,
        expires,
        Scope.from_json(members),
    )


def _date(members: Members, name: str) -> date:
    text = members.text(name)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or str(found) != text:
        raise Unfit(say("certificate-day", name=name, text=text[:60]))
    return found


def _signature(found: Any) -> Any:
    """Return the signature, None where there is none."""
    if found is None:
        return None
    wanted = say("told", place="signature", why=say("signature-parts", algorithm=ed25519.ALGORITHM))
    if not isinstance(found, dict) or found.keys() != {"algorithm", "key", "value"}:
        raise Unfit(wanted)
    if any(not as_text(one, "signature") for one in found.values()):
        raise Unfit(wanted)
    if found["algorithm"] != ed25519.ALGORITHM:
        raise Unfit(say("certificate-algorithm", wanted=wanted, found=found["algorithm"][:60]))
    return found
