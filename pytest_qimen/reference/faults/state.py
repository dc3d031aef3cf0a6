"""Faults of memory: what is not kept, not changed, not found again, or told wrongly."""

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import (
    HEADS,
    after,
    changed,
    code_of,
    earlier,
    forget,
    forgotten,
    lines_of,
    nothing,
    passed,
)
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request
from pytest_qimen.schema import Problem

FAMILY = Family("call")
_CREATE = "*.create"
_LAST_LINE_LOST = changed(lambda message: lines_of(message)[1:] and lines_of(message).pop())


def _refuse_replay(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A document that was cancelled can be made again."""
    for group in HEADS:
        forget(state, code_of(message.group(group)), "CANCELED")
    return proceed(state, message)


FAMILY.rows(
    ("create-stores-nothing", forgotten),
    ("create-loses-last-line", _LAST_LINE_LOST),
    ("cancelled-order-created-again", _refuse_replay),
    (
        "parts-not-joined",
        changed(lambda message: [group.pop("totalOrderLines", "") for group in _groups(message)]),
    ),
    ("parts-replace", lambda request, state, message, proceed: _replaced(state, message, proceed)),
    methods=_CREATE,
)


def _groups(message: Data) -> list[Data]:
    return [value for value in message.values() if isinstance(value, Data)]


def _replaced(state: State, message: Data, proceed: Proceed) -> Data:
    for group in _groups(message):
        if group.number("totalOrderLines"):
            state.run(
                "delete from lines where parent in (select id from orders where code = ?)", code_of(group)
            )
    return proceed(state, message)


FAMILY.rows(
    ("cancel-does-nothing", nothing),
    ("cancel-of-unknown-succeeds", passed("not-found")),
    ("cancel-of-finished-succeeds", passed("finished")),
    ("cancel-forgets", after(lambda state, message, _: forget(state, code_of(message)))),
    (
        "cancel-closes",
        after(
            lambda state, message, _: state.run(
                "update orders set status = 'CLOSED' where code = ?", code_of(message)
            )
        ),
    ),
    (
        "cancel-without-history",
        after(lambda state, message, _: state.run("delete from steps where status = 'CANCELED'")),
    ),
    (
        "cancel-takes-all",
        after(
            lambda state, message, _: state.run(
                "update orders set status = 'CANCELED' where warehouse = ?", message.text("warehouseCode")
            )
        ),
    ),
    methods="order.cancel",
)


def _silent_without(path: str) -> Hook:
    """Say what is usually said and keep nothing, where the message lacks a field that nothing demands."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        if message.text(path):
            return proceed(state, message)
        answer: Data = forgotten(request, state, message, proceed)
        return answer

    return call


FAMILY.rows(
    ("cancel-silent-without-owner", _silent_without("ownerCode")),
    ("cancel-silent-without-type", _silent_without("orderType")),
    methods="order.cancel",
)
FAMILY.rows(
    ("create-silent-without-type", _silent_without("entryOrder.orderType")), methods="entryorder.create"
)
FAMILY.rows(
    ("confirm-silent-without-owner", _silent_without("entryOrder.ownerCode")), methods="entryorder.confirm"
)
FAMILY.rows(
    ("item-silent-without-id", lambda request, state, message, proceed: _updated(state, message, proceed)),
    methods="singleitem.synchronize",
)
FAMILY.rows(
    ("restore-cancels", after(lambda state, message, _: _end_restored(state, message))),
    methods="order.pending",
)


def _updated(state: State, message: Data, proceed: Proceed) -> Data:
    if message.text("actionType") == "update" and not message.text("item.itemId"):
        return Data(itemId="I0")
    return proceed(state, message)


def _end_restored(state: State, message: Data) -> None:
    if message.text("actionType") == "restore":
        state.run("update orders set status = 'CLOSED' where code = ?", code_of(message))


FAMILY.rows(
    ("pending-ignored", nothing),
    (
        "restore-ignored",
        lambda request, state, message, proceed: (
            Data() if message.text("actionType") == "restore" else proceed(state, message)
        ),
    ),
    ("pending-of-unknown-succeeds", passed("not-found")),
    methods="order.pending",
)
FAMILY.rows(
    (
        "item-update-ignored",
        lambda request, state, message, proceed: (
            Data(itemId="I0") if message.text("actionType") == "update" else proceed(state, message)
        ),
    ),
    ("item-not-kept", forgotten),
    methods="*item*.synchronize",
)
FAMILY.rows(
    (
        "mapping-update-ignored",
        lambda request, state, message, proceed: (
            Data() if message.text("actionType") == "update" else proceed(state, message)
        ),
    ),
    methods="itemmapping.create",
)


def _as_planned(message: Data) -> None:
    for line in lines_of(message):
        line["actualQty"] = line.text("planQty") or line.text("actualQty")


FAMILY.rows(("confirm-not-kept", forgotten), methods="*.confirm")
FAMILY.rows(("confirm-books-the-plan", changed(_as_planned)), methods="entryorder.confirm")
FAMILY.rows(
    ("confirm-loses-last-line", _LAST_LINE_LOST),
    methods="*.confirm",
)
FAMILY.rows(("warehouse-not-kept", forgotten), methods="warehouseinfo.synchronize")
FAMILY.rows(("transfer-report-ignored", nothing), methods="transferorder.report")
FAMILY.rows(
    ("categories-lost", after(lambda state, message, answer: answer.pop("storeCategory"))),
    methods="storecategory.get",
)
FAMILY.rows(("store-update-ignored", nothing), methods="store.update")
FAMILY.rows(
    ("store-delete-ignored", nothing),
    ("store-delete-of-unknown-succeeds", passed("not-found")),
    methods="store.delete",
)
FAMILY.rows(
    ("store-id-constant", after(lambda state, message, answer: answer.update(storeId="1000001"))),
    (
        "store-id-text",
        after(lambda state, message, answer: answer.update(storeId=f"S{answer.text('storeId')}")),
    ),
    methods="store.create",
)


def _given_again(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A new store gets the number of the one that was deleted last."""
    answer = proceed(state, message)
    last = state.get("fault", "", "deleted")
    if request.name.endswith("store.delete"):
        state.put("fault", "", "deleted", Data(storeId=message.text("storeId")))
    elif last:
        answer["storeId"] = last.text("storeId")
    return answer


FAMILY.rows(("store-id-given-again", _given_again), methods="store.create,store.delete")


def _linked_anew(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    if message.text("actionType") == "ADD":
        state.run("delete from relations where item = ?", message.text("itemId"))
    return proceed(state, message)


def _parted_from_all(state: State, message: Data, answer: Data) -> None:
    """A store that is parted from one item sells none."""
    if message.text("actionType") == "DELETE":
        for store in message.texts("storeIds.storeId"):
            state.run("delete from relations where store = ?", store)


def _same_address(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    if known := state.get("store", "", message.text("storeId")):
        message["address"] = known.group("address")
    return proceed(state, message)


FAMILY.rows(("store-address-not-updated", _same_address), methods="store.update")
FAMILY.rows(
    ("categories-no-json", after(lambda state, message, answer: answer.update(storeCategory="{'id': 1}"))),
    methods="storecategory.get",
)
FAMILY.rows(
    ("banding-not-kept", forgotten),
    (
        "banding-keeps-first",
        changed(lambda message: message.update(storeIds=Data(storeId=message.texts("storeIds.storeId")[:1]))),
    ),
    ("banding-replaces", _linked_anew),
    ("banding-parts-every-item", after(_parted_from_all)),
    ("banding-never-deletes", changed(lambda message: message.update(actionType="ADD"))),
    methods="itemstore.banding",
)


def _stands_still(state: State, message: Data, answer: Data) -> None:
    """Tell the time of the first heartbeat, always."""
    first = state.get("fault", "", "heartbeat") or Data(message=answer.text("message"))
    state.put("fault", "", "heartbeat", first)
    answer["message"] = first.text("message")


FAMILY.rows(
    ("heartbeat-other-code", after(lambda state, message, answer: answer.update(code="0"))),
    (
        "heartbeat-in-utc",
        after(lambda state, message, answer: answer.update(message=earlier(answer.text("message")))),
    ),
    ("heartbeat-stands-still", after(_stands_still)),
    (
        "heartbeat-old-time",
        after(
            lambda state, message, answer: answer.update(
                message=f"{int(answer.text('message')[:4]) - 1}{answer.text('message')[4:]}"
            )
        ),
    ),
    methods="service.heartbeat",
)


def _unsigned(message: Data) -> None:
    for line in message.rows("stores.store.storeInventories.storeInventory"):
        line["quantity"] = line.text("quantity").lstrip("-")


FAMILY.rows(("negative-initial-taken", changed(_unsigned)), methods="storeinventory.iteminitial")


def _overlook(request: Request, found: list[Problem]) -> list[Problem]:
    request.notes["refused-late"] = bool(found)
    return []


def _refuse_late(request: Request, answer: Data) -> None:
    if request.notes.get("refused-late"):
        answer.clear()
        answer.update(flag="failure", code="bad", message="refused")


FAMILY.add("refused-and-done", lambda _: {"problems": _overlook, "data": _refuse_late})
