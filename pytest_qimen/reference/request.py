"""An Incoming request in, a Request out: its parameters, method, protocol, and whether to believe them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_qimen import xml
from pytest_qimen.reference.data import Shape, shape
from pytest_qimen.reference.database import Refused, parse_time
from pytest_qimen.reference.hooks import NONE, Hooks
from pytest_qimen.reference.http import Incoming
from pytest_qimen.reference.methods.registry import HANDLERS, Handler
from pytest_qimen.spec import Api, load_api, methods
from pytest_qimen.wire import encoding, signature

PREFIX = "taobao.qimen."
_SYSTEM = ("method", "timestamp", "app_key", "v", "sign_method")
_QIMEN = (*_SYSTEM, "format", "customerId")


@dataclass(frozen=True)
class Method:
    """A method as the endpoint knows it; `judged` is its Api with the rules that it refuses a message for."""

    api: Api
    judged: Api
    shape: Shape
    handler: Handler


def find_method(name: str, form: bool) -> Method | None:
    """The method that a request names, bare or with prefix; a form body decides between two of one name."""
    bare = name.removeprefix(PREFIX)
    found = [load_api(one) for one in methods() if one.partition("/")[2] in (name, bare)]
    found = [api for api in found if api.protocol == "qimen" or api.method == name]
    found.sort(key=lambda api: (api.protocol == "top") != form)
    if not found or found[0].method not in HANDLERS:
        return None
    api = found[0]
    rules = tuple(rule for rule in api.rules if rule.direction == "request" and rule.level != "may")
    return Method(api, replace(api, rules=rules), shape(api.request), HANDLERS[api.method])


@dataclass(slots=True)
class Request:
    """One request on its way; `notes` is for faults and variants that must remember something.

    `doubled` says that a parameter stands twice; the last one of that name is kept.
    """

    incoming: Incoming
    params: dict[str, str]
    form: dict[str, str] | None
    name: str
    method: Method | None = None
    hooks: Hooks = NONE
    root: xml.Element | None = None
    secret: str = ""
    doubled: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    def refuse(self, message: str, code: str, sub_code: str = "", sub_message: str = "") -> None:
        """Raise Refused, unless a fault overlooks what is wrong."""
        if not any(hook(self, code) for hook in self.hooks.overlook):
            raise Refused(message, code, sub_code, sub_message)

    @property
    def top(self) -> bool:
        """Whether it is answered in the TOP gateway's way."""
        return self.method.api.protocol == "top" if self.method else self.form is not None

    @property
    def signed_body(self) -> bytes | None:
        """What of the body the signature covers: all of it in Qimen, nothing in TOP."""
        return None if self.top else self.incoming.body

    @property
    def every(self) -> Mapping[str, str]:
        """All parameters: TOP's may stand in the URL or in the form."""
        return self.params | self.form if self.form else self.params


def understand(incoming: Incoming) -> Request:
    """Return the request with its parameters; Refused where they are not UTF-8."""
    form = _pairs(incoming.body.decode("utf-8", "replace"), strict=False) if _is_form(incoming) else []
    params = _pairs(urlsplit(incoming.target).query if "?" in incoming.target else "", strict=True)
    own, fields = dict(params), dict(form)
    return Request(
        incoming,
        own,
        fields if _is_form(incoming) else None,
        own.get("method") or fields.get("method", ""),
        doubled=len(own) < len(params) or len(fields) < len(form),
    )


def _is_form(incoming: Incoming) -> bool:
    """A form by its header and by its look: raw XML under a form's Content-Type is XML (field-notes.md)."""
    kind = incoming.headers.get("content-type", "").lower()
    return "form-urlencoded" in kind and incoming.body.lstrip()[:1] != b"<"


def _pairs(text: str, strict: bool) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        if strict:
            raise Refused("a parameter is not UTF-8", "bad-parameter") from None
        return parse_qsl(text, keep_blank_values=True)


def authenticate(request: Request, app_key: str, secret: str, customer_id: str) -> None:
    """Refuse what lacks a system parameter, comes from someone unknown, or is not signed by them."""
    params = request.every
    if request.doubled:
        request.refuse("a parameter stands twice", "doubled-parameter")
    for name in _SYSTEM if request.top else _QIMEN:
        if not params.get(name):
            request.refuse(f"missing parameter {name}", f"missing-{name}")
    if params.get("app_key", app_key) != app_key:
        request.refuse("invalid app_key", "invalid-app-key")
    if not request.top and params.get("customerId", customer_id) != customer_id:
        request.refuse("unknown customerId", "invalid-customer")
    request.secret = secret
    verdict = signed(request, params, request.signed_body)
    for hook in request.hooks.verify:
        verdict = hook(request, verdict)
    if not verdict:
        code = "sign-check-failure" if params.get("sign") else "missing-sign"
        request.refuse("Illegal request", code, "sign-check-failure", "Illegal request")
    if "timestamp" in params and parse_time(params["timestamp"]) is None:
        request.refuse("timestamp is not yyyy-MM-dd HH:mm:ss", "invalid-timestamp")
    if params.get("v", "2.0") not in ("1.0", "2.0"):
        request.refuse("unknown version", "invalid-version")
    if params.get("format", "xml").lower() not in (("xml", "json") if request.top else ("xml",)):
        request.refuse("unknown format", "invalid-format")


def signed(
    request: Request, params: Mapping[str, str], body: bytes | None, secret: str | None = None
) -> bool:
    """Whether `params["sign"]` fits: Qimen's signature is always md5, TOP's what sign_method says."""
    how = params.get("sign_method", "") if request.top else "md5"
    if how not in signature.SIGN_METHODS or not params.get("sign"):
        return False
    return signature.verify(params, body, request.secret if secret is None else secret, how)


def message_of(request: Request) -> xml.Element:
    """The message tree; Refused where the body holds none."""
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
    if root.tag != "request":
        request.refuse(f"the root element is {xml.name(root)}", "bad-root")
        root.tag = "request"
    return root
