"""An Outcome and secrets in; the same Outcome, in which nothing shows one and no text is without end, out."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain

from pytest_qimen.checks.spellings import STARS, covered, disguised, hidden, hints, shows
from pytest_qimen.client.request import SignedRequest, mask_query
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import changed, text_of
from pytest_qimen.reasons import Network
from pytest_qimen.runner.model import Created, Outcome
from pytest_qimen.verdict import Finding

LONGEST, LONGEST_PATH = 2_000, 500  # characters of a text of a finding, and of its path
REMEMBERED = 50_000  # signatures of a run
_DIGEST = re.compile(rb"[0-9A-Fa-f]{32,64}")
_OWN = ("sign", "session")
Change = Callable[[bytes], bytes]


class Masking:
    """Takes secrets, and the signatures that the run made itself, out of what is shown; for all threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(filter(None, secrets))
        self._signs: set[bytes] = set()

    def __call__(self, outcome: Outcome) -> Outcome:
        """Return `outcome` with stars in place of every secret, and its texts cut."""
        signs = _signs(outcome)
        if len(self._signs) > REMEMBERED:
            self._signs.clear()
        self._signs.update(sign.upper().encode() for sign in signs)
        whole, evidence = _whole(outcome), outcome.status.has_evidence
        if not (outcome.findings or outcome.reason or evidence):  # nobody will read it
            found = any(shows(whole, secret) for secret in self._secrets)
        else:
            found = hints(whole, self._secrets) or self._tells(whole, signs if evidence else ())
        return _cut(_changed(outcome, lambda text: self._cover(text, signs)) if found else outcome)

    def entry(self, created: Created) -> Created:
        """Return an entry of the ledger as it may be written down: an answer may have given its names."""
        texts = *created.keys.values(), *created.undo_set.values()
        if not hints("\n".join(texts).encode("utf-8", "surrogatepass"), self._secrets):
            return created
        keys, undo = (
            {path: hidden(text, self._secrets) for path, text in one.items()}
            for one in (created.keys, created.undo_set)
        )
        return replace(created, keys=keys, undo_set=undo)

    def _tells(self, whole: bytes, signs: Iterable[str]) -> bool:
        """Return True when a signature can be read in what is shown of an outcome."""
        return any(self._is_own(found[0]) for found in _DIGEST.finditer(whole)) or disguised(whole, signs)

    def _is_own(self, digest: bytes) -> bool:
        sign = digest.upper()
        return sign in self._signs or sign[::-1] in self._signs

    def _cover(self, text: bytes, signs: frozenset[str]) -> bytes:
        known = covered(text, self._secrets, signs)
        return _DIGEST.sub(lambda found: STARS if self._is_own(found[0]) else found[0], known)


def _signs(outcome: Outcome) -> frozenset[str]:
    """Return the signatures of its requests, but what a tamper put in the place of one."""
    return frozenset(
        value
        for one in outcome.exchanges
        for name, value in one.request.params
        if name == "sign" and value.isascii() and _DIGEST.fullmatch(value.encode())
    )


def _whole(outcome: Outcome) -> bytes:
    """Return all that may show a secret, at once: looking through it piece by piece takes long."""
    texts = [outcome.cause]
    for finding in outcome.findings:
        texts += finding.path, text_of(finding.actual), text_of(finding.expected)
    bodies: list[bytes] = []
    for exchange in outcome.exchanges:
        texts.append(str(exchange.error or ""))
        texts += chain.from_iterable(exchange.headers)
        texts += chain.from_iterable(exchange.request.headers)
        texts.append(exchange.request.http_method)
        texts += chain.from_iterable(one for one in exchange.request.params if one[0] not in _OWN)
        bodies += exchange.body, exchange.request.body
    return b"\n".join(["\n".join(texts).encode("utf-8", "surrogatepass"), *bodies])


def _changed(outcome: Outcome, change: Change) -> Outcome:
    def text(one: str) -> str:
        return change(one.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    return replace(
        outcome,
        findings=tuple(_finding(finding, text) for finding in outcome.findings),
        reason=outcome.reason and outcome.reason.map(text),
        exchanges=tuple(_exchange(exchange, change, text) for exchange in outcome.exchanges),
    )


def _finding(finding: Finding, text: Callable[[str], str]) -> Finding:
    return replace(
        finding,
        path=text(finding.path),
        actual=changed(finding.actual, text),
        expected=changed(finding.expected, text),
    )


def _exchange(exchange: Exchange, change: Change, text: Callable[[str], str]) -> Exchange:
    return replace(
        exchange,
        request=_request(exchange.request, change, text),
        headers=tuple((text(name), text(value)) for name, value in exchange.headers),
        body=change(exchange.body),
        error=exchange.error and Network(exchange.error.word, changed(exchange.error.detail, text)),
    )


def _request(request: SignedRequest, change: Change, text: Callable[[str], str]) -> SignedRequest:
    """Return the request without what an earlier answer has put into it."""
    params = tuple(
        (name, value) if name in _OWN else (text(name), text(value)) for name, value in request.params
    )
    headers = tuple((text(name), text(value)) for name, value in request.headers)
    verb, body = text(request.http_method), change(request.body)
    new = verb, headers, params, body
    if new == (request.http_method, request.headers, request.params, request.body):
        return request
    url = text(mask_query(request.url))
    return replace(request, http_method=verb, url=url, headers=headers, params=params, body=body)


def _cut(outcome: Outcome) -> Outcome:
    """Return the outcome with no text longer than LONGEST."""
    if not (outcome.findings or outcome.reason):
        return outcome
    findings = tuple(
        replace(
            finding,
            path=_short(finding.path, LONGEST_PATH),
            actual=changed(finding.actual, _short),
            expected=changed(finding.expected, _short),
        )
        for finding in outcome.findings
    )
    return replace(outcome, findings=findings, reason=outcome.reason and outcome.reason.map(_short))


def _short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
