"""A message and a Target in, a SignedRequest out: exactly the bytes that will be sent.

A tamper (tampers.py) may change the DraftRequest before or after it is signed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus

from pytest_qimen import xml
from pytest_qimen.client.clock import china_now
from pytest_qimen.spec import Api
from pytest_qimen.target.model import Target
from pytest_qimen.wire import encoding
from pytest_qimen.wire.signature import sign

XML_TYPE: Final = "text/xml;charset=utf-8"
FORM_TYPE: Final = "application/x-www-form-urlencoded;charset=utf-8"
MASK: Final = "***"
_SECRET_PARAMS: Final = ("sign", "session")
_UNRESERVED: Final = re.compile("[A-Za-z0-9_.~-]*")
_LOGIN: Final = re.compile(r"(?<=://)[^/]*(?=@)")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What goes over the wire: `url` with its query, headers in order, the body's bytes.

    `params` are the signed parameters with raw values, for people and for signing anew. `idempotent` says
    that it only asks, so that it may go out twice. `delivery` is a key of delivery.DELIVERIES; `secrets` are
    what no answer may show.
    """

    http_method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    params: tuple[tuple[str, str], ...] = field(repr=False)
    idempotent: bool = False
    delivery: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        """Return the request without its signature, its session and its body."""
        return f"SignedRequest({self.http_method} {self.masked_url()!r}, {len(self.body)} bytes)"

    def masked_url(self) -> str:
        """Return the URL with its secrets blacked out."""
        return mask_query(self.url)


@dataclass(slots=True)
class DraftRequest:
    """A request while it is being made; `params` keep their order, `secret` may be swapped by a tamper.

    `literal` are characters that the query does not percent-encode; `spelled` may write what is encoded in
    another way that means the same. `delivery` is a key of delivery.DELIVERIES.
    """

    api: Api
    http_method: str
    params: list[tuple[str, str]]
    form: list[tuple[str, str]]
    body: bytes
    headers: list[tuple[str, str]]
    secret: str = field(repr=False)
    sign_method: str = "md5"
    plus: bool = True
    literal: str = ""
    signature: list[str] = field(default_factory=list, repr=False)
    delivery: str = ""
    spelled: Callable[[str], str] = str

    def set(self, name: str, value: str) -> None:
        """Give a parameter this value, in its place or at the end."""
        place = next((place for place, (key, _) in enumerate(self.params) if key == name), None)
        if place is None:
            self.params.append((name, value))
        else:
            self.params[place] = (name, value)

    def drop(self, name: str) -> None:
        """Leave a parameter out."""
        self.params = [(key, value) for key, value in self.params if key != name]

    def get(self, name: str) -> str:
        """Return a parameter's value; empty when it is missing."""
        return next((value for key, value in self.params if key == name), "")

    def header(self, name: str, value: str | None) -> None:
        """Replace a header, or leave it out."""
        self.headers = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))


def draft(target: Target, api: Api, root: xml.Element) -> DraftRequest:
    """Return the unsigned request for the message `root`, with the system parameters of its protocol."""
    form, body = encoding.encode(api, root)
    params = [
        ("method", target.wire_method(api)),
        ("timestamp", china_now()),
        ("format", "xml"),
        ("app_key", target.app_key),
        ("v", target.version),
        ("sign_method", "md5"),
    ]
    if api.protocol == "qimen":
        params.append(("customerId", target.customer_id))
    elif target.session:
        params.append(("session", target.session))
    kind = XML_TYPE if api.protocol == "qimen" else FORM_TYPE
    return DraftRequest(
        api,
        "POST",
        [(key, value) for key, value in params if value],
        list(form.items()),
        body,
        [("Content-Type", kind), ("Accept", "text/xml,application/json;q=0.1")],
        target.secret,
    )


def seal(target: Target, made: DraftRequest) -> None:
    """Sign the draft: Qimen over the parameters and the body, TOP over the parameters and the form."""
    made.signature = [sign(*signed_parts(made), made.secret, made.sign_method)]


def signed_parts(made: DraftRequest) -> tuple[dict[str, str], bytes | None]:
    """Return the parameters and the body that a signature of the draft covers."""
    if made.api.protocol == "top":
        return dict(made.params) | dict(made.form), None
    return dict(made.params), made.body


def finish(target: Target, made: DraftRequest) -> SignedRequest:
    """Return the bytes of a sealed draft."""
    query = [*made.params, *(("sign", value) for value in made.signature)]
    body = made.body
    if made.api.protocol == "top" and made.form:
        body = made.spelled(encode_pairs(made.form)).encode()
    joiner = "&" if "?" in target.url else "?"
    url = f"{target.url}{joiner}{made.spelled(encode_pairs(query, plus=made.plus, literal=made.literal))}"
    return SignedRequest(
        made.http_method,
        url,
        tuple(made.headers),
        body,
        tuple(query),
        made.api.readonly,
        made.delivery,
        (target.secret,),
    )


def encode_pairs(pairs: Sequence[tuple[str, str]], *, plus: bool = True, literal: str = "") -> str:
    """Return `a=1&b=2`, UTF-8 and URL-encoded but for `literal`, blanks as `+` or `%20`."""
    return "&".join(f"{_coded(key, plus, literal)}={_coded(value, plus, literal)}" for key, value in pairs)


@lru_cache(1 << 10)
def _coded(text: str, plus: bool, literal: str) -> str:
    """Return `text` for a URL; most of what is sent is sent again."""
    return text if _UNRESERVED.fullmatch(text) else (quote_plus if plus else quote)(text, safe=literal)


def mask_query(url: str) -> str:
    """Return `url` with stars for sign, session, and a name and password before the host."""
    head, mark, query = url.partition("?")
    parts = [
        f"{name}={MASK}" if (name := part.partition("=")[0]) in _SECRET_PARAMS else part
        for part in query.split("&")
    ]
    return f"{_LOGIN.sub(MASK, head)}{mark}{'&'.join(parts)}"
