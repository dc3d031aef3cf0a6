"""Transfers between warehouses: ordered, queried, reported as they proceed."""

from pytest_qimen.reference.data import Data, dump, project
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.methods.registry import handles
from pytest_qimen.spec import load_api


@handles("transferorder.create")
def create_transfer(state: State, request: Data) -> Data:
    """Create a transfer order; a replay gets the code of the first one."""
    owner, erp = request.text("ownerCode"), request.text("erpOrderCode")
    known = state.get("transfer by erp", owner, erp)
    code = known.text("code") if known else state.new_id("TO")
    if not known:
        state.put("transfer by erp", owner, erp, Data(code=code))
        state.put("transfer", owner, code, Data({**request, "orderStatus": "0"}))
    found = {
        "ownerCode": owner,
        "transferOrderCode": code,
        "expectOutStoreTime": request.text("expectStartTime"),
    }
    message = load_api("transferorder.create").response
    return Data(transferExecuteInfo=project(message, "transferExecuteInfo", found))


@handles("transferorder.query")
def query_transfer(state: State, request: Data) -> Data:
    """Return what was planned and what was moved."""
    owner, code = request.text("ownerCode"), request.text("transferOrderCode")
    known = state.get("transfer", owner, code)
    if known is None:
        raise Refused(f"there is no transfer order {code!r}", "not-found")
    moved = {_goods(item): item for item in known.rows("items.item")}
    items = [
        {
            **item,
            "planCount": item.text("count"),
            **{name: moved.get(_goods(item), Data()).text(name, "0") for name in ("outCount", "inCount")},
        }
        for item in known.rows("transferItems.transferItem")
    ]
    message = load_api("transferorder.query").response
    answer = project(message, "transferOrderDetail", {"transferOrderCode": code}, known)
    answer["items"] = Data(
        item=[project(message, "transferOrderDetail.items.item[]", item) for item in items]
    )
    return Data(transferOrderDetail=answer)


def _elsewhere(state: State, code: str) -> tuple[str, str]:
    row = state.one("select owner from records where kind = 'transfer' and code = ?", code)
    return (row[0] if row else ""), code


def _goods(item: Data) -> str:
    return dump(item.only("scItemCode", "inventoryType"))


@handles("transferorder.report")
def report_transfer(state: State, request: Data) -> Data:
    """Keep the numbers of a transfer as they stand now, so that a replay changes nothing."""
    code = request.text("transferOrderCode")
    documents.report(state, code, request)
    owner, _ = _elsewhere(state, code)
    if state.get("transfer", owner, code):
        state.put("transfer", owner, code, request.only("orderStatus", "items"))
    return Data()
