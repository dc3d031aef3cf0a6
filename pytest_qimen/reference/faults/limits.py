"""Faults at the limits that the documents state, one to each side of every limit."""

from collections.abc import Callable, Mapping

from pytest_qimen import xml
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Field

FAMILY = Family("problems")

_PUBLISH, _DTO = "alibaba.wdk.stock.publish", "batch_stock_publish_dto"
_TOP_UPDATE = "taobao.qimen.storeinventory.itemupdate"
_MOST = (  # name, methods, path, limit
    ("stores", "itemstore.banding", "storeIds.storeId[]", 200),
    ("published-lines", _PUBLISH, f"{_DTO}.stock_publish_dtos[]", 20),
    ("top-stores", _TOP_UPDATE, "stores[]", 20),
    ("serials", "sn.report", "items.item[]", 1000),
    ("order-serials", "order.sn.report", "items.item[]", 1000),
    ("sku-codes", "alibaba.wdk.sku.scroll.query", "sku_codes", 20),
    ("page-size", "*.query", "pageSize", 100),
    ("bill-no", _PUBLISH, f"{_DTO}.bill_no", 50),
    ("order-no", _PUBLISH, f"{_DTO}.stock_publish_dtos[].order_no", 50),
)
_LEAST = (
    ("bill-no", _PUBLISH, f"{_DTO}.bill_no", 18),
    ("order-no", _PUBLISH, f"{_DTO}.stock_publish_dtos[].order_no", 18),
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


def _accepted(path: str, size: int) -> Callable[[str], Mapping[str, Hook]]:
    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        fits = _measure(request, path) == size
        return [one for one in found if not (fits and one.field == path)]

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


for _step, _limits in ((1, _MOST), (-1, _LEAST)):
    for _name, _methods, _path, _limit in _limits:
        FAMILY.add(f"{_name}-{_limit + _step}-accepted", _accepted(_path, _limit + _step), _methods)
        FAMILY.add(f"{_name}-{_limit}-refused", _refused(_path, _limit), _methods)


def _parted(request: Request, found: list[Problem]) -> list[Problem]:
    """However many stores an item is parted from, they are not too many."""
    parts = request.root is not None and xml.get(request.root, "actionType") == "DELETE"
    return [one for one in found if not (parts and one.field == "storeIds.storeId[]")]


FAMILY.rows(("parted-stores-201-accepted", _parted), methods="itemstore.banding")


def _ten(request: Request, found: list[Problem]) -> list[Problem]:
    """A list of more than ten is refused."""
    if request.method is None or request.root is None:
        return found
    lists = (row.path for row in request.method.api.request.fields if row.repeated)
    long = [path for path in lists if len(xml.find(request.root, path)) > 10]
    return [
        *found,
        *(Problem("", path, "limit", "ten", "more", f"{path}: more than ten") for path in long),
    ]


FAMILY.rows(("lists-of-eleven-refused", _ten), methods="entryorder.*,storeinventory.*")
