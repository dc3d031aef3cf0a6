"""What messages speak of is made before: goods, owners, suppliers and stores, one of each for a session.

A message of the documents names goods `SKU20160501` of owner `HZ0001`; an endpoint that knows neither may
refuse it. So the session makes goods of its own, and all its messages name these instead. Where the endpoint
does not take them, or the target has not the method, messages name what the documents name.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Final

from pytest_qimen import xml
from pytest_qimen.cases import Step
from pytest_qimen.runner.ask import Asker
from pytest_qimen.runner.ledger import pick
from pytest_qimen.runner.model import Broke
from pytest_qimen.runner.once import Once
from pytest_qimen.runner.setup import STORE, can_set_up
from pytest_qimen.spec import Api, Field, load_api
from pytest_qimen.target.model import Target

GOODS, SUPPLIER = "wms/singleitem.synchronize", "wms/supplier.synchronize"
MAKERS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {  # (role, field) -> method, its word for it
    **{
        (role, name): (GOODS, place)
        for role in ("wms", "erp")
        for name, place in (
            ("itemCode", "request:item.itemCode"),
            ("itemId", "response:itemId"),
            ("ownerCode", "request:ownerCode"),
        )
    },
    ("wms", "supplierCode"): (SUPPLIER, "request:supplierCode"),
    ("store", "storeId"): (STORE, "response:storeId"),
    ("store", "warehouseId"): (STORE, "response:storeId"),
    ("store", "warehouse_id"): (STORE, "response:storeId"),
}
PRODUCTS: Final = ("SUIT20160501", "WSUIT000001")  # what the documents make of other goods
_GOODS_NAMES: Final = frozenset({"itemCode", "itemId"})  # of which a pin of one speaks for the other, too
Made = Mapping[str, str]  # place -> what the session calls the thing there


class Introductions:
    """The things that a session made so that its messages may speak of them, each on the first demand."""

    def __init__(self, target: Target, ask: Asker) -> None:
        self._target, self._ask = target, ask
        self._made: Once[tuple[str, bool], Made | None] = Once()
        self.names: set[str] = set()

    def rename(self, api: Api, root: xml.Element) -> None:
        """Write the names of what the session made where a message holds those of the documents' examples."""
        for row in _speaking(api):
            elements = [one for one in xml.find(root, row.path) if xml.text(one) == row.example]
            name = self._name(api, row) if elements else ""
            for element in elements if name else ():
                element.text = name

    def _name(self, api: Api, row: Field) -> str:
        """Return what the session calls the thing; empty where it made none that the field may name."""
        method, place = MAKERS[api.role, row.name]
        if method == api.name or self._is_pinned(api, row) or not can_set_up(self._target, method):
            return ""
        try:
            made = self._thing(method, row.example in PRODUCTS)
        except Broke:
            return ""
        name = made.get(place) if made else None
        if not name or not _fits(row, name):
            return ""
        self.names.add(name)
        return name

    def _is_pinned(self, api: Api, row: Field) -> bool:
        pins = self._target.pins(api)
        goods = row.name in _GOODS_NAMES and any(path.rpartition(".")[2] in _GOODS_NAMES for path in pins)
        return goods or row.path in pins

    def _thing(self, method: str, product: bool = False) -> Made | None:
        return self._made.get((method, product), partial(self._make, method))

    def _make(self, method: str) -> Made | None:
        """Send the smallest message of a method; return its names, None where it was refused."""
        root, answer = self._ask(Step(load_api(method)), {}, f"introduction {method}")
        if answer.verdict != "success":
            return None
        places = {place for maker, place in MAKERS.values() if maker == method}
        return {place: name for place in places if (name := pick(place, root, answer))}


@lru_cache(512)
def _speaking(api: Api) -> tuple[Field, ...]:
    """Return the fields of the request that speak of what another message makes."""
    return tuple(
        row
        for row in api.request.leaves
        if (api.role, row.name) in MAKERS and not row.key
        if not api.introduces(row)
    )


def _fits(row: Field, name: str) -> bool:
    """Return True when the field may hold the name."""
    if row.type == "long":
        return _is_number(name)
    return xml.is_legal_text(name) and len(name) <= (row.max or len(name))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= 18
