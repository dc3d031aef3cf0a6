"""Items: synchronised before they are ordered, and named by the id that the warehouse gave them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.documents import GRACE, fault
from pytest_qimen.phrases import say
from pytest_qimen.schema.tree import placed
from pytest_qimen.verdict import Finding, Level

JUDGED = tuple(
    f"sequence.{name}" for name in ("item-id", "item-id-equal", "item-first", "item-update", "combine-parts")
)
_SYNC = {"singleitem.synchronize": "item", "items.synchronize": "items.item[]"}
_ANY = ("", "OTHER")  # warehouses that stand for all
_MOST = 50  # ids of one item that are remembered


@dataclass
class Item:
    """An item by its code. `given` holds for each id the owner, the warehouse, the id and when it came."""

    given: list[tuple[str, str, str, float | None]] = field(default_factory=list)
    added: str = ""  # the place of the call that added it with success
    refused: str = ""
    ordered: str = ""  # the place of the document that last named it before it was ever synchronised
    missed: bool = False  # that document was refused


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with the items that the call names, and remember what became of them."""
    if call.api is None or call.api.role != "wms" or call.root is None:
        return
    if journal.same_message(call) is None:  # what is sent again is what it was
        yield from _ids(call, journal)
        yield from _parts(call, journal)
    if call.method in _SYNC:
        yield from _synchronised(call, journal)
    elif not call.api.readonly:
        yield from _ordered(call, journal)


def _name(call: Call, code: str) -> str:
    return f"{call.sender} {code}"


def _only(call: Call, name: str) -> str | None:
    """Return the one value that all elements of this name have, None where there are several."""
    assert call.root is not None
    found = {xml.text(one).strip() for one in call.root.iter(f"{{*}}{name}")} - {""}
    return None if len(found) > 1 else next(iter(found), "")


def _is_for(call: Call, line: xml.Element, owner: str, warehouse: str) -> bool:
    """Return True where an id that was given for this owner and warehouse holds in a line, too."""
    owners = (xml.get(line, "ownerCode") or "").strip() or _only(call, "ownerCode")
    warehouses = _only(call, "warehouseCode")
    if owners is None or warehouses is None:
        return False
    same_owner = owner == owners or "" in (owner, owners)
    return same_owner and (warehouse == warehouses or warehouse in _ANY or warehouses in _ANY)


def _ids(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield an item without the id that it was given, or with another; an answer may be on its way.

    A warehouse that gives no ids of its own may answer with the item's code.
    """
    assert call.api is not None
    assert call.root is not None
    now = call.heard.at.timestamp() if call.heard.at else None
    adds = call.method in _SYNC and call.said("actionType") != "update"
    for row in call.api.request.leaves:
        if row.name != "itemId" or row.need == "optional" or adds:
            continue
        for holder in xml.find(call.root, row.parent):
            code, sent = ((xml.get(holder, name) or "").strip() for name in ("itemCode", "itemId"))
            known = journal.recall(Item, _name(call, code)).given if code else []
            ids = {
                identity
                for owner, warehouse, identity, moment in known
                if identity != code
                and _is_for(call, holder, owner, warehouse)
                and (now is None or moment is None or now - moment >= GRACE)
            }
            if ids and sent not in {identity for _, _, identity, _ in known}:
                what = "sequence.item-id-equal" if sent else "sequence.item-id"
                path = f"{xml.place(holder)}.itemId".lstrip(".")
                expected = say("call-given-id", ids=tuple(sorted(ids)))
                yield fault(call, what, Level.MUST, path, expected, sent or say("nothing"), "request.itemId")


def _parts(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield the part of a combination that is named by its code, or that was refused and never added."""
    if call.method != "combineitem.synchronize" or call.root is None:
        return
    for place, element in placed(xml.find(call.root, "items.item[].itemId")):
        part = xml.text(element).strip()
        item = journal.recall(Item, _name(call, part)) if part else Item()
        is_code = item.given and part not in [one[2] for one in item.given]
        if is_code or (item.refused and not item.added):
            yield fault(call, "sequence.combine-parts", Level.SHOULD, place, say("call-item-first"), part)


def _synchronised(call: Call, journal: Journal) -> Iterator[Finding]:
    assert call.root is not None
    for place, element in placed(xml.find(call.root, f"{_SYNC[call.method]}.itemCode")):
        code = xml.text(element).strip()
        name = _name(call, code)
        item = journal.recall(Item, name)
        is_good = call.outcome == "success" or (call.outcome == "failure" and not call.refused(code))
        if call.said("actionType") == "add":
            yield from _added(call, item, place, code, is_good=is_good)
        _remember(call, item, is_good=is_good)
        journal.keep(name, item)


def _added(call: Call, item: Item, path: str, code: str, *, is_good: bool) -> Iterator[Finding]:
    if item.ordered and not item.added and is_good:
        actual = say("call-ordered", place=item.ordered)
        level = Level.SHOULD if item.missed else Level.MAY  # some add what is there from before
        yield fault(call, "sequence.item-first", level, path, say("call-item-first"), actual)
    if item.added:
        actual = say("call-added", key=code, place=item.added)
        yield fault(call, "sequence.item-update", Level.MAY, "actionType", "update", actual)


def _remember(call: Call, item: Item, *, is_good: bool) -> None:
    item.ordered, item.missed = "", False
    if not is_good:
        item.refused = call.heard.place if call.outcome == "failure" else item.refused
        return
    item.added = call.heard.place
    given = call.told("itemId") if call.method == "singleitem.synchronize" else ""
    if given and len(item.given) < _MOST:
        moment = call.heard.at.timestamp() if call.heard.at else None
        owner, warehouse = call.said("ownerCode"), call.said("warehouseCode")
        if not any(tuple(one[:3]) == (owner, warehouse, given) for one in item.given):
            item.given.append((owner, warehouse, given, moment))


def _ordered(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield a refused document that orders an item which was refused itself; remember what was ordered."""
    assert call.root is not None
    for place, element in placed(xml.find(call.root, "orderLines.orderLine[].itemCode")):
        code = xml.text(element).strip()
        item = journal.recall(Item, _name(call, code)) if code else Item(added="-")
        if item.refused and not item.added:
            level = Level.SHOULD if call.outcome == "failure" else Level.MAY  # it may be there from before
            expected, actual = say("call-item-first"), say("call-refused", key=code, place=item.refused)
            yield fault(call, "sequence.item-first", level, place, expected, actual)
        elif not item.added and not item.missed:
            item.ordered, item.missed = call.heard.place, call.outcome == "failure"
            journal.keep(_name(call, code), item)
