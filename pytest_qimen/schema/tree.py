"""A message and its groups in, the same message normalised out, with what is wrong with its structure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from pytest_qimen import xml
from pytest_qimen.schema.shape import Group, Part

_has_attributes = etree.XPath("boolean(descendant-or-self::*/@*)")


def local(element: xml.Element, parent: xml.Element) -> str:
    """Return the element's name, bare where it is in the namespace of its parent."""
    tag = str(element.tag)
    if not tag.startswith("{"):
        return tag
    space = str(parent.tag).rpartition("}")[0]
    return tag[len(space) + 1 :] if space and tag.startswith(f"{space}}}") else tag


def normalise(root: xml.Element, name: str, group: Group) -> xml.Element:
    """Rename the root, take out namespaces and attributes, and prune: the message in the schema's form."""
    if str(root.tag).startswith("{"):  # where the namespace is the message's own, names count alone
        first = xml.new(str(root.tag))
        for element in root.iter("*"):
            element.tag = local(element, first)
    root.tag = name
    if _has_attributes(root):
        for element in root.iter("*"):
            element.attrib.clear()
    prune(root, group)
    return root


def prune(element: xml.Element, group: Group) -> None:
    """Take out of `element` what the group does not declare and what is empty; sort what must be sorted."""
    parts = group.parts
    for child in element.getchildren():
        part = parts.get(child.tag)
        if part is None:
            element.remove(child)
        elif part.group is not None:
            prune(child, part.group)
            if is_empty(child):
                element.remove(child)
        elif not part.row.leaf:
            if is_empty(child):
                element.remove(child)
        else:
            if len(child):
                child[:] = []
                child.text = (child.text or "").strip()
            if not (child.text or "").strip():  # a blank is no value (design.md 6.5)
                element.remove(child)
    if group.form == "sequence":
        sort(element, group)


MOST = 2_000  # elements of a list whose values are judged: finding the place of one takes a walk along them


def trim(root: xml.Element) -> None:
    """Take out the elements of each list beyond MOST."""
    for parent in root.iter("*"):
        if len(parent) > MOST:
            seen = Counter[str]()
            for child in parent.getchildren():
                seen[str(child.tag)] += 1
                if seen[str(child.tag)] > MOST:
                    parent.remove(child)


def is_trimmed(root: xml.Element) -> bool:
    """Return True where an element holds more elements than are judged."""
    return any(len(element) > MOST for element in root.iter("*"))


def is_empty(element: xml.Element) -> bool:
    """Return True when it holds no element and no text but blanks."""
    return not len(element) and not (element.text or "").strip()


def sort(element: xml.Element, group: Group) -> None:
    """Put the children of a sequence into the document's order."""
    children = element.getchildren()
    ordered = sorted(children, key=lambda child: group.parts[child.tag].order)
    if ordered != children:
        element[:] = ordered


def foreign(element: xml.Element, group: Group) -> Iterator[tuple[Group | Part, xml.Element]]:
    """Yield the elements that no group declares and what they stand in; nothing below them."""
    for child in element.iterchildren("*"):
        part = group.parts.get(local(child, element))
        if part is None:
            yield group, child
        elif part.group is not None:
            yield from foreign(child, part.group)
        elif part.row.leaf and len(child):
            yield from ((part, one) for one in child.iterchildren("*"))


def foreign_kinds(root: xml.Element, group: Group, most: int) -> tuple[list[tuple[xml.Element, int]], int]:
    """Return the first foreign element of each name and place in the documents, and how many there are.

    `most` kinds at most; the other value is how many kinds there are beyond that.
    """
    counts: dict[tuple[int, object], int] = {}
    first: list[tuple[tuple[int, object], xml.Element]] = []
    for where, element in foreign(root, group):
        kind = id(where), element.tag
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] == 1 and len(first) < most:
            first.append((kind, element))
    return [(element, counts[kind]) for kind, element in first], len(counts) - len(first)


def places(root: xml.Element) -> dict[xml.Element, str]:
    """Return every element of the message and its concrete path, as `xml.place` writes it, in one walk."""
    found = {root: ""}
    for parent in root.iter("*"):
        for child, step in _steps(parent).items():
            found[child] = join(found[parent], step)
    return found


def places_of(elements: Iterable[xml.Element]) -> list[str]:
    """Return the concrete paths of some elements; no parent is walked along twice."""
    steps: dict[xml.Element, dict[xml.Element, str]] = {}
    found: list[str] = []
    for element in elements:
        path: list[str] = []
        for parent in element.iterancestors():
            if parent not in steps:
                steps[parent] = _steps(parent)
            path.append(steps[parent][element])
            element = parent
        found.append(".".join(reversed(path)))
    return found


def placed(elements: Iterable[xml.Element]) -> Iterator[tuple[str, xml.Element]]:
    """Yield some elements with their concrete paths."""
    found = list(elements)
    return zip(places_of(found), found, strict=True)


def _steps(parent: xml.Element) -> dict[xml.Element, str]:
    """Return what each child is called in a path, with its number where its name is not the only one."""
    children = list(parent.iterchildren("*"))
    names = [str(child.tag).rpartition("}")[2] for child in children]
    counts, seen = Counter(names), Counter[str]()
    if len(counts) == len(names):
        return dict(zip(children, names, strict=True))
    steps: dict[xml.Element, str] = {}
    for child, name in zip(children, names, strict=True):
        seen[name] += 1
        steps[child] = f"{name}[{seen[name]}]" if counts[name] > 1 else name
    return steps


def join(path: str, name: str) -> str:
    """Return `path.name`; `name` alone below the root."""
    return f"{path}.{name}" if path else name


Report = Callable[[str, Part, xml.Element, int], None]


def mend(element: xml.Element, group: Group, report: Report) -> None:
    """Report need, duplicate and limit with (rule, part, where, how many), and mend each in place.

    `where` is the parent of a missing element, else the first element too many. A missing element gets a
    stand-in, the superfluous go: so the schema's next run sees every value, whatever the structure was.
    """
    if not len(element) and not is_empty(element):
        return  # text where elements belong: one fault, not one for each missing child
    for name, part in group.parts.items():
        children = element.findall(name)
        count = len(children)
        most = part.row.limit if part.many else 1
        if part.needed and not count:
            report("need", part, element, 0)
            etree.SubElement(element, name)
        elif most and count > most:
            report("limit" if part.many else "duplicate", part, children[most], count)
            for child in children[most:]:
                element.remove(child)
        if part.group is not None:
            for child in children[:most]:
                mend(child, part.group, report)
    if group.form == "sequence":
        sort(element, group)
