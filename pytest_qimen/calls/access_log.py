"""An access log in, the calls that its request lines name out; it holds no messages.

Read are the common and the combined format of Apache and nginx, and JSON lines of nginx or any other server
that names the request's method, URL and time as one of the words below.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pytest_qimen.calls.call import Heard
from pytest_qimen.client.clock import CHINA
from pytest_qimen.errors import DataError, of_system, opened
from pytest_qimen.phrases import say
from pytest_qimen.wire.http import without_origin

LONGEST = 1 << 17  # bytes of a line
LOST = frozenset(("message", "headers"))
_REQUEST = re.compile(r"([A-Z]{3,10}) ([^ ]{1,65536}) HTTP/[0-9.]{1,3}")
_COMMON = re.compile(r'\[([^\]\[]{1,40})\][^"\[]{0,40}"' + _REQUEST.pattern + r'"[ \t]+([0-9]{3}|-)')
_TIME = "%d/%b/%Y:%H:%M:%S %z"
_WORDS = {
    "request": ("request", "request_line"),
    "verb": ("request_method", "method", "verb"),
    "target": ("request_uri", "uri", "url", "path"),
    "query": ("args", "query", "query_string"),
    "time": ("time_iso8601", "time", "timestamp", "@timestamp", "time_local"),
    "status": ("status", "status_code"),
}


def is_access_log(path: Path) -> bool:
    """Return True for a file whose name says that it is one."""
    return path.suffix == ".log" or "access" in path.name


def access_lines(path: Path) -> Iterator[Heard]:
    """Yield the calls of a log in their order; DataError where no line of it is one of an access log."""
    known = read = 0
    try:
        with opened(path) as file:
            while line := file.readline(LONGEST):
                read += 1
                heard = _line(f"{path.name}:{read}", line)
                known += heard is not None
                if heard and any(part.startswith("method=") for part in heard.query.split("&")):
                    yield heard
    except OSError as error:
        raise DataError(path, say("the-file"), of_system(error)) from None
    if not known:
        raise DataError(path, say("the-file"), say("no-access-log"))


def _line(place: str, line: bytes) -> Heard | None:
    text = line.decode("utf-8", "surrogateescape").strip()
    if text.startswith("{"):
        return _json(place, text)
    found = _COMMON.search(text)
    if not found:
        return None
    status = None if found[4] == "-" else int(found[4])
    return _heard(place, found[2], found[3], _moment(found[1]), status)


def _json(place: str, text: str) -> Heard | None:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    line = _REQUEST.fullmatch(_word(row, "request"))
    verb, target = (line[1], line[2]) if line else (_word(row, "verb"), _word(row, "target"))
    query = _word(row, "query")
    if query and "?" not in target:
        target += f"?{query}"
    if not target or not re.fullmatch("[A-Za-z]{3,10}", verb):
        return None
    status = _word(row, "status")
    known = int(status) if re.fullmatch("[0-9]{3}", status) else None
    return _heard(place, verb.upper(), target, _moment(_word(row, "time")), known)


def _word(row: Any, what: str) -> str:
    """Return the first member of a JSON line that is called so; empty where there is none."""
    found = (row[name] for name in _WORDS[what] if isinstance(row.get(name), str | int))
    return str(next(found, ""))[:65536]


def _heard(place: str, verb: str, target: str, at: datetime | None, status: int | None) -> Heard:
    lost = LOST | ({"sign"} if re.search(r"[?&]sign=(\*\*\*|%2A%2A%2A)(&|$)", target) else set())
    return Heard(place, verb, without_origin(target) or "/", (), b"", at, status, lost=lost)


def _moment(text: str) -> datetime | None:
    """Return the time with its zone; None where it has none."""
    try:
        found = datetime.strptime(text, _TIME) if "/" in text else datetime.fromisoformat(text)
        return found.astimezone(CHINA) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
