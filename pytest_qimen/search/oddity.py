"""A drawn message and an ordinary one in, what is odd about the drawn one out.

Two failures with the same oddity are the same one. Traits begin with `#`: characters that cost receivers
most, and the order of elements. A message without traits is told by the fields that have another value.
"""

from collections import Counter
from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.search.property import bare
from pytest_qimen.spec import Api

Values = Counter[tuple[str, str]]


def oddities(api: Api, message: xml.Element, usual: xml.Element, given: frozenset[str]) -> frozenset[str]:
    """Return the fields in which the message differs, but for `given` ones and keys, and the traits of it."""
    keys = given | {bare(row.path) for row in api.request.leaves if row.key}
    ours, theirs = _values(message, keys), _values(usual, keys)
    changed = (ours - theirs) + (theirs - ours)
    traits = {trait for _, value in changed for trait in _traits(value)}
    order = {"#order"} if _is_reordered(api, message) else set()
    return frozenset({path for path, _ in changed} | traits | order)


def least(odd: frozenset[str]) -> frozenset[str]:
    """Return what of a message that has been made small is to blame: its traits, or else its fields."""
    return frozenset(one for one in odd if one.startswith("#")) or odd


def _values(root: xml.Element, keys: frozenset[str]) -> Values:
    """Return how often each value stands in each field; of a key only that it is there."""
    leaves = ((bare(xml.place(element)), xml.text(element)) for element in root.iter() if not len(element))
    return Counter((path, "" if path in keys else value) for path, value in leaves)


def _traits(value: str) -> Iterator[str]:
    highest = max(map(ord, value), default=0)
    if highest > 0x7E:
        yield "#astral" if highest > 0xFFFF else "#wide" if highest > 0xFF else "#latin"
    if set(value) & set("<>&\"'"):
        yield "#markup"
    if value != value.strip() or set(value) & set("\t\r\n"):
        yield "#blanks"


def _is_reordered(api: Api, message: xml.Element) -> bool:
    """Return True when some group has its elements in another order than the document."""
    rank = {bare(row.path): number for number, row in enumerate(api.request.fields)}
    for group in message.iter():
        place = bare(xml.place(group))
        paths = [f"{place}.{xml.name(child)}".removeprefix(".") for child in group]
        ranks = [rank[path] for path in paths if path in rank]
        if ranks != sorted(ranks):
            return True
    return False
