"""Faults at the limits that the documents state, one to each side of every limit."""

from collections.abc import Callable, Mapping

from pytest_qimen import xml
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Field

FAMILY = Family("limits", "request.limit", "problems")

_LIMITS = (  # name, method, path, limit, what
    ("stores", "itemstore.banding", "storeIds.storeId[]", 200, "stores", "门店"),
    ("published-lines", "alibaba.wdk.stock.publish", "batch_stock_publish_dto.stock_publish_dtos[]", 20, "lines", "行"),
    ("top-stores", "taobao.qimen.storeinventory.itemupdate", "stores[]", 20, "stores", "门店"),
    ("serials", "sn.report", "items.item[]", 1000, "serial numbers", "序列号"),
    ("order-serials", "order.sn.report", "items.item[]", 1000, "serial numbers", "序列号"),
    ("sku-codes", "alibaba.wdk.sku.scroll.query", "sku_codes", 20, "item codes", "商品编码"),
    ("page-size", "*.query", "pageSize", 100, "lines a page", "每页行数"),
    ("bill-no", "alibaba.wdk.stock.publish", "batch_stock_publish_dto.bill_no", 50, "characters", "字符"),
    (
        *("order-no", "alibaba.wdk.stock.publish", "batch_stock_publish_dto.stock_publish_dtos[].order_no"),
        *(50, "characters", "字符"),
    ),
)
_LEAST = (
    ("bill-no", "alibaba.wdk.stock.publish", "batch_stock_publish_dto.bill_no", 18),
    ("order-no", "alibaba.wdk.stock.publish", "batch_stock_publish_dto.stock_publish_dtos[].order_no", 18),
)


def _size(root: xml.Element, row: Field) -> int:
    """How much of its limit the message uses: elements, codes in one text, a number, or characters."""
    found = xml.find(root, row.path)
    if row.repeated:
        return len(found)
    text = xml.text(found[0]) if found else ""
    if row.separator:
        return text.count(row.separator) + 1
    return int(text) if row.most is not None and text.isdigit() else len(text)


def _accepted(path: str, allowed: Callable[[int], bool]) -> Callable[[str], Mapping[str, Hook]]:
    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        size = _measure(request, path)
        return [one for one in found if not (one.field == path and size is not None and allowed(size))]

    return lambda _: {"problems": problems}


def _refused(path: str, limit: int) -> Callable[[str], Mapping[str, Hook]]:
    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        if _measure(request, path) != limit:
            return found
        return [*found, Problem("", path, "limit", f"less than {limit}", str(limit), f"{path}: too much")]

    return lambda _: {"problems": problems}


def _measure(request: Request, path: str) -> int | None:
    row = request.method.api.request.by_path.get(path) if request.method else None
    return _size(request.root, row) if row and request.root is not None else None


for _name, _methods, _path, _limit, _en, _zh in _LIMITS:
    FAMILY.add(
        f"{_name}-{_limit + 1}-accepted",
        f"{_limit + 1} {_en} are accepted",
        f"接受 {_limit + 1} {_zh}",
        _accepted(_path, lambda size, limit=_limit: size == limit + 1),  # type: ignore[misc]
        methods=_methods,
    )
    FAMILY.add(
        f"{_name}-{_limit}-refused",
        f"{_limit} {_en} are refused",
        f"拒绝 {_limit} {_zh}",
        _refused(_path, _limit),
        methods=_methods,
    )
for _name, _methods, _path, _limit in _LEAST:
    FAMILY.add(
        f"{_name}-{_limit - 1}-accepted",
        f"{_limit - 1} characters are accepted",
        f"接受 {_limit - 1} 个字符",
        _accepted(_path, lambda size, limit=_limit: size == limit - 1),  # type: ignore[misc]
        methods=_methods,
    )
    FAMILY.add(
        f"{_name}-{_limit}-refused",
        f"{_limit} characters are refused",
        f"拒绝 {_limit} 个字符",
        _refused(_path, _limit),
        methods=_methods,
    )
