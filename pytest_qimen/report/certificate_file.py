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
from pytest_qimen.report.caller_scope import CallerScope
from pytest_qimen.report.members import Members, Unfit, as_text
from pytest_qimen.report.record import Json, Suite
from pytest_qimen.report.scope import Scope, day

FORMAT = 2  # 1: before what a system sends could be certified
LARGEST = 1 << 20  # bytes of a certificate
DEEPEST = 8  # lists and objects inside each other
VERDICT = "conformant"
KINDS = {"endpoint": ("seed", "counts"), "caller": ("caller",), "both": ("seed", "counts", "caller")}
NEEDED = ("verdict", "suite", "requirements", "target", "issued", "expires")  # and those of its kind
BESIDE = {"certificate", "signature", "note"}
AHEAD = timedelta(days=1)  # the issuer's date may be tomorrow's here


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says, as it stands in the file and with the members that are shown."""

    body: Json
    signature: Any
    kind: str
    target: str
    suite: Suite
    requirements: str
    issued: date
    expires: date
    endpoint: Scope | None
    caller: CallerScope | None

    @property
    def start(self) -> date:
        """Return the day from which on all of it holds."""
        runs = [half.run for half in (self.endpoint, self.caller) if half and half.run]
        return max((day(run[1]) for run in runs), default=self.issued)


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
    kind = Members(body).text("kind", "endpoint")
    if kind not in KINDS or (body["format"] == 1 and kind != "endpoint"):
        raise Unfit(say("certificate-kind", kind=kind[:60], kinds=", ".join(KINDS)))
    missing = [name for name in (*NEEDED, *KINDS[kind]) if name not in body]
    if missing:
        raise Unfit(say("lacks-members", missing=", ".join(missing)))
    return _checked(Members(body), kind, found.get("signature"), today)


def _checked(members: Members, kind: str, signature: Any, today: date) -> Certificate:
    for name in ("requirements", "target", *KINDS[kind][:1]):
        if name != "caller" and not members.text(name).strip():
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
        kind,
        members.text("target"),
        Suite.from_json(members.found["suite"]),
        members.text("requirements"),
        issued,
        expires,
        Scope.from_json(members) if kind != "caller" else None,
        CallerScope.from_json(members.found["caller"]) if kind != "endpoint" else None,
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
