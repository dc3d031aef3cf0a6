"""Legal variants of what the endpoint does."""

from datetime import datetime

from pytest_qimen import xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import CHINA, Refused, State, parse_time
from pytest_qimen.reference.faults.calls import HEADS
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.methods import documents
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")


def _noted(**notes: str) -> Hook:
    return lambda request, root: request.notes.update(notes)


FAMILY.rows(("uuid-ids", _noted(ids="uuid")), ("numeric-ids", _noted(ids="numeric")), point="element")


def _fresh_only(request: Request, root: xml.Element) -> None:
    sent = parse_time(request.every.get("timestamp", ""))
    if sent and abs((datetime.now(CHINA) - sent).total_seconds()) > 600:
        raise Refused("the timestamp is more than ten minutes off", "invalid-timestamp")


KNOWN = {  # what `strict-master-data` knows from the start; a target file pins its data to these
    "warehouseCode": ("HZCK01", "OTHER"),
    "ownerCode": ("HZ0001", "HZ0002"),
    "itemCode": ("SKU20160501", "SUIT20160501"),
    "shopCode": ("DP001", "DP002"),
    "supplierCode": ("GYS001", "GYS002"),
}
OWN = "7007"  # the only warehouse of `own-warehouse`
_KINDS = {name: name.removesuffix("Code") for name in KNOWN}  # of what was synchronised


def _known_only(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Nothing speaks of a warehouse, owner, item, shop or supplier that is not known or was synchronised."""
    assert request.root is not None
    for element in request.root.iter() if not state.method.endswith(".synchronize") else ():
        name, text = xml.name(element), element.text or ""
        if text and text not in KNOWN.get(name, (text,)) and not _was_synchronised(state, name, text):
            raise Refused(f"unknown {name} {text!r}", "unknown-master-data")
    return proceed(state, message)


def _own_warehouse(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """There is one warehouse, and nobody told the suite of it."""
    assert request.root is not None
    for element in request.root.iter():
        if xml.name(element) in ("warehouseCode", "warehouseId") and element.text not in (None, OWN):
            raise Refused(f"没有仓库 {element.text}", "unknown-master-data")
    return proceed(state, message)


def _was_synchronised(state: State, name: str, code: str) -> bool:
    sql = "select 1 from records where kind = ? and code = ?"
    return state.one(sql, _KINDS.get(name, ""), code) is not None


SUBSET = (
    *(
        "singleitem.synchronize",
        "entryorder.create",
        "entryorder.query",
        "entryorder.confirm",
        "order.cancel",
    ),
    *(
        "deliveryorder.create",
        "inventory.query",
        "stockchange.report",
        "service.heartbeat",
        "itemstore.banding",
    ),
    *("storeinventory.itemupdate", "storeinventory.itemquery", "alibaba.wdk.stock.publish"),
)


def _subset(request: Request, root: xml.Element) -> None:
    if request.method and request.method.api.method not in SUBSET:
        raise Refused("unknown method", "invalid-method")


FAMILY.rows(
    ("fresh-timestamps-only", _fresh_only),
    ("subset-of-methods", _subset),
    point="element",
)


def _moved_on(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """An adjustment moves the stock itself, not what an order occupies: the original has less."""
    info = message.group("inventoryAdjustInfo")
    original, target = info.text("originalWarehouseId"), info.text("targetWarehouseId")
    info |= {"originalWarehouseId": target, "targetWarehouseId": original}
    info["adjustType"] = info.text("adjustType")[::-1]
    return proceed(state, message)


def _replay_refused(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A document whose code is known and that waits for no further part is refused."""
    for group, family in (
        ("entryOrder", "entry"),
        ("returnOrder", "return"),
        ("deliveryOrder", state.method.partition(".")[0].removesuffix("order")),
    ):
        known = documents.find(state, family, message.group(group).text(f"{group}Code"))
        if known and not state.one(
            "select 1 where (select count(*) from lines where parent = ?) < ?", known.id, known.expected
        ):
            raise Refused(f"order {known.code!r} exists", "duplicate")
    return proceed(state, message)


def _report_refused(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A report whose outBizCode is known is refused."""
    before = state.db.total_changes
    answer = proceed(state, message)
    if state.keys and state.db.total_changes == before:
        raise Refused("IDEMPOTENT", "duplicate")
    return answer


def _cancel_once(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    if documents.named(state, message.text("orderCode"), message.text("orderType")).status == "CANCELED":
        raise Refused("the order is cancelled already", "finished")
    return proceed(state, message)


def _empty_success(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    try:
        return proceed(state, message)
    except Refused as error:
        declared = request.method.api.response.by_path if request.method else {}
        if error.code != "not-found" or any(
            row.need == "must" and "." not in path and path not in _ENVELOPE for path, row in declared.items()
        ):
            raise
        return Data()


_ENVELOPE = ("flag", "code", "message")


def _no_such_page(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A page behind the last one is refused."""
    answer = proceed(state, message)
    later = message.number("page", message.number("currentPage", 1)) > 1
    if later and not any(
        answer.rows(path) for path in ("items.item", "orders.order", "orderLines.orderLine")
    ):
        raise Refused("there is no such page", "not-found")
    return answer


def _without_item_ids(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    answer = proceed(state, message)
    answer.pop("itemId", "")
    answer.group("item").pop("itemId", "")
    return answer


def _without_zeros(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    answer = proceed(state, message)
    group = answer.group("items")
    group["item"] = [row for row in group.rows("item") if row.text("quantity") != "0"]
    if not group["item"]:
        answer.pop("items", None)
    return answer


def _other(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """No warehouse is named: OTHER fits every one."""
    answer = proceed(state, message)
    rows = [answer.group(name) for name in HEADS]
    for row in (*rows, *answer.group("items").rows("item")):
        if "warehouseCode" in row:
            row["warehouseCode"] = "OTHER"
    return answer


def _in_error(request: Request, root: xml.Element) -> None:
    """An unknown method is refused without a flag: whose protocol it is nobody can know."""
    if request.method is None and root.tag == "response":
        root.tag = "error"
        for child in root.findall("flag"):
            root.remove(child)


def _as_qimen(request: Request, root: xml.Element) -> None:
    """A refused call of a method that both protocols have is answered in Qimen's form."""
    if root.tag == "error_response" and request.name.startswith("taobao.qimen."):
        root.tag = "response"
        for child in list(root):
            child.tag = {"msg": "message", "sub_msg": "sub_message"}.get(str(child.tag), child.tag)
        xml.append(root, "flag").text = "failure"


FAMILY.rows(("any-app-key-accepted", lambda request, code: code == "invalid-app-key"), point="overlook")
FAMILY.rows(
    ("unknown-method-refused-plainly", _in_error), ("top-refused-as-qimen", _as_qimen), point="answer"
)
FAMILY.rows(("warehouse-other-told", _other), methods="*order.query,stockout.query,inventorysum.query")
FAMILY.rows(("strict-master-data", _known_only), ("own-warehouse", _own_warehouse))
FAMILY.rows(("replayed-documents-refused", _replay_refused), methods="*.create")
FAMILY.rows(("replayed-reports-refused", _report_refused), methods="*.confirm")
FAMILY.rows(("cancelled-twice-refused", _cancel_once), methods="order.cancel")
FAMILY.rows(("empty-for-unknown", _empty_success), methods="*query")
FAMILY.rows(("pages-behind-the-end-refused", _no_such_page), methods="*query")
FAMILY.rows(("no-item-ids", _without_item_ids), methods="singleitem.*")
FAMILY.rows(("adjustments-move-stock", _moved_on), methods="storeinventory.*adjust")
FAMILY.rows(("zeros-not-listed", _without_zeros), methods="inventory.query")


def _silent(request: Request, answer: Data) -> None:
    if answer.text("flag") == "success":
        answer.pop("errorDescriptions", None)
        answer.pop("error_descriptions", None)


def _replay_failure(request: Request, answer: Data) -> None:
    """As document 001 prints it: flag failure, description IDEMPOTENT."""
    if "errorDescriptions" in answer or "error_descriptions" in answer:
        answer["flag"] = "failure"


FAMILY.rows(
    ("replays-silent", _silent),
    ("replays-failure", _replay_failure),
    point="data",
    methods="*storeinventory.*",
)


def _fitted(request: Request, answer: Data) -> None:
    """Several failed numbers stand between commas in one text, as many as its 50 characters hold."""
    for group, name in (("errorDescriptions", "failedBillNum"), ("error_descriptions", "failed_bill_num")):
        fitted: list[Data] = []
        for row in answer.group(group).rows("error"):
            last = fitted[-1] if fitted else Data()
            text = f"{last.text(name)},{row.text(name)}"
            if fitted and len(text) <= _TEXT:
                last[name] = text
            else:
                fitted.append(row)
        if fitted:
            answer.group(group)["error"] = fitted


def _as_a_whole(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """One bad line, and nothing of a batch is done: none is listed alone."""
    if state.failed:
        raise Refused("a line of the batch is wrong", "batch")
    return proceed(state, message)


_TEXT = 50  # characters of failedBillNum
FAMILY.rows(("failed-numbers-fitted", _fitted), point="data", methods="*storeinventory.*")
FAMILY.rows(("batches-as-a-whole", _as_a_whole), point="call")
