"""An Outcome and secrets in; the same Outcome, in which no answer shows one, out."""

from collections.abc import Iterable
from dataclasses import replace

from pytest_qimen.checks.security import spellings
from pytest_qimen.findings import Finding
from pytest_qimen.runner.model import Outcome
from pytest_qimen.signed import MASK
from pytest_qimen.transport import Exchange


def masked(outcome: Outcome, secrets: Iterable[str]) -> Outcome:
    """`outcome` with stars in place of every spelling of a secret in findings and answers."""
    known = [text for secret in secrets for text in sorted(spellings(secret), key=len, reverse=True)]
    if _text(outcome.cause, known) == outcome.cause and not any(
        _shows(one, known) for one in outcome.exchanges
    ):
        return outcome
    return replace(
        outcome,
        findings=tuple(_finding(finding, known) for finding in outcome.findings),
        cause=_text(outcome.cause, known),
        exchanges=tuple(_exchange(exchange, known) for exchange in outcome.exchanges),
    )


def _shows(exchange: Exchange, known: list[bytes]) -> bool:
    return any(
        text in exchange.body or any(text in value.encode() for _, value in exchange.headers)
        for text in known
    )


def _exchange(exchange: Exchange, known: list[bytes]) -> Exchange:
    body = exchange.body
    for text in known:
        body = body.replace(text, MASK.encode())
    headers = tuple((name, _text(value, known)) for name, value in exchange.headers)
    return replace(exchange, body=body, headers=headers)


def _finding(finding: Finding, known: list[bytes]) -> Finding:
    return replace(finding, actual=_text(finding.actual, known), expected=_text(finding.expected, known))


def _text(text: str, known: list[bytes]) -> str:
    for one in known:
        text = text.replace(one.decode(), MASK)
    return text
