"""A store platform: stores and their life cycle, categories, which items a store sells, order status."""

from pytest_qimen.reference.data import Data, dump, project
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles
from pytest_qimen.spec import load_api

_FIRST_STORE = 1000000
_CATEGORIES = [
    {"id": 1000, "name": "食品", "children": [{"id": 1001, "name": "茶叶"}]},
    {"id": 50, "name": "餐饮美食", "children": [{"id": 5001, "name": "快餐"}, {"id": 5002, "name": "饮品"}]},
    {"id": 51, "name": "购物", "children": [{"id": 5101, "name": "服装"}, {"id": 5102, "name": "数码"}]},
    {"id": 52, "name": "生活服务", "children": [{"id": 5201, "name": "药房"}]},
]


def _wanted(state: State, identity: str) -> Data:
    if store := state.get("store", "", identity):
        return store
    raise Refused(f"there is no store {identity!r}", "not-found")


@handles("store.create")
def create(state: State, request: Data) -> Data:
    """A new store with a global id, or the id of the one that has this code already."""
    shop, code = request.text("shopId"), request.text("storeCode")
    known = state.get("store by code", shop, code)
    identity = known.text("storeId") if known else str(_FIRST_STORE + state.count("store"))
    if not known:
        state.put("store by code", shop, code, Data(storeId=identity))
        state.put("store", "", identity, request)
    return Data(storeId=identity)


@handles("store.update")
def update(state: State, request: Data) -> Data:
    """New values for a store that exists."""
    identity = request.text("storeId")
    _forget_code(state, _wanted(state, identity))
    state.put(
        "store", "", identity, Data({name: value for name, value in request.items() if name != "storeId"})
    )
    state.put("store by code", request.text("shopId"), request.text("storeCode"), Data(storeId=identity))
    return Data()


@handles("store.delete")
def delete(state: State, request: Data) -> Data:
    """The store and what it sells are gone."""
    identity = request.text("storeId")
    _forget_code(state, _wanted(state, identity))
    state.run("delete from records where kind = 'store' and owner = '' and code = ?", identity)
    state.run("delete from relations where store = ?", identity)
    return Data()


def _forget_code(state: State, store: Data) -> None:
    code = (store.text("shopId"), store.text("storeCode"))
    state.run("delete from records where kind = 'store by code' and owner = ? and code = ?", *code)


@handles("store.query")
def query(state: State, request: Data) -> Data:
    """The store as it was sent."""
    return project(load_api("store.query").response, "", _wanted(state, request.text("storeId")))


@handles("storecategory.get")
def categories(state: State, request: Data) -> Data:
    """The tree of categories as JSON."""
    return Data(storeCategory=dump({"categories": _CATEGORIES}))


@handles("itemstore.banding")
def band(state: State, request: Data) -> Data:
    """An item is sold, or no longer sold, in the stores named."""
    item = request.text("itemId")
    pairs = [(item, store) for store in request.texts("storeIds.storeId")]
    if request.text("actionType") == "DELETE":
        state.db.executemany("delete from relations where item = ? and store = ?", pairs)
    else:
        state.db.executemany("insert or ignore into relations values (?, ?)", pairs)
    return Data()


@handles("itemstore.query")
def query_stores(state: State, request: Data) -> Data:
    """The stores that sell an item."""
    sql = "select store from relations where item = ? order by store"
    found = [row[0] for row in state.all(sql, request.text("itemId"))]
    return Data(storeIds=Data(storeId=found)) if found else Data()


@handles("storeitem.query")
def query_items(state: State, request: Data) -> Data:
    """The items that a store sells."""
    sql = "select item from relations where store = ? order by item"
    found = [row[0] for row in state.all(sql, request.text("storeId"))]
    return Data(itemIds=Data(itemId=found)) if found else Data()


@handles("orderStatus.sync")
def sync_status(state: State, request: Data) -> Data:
    """A step in the life of a platform order."""
    documents.report(state, request.text("parentOrderCode"), request)
    return Data()
