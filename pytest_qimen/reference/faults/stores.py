"""Faults of the store platform: which store is meant, and what a refusal or a deletion leaves behind."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import after, passed
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")


def _by_code(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """The store of the code is changed, not that of the ID."""
    known = state.get("store by code", message.text("shopId"), message.text("storeCode"))
    message["storeId"] = known.text("storeId") if known else "0"
    return proceed(state, message)


def _half_linked(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A store that is not there is refused, and those before it stay linked."""
    answer = proceed(state, message)
    if all(state.get("store", "", one) for one in message.texts("storeIds.storeId")):
        return answer
    return Data(flag="failure", code="not-found", message="there is no such store")


def _fifty_items(state: State, message: Data, answer: Data) -> None:
    if "itemIds" in answer:
        answer["itemIds"] = Data(itemId=answer.texts("itemIds.itemId")[:50])


def _still_sold(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A store that was deleted stays linked to its items."""
    links = state.all("select item, store from relations where store = ?", message.text("storeId"))
    answer = proceed(state, message)
    state.db.executemany("insert into relations values (?, ?)", [tuple(link) for link in links])
    return answer


def _parted(state: State, message: Data, answer: Data) -> None:
    """A store that is updated is parted from its items."""
    state.run("delete from relations where store = ?", message.text("storeId"))


def _by_id_or_code(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """What is asked for by an ID is found by its code, too."""
    sql = "select json_extract(data, '$.storeId') from records where kind = 'store by code' and code = ?"
    if row := state.one(sql, message.text("storeId")):
        message["storeId"] = row[0]
    return proceed(state, message)


def _fax_for_zip_code(state: State, message: Data, answer: Data) -> None:
    keeper = answer.group("storeKeeper")
    if "zipCode" in keeper and "fax" in keeper:
        keeper["zipCode"] = keeper["fax"]


FAMILY.rows(
    ("store-found-by-code", _by_code),
    ("store-update-of-nobody-succeeds", passed("not-found")),
    ("update-parts-items", after(_parted)),
    methods="store.update",
)
FAMILY.rows(
    ("zip-code-shown-as-fax", after(_fax_for_zip_code)),
    ("stores-found-by-code-too", _by_id_or_code),
    methods="store.query",
)
FAMILY.rows(("store-linked-though-refused", _half_linked), methods="itemstore.banding")
FAMILY.rows(("deleted-store-still-sells", _still_sold), methods="store.delete")
FAMILY.rows(("items-of-a-store-cut-at-50", after(_fifty_items)), methods="storeitem.query")
