"""What `qimen sign` was given in, the request to sign out: words, a query, a URL, standard input, a body."""

import os
import re
import select
import stat
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from urllib.parse import parse_qsl

from pytest_qimen.errors import UsageError, decoded, of_encoding, unusable
from pytest_qimen.phrases import say
from pytest_qimen.spec import called
from pytest_qimen.wire import encoding
from pytest_qimen.wire.http import query_of
from pytest_qimen.wire.signature import SIGN_METHODS

LIMIT = 64 * 1024 * 1024  # bytes of a body or of standard input
# What the documents demand (000 2.2: 必须, 必传) of a Qimen request and the gateway of a TOP one.
_QIMEN = ("method", "timestamp", "app_key", "v", "customerId")
_TOP = ("method", "timestamp", "app_key", "v", "sign_method")
_URL = re.compile(r"https?://", re.IGNORECASE)
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_SOON = 0.1  # seconds: what is piped into a command is there when it starts

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The request to sign: decoded parameters in their order, the body, None where TOP signs none."""

    pairs: Pairs
    body: bytes | None

    @property
    def params(self) -> dict[str, str]:
        """Return the parameters by name, of doubled ones the last."""
        return dict(self.pairs)

    @property
    def sign_method(self) -> str:
        """Return the algorithm: always md5 in Qimen, what the parameter of that name says in TOP."""
        return self.params.get("sign_method", "md5") if self.body is None else "md5"


def read(words: Sequence[str], body: Path | None) -> Given:
    """Return what the words and the file stand for; UsageError for what cannot be meant."""
    if list(words) == ["-"] and body == Path("-"):
        raise UsageError(say("sign-both-stdin"))
    pairs = _pairs([_text(_standard_input()).strip()] if list(words) == ["-"] else words)
    data = _body(body)
    method = dict(pairs).get("method", "")
    api = called(method, form=bool(data) and encoding.is_form("form-urlencoded", data))
    if api is None or api.protocol == "qimen":
        return Given(pairs, data)
    return Given((*pairs, *_decoded(_text(data))), None)


def refuse_unlikely(given: Given) -> None:
    """Raise UsageError for a request that nobody sends: missing or doubled parameters, an odd sign_method."""
    doubled = [name for name, count in Counter(name for name, _ in given.pairs).items() if count > 1]
    if doubled:
        raise UsageError(say("sign-doubled", doubled=", ".join(doubled)))
    params, is_top = given.params, given.body is None
    if missing := [name for name in (_TOP if is_top else _QIMEN) if not params.get(name)]:
        raise UsageError(say("sign-missing", missing=", ".join(missing)))
    if not is_top and params.get("sign_method", "md5").lower() != "md5":
        raise UsageError(say("sign-md5-only", sign_method=params["sign_method"]))
    if is_top and given.sign_method not in SIGN_METHODS:
        legal = ", ".join(SIGN_METHODS)
        raise UsageError(say("sign-method-legal", sign_method=given.sign_method, legal=legal))


def is_piped() -> bool:
    """Return True when something waits on standard input."""
    try:
        found = os.fstat(sys.stdin.fileno())
        if stat.S_ISREG(found.st_mode):
            return found.st_size > 0
        waits = stat.S_ISFIFO(found.st_mode) and select.select([sys.stdin], [], [], _SOON)[0]
        return bool(waits and isinstance(sys.stdin.buffer, BufferedReader) and sys.stdin.buffer.peek(1))
    except (OSError, ValueError):  # closed, replaced, or of a system that cannot be asked
        return False


def _pairs(words: Sequence[str]) -> Pairs:
    if not words:
        raise UsageError(say("sign-expected"))
    if len(words) == 1 and _URL.match(words[0]):
        if not (query := query_of(words[0])):
            raise UsageError(say("sign-no-query", url=words[0]))
        return _decoded(query)
    if len(words) == 1 and re.search("&[^=&]+=", words[0]):
        return _decoded(words[0].removeprefix("?"))
    return tuple(_named(word) for word in words)


def _named(word: str) -> tuple[str, str]:
    """Return a parameter that is given raw."""
    name, is_pair, value = word.partition("=")
    if any("\ud800" <= one <= "\udfff" for one in word):
        raise UsageError(say("sign-no-utf8", word=word))
    if _URL.match(word):
        raise UsageError(say("sign-url-alone", word=word))
    if not is_pair or not name:
        raise UsageError(say("sign-no-pair", word=word))
    if re.search(r"&[^=&\s]+=", value):
        raise UsageError(say("sign-query-alone", word=word))
    if _ENCODED.search(value) or (name == "timestamp" and "+" in value):
        raise UsageError(say("sign-encoded", name=name))
    return name, value


def _decoded(query: str) -> Pairs:
    try:
        return tuple(parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=10_000))
    except UnicodeDecodeError:
        raise UsageError(say("sign-params-utf8")) from None
    except ValueError as error:
        raise UsageError(say("told", place="sign", why=str(error))) from None


def _body(path: Path | None) -> bytes:
    if path is None:
        return b""
    if path == Path("-"):
        return _standard_input()
    try:
        with path.open("rb") as stream:
            return _bounded(stream.read(LIMIT + 1), str(path))
    except OSError as error:
        raise unusable("sign", path, error) from None


def _standard_input() -> bytes:
    return _bounded(sys.stdin.buffer.read(LIMIT + 1), "standard input")


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > LIMIT:
        raise UsageError(say("sign-large", name=name, limit=LIMIT // 1024**2))
    return data


def _text(data: bytes) -> str:
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise UsageError(say("told", place=say("sign-params"), why=of_encoding(error))) from None
