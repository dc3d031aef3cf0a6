"""A recording in, the requests that were heard out: HAR 1.2 and .http files."""

import base64
import binascii
import codecs
import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from pytest_qimen.calls.access_log import access_lines, is_access_log
from pytest_qimen.calls.call import Heard, Pairs
from pytest_qimen.client.clock import CHINA
from pytest_qimen.errors import DataError, of_system, opened
from pytest_qimen.phrases import say
from pytest_qimen.wire.http import without_origin

LARGEST = 256 * 1024 * 1024  # bytes of one recording
LONGEST = 1e10  # milliseconds of a call; what is longer is no time
_SEPARATOR = re.compile(rb"^###.*\r?$", re.MULTILINE)
_VERB, _VERSION = re.compile("[A-Z]{3,10}"), re.compile("HTTP/[0-9.]+")


def read_recording(path: Path) -> Iterator[Heard]:
    """Yield the requests of a .har or .http file or an access log; DataError, with the place, for others."""
    if path.suffix == ".har":
        yield from har_entries(path)
    elif path.suffix == ".http":
        yield from http_requests(path)
    elif is_access_log(path):
        yield from access_lines(path)
    else:
        raise DataError(path, say("the-file"), say("recording-kind"))


def load(path: Path) -> bytes:
    """Return a recording, in UTF-8 without a mark; DataError where it cannot be read or is too large."""
    try:
        with opened(path) as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise DataError(path, say("the-file"), of_system(error)) from None
    if len(data) > LARGEST:
        raise DataError(path, say("the-file"), say("recording-large", largest=LARGEST // 1024**2))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def har_entries(path: Path) -> Iterator[Heard]:
    """Yield the entries of a HAR in the order of their times, requests that are no Qimen call left out."""
    try:
        found: Any = json.loads(load(path).decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise DataError(path, say("the-file"), say("no-json")) from None
    log = found.get("log") if isinstance(found, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise DataError(path, "log.entries", say("no-har"))
    heard = []
    for number, entry in enumerate(entries, 1):
        try:
            heard.append(_entry(f"{path.name}#{number}", entry))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DataError(path, f"log.entries[{number}]", say("no-har-entry", error=str(error))) from None
    last = max((one.at for one in heard if one.at), default=None)
    yield from sorted((one for one in heard if is_call(one)), key=lambda one: one.at or last or datetime.max)


def is_call(heard: Heard) -> bool:
    """Return True for a request that names a method in its URL or form: a browser's other traffic is none."""
    parts = heard.query.split("&")
    return any(part.startswith("method=") for part in parts) or b"method=" in heard.body[:65536]


def _entry(place: str, entry: Any) -> Heard:
    request, response = entry["request"], entry.get("response") or {}
    url = _text(request["url"])
    headers = _pairs(request.get("headers") or [])
    posted = request.get("postData") or {}
    body, lost = _posted(posted)
    status = response.get("status")
    known = isinstance(status, int) and not isinstance(status, bool) and 0 <= status <= 999
    answer = _content(response.get("content") or {})
    return Heard(
        place,
        _text(request["method"]).upper(),
        without_origin(url) or "/",
        headers,
        body,
        _moment(entry.get("startedDateTime")),
        status if known else None,
        answer if known and status else None,
        _pairs(response.get("headers") or []),
        frozenset((*lost, *masked(url), *(() if headers else ("headers",)))),
        _seconds(entry.get("time")),
    )


def _seconds(milliseconds: Any) -> float | None:
    """Return how long the answer took; HAR writes -1 where that is not known."""
    is_number = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return milliseconds / 1000 if is_number and 0 <= milliseconds < LONGEST else None


def masked(url: str) -> tuple[str, ...]:
    """Return ("sign",) where the signature was blacked out."""
    return ("sign",) if re.search(r"[?&]sign=(\*\*\*|%2A%2A%2A)(&|$)", url) else ()


def _posted(posted: Any) -> tuple[bytes, tuple[str, ...]]:
    """Return the body of a request, and "body" where the HAR keeps it as text.

    HAR knows no encoding of a request's body; `encoding` and the comment of this suite are read all the same.
    """
    text = posted.get("text")
    if text is None and posted.get("params"):
        return "&".join(f"{one['name']}={one.get('value', '')}" for one in posted["params"]).encode(), (
            "body",
        )
    if not text:
        return b"", ()
    if posted.get("encoding") == "base64" or str(posted.get("comment", "")).startswith("base64"):
        return _decoded(text), ()
    return _text(text).encode("utf-8", "replace"), ("body",)


def _content(content: Any) -> bytes:
    text = content.get("text") or ""
    return _decoded(text) if content.get("encoding") == "base64" else _text(text).encode("utf-8", "replace")


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(_text(text), validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base64: {error}") from None


def _text(value: Any) -> str:
    """Return a text; U+FFFD stands for halves of surrogate pairs, which no encoding has."""
    if not isinstance(value, str):
        raise ValueError(f"expected a text, got {type(value).__name__}")
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pairs(rows: Any) -> Pairs:
    return tuple((_text(row["name"]), _text(row["value"])) for row in rows if row["name"][:1] != ":")


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(CHINA) if found.tzinfo else None  # without a zone nobody knows when it was
    except (ValueError, OverflowError):
        return None


def http_requests(path: Path) -> Iterator[Heard]:
    """Yield the requests of a .http file, which ### parts: request line, headers, a blank line, the body.

    Line breaks at the end of a body belong to the file.
    """
    start, line, counted = 0, 1, 0
    data = load(path)
    ends = [(one.start(), one.end()) for one in _SEPARATOR.finditer(data)]
    for end, following in (*ends, (len(data), len(data))):
        line, counted = line + data.count(b"\n", counted, start), start
        heard = _http(path, data[start:end], line)
        start = following
        if heard:
            yield heard


def _http(path: Path, text: bytes, number: int) -> Heard | None:
    head, _, body = text.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    lines = [line for line in head.decode("utf-8", "replace").split("\n") if not line.startswith(("#", "//"))]
    lines = [line for line in lines if line.strip()]
    if not lines:
        return None
    verb, _, url = lines[0].rstrip().partition(" ")
    if not _VERB.fullmatch(verb) or not url.strip():
        raise DataError(path, say("line-number", number=number), say("no-method-url", line=lines[0][:60]))
    before, _, last = url.strip().rpartition(" ")
    url = before.rstrip() if before and _VERSION.fullmatch(last) else url.strip()
    rest = lines[1:]
    more = list(takewhile(lambda line: line.lstrip()[:1] in ("?", "&"), rest))  # a URL may go on over lines
    url += "".join(line.strip() for line in more)
    headers = []
    for line in rest[len(more) :]:
        name, colon, value = line.partition(":")
        if not colon:
            raise DataError(path, say("line-number", number=number), say("no-header", line=line[:60]))
        headers.append((name.strip(), value.strip()))
    return Heard(
        f"{path.name}:{number}",
        verb,
        without_origin(url) or "/",
        tuple(headers),
        body.strip(b"\n"),
        lost=frozenset(("body", *masked(url))),
    )
