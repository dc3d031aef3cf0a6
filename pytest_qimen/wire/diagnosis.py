"""A wrong signature explained: which known mistakes of signing give exactly the digest that was sent."""

import base64
import binascii
import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.wire import mistakes
from pytest_qimen.wire.mistakes import Option, Signed
from pytest_qimen.wire.signature import SIGN_METHODS, Body

# How many mistakes at once, and whether several parameters may be unsigned: the likelier ones first.
_PHASES = ((0, False), (1, False), (1, True), (2, False), (3, False), (2, True))
# What a search may cost, in bytes to digest; each digest costs as much as some thousand bytes more.
_BUDGET, _EACH, _PAIR = 150_000_000, 1_500, 300  # some 0.3 s
_SHORTEST = 12  # hexadecimal digits of a sign that was cut
_PARTS = {  # in the order in which they are tried
    "place": mistakes.places,
    "digest": mistakes.digests,
    "order": mistakes.orders,
    "glue": mistakes.glues,
    "body": mistakes.bodies,
    "write": mistakes.writings,
    "key": mistakes.keys,
    "which": mistakes.selections,
}
_TEXT = ("which", "order", "write", "glue")  # the parts that make the text of the parameters


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What gives the digest that was sent: all mistakes that were made together, none for a right one."""

    mistakes: tuple[Phrase, ...]

    def phrase(self) -> Phrase:
        """Return the sentence that tells all of it."""
        return say("sign-together", mistakes=self.mistakes or (say("sign-right"),))


def diagnose(
    params: Mapping[str, str] | Iterable[tuple[str, str]],
    body: Body,
    secret: str,
    given: str,
    sign_method: str = "md5",
) -> tuple[Diagnosis, ...]:
    """Return the known mistakes, up to three at once, that give exactly the digest `given`.

    `params` are the decoded parameters in the order of the URL, as a mapping or, where one stands twice, as
    pairs; a `sign` among them is left out. `body` is None for TOP, which signs none. Several diagnoses are
    several explanations of the same digest; none at all means that no known mistake gives it. A right
    digest gives one Diagnosis without mistakes. The search is bounded: it takes about half a second at
    most, and gives up on the rarer combinations when the body is large. Raises UsageError for an unknown
    `sign_method`.
    """
    if sign_method not in SIGN_METHODS:
        raise UsageError(
            say("unknown-sign-method", sign_method=sign_method, sign_methods=", ".join(SIGN_METHODS))
        )
    pairs = tuple(params.items()) if isinstance(params, Mapping) else tuple(params)
    data = body.encode() if isinstance(body, str) else body or b""
    signed = Signed(tuple(pair for pair in pairs if pair[0] != "sign"), data, secret, sign_method)
    readings = list(_readings(given))
    if not readings:
        length = 64 if sign_method == "hmac-sha256" else 32
        return (Diagnosis((say("sign-no-digest", length=length),)),)
    search = _Search(signed)
    for form, wanted in readings:
        if found := search.find(wanted):
            return tuple(Diagnosis((*form, *made)) for made in found)
    return ()


def explain(found: tuple[Diagnosis, ...]) -> Phrase:
    """Return the diagnoses as one sentence: any of several gives the digest."""
    explanations = dict.fromkeys(one.phrase() for one in found)
    return say("sign-either", explanations=tuple(explanations)) if found else say("sign-unknown")


def _readings(given: str) -> Iterator[tuple[tuple[Phrase, ...], "_Wanted"]]:
    """Yield the digests that the text of a sign can stand for, with what is wrong with the text itself."""
    text = given.strip()
    form: list[Phrase] = [say("sign-blanks")] if text != given else []
    whole = len(text) in (32, 40, 64)
    if re.fullmatch("[0-9A-Fa-f]+", text) and (whole or _SHORTEST <= len(text) < 32):
        if text != text.upper():
            form.append(say("sign-lower-case" if text == text.lower() else "sign-mixed-case"))
        if whole:
            yield tuple(form), _Wanted(bytes.fromhex(text))
            return
        if len(text) == 16:
            yield (*form, say("sign-middle")), _Wanted(bytes.fromhex(text), start=4)
        yield (*form, say("sign-head", length=len(text))), _Wanted(bytes.fromhex(text[: len(text) // 2 * 2]))
    elif re.fullmatch(r"[A-Za-z0-9+/_-]{20,44}={0,2}", text):
        with_standard = text.replace("-", "+").replace("_", "/").rstrip("=")
        with contextlib.suppress(binascii.Error):
            found = base64.b64decode(with_standard + "=" * (-len(with_standard) % 4))
            if len(found) in (16, 20, 32):
                yield (*form, say("sign-base64")), _Wanted(found)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The digest that is looked for, or the part of it that was sent."""

    data: bytes
    start: int = 0

    def is_of(self, digest: bytes) -> bool:
        if self.start or len(self.data) < 16:
            return digest[self.start : self.start + len(self.data)] == self.data
        return digest == self.data


class _Search:
    """Tries the right text, then every text with one mistake, with two, with three, within the budget."""

    def __init__(self, signed: Signed) -> None:
        self._right: dict[str, Any] = {
            "which": signed.pairs,
            "order": lambda pairs: sorted(pairs),
            "write": str.encode,
            "glue": lambda pairs: b"".join(map(b"".join, pairs)),
            "body": signed.body,
            "place": mistakes.right_place,
            "key": signed.secret.encode(),
            "digest": mistakes.DIGESTS[signed.sign_method],
        }
        self._options = {
            part: [one for one in options(signed) if one.value != self._right[part]]
            for part, options in _PARTS.items()
        }
        self._texts: dict[tuple[int, ...], bytes] = {}

    def find(self, wanted: _Wanted) -> list[tuple[Phrase, ...]]:
        """Return the smallest sets of mistakes that give the digest; [()] for a right one."""
        left = _BUDGET
        for count, subsets in _PHASES:
            found: dict[bytes, tuple[Phrase, ...]] = {}
            for chosen in self._choices(count, subsets):
                recipe = {**self._right, **{part: option.value for part, option in chosen.items()}}
                key, text = self._text(recipe)
                left -= _EACH + _PAIR * len(recipe["which"]) + len(text)
                if left < 0:
                    break
                if wanted.is_of(recipe["digest"][1](key, text)):
                    found.setdefault(text, tuple(option.phrase for option in chosen.values()))
            if found or left < 0:
                return list(found.values())
        return []

    def _choices(self, count: int, subsets: bool) -> Iterator[dict[str, Option]]:
        """Yield the ways to make `count` mistakes, each in another part."""
        table = {
            part: [one for one in options if _is_subset(one) is (subsets and part == "which")]
            for part, options in self._options.items()
        }
        for parts in combinations(table, count):
            if subsets and "which" not in parts:
                continue
            for chosen in product(*(table[part] for part in parts)):
                yield dict(zip(parts, chosen, strict=True))

    def _text(self, recipe: Mapping[str, Any]) -> tuple[bytes, bytes]:
        """Return the key and the whole text to digest."""
        name = tuple(id(recipe[part]) for part in _TEXT)
        params = self._texts.get(name)
        if params is None:
            write = recipe["write"]
            pairs = [(key.encode(), write(value)) for key, value in recipe["order"](recipe["which"])]
            params = self._texts[name] = recipe["glue"](pairs)
        return recipe["key"], recipe["place"](recipe["digest"][0], recipe["key"], params, recipe["body"])


def _is_subset(option: Option) -> bool:
    """Return True for a mistake that leaves several parameters unsigned."""
    names = dict(option.phrase.args).get("names", ())
    return option.phrase.id == "sign-not-signed" and isinstance(names, tuple) and len(names) > 1
