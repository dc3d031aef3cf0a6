"""A message tree in, what goes over the wire out, and back: an XML body (Qimen) or form fields (TOP).

TOP carries scalars as form fields and a group or list as JSON in one field, as its SDKs do.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from pytest_qimen import xml
from pytest_qimen.spec import Api, Field, Message

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def is_form(content_type: str, body: bytes) -> bool:
    """Return True for a form; raw XML under the Content-Type of a form is XML (field-notes.md)."""
    return "form-urlencoded" in content_type.lower() and body.lstrip()[:1] != b"<"


def encode(api: Api, root: xml.Element) -> tuple[dict[str, str], bytes]:
    """Return the form fields and the body of a request whose message is `root`: one of the two is empty."""
    if api.protocol == "qimen":
        return {}, xml.write(root)
    return {
        row.path.removesuffix("[]"): value
        for row in api.request.children()
        if (value := _field(api.request, row, root)) is not None
    }, b""


def decode(api: Api, fields: Mapping[str, str]) -> xml.Element:
    """Return the message tree of a TOP request; ValueError where a field that should hold JSON does not."""
    root = xml.new("request")
    for row in api.request.children():
        text = fields.get(row.name)
        if text is None:
            continue
        if row.leaf:
            xml.put(root, row.name, text)
        else:
            _fill(root, row.name, json.loads(text, parse_int=str, parse_float=str))
    return root


def _field(message: Message, row: Field, root: xml.Element) -> str | None:
    found = xml.find(root, row.path)
    if not found:
        return None
    if row.leaf:
        return xml.text(found[0])
    values = [_json(message, row, element) for element in found]
    return f"[{','.join(values)}]" if row.repeated else values[0]


def _json(message: Message, row: Field, element: xml.Element) -> str:
    """`element` as JSON: known fields by their type, numbers digit by digit, unknown fields as text."""
    if row.leaf:
        return _scalar(row, xml.text(element))
    found: dict[str, list[str]] = {}
    known = {child.name: child for child in message.children(row.path)}
    for child in element:
        spec = known.get(xml.name(child), Field(xml.name(child), type="string"))
        found.setdefault(spec.name, []).append(_json(message, spec, child))
    repeated = {name for name, child in known.items() if child.repeated}
    texts = {
        name: f"[{','.join(values)}]" if name in repeated else values[-1] for name, values in found.items()
    }
    return "{" + ",".join(f"{_text(name)}:{text}" for name, text in texts.items()) + "}"


def _scalar(row: Field, text: str) -> str:
    if row.type == "number" and _NUMBER.fullmatch(text):
        return text
    if row.type == "boolean" and text.lower() in ("true", "false"):
        return text.lower()
    return _text(text)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _fill(parent: xml.Element, name: str, value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        child = xml.append(parent, name)
        if isinstance(item, dict):
            for key, inner in item.items():
                _fill(child, key, inner)
        elif item is not None:
            child.text = item if isinstance(item, str) else json.dumps(item)
