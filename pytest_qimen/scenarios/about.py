"""A call and a success out of its table in, the success about what the call asked for out."""

from collections.abc import Iterator
from functools import cache

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.spec import Api

_KEYS = ("Code", "Id", "Type", "_code", "_id")  # how the names end of what an answer repeats
_LONGEST = 50  # characters of an id that an answer gives


def asked(api: Api, call: Call) -> dict[str, str]:
    """Return the first value of each key that the call names, by the path at which the answer has it."""
    if call.root is None:
        return {}
    found = ((there, xml.values(call.root, here)) for here, there in _pairs(api))
    return {there: text for there, texts in found if (text := next(iter(texts), "").strip())}


def put_asked(api: Api, call: Call, root: xml.Element) -> None:
    """Write what was asked for into every part of the answer that names its like."""
    for path, text in asked(api, call).items():
        group, _, name = path.rpartition(".")
        for parent in xml.find(root, group) if group else [root]:
            xml.put(parent, name, text)


def given_id(call: Call, example: str) -> str:
    """Return the id that a receiver gives to the document of a call: another one for each document."""
    if example.isdecimal() or not call.keys:
        return example
    return f"W{call.keys[0].value}"[:_LONGEST]


@cache
def _pairs(api: Api) -> tuple[tuple[str, str], ...]:
    return tuple(_named_alike(api)) if api.readonly else ()


def _named_alike(api: Api) -> Iterator[tuple[str, str]]:
    """Yield the places of a question's keys with those in the answer: named alike, or after the document."""
    for row in api.request.leaves:
        name = "operateTime" if row.name == "startTime" else row.name  # what happened since then
        if name.endswith((*_KEYS, "operateTime")):
            alike = [one.path for one in api.response.leaves if one.name == name]
            for path in alike or _of_document(api, name):
                yield row.path, path


def _of_document(api: Api, name: str) -> Iterator[str]:
    """Yield where the answer has what the question calls orderCode or orderId."""
    if name not in ("orderCode", "orderId"):
        return
    for row in api.response.leaves:
        if row.parent and row.name == f"{row.parent}{name.removeprefix('order')}":
            yield row.path
