"""A Target and methods in, a Postman collection of their smallest messages out; its scripts sign."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from pytest_qimen import xml
from pytest_qimen.cases import Step
from pytest_qimen.client.request import FORM_TYPE, XML_TYPE, mask_query
from pytest_qimen.errors import unwritable
from pytest_qimen.phrases import say
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.runner.setup import can_set_up
from pytest_qimen.spec import Api, load_api
from pytest_qimen.target.belonging import overruled
from pytest_qimen.target.model import Target
from pytest_qimen.wire import encoding

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
Item = dict[str, Any]


def collection(target: Target, apis: Iterable[Api], language: str) -> Item:
    """Return the collection: a folder a method, which first sends what its message needs to exist.

    It holds neither secret nor session. Business keys begin with the variable `run`, which the first request
    of a run makes up.
    """
    place, _, own = mask_query(target.url).partition("?")
    maker = _Maker(target, own)
    folders = [
        {"name": api.name, "description": getattr(api.title, language), "item": list(maker.items(api))}
        for api in apis
    ]
    variables = {"url": place, "app_key": target.app_key, "customer_id": target.customer_id}
    variables |= {"secret": "", "session": "", "run": ""}
    names = {
        "LACKING": say("postman-secret").text(language),
        "UNSIGNED": [name for name, _ in parse_qsl(own, keep_blank_values=True)],
    }
    found = written(
        f"Qimen: {target.name or place}", folders, [script("prerequest", "postman-sign.js", names)]
    )
    found["info"]["description"] = say("postman-about").text(language)
    found["variable"] = [{"key": key, "value": value} for key, value in variables.items()]
    return found


def save(path: Path, target: Target, apis: Iterable[Api], language: str) -> None:
    """Write the collection of those methods that the target lets be called; UsageError where it cannot."""
    called = [api for api in apis if target.supports(api) and (api.readonly or not target.readonly)]
    text = json.dumps(collection(target, called, language), ensure_ascii=False, indent=1)
    try:
        path.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise unwritable("--qimen-postman", error) from None


def written(name: str, items: Sequence[Item], events: Sequence[Item] = ()) -> Item:
    """Return a collection of these items."""
    return {"info": {"name": name, "schema": SCHEMA}, "item": list(items), "event": list(events)}


def request(name: str, url: Any, body: Item, kind: str, events: Sequence[Item] = ()) -> Item:
    """Return an item that posts a body of this type."""
    header = [{"key": "Content-Type", "value": kind}]
    sent = {"method": "POST", "header": header, "body": body, "url": url}
    return {"name": name, "request": sent, "event": list(events)}


def raw(text: str) -> Item:
    """Return the body that is this text."""
    return {"mode": "raw", "raw": text}


def script(listen: str, asset: str, names: Mapping[str, Any]) -> Item:
    """Return the event that runs a script of assets/ with these constants."""
    lines = [f"const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in names.items()]
    lines += (files("pytest_qimen.report") / "assets" / asset).read_text("utf-8").splitlines()
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}


class _Maker:
    """Composes the messages of a collection."""

    def __init__(self, target: Target, own: str) -> None:
        """`own` is the query that the target's URL has already."""
        self._context = Context(target, Keys())
        self._own = own

    def items(self, api: Api) -> Iterator[Item]:
        """Yield the requests that the method's smallest message needs, and its own."""
        yield from self._made(api, {})[1]

    def _made(self, api: Api, save: Mapping[str, str]) -> tuple[xml.Element, list[Item]]:
        """Return the message and the items up to it; `save` names what later ones take of its answer."""
        step = Step(api)
        given: dict[str, str] = {}
        before: list[Item] = []
        usual = compose(step, self._context, {})
        for setup in api.setup:
            other, give = load_api(setup["method"]), setup["give"]
            target = self._context.target
            if not can_set_up(target, other.name) or overruled(api, give, target.data):
                continue
            sides = {path: place.partition(":")[::2] for path, place in give.items()}
            answered = {
                path: place
                for path, (side, place) in sides.items()
                if side == "response" and xml.find(usual, path)  # an id beside a code may be left out
            }
            root, items = self._made(other, {f"{other.method}.{place}": place for place in answered.values()})
            before += items
            given |= {path: f"{{{{{other.method}.{place}}}}}" for path, place in answered.items()}
            for path, (side, place) in sides.items():
                if side == "request" and (value := xml.get(root, place)) is not None:
                    given[path] = value
        root = compose(step, self._context, given)
        return root, [*before, self._item(api, root, save)]

    def _item(self, api: Api, root: xml.Element, save: Mapping[str, str]) -> Item:
        form, body = encoding.encode(api, root)
        top = api.protocol == "top"
        pairs = [{"key": key, "value": self._open(value)} for key, value in form.items()]
        sent = {"mode": "urlencoded", "urlencoded": pairs} if top else raw(self._open(body.decode()))
        names = {"ROOT": api.root, "VERDICT": api.verdict, "SAVE": dict(save)}
        kind = FORM_TYPE if top else XML_TYPE
        return request(api.name, self._url(api), sent, kind, [script("test", "postman-test.js", names)])

    def _open(self, text: str) -> str:
        """Return the text with the run's prefix as a variable."""
        return text.replace(self._context.keys.prefix, "{{run}}")

    def _url(self, api: Api) -> Item:
        """Return the address; the script before the request fills in the time and the signature."""
        target = self._context.target
        session = "session" if api.protocol == "top" else "customerId"
        params = {
            "method": target.wire_method(api),
            "timestamp": "",
            "format": "xml",
            "app_key": "{{app_key}}",
            "v": target.version,
            "sign_method": "md5",
            session: "{{session}}" if session == "session" else "{{customer_id}}",
        }
        own = parse_qsl(self._own, keep_blank_values=True)
        query = [{"key": key, "value": value} for key, value in [*own, *params.items()]]
        text = "&".join(f"{pair['key']}={pair['value']}" for pair in query)
        return {"raw": f"{{{{url}}}}?{text}", "host": ["{{url}}"], "query": query}
