"""A call in, the documents that it creates, confirms, holds or cancels out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.schema.tree import placed

_ORDERS = "orders.order[]."
_PLACES: Mapping[str, tuple[str, str, str, str]] = {  # method -> what it does, family, holder, head and code
    "entryorder.create": ("create", "entry", "", "entryOrder.entryOrderCode"),
    "stockout.create": ("create", "stockout", "", "deliveryOrder.deliveryOrderCode"),
    "deliveryorder.create": ("create", "delivery", "", "deliveryOrder.deliveryOrderCode"),
    "deliveryorder.batchcreate": ("create", "delivery", _ORDERS, "deliveryOrder.deliveryOrderCode"),
    "returnorder.create": ("create", "return", "", "returnOrder.returnOrderCode"),
    "storeprocess.create": ("create", "process", "", "processOrderCode"),
    "entryorder.confirm": ("confirm", "entry", "", "entryOrder.entryOrderCode"),
    "stockout.confirm": ("confirm", "stockout", "", "deliveryOrder.deliveryOrderCode"),
    "deliveryorder.confirm": ("confirm", "delivery", "", "deliveryOrder.deliveryOrderCode"),
    "deliveryorder.batchconfirm": ("confirm", "delivery", _ORDERS, "deliveryOrder.deliveryOrderCode"),
    "returnorder.confirm": ("confirm", "return", "", "returnOrder.returnOrderCode"),
    "storeprocess.confirm": ("confirm", "process", "", "processOrderCode"),
    "order.cancel": ("stop", "", "", "orderCode"),
    "order.pending": ("stop", "", "", "orderCode"),
    "deliveryorder.batchcreate.answer": ("answer", "delivery", _ORDERS, "deliveryOrderCode"),
    "entryorder.query": ("query", "entry", "", "entryOrderCode"),
    "stockout.query": ("query", "stockout", "", "deliveryOrderCode"),
    "deliveryorder.query": ("query", "delivery", "", "orderCode"),
    "returnorder.query": ("query", "return", "", "returnOrderCode"),
}
FAMILIES = ("entry", "stockout", "delivery", "return", "process")


class Paper(NamedTuple):
    """One document in a message: what is done to it, its kind, its code and where that stands."""

    deed: str  # create, confirm, stop, answer, query
    family: str
    code: str
    path: str
    head: xml.Element
    holder: xml.Element
    content: str  # a digest of what the message says of it

    def get(self, name: str) -> str:
        """Return a text of the head, without the blanks around it."""
        return (xml.get(self.head, name) or "").strip()

    def quantities(self, name: str) -> dict[str, str]:
        """Return how much of each item its lines name in the field `name`."""
        found: dict[str, Decimal] = {}
        for line in xml.find(self.holder, "orderLines.orderLine[]"):
            item = (xml.get(line, "itemCode") or "").strip()
            found[item] = found.get(item, Decimal()) + _number(xml.get(line, name) or "")
        return {item: str(number) for item, number in found.items()}


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip()[:30])
    except InvalidOperation:
        return Decimal()
    return number if number.is_finite() else Decimal()


def papers(call: Call) -> Iterator[Paper]:
    """Yield the documents of the message, in their order."""
    if call.method not in _PLACES or call.root is None:
        return
    deed, family, owner, code = _PLACES[call.method]
    contents = {key.path: key.content for key in call.keys}
    holders = xml.find(call.root, owner.removesuffix("."))
    heads = {element: holder for holder in holders for element in xml.find(holder, code)}
    for path, element in placed(heads):
        head, holder, text = element.getparent(), heads[element], xml.text(element).strip()
        if text and head is not None:
            yield Paper(deed, family, text, path, head, holder, contents.get(path, ""))
