"""Faults of pages: an entry between two of them is lost or told twice, a total counts the page."""

from collections.abc import Callable

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import after, lines_of
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_LISTS = {"stock": "stock.query", "sums": "inventorysum.query", "statuses": "orderstatus.batchquery"}


def _number(message: Data) -> int:
    return message.number("page", message.number("currentPage", 1))


def _lost(state: State, message: Data, answer: Data) -> None:
    """The second page begins one entry too late."""
    if _number(message) == 2:
        del lines_of(answer)[:1]


def _overlap(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """The second page begins with the last entry of the first."""
    answer = proceed(state, message)
    if _number(message) == 2 and lines_of(answer):
        first = proceed(state, Data({**message, "page": "1", "currentPage": "1"}))
        lines_of(answer).insert(0, lines_of(first)[-1])
        del lines_of(answer)[message.number("pageSize") :]
    return answer


def _of_page(state: State, message: Data, answer: Data) -> None:
    answer["totalCount"] = str(len(lines_of(answer)))


def _pages(count: Callable[[int, int], int]) -> Hook:
    """The number of pages is made of that of all entries and the length of a page."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        entries = proceed(state, Data({**message, "pageSize": "1"})).number("totalPage")
        answer = proceed(state, message)
        answer["totalPage"] = str(count(entries, message.number("pageSize", 1)))
        return answer

    return call


for _name, _method in _LISTS.items():
    FAMILY.rows(
        (f"{_name}-lost-between-pages", after(_lost)),
        (f"{_name}-twice-on-pages", _overlap),
        methods=_method,
    )
FAMILY.rows(("stock-total-of-page", after(_of_page)), methods="stock.query")
FAMILY.rows(
    ("statuses-pages-rounded-down", _pages(lambda entries, size: entries // size)),
    ("statuses-pages-are-entries", _pages(lambda entries, size: entries)),
    methods="orderstatus.batchquery",
)
