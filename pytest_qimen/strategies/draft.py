"""A message while it is being drawn, and the edits that keep it legal: one function each.

Every edit names its place by schematic path and makes what it misses, so that it means the same on the
smallest and on the fullest message: an example shrinks to the smallest one with only the offending edit.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import factorial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_qimen import xml
from pytest_qimen.messages import samples
from pytest_qimen.messages.lists import numbered, tell_apart
from pytest_qimen.rules import Held, find
from pytest_qimen.spec import Field, Message


@dataclass(slots=True)
class Draft:
    """A message and how it is drawn.

    `later` says which names follow a row's in its group; fields in `fixed` keep their values, and the repair
    leaves `held` elements alone if it can.
    """

    message: Message
    later: Mapping[str, frozenset[str]]
    root: xml.Element
    draw: DrawFn
    fixed: Collection[str] = ()
    held: Held = field(default_factory=set)

    def one(self, elements: Sequence[xml.Element]) -> xml.Element:
        """Return a drawn one of them; shrinks to the first."""
        return elements[self.draw(whole(0, len(elements) - 1)) if len(elements) > 1 else 0]

    def group(self, path: str) -> xml.Element:
        """Return a drawn group at the path, made where there is none."""
        if found := find(self.root, path):
            return self.one(found)
        return self.one(self.among(self.message.by_path[path]))

    def among(self, row: Field) -> list[xml.Element]:
        """Return the elements of the row in a drawn group, at least one."""
        parent = self.group(row.parent)
        return parent.findall(row.name) or [self.make(parent, row)]

    def make(self, parent: xml.Element, row: Field) -> xml.Element:
        """A new element of the row with its example or what it must hold, put where the document has it."""
        made = xml.append(parent, row.name)
        below = self.message.children(row.path)
        if row.leaf:
            made.text = row.example
        elif not below:
            xml.append(made, "key1").text = "value1"
        else:
            samples.fill(made, self.message, row.path)
            if not len(made):  # an empty group is an absent one
                self.make(made, below[0])
        later = self.later[row.path]
        for sibling in parent:
            if sibling.tag in later:
                sibling.addprevious(made)
                break
        return made


# Takes the draft, where (a row, or a strategy of paths) and what to draw from: each edit's own matter.
DrawnEdit = Callable[[Draft, Any, Any], None]


@cache
def whole(least: int, most: int) -> SearchStrategy[int]:
    """Return kept, because building a strategy costs more than drawing from it."""
    return st.integers(least, most)


def put(draft: Draft, row: Field, values: SearchStrategy[str]) -> None:
    """Give the field a drawn value."""
    element = draft.one(draft.among(row))
    element.text = draft.draw(values)
    draft.held.add(element)


def drop(draft: Draft, row: Field, _: None = None) -> None:
    """Take the element out, unless its group would be left with nothing."""
    if (element := _spare(draft, row)) is not None:
        element.getparent().remove(element)  # type: ignore[union-attr]


def empty(draft: Draft, row: Field, _: None = None) -> None:
    """Leave the element standing without a value, which makes it an absent one (design.md 6.5)."""
    if (element := _spare(draft, row)) is not None:
        element.text = None


def _spare(draft: Draft, row: Field) -> xml.Element | None:
    found = find(draft.root, row.path)
    if not found:
        return None
    element = draft.one(found)
    parent = element.getparent()
    assert parent is not None
    return element if _filled(parent) > _filled(element) else None


def _filled(element: xml.Element) -> int:
    return sum(1 for each in element.iter() if each.text)


def lengthen(draft: Draft, row: Field, counts: SearchStrategy[int]) -> None:
    """Bring the list to a drawn length by copies of a drawn element."""
    found = draft.among(row)
    pattern, last = draft.one(found), found[-1]
    for _ in range(draft.draw(counts) - len(found)):
        made = xml.copy(pattern)
        last.addnext(made)
        last = made
    if not row.leaf:
        tell_apart(draft.message, draft.root, row.path, draft.fixed)
        return
    for number, element in enumerate(draft.among(row)[1:] if pattern.text else (), 2):
        element.text = numbered(row, pattern.text or "", number)


def remark(draft: Draft, paths: SearchStrategy[str], values: SearchStrategy[str]) -> None:
    """Put a remark below a drawn group (design.md 6.6)."""
    group = draft.group(draft.draw(paths))
    child(group, "remark").text = draft.draw(values)


def extend(draft: Draft, paths: SearchStrategy[str], pairs: SearchStrategy[tuple[str, str]]) -> None:
    """Put a property below a drawn group's extendProps (design.md 6.6)."""
    props = child(draft.group(draft.draw(paths)), "extendProps")
    name, value = draft.draw(pairs)
    if props.find(name) is None:
        xml.append(props, name).text = value


def child(parent: xml.Element, name: str) -> xml.Element:
    """Return the child of that name, made at the end where there is none."""
    found = parent.find(name)
    return xml.append(parent, name) if found is None else found


def add_undeclared(draft: Draft, paths: SearchStrategy[str], pairs: SearchStrategy[tuple[str, str]]) -> None:
    """Put an element below a drawn group that no document declares (design.md 6.4)."""
    group = draft.group(draft.draw(paths))
    name, value = draft.draw(pairs)
    xml.append(group, name).text = value


def reorder(draft: Draft, paths: SearchStrategy[str], _: None = None) -> None:
    """Put a drawn group's children into a drawn order: one number stands for the whole permutation."""
    group = draft.group(draft.draw(paths))
    left = list(group)
    if len(left) > 1:
        number = draft.draw(whole(1, factorial(min(len(left), 20)) - 1))
        ordered = []
        while left:
            number, index = divmod(number, len(left))
            ordered.append(left.pop(index))
        group[:] = ordered
