"""Faults of the signature check about single parameters: left out of it, or refused, for how they look."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, unquote

from pytest_qimen.reference.faults.model import Family, Hook, Make
from pytest_qimen.reference.faults.signature import FIXED
from pytest_qimen.reference.protocol import signed
from pytest_qimen.reference.request import Request
from pytest_qimen.wire import signature

FAMILY = Family("verify")


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
    known = {name: value for name, value in request.params.items() if name in FIXED}
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
