"""Faults of refusals that quote what they refuse: a value with markup is written as it came."""

from collections.abc import Callable, Iterator

from pytest_qimen import xml
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.wire.http import Reply

FAMILY = Family("reply")
_ENDS = (b"</message>", b"</sub_msg>", b"</msg>")


def _texts(request: Request) -> Iterator[str]:
    yield from request.every.values()
    yield from map(xml.text, request.root.iter("*") if request.root is not None else ())


def _quoting(written: Callable[[str], str]) -> Hook:
    """Quote the first value with markup at the end of the message of a refusal."""

    def reply(request: Request, reply: Reply) -> None:
        value = next((text for text in _texts(request) if set(text) & set("<>&")), "")
        if value and (b">failure<" in reply.body or b"<error_response>" in reply.body):
            end = next((end for end in _ENDS if end in reply.body), b"")
            reply.body = reply.body.replace(end, written(value).encode() + end, 1) if end else reply.body

    return reply


FAMILY.rows(
    ("refusal-quotes-raw", _quoting(lambda value: f": {value}")),
    ("refusal-quotes-in-cdata", _quoting(lambda value: f": <![CDATA[{value}]]>")),
)
