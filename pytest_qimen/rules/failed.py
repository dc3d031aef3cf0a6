"""The kind `failed-are-sent`: what an answer lists as failed was sent in the request."""

import re
from collections.abc import Iterable, Iterator

from pytest_qimen import xml
from pytest_qimen.phrases import say
from pytest_qimen.rules.model import Fault
from pytest_qimen.spec import Rule

_CUT = 50  # characters that an answer leaves of a code that was sent too long


def judge(rule: Rule, scope: xml.Element, request: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault for every name that was not sent; none without the request."""
    if request is None:
        return
    sent = {value.strip() for value in xml.values(request, rule.terms["sent"])}
    for element in xml.find(scope, rule.terms["failed"]):
        for name in names_in(xml.text(element)):
            if not _is_of(name, sent):
                yield xml.place(element), say("sent-as", field=rule.terms["sent"]), name


def names_in(text: str) -> list[str]:
    """Return the names between the commas, which may be Chinese ones, without the blanks around them."""
    return [name for part in re.split("[,，]", text) if (name := part.strip())]


def _is_of(name: str, sent: Iterable[str]) -> bool:
    """Return whether it was sent, or begins what was sent too long for the answer's own field."""
    return name in sent or any(len(one) > len(name) >= _CUT and one.startswith(name) for one in sent)
