"""Wrong callers that create, confirm and cancel documents, name items and stores, each beside a right one."""

from dataclasses import replace
from functools import partial

from pytest_qimen.calls.call import Heard
from tests.support.callings import FAILURE, calling, success
from tests.support.wrong_pages import Wrong, bills

GOOD = success()
CONFIRM = "erp/deliveryorder.confirm"


def entry(code: str = "E1", answer: bytes | None = GOOD, at: float = 0.0, **more: str | None) -> Heard:
    values = {"entryOrder.entryOrderCode": code, "entryOrder.orderType": "CGRK", "entryOrder.ownerCode": "o"}
    return calling("wms/entryorder.create", {**values, **spread(more)}, answer, at)


def spread(values: dict[str, str | None]) -> dict[str, str | None]:
    return {name.replace("__", "."): value for name, value in values.items()}


def of(code: str, identity: str | None = None) -> dict[str, str | None]:
    return {
        "orderLines__orderLine[]__itemCode": code,
        "orderLines__orderLine[]__itemId": identity,
        "orderLines__orderLine[]__ownerCode": "o",
    }


def order(code: str = "D1", answer: bytes | None = GOOD, item: str = "i", plan: str = "10") -> Heard:
    values = {
        "deliveryOrder.deliveryOrderCode": code,
        "orderLines.orderLine[].itemCode": item,
        "orderLines.orderLine[].planQty": plan,
    }
    return calling("wms/deliveryorder.create", values, answer)


def confirm(
    quantity: str, biz: str | None, kind: str = "1", code: str = "D1", item: str = "i", at: float = 100.0
) -> Heard:
    values = {
        "deliveryOrder.deliveryOrderCode": code,
        "deliveryOrder.outBizCode": biz,
        "deliveryOrder.confirmType": kind,
        "orderLines.orderLine[].itemCode": item,
        "orderLines.orderLine[].actualQty": quantity,
    }
    return calling(CONFIRM, values, GOOD, at)


def cancel(
    code: str, kind: str | None = None, answer: bytes = GOOD, at: float = 20.0, identity: str | None = None
) -> Heard:
    values = {"orderCode": code, "orderType": kind, "orderId": identity}
    return calling("wms/order.cancel", values, answer, at)


def pending(code: str, kind: str | None = None, answer: bytes = GOOD) -> Heard:
    return calling("wms/order.pending", {"orderCode": code, "orderType": kind, "orderId": None}, answer, 20.0)


def given_back(source: str, answer: bytes = GOOD, code: str = "R1") -> Heard:
    values = {"returnOrder.preDeliveryOrderCode": source, "returnOrder.returnOrderCode": code}
    return calling("wms/returnorder.create", values, answer)


def publish(quantity: str) -> Heard:
    line = "batch_stock_publish_dto.stock_publish_dtos[]"
    return calling("wdk/alibaba.wdk.stock.publish", {f"{line}.quantity": quantity})


def item(code: str, answer: bytes = GOOD, action: str = "add", at: float = 0.0, **more: str | None) -> Heard:
    values = {"actionType": action, "item.itemCode": code, "ownerCode": "o", "item.itemId": None}
    return calling("wms/singleitem.synchronize", {**values, **spread(more)}, answer, at)


def combined(part: str) -> Heard:
    values = {"items.item[].itemId": part, "items.item[].itemCode": part, "ownerCode": "o"}
    return calling("wms/combineitem.synchronize", values, GOOD, 20.0)


def process(quantity: str, biz: str) -> Heard:
    values = {"processOrderCode": "P1", "outBizCode": biz, "productitems.item[].quantity": quantity}
    return calling("erp/storeprocess.confirm", values, GOOD)


def store(method: str, values: dict[str, str | None], answer: bytes = GOOD) -> Heard:
    return calling(f"store/{method}", values, answer)


def created(code: str = "501", category: str = "1001") -> Heard:
    return store("store.create", {"storeCode": code, "mainCategory": category}, success(storeId="77"))


def answered(code: str, flag: str) -> Heard:
    values = {"orders.order[].deliveryOrderCode": code, "orders.order[].flag": flag}
    return calling("erp/deliveryorder.batchcreate.answer", values, GOOD)


def batch(code: str) -> Heard:
    return calling(
        "wms/deliveryorder.batchcreate", {"orders.order[].deliveryOrder.deliveryOrderCode": code}, GOOD
    )


def stock(method: str) -> Heard:
    return store(method, {"stores.store[].storeInventories.storeInventory[].billNum": method}, GOOD)


def event(time: str, number: str = "1") -> Heard:
    return store("orderStatus.sync", {"parentOrderCode": number, "actionTime": time})


def lost(made: Heard) -> Heard:
    return replace(made, status=0, answer=None)


TREE = '[{"id":1000,"name":"x","children":[{"id":1001,"name":"y"}]}]'
CATEGORIES = partial(store, "storecategory.get", {}, success(storeCategory=TREE))
WITH_ID = success(itemId="W7")
FAULTY: dict[str, str | None] = {"entryOrder__warehouseCode": ""}
OTHER = {"orderLines__orderLine__planQty": "77"}
MENDED = (
    bills(("b2", "5"), ("b3", "7"), failed="b3"),
    bills(("b3", "8")),
    replace(bills(("b4", "5")), answer=FAILURE),
    bills(("b4", "6")),
)
NEED = frozenset(("message.other-warehouse",))


WRONG: dict[str, Wrong] = {
    "key.bill-once": Wrong(
        lambda: [bills(("b1", "5")), bills(("b1", "6"))],
        lambda: [bills(("b1", "5")), bills(("b1", "5")), *MENDED],
        frozenset(("key.numbers-not-recycled",)),
    ),
    "key.message-once": Wrong(
        lambda: [confirm("1", "k"), confirm("2", "k")],
        lambda: [confirm("1", "k"), confirm("1", "k")],
        frozenset(("key.numbers-not-recycled",)),
    ),
    "key.publish-once": Wrong(
        lambda: [publish("1"), publish("2")],
        lambda: [publish("1"), publish("1")],
    ),
    "key.stable": Wrong(
        lambda: [lost(bills(("b1", "5"))), bills(("b2", "5"))],
        lambda: [lost(bills(("b1", "5"))), bills(("b1", "5"))],
    ),
    "call.timestamp-fresh": Wrong(lambda: [entry(), entry(at=1200)], lambda: [entry(), entry(at=60)]),
    "key.document-once": Wrong(
        lambda: [entry(), entry(**OTHER)],
        lambda: [entry(), entry(), entry("E2", FAILURE), entry("E2", **OTHER)],
    ),
    "key.stable-content": Wrong(
        lambda: [lost(entry()), entry(**OTHER)], lambda: [lost(entry()), entry(), entry("E2")]
    ),
    "key.stable-after-failure": Wrong(
        lambda: [entry(answer=FAILURE), entry("E2")], lambda: [entry(answer=FAILURE), entry()]
    ),
    "key.numbers-not-recycled": Wrong(
        lambda: [confirm("1", "k"), confirm("2", "k")],
        lambda: [confirm("1", "k"), confirm("1", "k"), confirm("2", "l")],
        frozenset(("key.message-once",)),
    ),
    "key.process-once": Wrong(
        lambda: [process("1", "k"), process("2", "k")],
        lambda: [process("1", "k"), process("2", "l"), process("2", "l")],
        frozenset(("key.message-once", "key.numbers-not-recycled")),
    ),
    "sequence.cancel-created": Wrong(
        lambda: [entry(), cancel("E1", "JYCK")], lambda: [entry(), cancel("E1", "CGRK"), cancel("E1")]
    ),
    "sequence.pending-created": Wrong(
        lambda: [entry(), pending("E1", "JYCK")], lambda: [entry(), pending("E1", "CGRK")]
    ),
    "sequence.return-names-order": Wrong(
        lambda: [entry(), given_back("E1")],
        lambda: [order(), given_back("D1")],
    ),
    "sequence.order-ids": Wrong(
        lambda: [entry(answer=success(entryOrderId="9")), cancel("E1")],
        lambda: [entry(answer=success(entryOrderId="9")), cancel("E1", identity="9")],
    ),
    "sequence.failed-not-used": Wrong(
        lambda: [entry(answer=FAILURE, **FAULTY), pending("E1", answer=FAILURE)],
        lambda: [entry(answer=FAILURE), entry(), pending("E1")],
        NEED,
    ),
    "sequence.confirm-created": Wrong(
        lambda: [order(answer=FAILURE), confirm("1", "k")], lambda: [order(), confirm("1", "k")]
    ),
    "sequence.confirm-lines": Wrong(
        lambda: [order(), confirm("1", "k", item="other")], lambda: [order(), confirm("1", "k")]
    ),
    "sequence.after-cancel": Wrong(
        lambda: [order(), cancel("D1"), confirm("1", "k")],
        lambda: [
            order(),
            cancel("D1", answer=FAILURE),
            confirm("1", "k"),
            cancel("D1", at=101),
            confirm("2", "l", at=102),
        ],
    ),
    "sequence.confirm-codes": Wrong(
        lambda: [confirm("1", "k"), confirm("2", None, "0")],
        lambda: [confirm("3", None, "0"), confirm("3", None, "0")],
        frozenset(("sequence.final-last",)),
    ),
    "sequence.final-last": Wrong(
        lambda: [confirm("1", "k", "0"), confirm("2", "l", "1")],
        lambda: [confirm("1", "k", "1"), confirm("2", "l", "0"), confirm("2", "l", "0")],
    ),
    "sequence.increments": Wrong(
        lambda: [order(), confirm("3", "k"), confirm("10", "l", "0")],
        lambda: [order(), confirm("3", "k"), confirm("7", "l", "0")],
    ),
    "sequence.item-id": Wrong(
        lambda: [item("i", WITH_ID), entry(at=20, **of("i"))],
        lambda: [item("i", WITH_ID), entry(at=1, **of("i")), entry("E2", at=20, **of("i", "W7"))],
    ),
    "sequence.item-id-equal": Wrong(
        lambda: [item("i", WITH_ID), entry(at=20, **of("i", "i"))],
        lambda: [item("i", success(itemId="i")), entry(at=20, **of("i"))],
    ),
    "sequence.item-first": Wrong(
        lambda: [entry(answer=FAILURE, **of("i")), item("i")],
        lambda: [item("i", FAILURE), item("i"), entry(**of("i"))],
    ),
    "sequence.item-update": Wrong(
        lambda: [item("i"), item("i", at=20)], lambda: [item("i"), item("i", action="update", at=20)]
    ),
    "sequence.combine-parts": Wrong(
        lambda: [item("i", WITH_ID), combined("i")],
        lambda: [item("i", WITH_ID), combined("W7")],
        frozenset(("sequence.item-id-equal",)),
    ),
    "sequence.store-id": Wrong(
        lambda: [created(), store("store.query", {"storeId": "501"})],
        lambda: [created(), store("store.query", {"storeId": "77"})],
    ),
    "sequence.category": Wrong(
        lambda: [CATEGORIES(), created(category="5")], lambda: [CATEGORIES(), created(category="1001")]
    ),
    "sequence.category-fresh": Wrong(lambda: [created()], lambda: [CATEGORIES(), created()]),
    "sequence.initial-before-update": Wrong(
        lambda: [stock("storeinventory.update")],
        lambda: [stock("storeinventory.initial"), stock("storeinventory.update")],
    ),
    "sequence.status-order": Wrong(
        lambda: [event("2026-11-28 10:00:00"), event("2026-11-28 09:00:00")],
        lambda: [
            event("2026-11-28 10:00:00"),
            event("2026-11-28 10:00:00"),
            event("2026-11-28 09:00:00", "2"),
        ],
    ),
    "read.async-batch": Wrong(
        lambda: [batch("D1"), answered("D1", "failure"), pending("D1", answer=FAILURE)],
        lambda: [batch("D1"), answered("D1", "success"), pending("D1")],
    ),
    "fault.no-overlap": Wrong(
        lambda: [replace(entry(), took=10.0), entry(at=5)], lambda: [replace(entry(), took=1.0), entry(at=5)]
    ),
    "message.variety": Wrong(lambda: [entry()], list),
}
