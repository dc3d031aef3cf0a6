"""A message and its file's name in, the method and direction that it belongs to out."""

import re
from collections.abc import Iterator
from pathlib import Path

from pytest_qimen import schema, xml
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.spec import DIRECTIONS, PREFIX, Api, Message, later_method

_OPEN_NAMES = ("remark", "extendProps")
_ENVELOPE = ("flag", "code", "message")
_DEEPEST = 20  # no message of the documents is nested deeper


def by_name(path: Path, apis: list[Api]) -> list[Api]:
    """Return the methods that the file's name or a folder above it names; else all of `apis`."""
    stem, folders = path.stem.lower(), [part.lower() for part in path.parts[:-1]]
    named = {api.name: max(map(len, _starting(api, stem)), default=0) for api in apis}
    if longest := max(named.values(), default=0):
        return [api for api in apis if named[api.name] == longest]
    for number in range(len(folders) - 1, -1, -1):
        if found := [api for api in apis if folders[number] in _names(api)]:
            above = folders[number - 1] if number else ""
            return [api for api in found if api.role == above] or found
    return apis


def _names(api: Api) -> tuple[str, ...]:
    method = api.method.lower()
    return (method,) if api.protocol == "top" else (method, PREFIX + method)


def _starting(api: Api, stem: str) -> list[str]:
    """Return the names of the method with which `stem` starts, at the end of a word."""
    return [
        name
        for name in _names(api)
        if stem.startswith(name) and not stem[len(name) : len(name) + 1].isalnum()
    ]


def of_later_edition(path: Path) -> Phrase | None:
    """Return the sentence about the method of a later edition that names file or folder, else None."""
    words = re.split(r"[^A-Za-z.]", path.stem)[0].rstrip("."), path.parent.name
    return next(filter(None, map(later_method, words)), None)


def identify(root: xml.Element, apis: list[Api]) -> tuple[Api, str]:
    """Return the method among `apis` that the message fits best, and its direction.

    Of several methods one must declare something in the message. UsageError names the candidates when the
    best are equal and not exactly one of them finds the message faultless.
    """
    paths = set(_paths(root))
    fits = [(_distance(api, way, root, paths), api, way) for api in apis for way in DIRECTIONS]
    if len(apis) > 1:
        fits = [fit for fit in fits if fit[0] is not None]
    least = min((distance for distance, _, _ in fits if distance is not None), default=None)
    best = [(api, way) for distance, api, way in fits if distance == least]
    if len(best) > 1:
        best = [fit for fit in best if not schema.problems(*fit, root)] or best
    if len(best) == 1 or len({api.name for api, _ in best}) == 1:
        return best[0]
    if not best:
        raise UsageError(say("fits-none"))
    names = ", ".join(f"{api.name} ({way})" for api, way in best)
    raise UsageError(say("fits-several", number=len(best), names=names))


def _paths(element: xml.Element, prefix: str = "") -> Iterator[str]:
    for child in element.iterchildren("*"):
        path = prefix + xml.name(child)
        if xml.name(child) not in _OPEN_NAMES:
            yield path
            if path.count(".") < _DEEPEST:
                yield from _paths(child, f"{path}.")


def _distance(api: Api, direction: str, root: xml.Element, paths: set[str]) -> int | None:
    """Return how many paths the message lacks or has beyond the method's; None without a common one."""
    message = api.request if direction == "request" else api.response
    expected = "request" if direction == "request" else api.root
    declared = {row.path.replace("[]", "") for row in message.fields}
    if paths and not paths & declared:
        return None
    missing = sum(path not in paths for path in _needed(message, paths))
    return len(paths - declared) + missing + (xml.name(root) != expected)


def _needed(message: Message, paths: set[str]) -> Iterator[str]:
    for row in message.fields:
        path, parent = row.path.replace("[]", ""), row.parent.replace("[]", "")
        business = message.direction == "response" and row.path not in _ENVELOPE  # a failure lacks it
        if row.need == "must" and (parent in paths if parent else not business):
            yield path
