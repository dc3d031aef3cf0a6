"""What the platform gave an ISV and what comes back of it: ids of stores, categories; stock, statuses."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.documents import fault
from pytest_qimen.phrases import say
from pytest_qimen.schema.tree import placed
from pytest_qimen.verdict import Finding, Level

JUDGED = tuple(
    f"sequence.{name}"
    for name in ("store-id", "category", "category-fresh", "initial-before-update", "status-order")
)
MOST = 100_000  # categories that are remembered
_UPDATES = {"storeinventory.update": "scItemId", "storeinventory.itemupdate": "itemId"}
_INITIALS = {"storeinventory.initial": "scItemId", "storeinventory.iteminitial": "itemId"}
_STOCK = "stores.store[].storeInventories.storeInventory[]"


@dataclass
class Store:
    """A store by the code that the ERP gave it."""

    id: str = ""


@dataclass
class Categories:
    """What the platform last listed; `fresh` until a store was created."""

    leaves: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    fresh: bool = False


@dataclass
class Stock:
    """Whether the stock of an item was initialised, and whether it was said that it was not."""

    initial: bool = False
    noted: bool = False


@dataclass
class Status:
    """The last event of an order, and the place of the call."""

    time: str = ""
    place: str = ""


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with the stores that the call names, and remember what the answer gave."""
    if call.api is None or call.api.role != "store" or call.root is None:
        return
    yield from _ids(call, journal)
    yield from _category(call, journal)
    yield from _stock(call, journal)
    yield from _status(call, journal)
    code, given = call.said("storeCode"), call.told("storeId")
    if call.method == "store.create" and call.outcome == "success" and code and given:
        journal.keep(f"{call.sender} {code}", Store(given))


def _ids(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield a store that is named by the ERP's code although it was given another id."""
    assert call.api is not None
    assert call.root is not None
    for row in call.api.request.leaves:
        if row.name == "storeId":
            for place, element in placed(xml.find(call.root, row.path)):
                name = xml.text(element).strip()
                given = journal.recall(Store, f"{call.sender} {name}").id if name else ""
                if given and given != name:
                    expected = say("call-given-id", ids=(given,))
                    yield fault(call, "sequence.store-id", Level.MUST, place, expected, name)


def _category(call: Call, journal: Journal) -> Iterator[Finding]:
    name = call.sender
    known = journal.recall(Categories, name)
    chosen = call.said("mainCategory")
    if call.method == "storecategory.get" and call.outcome == "success":
        leaves, inner = _tree(call.told("storeCategory"))
        journal.keep(name, Categories(leaves, inner, fresh=True))
    elif chosen and call.method in ("store.create", "store.update"):
        if known.leaves and chosen not in known.leaves:
            # only leaves are said to have an id; an older store may keep what it has
            is_open = chosen in known.inner or call.method == "store.update"
            level = Level.MAY if is_open else Level.MUST
            yield fault(call, "sequence.category", level, "mainCategory", say("call-category"), chosen)
        if call.method == "store.create":
            if not known.fresh:
                expected = say("call-category-fresh")
                yield fault(call, "sequence.category-fresh", Level.MAY, "mainCategory", expected, chosen)
            known.fresh = False
            journal.keep(name, known)


def _tree(text: str) -> tuple[list[str], list[str]]:
    """Return the ids of the last and of the other categories of a tree; its form is not printed."""
    leaves: list[str] = []
    inner: list[str] = []
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return [], []
    while waiting and len(leaves) + len(inner) < MOST:
        node = waiting.pop()
        below = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        nested = [one for one in below if isinstance(one, (dict, list)) and one]
        waiting += nested
        if isinstance(node, dict) and isinstance(node.get("id"), (int, str)):
            (inner if nested else leaves).append(str(node["id"]))
    return (leaves, inner) if not waiting else ([], [])


def _stock(call: Call, journal: Journal) -> Iterator[Finding]:
    """Note, once for an item in a store, increments before its stock was initialised."""
    item = _UPDATES.get(call.method) or _INITIALS.get(call.method)
    if not item or call.root is None:
        return
    for place, element in placed(xml.find(call.root, f"{_STOCK}.{item}")):
        store = next(element.iterancestors("{*}store"), None)
        where = xml.get(store, "warehouseId") if store is not None else ""
        name = f"{call.sender} {where} {xml.text(element).strip()}"
        stock = journal.recall(Stock, name)
        if call.method in _INITIALS:
            journal.keep(name, Stock(initial=True, noted=stock.noted))
        elif not stock.initial and not stock.noted:
            expected, actual = say("call-initial"), xml.text(element).strip()
            yield fault(call, "sequence.initial-before-update", Level.MAY, place, expected, actual)
            journal.keep(name, Stock(noted=True))


def _status(call: Call, journal: Journal) -> Iterator[Finding]:
    """Note an event that was before the one that was reported before."""
    if call.method != "orderStatus.sync":
        return
    name, time = f"{call.sender} {call.said('parentOrderCode')}", call.said("actionTime")
    last = journal.recall(Status, name)
    if last.time and time < last.time:
        expected = say("call-not-before", time=last.time, place=last.place)
        yield fault(call, "sequence.status-order", Level.MAY, "actionTime", expected, time)
    journal.keep(name, Status(time, call.heard.place))
