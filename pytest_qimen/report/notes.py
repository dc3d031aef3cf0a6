"""A target and the cases that ran in, what its file says to no effect out."""

from collections.abc import Collection, Iterator

from pytest_qimen.checks.spellings import SHORTEST
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.waivers import useless
from pytest_qimen.target.high_limits import high_limits
from pytest_qimen.target.model import Target


def notes(target: Target, ran: Collection[str]) -> Iterator[Phrase]:
    """Yield what people should know of their target file and keys; `ran` are the ids of cases."""
    for glob in useless(target.waivers, set(ran)):
        yield say("covers-no-case", glob=glob)
    yield from high_limits(target)
    if any(0 < len(secret) < SHORTEST for secret in target.secrets):
        yield say("short-secret", least=SHORTEST)
