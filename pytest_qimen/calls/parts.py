"""A call in, the documents in it that may come in parts out."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pytest_qimen import xml
from pytest_qimen.calls.call import MESSAGE_KEYS, Call, whole_number
from pytest_qimen.spec import Api


class Part(NamedTuple):
    """A document that says how many lines it has in all: its code, its head, and the lines here."""

    code: str
    head: xml.Element
    lines: list[xml.Element]
    total: int  # totalOrderLines, 0 where it is not there or no number


def parts(call: Call) -> Iterator[Part]:
    """Yield the documents of the message that may come in parts."""
    if call.api is None or call.root is None:
        return
    for owner, name, code in _counted(call.api):
        for holder in xml.find(call.root, owner):
            for head in xml.find(holder, name):
                lines = xml.find(holder, "orderLines.orderLine[]")
                total = whole_number(xml.get(head, "totalOrderLines") or "")
                yield Part((xml.get(head, code) or "").strip(), head, lines, total)


@cache
def _counted(api: Api) -> tuple[tuple[str, str, str], ...]:
    """Return where documents that count their lines stand: what holds them, their head, their code in it."""
    found = []
    for row in api.request.leaves:
        if row.name == "totalOrderLines":
            owner, _, name = row.parent.rpartition("[].")
            keys = [one.name for one in api.request.leaves if one.parent == row.parent and one.key]
            code = next(key for key in keys if key not in MESSAGE_KEYS)
            found.append((f"{owner}[]" if owner else "", name, code))
    return tuple(found)


def is_part(call: Call) -> bool:
    """Return True for a part of a document, or a page of a report: others come under the same keys."""
    return whole_number(call.said("totalPage")) > 1 or any(one.total > len(one.lines) for one in parts(call))
