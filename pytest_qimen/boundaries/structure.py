"""An Api or one of its elements in, the Boundaries of its presence, number, order and open content out."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.boundaries.model import Boundary, observed, one, put
from pytest_qimen.messages.edits import Edit
from pytest_qimen.messages.lists import can_be_told_apart
from pytest_qimen.spec import Api, Field, later_elements

LAST = 12  # elements of a list of which only the last is wrong: more than one page or loop of ten
MANY = f"<extendProps>{''.join(f'<key{n}>value{n}</key{n}>' for n in range(1, 51))}</extendProps>"
EXTENSION = "<extendProps><键一>值一</键一><json>{&quot;a&quot;:[1]}</json><none>null</none></extendProps>"


def needs(api: Api, row: Field) -> Iterator[Boundary]:
    """Yield the element absent, empty, blank."""
    lacking = Edit("ensure", row.path), Edit("drop", row.path)
    if row.need == "must":
        level, beside = api.request.demand(row), tuple(_beside(api, row))
        yield one(row, "absent", "need", "failure", level, *beside, *lacking)
        yield _empty(row, "failure", level, *beside)
        if row.leaf:
            yield put(row, "blank", "need", "failure", "should", "   ")
    elif row.usual:
        yield one(row, "absent", "need", "any", "may", *lacking)
    else:
        empty = _empty(row, "success")
        due = row.need == "conditional" and not _in_smallest(api, row.parent)  # a new group may need it
        yield observed(empty) if due or row.path in api.parts else empty


def _in_smallest(api: Api, path: str) -> bool:
    """Return True when the smallest message, which has to be accepted, holds the group."""
    row = api.request.by_path.get(path)
    return row is None or ((row.need == "must" or row.usual) and _in_smallest(api, row.parent))


def _beside(api: Api, row: Field) -> Iterator[Edit]:
    """Yield what keeps the group of a demanded row from being empty without it, and so absent itself."""
    others = [other for other in api.request.children(row.parent) if other.leaf and other.path != row.path]
    if row.parent and others and not any(other.need == "must" or other.usual for other in others):
        plain = min(others, key=lambda other: (other.refers, other.path in api.ruled, bool(other.codes)))
        yield Edit("put", plain.path, plain.example)


def _empty(row: Field, expect: str, level: str = "must", *beside: Edit) -> Boundary:
    """Return the element with nothing in it, written with one tag and with two."""
    made = one(row, "empty", "need", expect, level)
    return replace(made, steps=tuple((*beside, Edit("empty", row.path, form)) for form in ("", "open")))


def items(api: Api, row: Field) -> Iterator[Boundary]:
    """Yield a list of two, of its limit, of one more, and one whose last element lacks a demanded field."""
    if row.limit != 1:
        two = one(row, "two", "list", "success", "must", Edit("repeat", row.path, "2"))
        apart = can_be_told_apart(api.request, row.path, api.given)
        yield two if apart else observed(two)
        if apart and not row.limit:
            yield replace(one(row, "twelve", "list", "success", "should", longer(row)[0]), level="should")
        yield from _last(api, row)
    if row.limit:
        yield one(row, "at-limit", "limit", "success", "must", Edit("repeat", row.path, str(row.limit)))
        yield one(row, "over-limit", "limit", "failure", "must", Edit("repeat", row.path, str(row.limit + 1)))


def _last(api: Api, row: Field) -> Iterator[Boundary]:
    """Yield a list whose last element lacks what each must have: a receiver may look at the first alone.

    An element that held nothing else would be empty, and so absent.
    """
    needed = [one for one in api.request.children(row.path) if one.leaf and one.need == "must"]
    if len(needed) > 1:
        grown, last = longer(row)
        lacks = Edit("drop", f"{last}.{needed[0].name}")
        yield one(needed[0], "absent-in-last", "need", "failure", "must", grown, lacks)


def longer(lines: Field) -> tuple[Edit, str]:
    """Return the edit that makes a list longer, and where its last element is then."""
    count = min(lines.limit or LAST, LAST)
    return Edit("repeat", lines.path, str(count)), f"{lines.path.removesuffix('[]')}[{count}]"


def in_last(api: Api, row: Field, value: str) -> Iterator[tuple[Edit, ...]]:
    """Yield a list in whose last element alone the field has this value; none where its lines look alike."""
    if row.path not in api.parts | api.tied:
        for grown, last, rest in longer_at(api, row.path):
            yield grown, Edit("put", f"{last}{rest}", value)


def longer_at(api: Api, path: str) -> Iterator[tuple[Edit, str, str]]:
    """Yield the edit that makes the innermost list of a path longer, its last element, the path below it.

    None where the list may not be longer or its elements would look alike.
    """
    above, brackets, rest = path.rpartition("[]")
    lines = api.request.by_path.get(f"{above}[]") if brackets else None
    if lines and lines.limit != 1 and can_be_told_apart(api.request, lines.path, api.given):
        yield *longer(lines), rest


def open_content(api: Api, path: str) -> Iterator[Boundary]:
    """Yield remark and extendProps below every non-leaf: legal by 000 section 2.1, note 5."""
    if api.protocol == "top":
        return
    row, below = Field(path, type="string"), f"{path}." if path else ""
    names = {child.name for child in api.request.children(path)}
    if "remark" not in names:
        for scenario, expect, length in (
            ("remark-below", "success", 500),
            ("long-remark-below", "failure", 501),
        ):
            text = Edit("put", f"{below}remark", "备" * length)
            yield one(row, scenario, "open-content", expect, "should", text)
    bare = (Edit("drop", f"{below}extendProps"),) if "extendProps" in names else ()
    for scenario, fragment in (("extend-props-below", EXTENSION), ("many-extend-props-below", MANY)):
        added = Edit("insert", path, fragment)
        yield one(row, scenario, "open-content", "success", "must", *bare, added)


def structure(api: Api) -> Iterator[Boundary]:
    """Yield the message as a whole: other orders, open content at the top, an element that stands twice."""
    if api.protocol == "top":
        return
    for scenario, base in (("reversed-order", "reverse"), ("shuffled-order", "shuffle")):
        yield Boundary("", scenario, "order", "success", "must", "request.order", ((Edit(base),),))
    yield from open_content(api, "")
    unknown = Edit("insert", "", "<vendorField>x</vendorField>")
    yield Boundary(
        "", "unknown-element", "open-content", "success", "should", "request.unknown", ((unknown,),)
    )
    yield from _later(api)
    first = next((row for row in api.request.leaves if row.need == "must" and not row.repeated), None)
    if first:
        yield one(first, "duplicate", "order", "any", "may", Edit("duplicate", first.path))


def _later(api: Api) -> Iterator[Boundary]:
    """Yield the message with every element of a later edition that it may hold; the documents know none."""
    changes: list[Edit] = []
    for row in api.request.fields:
        found = [] if row.leaf else list(later_elements(api, row.path))
        if found and not _in_smallest(api, row.path):
            changes.append(Edit("ensure", row.path))
        changes += [Edit("insert", row.path, f"<{one.name}>{one.example}</{one.name}>") for one in found]
    if changes:
        requirement = "request.later-edition"
        yield Boundary("", "later-edition", "open-content", "success", "may", requirement, (tuple(changes),))
