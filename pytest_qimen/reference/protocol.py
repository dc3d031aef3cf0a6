"""What the protocol demands of a request: a known method, its parameters, its signature, a message."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from pytest_qimen import xml
from pytest_qimen.phrases import LANGUAGES
from pytest_qimen.reference.data import shape
from pytest_qimen.reference.database import Refused, parse_time
from pytest_qimen.reference.methods.registry import HANDLERS
from pytest_qimen.reference.request import Method, Request
from pytest_qimen.spec import called
from pytest_qimen.wire import encoding, signature
from pytest_qimen.wire.diagnosis import diagnose, explain
from pytest_qimen.wire.http import Incoming

_SYSTEM = ("method", "timestamp", "app_key", "v", "sign_method")
_QIMEN = (*_SYSTEM, "format", "customerId")
_OPTIONAL = ("format", "sign_method")  # document 000 section 2.2 marks neither as 必须


def find_method(name: str, form: bool) -> Method | None:
    """Return the method that a request names; None for one that is unknown or not handled."""
    api = called(name, form)
    if api is None or api.method not in HANDLERS:
        return None
    rules = tuple(rule for rule in api.rules if rule.direction == "request" and rule.level != "may")
    return Method(api, replace(api, rules=rules), shape(api.request), HANDLERS[api.method])


def understand(incoming: Incoming) -> Request:
    """Read the parameters of a request; raise Refused if they are not UTF-8."""
    is_form = encoding.is_form(incoming.headers.get("content-type", ""), incoming.body)
    form = _pairs(incoming.body.decode("utf-8", "replace"), strict=False) if is_form else []
    params = _pairs(incoming.query, strict=True)
    own, fields = dict(params), dict(form)
    return Request(
        incoming,
        own,
        fields if is_form else None,
        own.get("method") or fields.get("method", ""),
        doubled=len(own) < len(params) or len(fields) < len(form),
    )


def _pairs(text: str, strict: bool) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        if strict:
            raise Refused("a parameter is not UTF-8", "bad-parameter") from None
        return parse_qsl(text, keep_blank_values=True)


def authenticate(
    request: Request,
    app_key: str,
    secret: str,
    customer_id: str,
    explains: bool = False,
    lenient: bool = False,
) -> None:
    """Refuse a request that lacks a system parameter, names an unknown sender, or is not signed by it.

    With `explains` the refusal of a signature says which known mistakes give it. An empty `customer_id`
    stands for any. `lenient` takes a Qimen call without what the documents do not demand, and customerid for
    customerId, as they spell it, too.
    """
    params = request.every
    lenient = lenient and not request.top
    if request.doubled:
        request.refuse("a parameter stands twice", "doubled-parameter")
    for name in _SYSTEM if request.top else _QIMEN:
        spellings = (name, name.lower()) if lenient else (name,)
        if not any(map(params.get, spellings)) and not (lenient and name in _OPTIONAL):
            request.refuse(f"missing parameter {name}", f"missing-{name}")
    if params.get("app_key", app_key) != app_key:
        request.refuse("invalid app_key", "invalid-app-key")
    if customer_id and not request.top and params.get("customerId", customer_id) != customer_id:
        request.refuse("unknown customerId", "invalid-customer")
    request.secret = secret
    verdict = signed(request, params, request.signed_body)
    for hook in request.hooks.verify:
        verdict = hook(request, verdict)
    if not verdict:
        code = "sign-check-failure" if params.get("sign") else "missing-sign"
        why = f": {_explained(request)}" if explains else ""
        request.refuse("Illegal request", code, "sign-check-failure", f"Illegal request{why}")
    if "timestamp" in params and parse_time(params["timestamp"]) is None:
        request.refuse("timestamp is not yyyy-MM-dd HH:mm:ss", "invalid-timestamp")
    if params.get("v", "2.0") not in ("1.0", "2.0"):
        request.refuse("unknown version", "invalid-version")
    if not request.top and request.incoming.headers.get("content-type", "").startswith("application/json"):
        request.refuse("the body is declared as JSON", "invalid-content-type")
    if params.get("format", "xml").lower() not in (("xml", "json") if request.top else ("xml",)):
        request.refuse("unknown format", "invalid-format")


def signed(
    request: Request, params: Mapping[str, str], body: bytes | None, secret: str | None = None
) -> bool:
    """Return True if `params["sign"]` is right: md5 in Qimen, what sign_method says in TOP."""
    how = params.get("sign_method", "") if request.top else "md5"
    if how not in signature.SIGN_METHODS or not params.get("sign"):
        return False
    return signature.verify(params, body, request.secret if secret is None else secret, how)


def _explained(request: Request) -> str:
    """Return what is known about a wrong signature, in both languages."""
    how = request.every.get("sign_method", "") if request.top else "md5"
    if how not in signature.SIGN_METHODS:
        return f"sign_method is none of {', '.join(signature.SIGN_METHODS)}"
    given = request.every.get("sign", "")
    found = diagnose(request.every, request.signed_body, request.secret, given, how)
    return " · ".join(explain(found).text(language) for language in LANGUAGES)


def message_of(request: Request, lenient: bool = False) -> xml.Element:
    """Return the message tree, with `lenient` whatever its namespaces are; raise Refused if there is none."""
    assert request.method is not None
    if request.top:
        try:
            return encoding.decode(request.method.api, request.every)
        except (ValueError, RecursionError) as error:
            raise Refused(f"a parameter does not hold what it should: {error}", "bad-parameter") from None
    if request.incoming.verb != "POST":
        request.refuse("only POST", "bad-method")
    body = request.incoming.body
    for hook in request.hooks.body:
        body = hook(request, body)
    try:
        root = xml.parse(body)
    except xml.XmlError as error:
        raise Refused(f"not well-formed: {error}", "bad-xml") from None
    root = xml.bare(root) if lenient else root
    if root.tag != "request":
        request.refuse(f"the root element is {xml.name(root)}", "bad-root")
        root.tag = "request"
    return root
