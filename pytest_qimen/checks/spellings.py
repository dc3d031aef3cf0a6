"""A secret and a text in, whether the text shows it in some spelling, and the text without it, out."""

import base64
import re
from collections.abc import Iterable
from functools import lru_cache

from pytest_qimen.client.request import MASK
from pytest_qimen.client.transport import Exchange

STARS = MASK.encode()
SHORTEST = 6  # characters; a shorter secret stands in harmless words, too
LONGEST_SPELLING = 30  # bytes of one character, as a reference within references
_LETTER, _IN_URLS = rb"[\w+/-]?", bytes.maketrans(b"+/", b"-_")
_CODES = (b"&", b"%", b"\\", b"\0")  # without one of them a text spells nothing in another way
_AMP, _QUOTED = "&(?:amp;){0,3}", "'\"\\/"
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


@lru_cache(64)
def spelled(secret: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[bytes] | None:
    """Return a pattern of every spelling of the secret: as it is, in XML, a URL, JSON, or UTF-16.

    None for one that is too short to tell.
    """
    if len(secret) < SHORTEST:
        return None
    wide = [re.escape(secret.encode(code)) for code in ("utf-16-le", "utf-16-be")]
    return re.compile(b"|".join([b"".join(map(_ways, secret)), *wide]), flags)


@lru_cache(1024)
def _disguises(secret: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return each disguise: the text in small letters by which it is soon found, and its pattern.

    Upper and lower case, backwards, hex, and base64, which looks different at each place modulo 3.
    """
    if len(secret) < SHORTEST:
        return ()
    found: dict[bytes, bytes] = {}
    for text in (secret, secret[::-1]):
        for one in (text, text.lower(), text.upper(), text.encode().hex()):
            found[one.encode().lower()] = b"(?i:%s)" % re.escape(one).encode()
    data = secret.encode()
    for shift in range(3):
        whole, rest = base64.b64encode(bytes(shift) + data).rstrip(b"="), (shift + len(data)) % 3
        core = whole[(0, 2, 3)[shift] : len(whole) - bool(rest)]
        first, last = _LETTER * bool(shift), _LETTER * bool(rest)
        for coded in (core, core.translate(_IN_URLS)):
            found[coded.lower()] = first + re.escape(coded) + last
    return tuple(found.items())


def _ways(sign: str) -> bytes:
    """Return a pattern of every spelling of a character; bounded, so that no answer makes it slow."""
    code = ord(sign)
    ways = [rf"{_AMP}#0{{0,6}}{code};", rf"(?i:{_AMP}#x0{{0,6}}{code:x};)"]
    ways += [f"(?i:{''.join(f'%{byte:02x}' for byte in sign.encode())})", rf"(?i:\\{{1,4}}u{code:04x})"]
    if sign in _NAMED:
        ways.append(f"{_AMP}{_NAMED[sign]};")
    if sign == " ":
        ways.append(r"\+")
    if sign in _QUOTED:
        ways.append(rf"\\{{1,4}}{re.escape(sign)}")
    return f"(?:{'|'.join([*ways, re.escape(sign)])})".encode()  # longest first


def _is_coded(text: bytes) -> bool:
    return any(code in text for code in _CODES)


def shows(text: bytes, secret: str) -> bool:
    """Return True when the secret can be read in the text in one of the ways of `spelled`."""
    if len(secret) < SHORTEST:
        return False
    if _is_coded(text):
        pattern = spelled(secret)
        return pattern is not None and bool(pattern.search(text))
    return secret.encode() in text or secret.replace(" ", "+").encode() in text  # much faster


def hints(text: bytes, secrets: Iterable[str]) -> bool:
    """Return True when the text shows a secret in any spelling, also in disguise."""
    return disguised(text, secrets) or any(shows(text, secret) for secret in secrets)


def disguised(text: bytes, secrets: Iterable[str]) -> bool:
    """Return True when the text shows a secret in upper or lower case, backwards, in hex or base64."""
    small = text.lower()
    return any(look in small for secret in secrets for look, _ in _disguises(secret))


def covered(text: bytes, secrets: Iterable[str], signs: Iterable[str] = ()) -> bytes:
    """Return the text with stars in place of every spelling of the secrets.

    `signs` are texts of letters and digits, of which no code is looked for.
    """
    secrets = tuple(secrets)
    for secret in secrets:
        pattern = spelled(secret, re.IGNORECASE) if _is_coded(text) else None
        text = pattern.sub(STARS, text) if pattern else text
    small = text.lower()
    for one in (*secrets, *signs):
        for look, disguise in _disguises(one):
            if look in small:
                text = re.sub(disguise, STARS, text)
    return text


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return `text` without the secrets."""
    return covered(text.encode("utf-8", "surrogatepass"), secrets).decode("utf-8", "surrogatepass")


def excerpt(exchange: Exchange, size: int = 200) -> str:
    """Return the beginning of an answer as text for people, its secrets taken out before it is cut."""
    request, body = exchange.request, exchange.body
    own = [value for name, value in request.params if name in ("sign", "session")]
    longest = max(map(len, (*request.secrets, *own)), default=0)
    start = covered(body[: size + LONGEST_SPELLING * longest], request.secrets, own)
    text = start[:size].decode("utf-8", "backslashreplace")
    return text + ("…" if len(start) > size else "")
