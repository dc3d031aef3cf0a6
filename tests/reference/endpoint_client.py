"""A client that talks to the embedded endpoint over real HTTP."""

import http.client
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from pytest_qimen import spec, xml
from pytest_qimen.messages import samples
from pytest_qimen.reference import APP_KEY, CUSTOMER_ID, SECRET, Endpoint
from pytest_qimen.wire import encoding, signature

CHUNKED = "text/xml; in=chunks"  # a body of this kind goes out in chunks
PERCENT = "text/xml; charset=UTF-8"  # with a body of this kind blanks in the URL are %20
FORM = "application/x-www-form-urlencoded;charset=utf-8"
TIME = "2016-05-01 10:00:00"


def query(params: Mapping[str, str] | str, kind: str) -> str:
    """The query of the URL, written as this kind of body goes with; a text is one already."""
    if isinstance(params, str):
        return params
    return urlencode(params, quote_via=quote if kind == PERCENT else quote_plus)


class Answer:
    """One answer: status, headers, bytes, and the tree where there is one."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.body = response.read()

    @property
    def root(self) -> xml.Element:
        return xml.parse(self.body)

    def __getitem__(self, path: str) -> str | None:
        return xml.get(self.root, path)

    def all(self, path: str) -> list[str]:
        return xml.values(self.root, path)

    @property
    def ok(self) -> bool:
        assert self["flag"] in ("success", "failure"), self.body
        return self["flag"] == "success"


class Client:
    """Signs and sends; one connection for as long as it lives."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        parts = urlsplit(endpoint.url)
        assert parts.hostname
        self.path = parts.path
        self.sent: list[tuple[str, bytes, str, str]] = []
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)

    def params(self, method: str, **more: str | None) -> dict[str, str]:
        found = {
            "method": method,
            "timestamp": TIME,
            "format": "xml",
            "app_key": APP_KEY,
            "v": "2.0",
            "sign_method": "md5",
            "customerId": CUSTOMER_ID,
            **more,
        }
        return {name: value for name, value in found.items() if value is not None}

    def send(
        self,
        params: Mapping[str, str] | str,
        body: bytes,
        kind: str = "text/xml;charset=utf-8",
        verb: str = "POST",
    ) -> Answer:
        self.sent.append((query(params, kind), body, kind, verb))
        headers = {"Content-Type": kind}
        parts: bytes | Iterator[bytes] = body
        if kind == CHUNKED:
            headers["Transfer-Encoding"] = "chunked"
            parts = iter([body[:5], body[5:]])
        url = f"{self.path}?{query(params, kind)}"
        self.connection.request(verb, url, parts, headers, encode_chunked=kind == CHUNKED)
        return Answer(self.connection.getresponse())

    def post(self, method: str, body: bytes, **more: str | None) -> Answer:
        """A well-signed Qimen request with this body."""
        params = self.params(method, **more)
        if "sign" not in more:
            params["sign"] = signature.sign(params, body, SECRET)
        return self.send(params, body)

    def top(
        self, method: str, fields: Mapping[str, str], sign_method: str = "md5", **more: str | None
    ) -> Answer:
        """A well-signed TOP request with these form fields."""
        params = self.params(method, sign_method=sign_method, customerId=None, **more)
        params["sign"] = signature.sign({**params, **fields}, None, SECRET, sign_method)
        return self.send(params, urlencode(fields).encode(), FORM)

    def twin(self) -> "Client":
        """Another connection to the same endpoint."""
        return Client(self.endpoint)

    def message(self, method: str, base: str = "minimal", **edits: Any) -> xml.Element:
        """A legal message with values written (`a__b=1`), lists repeated (`a__b=[…]`) or dropped (None)."""
        api = spec.load_api(method)
        root = samples.full(api.request) if base == "full" else samples.minimal(api.request)
        for name, value in edits.items():
            path = name.replace("__", ".")
            if value is None:
                xml.drop(root, path)
            elif isinstance(value, list):
                for element, one in zip(xml.repeat(root, path, len(value)), value, strict=True):
                    _write(element, one)
            else:
                xml.put(root, path, str(value))
        return root

    def call(self, method: str, base: str = "minimal", **edits: Any) -> Answer:
        """The answer to such a message."""
        return self.send_message(method, self.message(method, base, **edits))

    def send_message(self, method: str, root: xml.Element) -> Answer:
        """The answer to this message."""
        api = spec.load_api(method)
        fields, body = encoding.encode(api, root)
        return self.top(api.method, fields) if api.protocol == "top" else self.post(api.method, body)


def _write(element: xml.Element, value: Any) -> None:
    """A leaf's text, or the fields of a group."""
    if isinstance(value, dict):
        for name, one in value.items():
            xml.put(element, name, str(one))
    else:
        element.text = str(value)


Connect = Callable[..., Client]
