"""The known mistakes of signing: for each part of the signed text, what is wrongly put in its place."""

import hashlib
import hmac
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus, unquote_to_bytes

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.spec import PREFIX

Pairs: TypeAlias = tuple[tuple[str, str], ...]
# Parameters that a library or a gateway adds when the text has already been signed.
ADDED = ("session", "partner_id", "customerId", "target_app_key", "simplify", "format", "v", "sign_method")
_NOT_SENT = ("session", "partner_id", "target_app_key", "customerId", "access_token", "fields")
_CORE = ("method", "timestamp", "app_key")
_MOST_SUBSETS = 8  # parameters of which every subset is tried
_MOST_SINGLE = 30  # others of which each may be the one that was forgotten
_LARGE = 1 << 16  # bytes: larger bodies are only left out or trimmed
_SPACE = re.compile(rb">\s+<")
_DECLARATION = re.compile(rb"\A(\xef\xbb\xbf)?<\?xml[^>]*\?>\s*")


@dataclass(frozen=True, slots=True)
class Option:
    """One mistake: what it puts in the place of a part of the right text, and the sentence that tells it."""

    phrase: Phrase
    value: Any


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as its receiver has it: parameters in the order of the URL, without `sign`."""

    pairs: Pairs
    body: bytes
    secret: str
    sign_method: str


# ---- the digest

Digest: TypeAlias = Callable[[bytes, bytes], bytes]
DIGESTS: dict[str, tuple[bool, Digest]] = {  # name: whether it is keyed, from (key, text)
    "md5": (False, lambda key, text: hashlib.md5(text).digest()),
    "hmac": (True, lambda key, text: hmac.digest(key, text, "md5")),
    "hmac-sha256": (True, lambda key, text: hmac.digest(key, text, "sha256")),
    "sha1": (False, lambda key, text: hashlib.sha1(text).digest()),
    "sha256": (False, lambda key, text: hashlib.sha256(text).digest()),
    "hmac-sha1": (True, lambda key, text: hmac.digest(key, text, "sha1")),
}


def digests(signed: Signed) -> Iterator[Option]:
    """Yield the other algorithms."""
    for name, found in DIGESTS.items():
        if name != signed.sign_method:
            yield Option(say("sign-algorithm", used=name, wanted=signed.sign_method), found)


# ---- where the secret stands

Place: TypeAlias = Callable[[bytes, bytes, bytes], bytes]


def right_place(keyed: bool, key: bytes, params: bytes, body: bytes) -> bytes:
    """Put the secret at both ends, as the documents want; a keyed digest needs it nowhere."""
    return params + body if keyed else b"".join((key, params, body, key))


def places(signed: Signed) -> Iterator[Option]:
    """Yield the wrong places of the secret and the body."""
    yield Option(say("sign-secret-front"), lambda keyed, key, params, body: key + params + body)
    yield Option(say("sign-secret-end"), lambda keyed, key, params, body: params + body + key)
    if DIGESTS[signed.sign_method][0]:
        yield Option(say("sign-secret-both"), lambda keyed, key, params, body: key + params + body + key)
    else:
        yield Option(say("sign-secret-none"), lambda keyed, key, params, body: params + body)
    yield Option(say("sign-secret-named"), lambda keyed, key, params, body: params + body + b"&key=" + key)
    yield Option(
        say("sign-body-first"), lambda keyed, key, params, body: right_place(keyed, key, body, params)
    )


def keys(signed: Signed) -> Iterator[Option]:
    """Yield what is taken for the secret."""
    secret, app_key = signed.secret, dict(signed.pairs).get("app_key", "")
    for name, value in {
        "newline": f"{secret}\n",
        "blank": f"{secret} ",
        "ampersand": f"{secret}&",
        "lower": secret.lower(),
        "upper": secret.upper(),
        "trimmed": secret.strip(),
        "app-key": app_key,
        "empty": "",
    }.items():
        if value != secret:
            yield Option(say(f"sign-key-{name}"), value.encode())


# ---- the parameters

Order: TypeAlias = Callable[[Pairs], Sequence[tuple[str, str]]]
Write: TypeAlias = Callable[[str], bytes]


def orders(signed: Signed) -> Iterator[Option]:
    """Yield the wrong orders of the parameters."""
    yield Option(say("sign-order-given"), lambda pairs: pairs)
    yield Option(say("sign-order-case"), lambda pairs: sorted(pairs, key=lambda pair: pair[0].lower()))
    yield Option(say("sign-order-reverse"), lambda pairs: sorted(pairs, reverse=True))
    yield Option(say("sign-order-value"), lambda pairs: sorted(pairs, key=lambda pair: pair[1]))


def glues(signed: Signed) -> Iterator[Option]:
    """Yield the wrong ways to join names and values."""
    join = b"".join
    yield Option(say("sign-glue-both"), lambda pairs: b"&".join(map(b"=".join, pairs)))
    yield Option(say("sign-glue-trailing"), lambda pairs: join(b"%b=%b&" % pair for pair in pairs))
    yield Option(say("sign-glue-equals"), lambda pairs: join(map(b"=".join, pairs)))
    yield Option(say("sign-glue-ampersand"), lambda pairs: b"&".join(map(join, pairs)))
    yield Option(say("sign-glue-colon"), lambda pairs: join(map(b":".join, pairs)))
    yield Option(say("sign-glue-values"), lambda pairs: join(value for _, value in pairs))


def _lower_hex(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), text)


def _java(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


ENCODINGS: dict[str, Callable[[str], str]] = {
    "%20, A-F": partial(quote, safe=""),
    "+, A-F": quote_plus,
    "%20, a-f": lambda text: _lower_hex(quote(text, safe="")),
    "+, a-f": lambda text: _lower_hex(quote_plus(text)),
    "%20, / kept": quote,
    "encodeURIComponent": partial(quote, safe="!~*'()"),
    "encodeURI": partial(quote, safe="!~*'();/?:@&=+$,#"),
    "URLEncoder": _java,
    "URLEncoder, then %20": lambda text: _java(text).replace("+", "%20"),
}


def writings(signed: Signed) -> Iterator[Option]:
    """Yield the wrong ways to turn a value into bytes."""
    for how, encode in ENCODINGS.items():
        yield Option(say("sign-values-encoded", how=how), lambda text, encode=encode: encode(text).encode())
    for name, write in _WRITINGS.items():
        yield Option(say(f"sign-values-{name}"), write)


_WRITINGS: dict[str, Write] = {
    "blank-plus": lambda text: text.replace(" ", "+").encode(),
    "blank-encoded": lambda text: text.replace(" ", "%20").encode(),
    "plus-blank": lambda text: text.replace("+", " ").encode(),
    "trimmed": lambda text: text.strip().encode(),
    "gbk": lambda text: text.encode("gbk", "replace"),
    "latin": lambda text: text.encode().decode("latin-1").encode(),
    "question": lambda text: text.encode("ascii", "replace"),
}


def selections(signed: Signed) -> Iterator[Option]:
    """Yield the wrong sets of parameters: some left out, some too many, some with another value."""
    pairs = signed.pairs
    if any(not value for _, value in pairs):
        yield Option(say("sign-empty-dropped"), tuple(pair for pair in pairs if pair[1]))
    known = dict(pairs)
    for name in _NOT_SENT:
        if name not in known:
            yield Option(say("sign-not-sent", name=name), (*pairs, (name, "")))
    yield Option(say("sign-itself"), (*pairs, ("sign", "")))
    if len(known) < len(pairs):
        yield Option(say("sign-doubled-first"), tuple(dict(reversed(pairs)).items()))
        yield Option(say("sign-doubled-last"), tuple(known.items()))
    yield from _other_values(pairs, known)
    for names in _unsigned([name for name, _ in pairs]):
        left = tuple(pair for pair in pairs if pair[0] not in names)
        yield Option(say("sign-not-signed", names=names), left)


def _other_values(pairs: Pairs, known: dict[str, str]) -> Iterator[Option]:
    def with_(name: str, value: str) -> Pairs:
        return tuple((one, value if one == name else old) for one, old in pairs)

    if method := known.get("method"):
        if method.startswith(PREFIX):
            yield Option(say("sign-method-bare"), with_("method", method.removeprefix(PREFIX)))
        else:
            yield Option(say("sign-method-prefixed"), with_("method", PREFIX + method))
    if used := known.get("sign_method"):
        for value in ("md5", "MD5", "hmac", "hmac-sha256"):
            if value != used:
                yield Option(say("sign-method-other", value=value), with_("sign_method", value))


def _unsigned(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the sets of names that may have been left out, small ones first."""
    distinct = dict.fromkeys(names)
    likely = [name for name in ADDED if name in distinct]
    odd = [name for name in distinct if name not in ADDED and name not in _CORE]
    several = [*odd, *likely][:_MOST_SUBSETS]
    for count in range(1, len(several) + 1):
        yield from combinations(several, count)
    for name in [name for name in distinct if name not in several][:_MOST_SINGLE]:
        yield (name,)
    if len(odd) > _MOST_SUBSETS:
        yield tuple(odd)


# ---- the body


def bodies(signed: Signed) -> Iterator[Option]:
    """Yield what may have been signed in the place of the body."""
    body = signed.body
    if not body:
        return
    yield Option(say("sign-body-none"), b"")
    yield Option(say("sign-body-trimmed"), body.strip())
    yield Option(say("sign-body-newline"), body + b"\n")
    yield Option(say("sign-body-newline"), body + b"\r\n")
    if len(body) > _LARGE:
        return
    for name, change in _BODIES.items():
        yield Option(say(f"sign-body-{name}"), change(body))
    text = body.decode("utf-8", "replace")
    for how, encode in ENCODINGS.items():
        yield Option(say("sign-body-encoded", how=how), encode(text).encode())


def _text(change: Callable[[str], bytes]) -> Callable[[bytes], bytes]:
    return lambda body: change(body.decode("utf-8", "replace"))


_BODIES: dict[str, Callable[[bytes], bytes]] = {
    "lf": lambda body: body.replace(b"\r\n", b"\n"),
    "crlf": lambda body: body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "one-line": lambda body: body.replace(b"\r", b"").replace(b"\n", b""),
    "compact": lambda body: _SPACE.sub(b"><", body).strip(),
    "blankless": lambda body: b"".join(body.split()),
    "bom": lambda body: b"\xef\xbb\xbf" + body,
    "no-bom": lambda body: body.removeprefix(b"\xef\xbb\xbf"),
    "undeclared": lambda body: _DECLARATION.sub(b"", body),
    "declared": lambda body: b'<?xml version="1.0" encoding="utf-8"?>' + body,
    "gbk": _text(lambda text: text.encode("gbk", "replace")),
    "latin": lambda body: body.decode("latin-1").encode(),
    "question": _text(lambda text: text.encode("ascii", "replace")),
    "bmp": _text(lambda text: "".join(one for one in text if one < "\U00010000").encode()),
    "decoded": lambda body: unquote_to_bytes(body.replace(b"+", b" ")),
    "unescaped": _text(lambda text: html.unescape(text).encode()),
    "twice": lambda body: body + body,
}
