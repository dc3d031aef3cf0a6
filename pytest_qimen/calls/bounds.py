"""A request that was heard in, the same out, without what of it is larger than what is judged."""

from dataclasses import replace

from pytest_qimen import xml
from pytest_qimen.calls.call import Heard
from pytest_qimen.client.transport import MAX_ANSWER
from pytest_qimen.wire.limits import Limits

LIMITS = Limits()


def bounded(heard: Heard) -> Heard:
    """Return the call as it was recorded; what is too large is lost, as if it had not been kept.

    A call whose head, headers or message are too large is lost "whole".
    """
    head = len(heard.target) + sum(len(name) + len(value) for name, value in heard.headers)
    if head > LIMITS.head or len(heard.body) > LIMITS.body or xml.is_vast(heard.body):
        lost = heard.lost | {"whole"}
        return replace(
            heard, target=heard.target[: LIMITS.head], headers=(), body=b"", answer=None, lost=lost
        )
    if heard.answer and (len(heard.answer) > MAX_ANSWER or xml.is_vast(heard.answer)):
        return replace(heard, status=None, answer=None)
    return heard
