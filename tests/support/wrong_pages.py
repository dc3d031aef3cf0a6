"""Wrong callers that page, scroll, split and send batches, each beside a right one."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pytest_qimen import xml
from pytest_qimen.calls.call import Heard
from pytest_qimen.messages import samples
from pytest_qimen.spec import load_api
from tests.support.callings import FAILURE, calling, heard, success


class Wrong(NamedTuple):
    """What a caller sends that breaks a requirement, what it sends when it keeps it, and what follows."""

    wrong: Callable[[], Sequence[Heard]]
    right: Callable[[], Sequence[Heard]]
    implied: frozenset[str] = frozenset()


def pages(*numbers: int | str, total: int = 5, size: int = 2, start: float = 0.0) -> list[Heard]:
    """Ask for these pages of a document with `total` lines; a text is a page of which the answer fails."""
    return [
        page(int(number), at=start + second, total=total, size=size, fails=isinstance(number, str))
        for second, number in enumerate(numbers)
    ]


def page(
    number: int,
    *,
    at: float,
    total: int,
    size: int = 2,
    fails: bool = False,
    owner: str = "o",
    empty: bool = False,
) -> Heard:
    values = {"page": str(number), "pageSize": str(size), "ownerCode": owner, "entryOrderCode": "E1"}
    lines = {} if empty else {"orderLines__orderLine__itemCode": "i"}
    answer = FAILURE if fails else success(totalLines=str(total), **lines)
    return calling("wms/entryorder.query", values, answer, at)


def status_page(number: int, at: float) -> Heard:
    values = {"currentPage": str(number), "pageSize": "2"}
    answer = success(totalPage="2", orders__order__orderCode="x")
    return calling("wms/orderstatus.batchquery", values, answer, at)


def scrolled(cursor: str, given: str, *, fails: bool = False, total: int = 3, **more: str) -> Heard:
    root = xml.new("alibaba_wdk_sku_scroll_query_response")
    xml.put(root, "result.success", "false" if fails else "true")
    if not fails:
        xml.put(root, "result.total", str(total))
        xml.put(root, "result.scroll_id", given)
        xml.put(root, "result.model_list.model_list.sku_code", "s")
    values = {"ou_code": "S", **({"scroll_id": cursor} if cursor else {}), **more}
    return calling("wdk/alibaba.wdk.sku.scroll.query", values, xml.write(root))


def part(
    *lines: str,
    total: str | None = "4",
    code: str = "E1",
    owner: str = "o",
    keys: bool = True,
    answer: bytes = success(),
) -> Heard:
    """An entry order, or a part of one, with these lines."""
    root = samples.minimal(load_api("wms/entryorder.create").request)
    for path, value in {"entryOrderCode": code, "ownerCode": owner, "totalOrderLines": total}.items():
        if value is None:
            xml.drop(root, f"entryOrder.{path}")
        else:
            xml.put(root, f"entryOrder.{path}", value)
    made = xml.repeat(root, "orderLines.orderLine[]", len(lines))
    for line, name in zip(made, lines, strict=True):
        xml.put(line, "itemCode", name)
        xml.drop(line, "outBizCode")
        if keys:
            xml.put(line, "outBizCode", f"line-{name}")
    return heard("wms/entryorder.create", root, answer)


def report(number: int, total: int = 2, lines: int = 1, item: str = "") -> Heard:
    root = samples.minimal(load_api("erp/inventory.report").request)
    for path, value in {
        "checkOrderCode": "C1",
        "outBizCode": f"r{number}{item}",
        "totalPage": str(total),
        "currentPage": str(number),
        "pageSize": "2",
    }.items():
        xml.put(root, path, value)
    for line in xml.repeat(root, "items.item[]", lines):
        xml.put(line, "itemCode", item or f"i{number}")
    return heard("erp/inventory.report", root, success())


def bills(*rows: tuple[str, str], failed: str = "") -> Heard:
    """Increments (number, quantity) of which the answer says that some have failed."""
    root = samples.minimal(load_api("store/storeinventory.update").request)
    made = xml.repeat(root, "stores.store[].storeInventories.storeInventory[]", len(rows))
    for line, (number, quantity) in zip(made, rows, strict=True):
        xml.put(line, "billNum", number)
        xml.put(line, "quantity", quantity)
    answer = success()
    if failed:
        said = xml.parse(FAILURE)
        xml.put(said, "errorDescriptions.error.failedBillNum", failed)
        answer = xml.write(said)
    return heard("store/storeinventory.update", root, answer)


FIRST = (("b1", "1"), ("b2", "2"), ("b3", "3"))
AGAIN = (("b3", "3"),)
CONFIRM = "erp/deliveryorder.batchconfirm"
WRONG: dict[str, Wrong] = {
    "page.first": Wrong(
        lambda: [*pages(1, 2, 3), status_page(2, 900)],
        lambda: [*pages(1, 2, 3), status_page(1, 900), status_page(2, 901)],
    ),
    "page.step": Wrong(lambda: pages(1, 3), lambda: pages(1, 3, 2)),
    "page.same-query": Wrong(
        lambda: [page(1, at=0, total=3), page(2, at=1, total=3, owner="p")],
        lambda: [page(1, at=0, total=3), page(2, at=1, total=3)],
    ),
    "page.all": Wrong(lambda: pages(1, 2, 1, 2, 1), lambda: pages(1, 2, 3, 1, 2, 3)),
    "page.stops": Wrong(lambda: pages(1, 2, 3, 4), lambda: pages(1, 2, 3)),
    "page.empty": Wrong(
        lambda: [page(1, at=0, total=9), page(2, at=1, total=9, empty=True), page(3, at=2, total=9)],
        lambda: [page(1, at=0, total=9), page(2, at=1, total=9, empty=True)],
    ),
    "page.endless": Wrong(
        lambda: pages(1, 2, 3, 4, total=1), lambda: pages(1, total=1), frozenset(("page.stops",))
    ),
    "page.failed-page": Wrong(lambda: pages(1, "2", 3), lambda: pages(1, "2", 2, 3)),
    "page.total-page": Wrong(
        lambda: [status_page(number, number) for number in (1, 2, 3)],
        lambda: [status_page(number, number) for number in (1, 2)],
    ),
    "scroll.first": Wrong(
        lambda: [calling("wms/service.heartbeat", at=-900), scrolled("x", "y")],
        lambda: [calling("wms/service.heartbeat", at=-900), scrolled("", "y")],
    ),
    "scroll.next": Wrong(
        lambda: [scrolled("", "a"), scrolled("z", "b")], lambda: [scrolled("", "a"), scrolled("a", "b")]
    ),
    "scroll.changing": Wrong(
        lambda: [scrolled("", "a"), scrolled("a", "b"), scrolled("a", "b"), scrolled("a", "b")],
        lambda: [scrolled("", "a"), scrolled("a", "b"), scrolled("a", "b"), scrolled("b", "c")],
        frozenset(("scroll.next",)),
    ),
    "scroll.failed": Wrong(
        lambda: [scrolled("", "a"), scrolled("a", "", fails=True), scrolled("b", "c")],
        lambda: [scrolled("", "a"), scrolled("a", "", fails=True), scrolled("a", "c")],
    ),
    "scroll.all": Wrong(
        lambda: [*(scrolled(one, two) for one, two in (("", "a"), ("a", "b")) * 2), scrolled("", "a")],
        lambda: [scrolled("", "a"), scrolled("a", "b"), scrolled("b", "c")],
    ),
    "scroll.codes": Wrong(
        lambda: [scrolled("", "a"), scrolled("a", "b", sku_codes="s1,s2")],
        lambda: [scrolled("", "", sku_codes="s1,s2")],
    ),
    "split.total": Wrong(
        lambda: [part("a", "b"), part("c", "d", total=None)], lambda: [part("a", "b"), part("c", "d")]
    ),
    "split.adds-up": Wrong(
        lambda: [part("a", "b"), part("c", "d"), part("e")],
        lambda: [part("a", "b"), part("c"), part("d"), part("d")],
    ),
    "split.total-constant": Wrong(
        lambda: [part("a", "b"), part("c", "d", total="5")],
        lambda: [part("a", "b"), part("c", "d", total="4")],
    ),
    "split.same-head": Wrong(
        lambda: [part("a", "b"), part("c", "d", owner="p")], lambda: [part("a", "b"), part("c", "d")]
    ),
    "split.line-keys": Wrong(
        lambda: [part("a", "b", keys=False)], lambda: [part("a", "b", total="2", keys=False)]
    ),
    "split.pages": Wrong(
        lambda: [report(1), report(2), report(1), report(3)],
        lambda: [report(2), report(1), report(1), report(1, item="x"), report(2, item="x")],
    ),
    "read.partial-same-keys": Wrong(
        lambda: [bills(*FIRST, failed="b3"), bills(("n1", "1"), ("n2", "2"), *AGAIN)],
        lambda: [bills(*FIRST, failed="b3"), bills(*FIRST), bills(("n1", "1"), ("n2", "2"))],
    ),
    "read.partial-only-failed": Wrong(
        lambda: [bills(*FIRST, failed="b3"), bills(*FIRST)],
        lambda: [bills(*FIRST, failed="b3"), bills(*AGAIN)],
    ),
    "read.partial-failed-again": Wrong(
        lambda: [bills(*FIRST, failed="b3"), bills(("n1", "7"))],
        lambda: [bills(*FIRST, failed="b3"), bills(*AGAIN)],
    ),
    "read.failed-list-commas": Wrong(
        lambda: [bills(*FIRST, failed="b2,b3"), bills(("b2,b3", "2"))],
        lambda: [bills(*FIRST, failed="b2,b3"), bills(*FIRST[1:])],
    ),
    "read.batchconfirm-again": Wrong(
        lambda: [calling(CONFIRM, answer=FAILURE)],
        lambda: [calling(CONFIRM, answer=FAILURE), calling(CONFIRM, answer=success())],
    ),
}
