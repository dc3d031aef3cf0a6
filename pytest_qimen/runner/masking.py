"""An Outcome and secrets in; the same Outcome, in which nothing shows one, out."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from pytest_qimen.checks.security import shows, spelled
from pytest_qimen.client.request import MASK
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import changed, text_of
from pytest_qimen.reasons import Network
from pytest_qimen.runner.model import Outcome
from pytest_qimen.verdict import Finding


def masked(outcome: Outcome, secrets: Iterable[str]) -> Outcome:
    """Return `outcome` with stars in place of every spelling of a secret in findings and answers."""
    for secret in filter(spelled, secrets):
        if not shows(_whole(outcome), secret):
            continue
        outcome = replace(
            outcome,
            findings=tuple(_finding(finding, secret) for finding in outcome.findings),
            reason=outcome.reason and outcome.reason.map(partial(_text, secret=secret)),
            exchanges=tuple(_exchange(exchange, secret) for exchange in outcome.exchanges),
        )
    return outcome


def _whole(outcome: Outcome) -> bytes:
    """Return all that `masked` would change, at once: looking through it piece by piece takes long."""
    texts = [outcome.cause]
    for finding in outcome.findings:
        texts += text_of(finding.actual), text_of(finding.expected)
    for exchange in outcome.exchanges:
        texts += str(exchange.error or ""), *(value for _, value in exchange.headers)
    bodies = (exchange.body for exchange in outcome.exchanges)
    return b"\n".join(["\n".join(texts).encode("utf-8", "surrogatepass"), *bodies])


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return `text` without the secrets: for what is no outcome, such as a trace."""
    for secret in secrets:
        text = _text(text, secret)
    return text


def _exchange(exchange: Exchange, secret: str) -> Exchange:
    hide = partial(_text, secret=secret)
    headers = tuple((name, _text(value, secret)) for name, value in exchange.headers)
    body = _bytes(exchange.body, secret)
    error = exchange.error and Network(exchange.error.word, changed(exchange.error.detail, hide))
    if (body, headers, error) == (exchange.body, exchange.headers, exchange.error):
        return exchange
    return replace(exchange, body=body, headers=headers, error=error)


def _finding(finding: Finding, secret: str) -> Finding:
    hide = partial(_text, secret=secret)
    return replace(finding, actual=changed(finding.actual, hide), expected=changed(finding.expected, hide))


def _text(text: str, secret: str) -> str:
    return _bytes(text.encode("utf-8", "surrogatepass"), secret).decode("utf-8", "surrogatepass")


def _bytes(text: bytes, secret: str) -> bytes:
    pattern = spelled(secret)
    return pattern.sub(MASK.encode(), text) if pattern and shows(text, secret) else text
