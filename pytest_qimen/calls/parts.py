"""A call in, the documents in it that may come in parts out."""

from collections.abc import Iterator
from typing import NamedTuple

from pytest_qimen import xml
from pytest_qimen.calls.call import MESSAGE_KEYS, Call, whole_number


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
    rows = call.api.request.leaves
    for row in rows:
        if row.name != "totalOrderLines":
            continue
        owner, _, name = row.parent.rpartition("[].")
        keys = [one.name for one in rows if one.parent == row.parent and one.key]
        code = next((key for key in keys if key not in MESSAGE_KEYS), "")
        for holder in xml.find(call.root, f"{owner}[]" if owner else ""):
            for head in xml.find(holder, name):
                total = whole_number(xml.get(head, row.name) or "")
                lines = xml.find(holder, "orderLines.orderLine[]")
                yield Part((xml.get(head, code) or "").strip() if code else "", head, lines, total)


def is_part(call: Call) -> bool:
    """Return True for a part of a document, or a page of a report: others come under the same keys."""
    return whole_number(call.said("totalPage")) > 1 or any(one.total > len(one.lines) for one in parts(call))
