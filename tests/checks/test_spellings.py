"""Every disguise of a secret is taken out of what is shown, and nothing else."""

import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest

from pytest_qimen.checks.spellings import covered, excerpt, hidden, hints
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange

SECRETS = ("SeCrEtQq93xYz", "a<&>b.* [c]\"d'e\\f$1 +%")
DISGUISES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "backwards": lambda text: text[::-1],
    "in a URL, small": lambda text: quote(text, safe="").lower(),
    "hex": lambda text: text.encode().hex(),
    "big hex": lambda text: text.encode().hex().upper(),
    "hex backwards": lambda text: text[::-1].encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 after a letter": lambda text: base64.b64encode(b"x" + text.encode()).decode(),
    "base64 within words": lambda text: base64.b64encode(b"xy" + text.encode() + b" rest").decode(),
    "base64 of URLs": lambda text: base64.urlsafe_b64encode(b"xy" + text.encode()).decode(),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_is_covered(name: str, secret: str) -> None:
    told = DISGUISES[name](secret)
    text = f"<m>before {told} after</m>"
    assert hints(text.encode(), [secret])
    left = hidden(text, [secret])
    assert "***" in left
    assert told[3:-3] not in left
    assert left.startswith("<m>before ")
    assert left.endswith(" after</m>")


@pytest.mark.parametrize("text", ["", "订单", "SeCrEt", "Q93xYz", "a" * 10_000, "%41&#x41;\\u0041"])
def test_what_is_no_secret_stays(text: str) -> None:
    assert hidden(text, SECRETS) == text
    assert not hints(text.encode(), SECRETS)


def test_a_signature_is_covered() -> None:
    sign = "D06D88CB34B2EC0E5C9BAB396C9542B6"
    assert covered(f"{sign} {sign.lower()} {sign[::-1]}".encode(), [], [sign]) == b"*** *** ***"


@pytest.mark.parametrize("told", range(150, 205))
def test_an_excerpt_is_cut_after_its_secrets_are_out(told: int) -> None:
    request = SignedRequest("POST", "http://x/", (), b"", (), secrets=SECRETS[:1])
    body = b"z" * told + SECRETS[0].encode() + b" rest"
    text = excerpt(Exchange(request, 200, (), body, 0.0))
    assert SECRETS[0][:4] not in text
