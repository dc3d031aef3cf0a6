"""Faults of XML readers that go where a message leads them: addresses fetched, files read."""

import contextlib
import re
from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import unquote, urlsplit

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request

FAMILY = Family("verify")
_URL = r"(?:SYSTEM\s+|href=|Location=)\"((?:http|file)://[^\"]{1,500})\""
_LONGEST = 100  # bytes of a file
_LATE = 2  # messages: by then the case that sent it is over
PLACES = {
    "entity": rf"<!ENTITY\s+\w+\s+{_URL}",
    "parameter-entity": rf"<!ENTITY\s+%\s+\w+\s+{_URL}",
    "subset": rf"<!DOCTYPE\s+\w+\s+{_URL}",
    "xinclude": rf"<i:include [^<>]{{0,200}}{_URL}",
    "schema": rf"noNamespaceSchema{_URL}",
}


def _found(place: str, request: Request, scheme: str) -> str:
    """Return the address of this scheme at the place; empty where the message has none."""
    found = re.search(PLACES[place].encode(), request.incoming.body)
    url = found[1].decode() if found else ""
    return url if url.startswith(scheme) else ""


def _get(address: str) -> None:
    """Fetch an address, if it is on this machine."""
    url = urlsplit(address)
    if url.hostname == "127.0.0.1":
        connection = HTTPConnection(url.hostname, url.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
            connection.request("GET", url.path)
            connection.getresponse().read(_LONGEST)


def _fetch(place: str) -> Hook:
    """Fetch what a message names."""

    def verify(request: Request, verdict: bool) -> bool:
        _get(_found(place, request, "http://"))
        return verdict

    return verify


def _fetch_late(place: str) -> Hook:
    """Fetch what a message names when others have been answered since."""
    waiting: deque[str] = deque()

    def verify(request: Request, verdict: bool) -> bool:
        waiting.append(_found(place, request, "http://"))
        if len(waiting) > _LATE:
            _get(waiting.popleft())
        return verdict

    return verify


def _tell(place: str) -> Hook:
    """Answer with the beginning of a file that a message names, if it is a temporary one."""

    def data(request: Request, answer: Data) -> None:
        path = Path(unquote(urlsplit(_found(place, request, "file://")).path))
        if path.is_relative_to(gettempdir()) and path.is_file():
            answer["message"] = path.read_text("utf-8", "replace")[:_LONGEST]

    return data


FAMILY.rows(*((f"{place}-fetched", _fetch(place)) for place in PLACES))
FAMILY.add("entity-fetched-late", lambda _: {"verify": _fetch_late("entity")})


def _reading(place: str) -> Mapping[str, Hook]:
    return {"data": _tell(place)}


FAMILY.add("entity-file-read", lambda _: _reading("entity"))
FAMILY.add("xinclude-file-read", lambda _: _reading("xinclude"))
