"""Item messages in, items and mappings kept and given back out."""

from pytest_qimen.reference.data import Data, dump, load, project
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.methods.registry import failed_answer, handles
from pytest_qimen.spec import load_api


def _keep(state: State, owner: str, item: Data) -> str:
    """Add or update an item; the id that the warehouse gave it."""
    code = item.text("itemCode")
    known = state.get("item", owner, code)
    identity = known.text("itemId") if known else state.new_id("I")
    state.put("item", owner, code, Data({**item, "itemId": identity}), identity)
    return identity


@handles("singleitem.synchronize")
def synchronize(state: State, request: Data) -> Data:
    """One item, added or updated; the answer carries its id. Without one (002: optional) nothing is kept."""
    item = request.group("item")
    if not item.text("itemCode"):
        return Data()
    return Data(itemId=_keep(state, request.text("ownerCode"), item))


@handles("items.synchronize")
def synchronize_many(state: State, request: Data) -> Data:
    """Several items; those that fail are listed, the others are kept."""
    for item in request.rows("items.item"):
        _keep(state, request.text("ownerCode"), item)
    if not state.failed:
        return Data()
    failed = [Data(itemCode=code, message=reason) for code, reason in state.failed]
    return failed_answer(Data(items=Data(item=failed)))


@handles("combineitem.synchronize")
def combine(state: State, request: Data) -> Data:
    """An item that is made of others."""
    state.put("combined", request.text("ownerCode"), request.text("itemCode"), request)
    return Data()


@handles("singleitem.query")
def query(state: State, request: Data) -> Data:
    """The item as it was sent, with its id."""
    item = state.get("item", request.text("ownerCode"), request.text("itemCode"))
    if item and request.text("itemId") in ("", item.text("itemId")):
        return Data(item=project(load_api("singleitem.query").response, "item", item))
    raise Refused(f"there is no item {request.text('itemCode')!r}", "not-found")


@handles("itemmapping.create")
def create_mapping(state: State, request: Data) -> Data:
    """Which shop item an item is."""
    state.put("mapping", request.text("ownerCode"), _mapping(request), request)
    return Data()


def _mapping(request: Data) -> str:
    return dump(Data({name: request.text(name) for name in ("itemId", "shopItemId", "skuId")}))


@handles("itemmapping.query")
def query_mapping(state: State, request: Data) -> Data:
    """The mappings of an item to a shop item, of one sku or of all."""
    sql = (
        "select data from records where kind = 'mapping' and owner = ? and json_extract(data, '$.itemId') = ?"
        " and json_extract(data, '$.shopItemId') = ? and ? in ('', json_extract(data, '$.skuId'))"
    )
    wanted = (request.text(name) for name in ("ownerCode", "itemId", "shopItemId", "skuId"))
    message = load_api("itemmapping.query").response
    found = [project(message, _MAPPINGS, load(row[0])) for row in state.all(sql, *wanted)]
    return Data(itemMappings=Data(itemMapping=found)) if found else Data()


_MAPPINGS = "itemMappings.itemMapping[]"
