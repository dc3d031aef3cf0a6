"""Faults of batches: what happens to the good lines when one is bad, and how the bad ones are listed."""

from collections.abc import Callable, Iterator

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import changed, forgotten
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_BATCHES = "*.batchcreate,items.synchronize,warehouseinfo.synchronize,*storeinventory.*"


def _batch_atomic(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """One bad line, and the good ones are lost, too."""
    if not state.failed:
        return proceed(state, message)
    return forgotten(request, state, message, proceed)


def _batch_unlisted(request: Request, answer: Data) -> None:
    if answer.text("flag") == "failure":
        for name in _LISTS:
            answer.pop(name, None)


def _batch_first(request: Request, answer: Data) -> None:
    """Of several failed lines only the first is listed."""
    if answer.text("flag") == "failure":
        for name in _LISTS:
            for rows in answer.group(name).values():
                if isinstance(rows, list):
                    del rows[1:]


_LISTS = ("items", "orders", "errorDescriptions", "error_descriptions")


def _batch_success(request: Request, answer: Data) -> None:
    if answer.text("code") == "partial" or answer.text("qimen_code") == "partial":
        answer["flag"] = "success"


def _batch_lists_all(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Where a line fails, every line is listed."""
    answer = proceed(state, message)
    if not state.failed:
        return answer
    if orders := answer.group("orders").get("order"):
        codes = [one.text("deliveryOrder.deliveryOrderCode") for one in message.rows("orders.order")]
        orders += [Data(deliveryOrderCode=code, message="failed") for code in codes]
    if items := answer.group("items").get("item"):
        items += [Data(itemCode=one.text("itemCode"), message="failed") for one in message.rows("items.item")]
    if errors := answer.group("errorDescriptions").get("error"):
        lines = [line for store in message.rows("stores.store") for line in store.rows(_BILL_LINES)]
        errors += [Data(description="failed", failedBillNum=line.text("billNum")) for line in lines]
    return answer


_BILL_LINES = "storeInventories.storeInventory"


def _batch_stranger(request: Request, answer: Data) -> None:
    """A failed line is listed under a name that nobody sent."""
    for path, name in (
        ("orders", "deliveryOrderCode"),
        ("items", "itemCode"),
        ("errorDescriptions", "failedBillNum"),
    ):
        for group in answer.group(path).values():
            for one in group if isinstance(group, list) else []:
                if isinstance(one, Data) and name in one and answer.text("flag") == "failure":
                    one[name] = "X0000000000"


def _failures_of_nobody(request: Request, answer: Data) -> None:
    """A success lists a failure that nobody sent."""
    if request.method is None or answer.text("flag") != "success":
        return
    declared = {row.path for row in request.method.api.response.leaves}
    for path in _FAILED:
        if path in declared:
            group, lines, name = path.replace("[]", "").split(".")
            answer[group] = Data({lines: [Data({name: "X0000000000"})]})


_FAILED = (
    "orders.order[].deliveryOrderCode",
    "items.item[].itemCode",
    "warehouseInfos.warehouseInfo[].warehouseCode",
    "errorDescriptions.error[].failedBillNum",
    "error_descriptions.error[].failed_bill_num",
)
FAMILY.rows(("success-lists-failures", _failures_of_nobody), point="data", methods=_BATCHES)
FAMILY.rows(("batch-drops-the-good", _batch_atomic), ("batch-lists-the-good", _batch_lists_all))
FAMILY.rows(
    ("batch-lists-nothing", _batch_unlisted),
    ("batch-lists-the-first", _batch_first),
    ("batch-is-success", _batch_success),
    ("batch-lists-strangers", _batch_stranger),
    point="data",
)


def _listed(change: Callable[[str], str]) -> Hook:
    """Each listed code is written in another way."""

    def alter(request: Request, answer: Data) -> None:
        for rows, name in _rows_of(answer):
            for row in rows:
                row[name] = change(row.text(name))

    return alter


def _rows_of(answer: Data) -> Iterator[tuple[list[Data], str]]:
    """Yield the lists of failures of an answer, and what names a line in them."""
    for path in _FAILED:
        group, lines, name = path.replace("[]", "").split(".")
        rows = answer.group(group).get(lines, [])
        if isinstance(rows, list) and rows and name in rows[0]:
            yield rows, name


def _merged(request: Request, answer: Data) -> None:
    """Of codes that begin alike only one is listed."""
    for rows, name in _rows_of(answer):
        first = {row.text(name)[:40]: row for row in reversed(rows)}
        rows[:] = [row for row in rows if row in first.values()]


def _joined(longest: int | None) -> Hook:
    """All numbers stand in one text, between commas; `longest` characters of it."""

    def alter(request: Request, answer: Data) -> None:
        for rows, name in _rows_of(answer):
            if name.lower().startswith("failed"):
                rows[0][name] = ",".join(row.text(name) for row in rows)[:longest]
                del rows[1:]

    return alter


FAMILY.rows(
    ("failed-codes-cut", _listed(lambda code: code[:40])),
    ("failed-codes-merged", _merged),
    ("failed-numbers-in-one-text", _joined(None)),
    ("failed-numbers-cut-at-50", _joined(50)),
    point="data",
    methods=_BATCHES,
)


def _first_line(message: Data) -> None:
    """Of the lines of a store only the first is carried out."""
    for store in message.rows("stores"):
        store["store_inventories"] = store.rows("store_inventories")[:1]


FAMILY.rows(
    ("top-second-line-ignored", changed(_first_line)), methods="taobao.qimen.storeinventory.itemupdate"
)
