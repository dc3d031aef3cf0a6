"""Bytes in, element trees out, and back: hardened parsing, writing, and access by path.

A path is dotted and relative to the root: ``orderLines.orderLine[].itemCode``. ``name[]`` means every
``name`` of its parent, ``name[2]`` the second one (counted from 1), a bare ``name`` the first.
An empty element counts as an absent one (design.md 6.5).
"""

import re
import threading
from collections.abc import Callable, Iterator
from copy import copy as copied
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from lxml import etree

from pytest_qimen.errors import QimenError, of_foreign

Element: TypeAlias = etree._Element

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
MOST = 500_000  # elements of a message: a real one has some thousands
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlError(QimenError):
    """The bytes are no XML document that the suite accepts; str() is the parser's reason with its place."""


def parse(data: bytes, *, huge: bool = False) -> Element:
    """Return the root element of `data`, without comments and processing instructions.

    No DTD is loaded, no entity resolved, no address fetched. Raises XmlError when the bytes are not
    well-formed, carry a DOCTYPE or have more than MOST elements. `huge` lifts libxml2's limits on depth and
    node size.
    """
    if is_vast(data):
        raise XmlError(f"the document has more than {MOST} elements")
    try:
        root = etree.fromstring(data, _mine.huge if huge else _mine.parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError(of_foreign(error)) from None
    if root.getroottree().docinfo.doctype:
        raise XmlError(of_foreign(ValueError("the document carries a DOCTYPE")))
    return root


def is_vast(data: bytes) -> bool:
    """Return True for a message of more than MOST elements, which take 300 bytes of memory each."""
    return len(data) > MOST and data.count(b"<") - data.count(b"</") > MOST


def _parser(*, huge: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )


class _Mine(threading.local):
    """What makes trees in one thread, each with the table of names that is the thread's own.

    lxml gives a thread the table of the first parser it uses, or one that looks into the main thread's. No
    table has a lock: names that two threads enter at a time destroy each other. So no parser is shared, and
    each thread begins with its own. A tree belongs to its thread: others copy it before they look into it.
    """

    element = staticmethod(etree.Element)
    copied = staticmethod(copied)  # lxml knows no shallow copy, and deepcopy takes twice as long

    def __init__(self) -> None:
        self.parser, self.huge = _parser(huge=False), _parser(huge=True)
        etree.fromstring(b"<a/>", self.parser)


_mine = _Mine()


def write(root: Element, *, declaration: bool = True, pretty: bool = False) -> bytes:
    """Return `root` as UTF-8 bytes."""
    text: str = etree.tostring(root, encoding="unicode", pretty_print=pretty)
    return (f"{DECLARATION}\n{text}" if declaration else text).encode()


def new(name: str) -> Element:
    """Return an empty root called `name`."""
    return _mine.element(name)


def copy(root: Element) -> Element:
    """Return a deep copy that shares nothing with `root`."""
    return _mine.copied(root)


def name(element: Element) -> str:
    """Return the element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def bare(root: Element) -> Element:
    """Return the message without namespaces, which no document prints or forbids."""
    if all(name(one) == one.tag for one in root.iter("*")):
        return root
    root = copy(root)
    for one in root.iter("*"):
        one.tag = name(one)
    return root


def is_legal_text(text: str) -> bool:
    """Return True when XML 1.0 can carry every character of `text`."""
    return not _ILLEGAL.search(text)


def steps(path: str) -> list[tuple[str, int | None]]:
    """Return `a.b[].c[2]` as [("a", 1), ("b", None), ("c", 2)]: None stands for every one."""
    return list(_steps(path))


@lru_cache(1 << 14)
def _steps(path: str) -> tuple[tuple[str, int | None], ...]:
    return tuple(
        (tag, int(number) if number else None if "[" in step else 1)
        for step in path.split(".")
        for tag, _, number in [step.rstrip("]").partition("[")]
    )


def find(root: Element, path: str) -> list[Element]:
    """Return every element at `path`; the root for an empty path."""
    found = [root]
    for tag, start, stop in _looks(path) if path else ():
        if stop is None:
            found = [child for parent in found for child in parent.iterchildren(tag)]
        else:
            found = [child for parent in found for child in islice(parent.iterchildren(tag), start, stop)]
    return found


@lru_cache(1 << 14)
def _looks(path: str) -> tuple[tuple[str, int, int | None], ...]:
    """Return the steps of a path as lxml's `iterchildren` wants them: a tag, the first and the last place."""
    return tuple((f"{{*}}{tag}", max(0, (number or 1) - 1), number) for tag, number in _steps(path))


def _named(parent: Element, tag: str) -> list[Element]:
    return list(parent.iterchildren(f"{{*}}{tag}"))


def text(element: Element) -> str:
    """Return the element's own text, CDATA and references resolved, children left out."""
    return element.text or ""


def get(root: Element, path: str) -> str | None:
    """Return the text of the first element at `path`; None where there is none or it is empty."""
    return next((text(element) for element in find(root, path) if text(element)), None)


def values(root: Element, path: str) -> list[str]:
    """Return the text of every element at `path`, in document order, empty ones included."""
    return [text(element) for element in find(root, path)]


def ensure(root: Element, path: str) -> Element:
    """Return the element at `path`, made with its ancestors where it is missing; ``[]`` means the first."""
    element = root
    for tag, number in _steps(path):
        wanted = number or 1
        while len(children := _named(element, tag)) < wanted:
            etree.SubElement(element, tag)
        element = children[wanted - 1]
    return element


def append(parent: Element, tag: str) -> Element:
    """Return a new last child of `parent`."""
    return etree.SubElement(parent, tag)


def put(root: Element, path: str, value: str) -> None:
    """Write `value` into every element at `path`, or into a new one where there is none."""
    for element in find(root, path) or [ensure(root, path)]:
        element.text = value


def drop(root: Element, path: str) -> None:
    """Remove every element at `path`."""
    for element in find(root, path):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def repeat(root: Element, path: str, count: int) -> list[Element]:
    """Make the list at `path` (``…name[]``) `count` long by copying its first element; its elements."""
    first = ensure(root, path)
    parent = first.getparent()
    assert parent is not None
    siblings = _named(parent, name(first))
    for extra in siblings[count:]:
        parent.remove(extra)
    for _ in range(count - len(siblings)):
        parent.append(copy(first))
    return _named(parent, name(first))


def clear(element: Element, content: str | None = None) -> None:
    """Take out children and text; None writes ``<a/>``, an empty text ``<a></a>``."""
    for child in list(element):
        element.remove(child)
    element.text = content


def reorder(root: Element, order: Callable[[list[str]], list[str]]) -> None:
    """Put the children of every element into the order that `order` gives their distinct names."""
    for element in list(root.iter()):  # a list: the iterator would run along the old order
        children = list(element)
        names = list(dict.fromkeys(name(child) for child in children))
        rank = {tag: place for place, tag in enumerate(order(names))}
        element[:] = sorted(children, key=lambda child: rank[name(child)])


def walk(root: Element, prefix: str = "") -> Iterator[tuple[str, Element]]:
    """Yield every element below `root` with its path, a name marked ``[]`` where it stands more than once."""
    counts: dict[str, int] = {}
    for child in root:
        counts[name(child)] = counts.get(name(child), 0) + 1
    for child in root:
        mark = "[]" if counts[name(child)] > 1 else ""
        path = f"{prefix}{name(child)}{mark}"
        yield path, child
        yield from walk(child, f"{path}.")


def place(element: Element) -> str:
    """Return the element's concrete path from its root: ``orderLines.orderLine[2].itemCode``."""
    parts: list[str] = []
    while (parent := element.getparent()) is not None:
        same = _named(parent, name(element))
        parts.append(name(element) + (f"[{same.index(element) + 1}]" if len(same) > 1 else ""))
        element = parent
    return ".".join(reversed(parts))


def schematic(path: str) -> str:
    """Return a path with its numbers taken out: ``orderLine[2]`` becomes ``orderLine[]``."""
    return re.sub(r"\[\d+\]", "[]", path) if "[" in path else path
