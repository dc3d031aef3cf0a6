"""Faults of refusing: legal messages that are not done for what they say, or as whole methods."""

from collections.abc import Callable, Iterator

from pytest_qimen import xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.calls import refused
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.faults.replays import is_first
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")
_REPORTS = "*.confirm,*.report,*.batchconfirm"


def _refuse(which: Callable[[Data], bool]) -> Hook:
    """Messages of a kind are refused."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        if which(message):
            raise Refused("not possible", "refused")
        return proceed(state, message)

    return call


def _texts(data: Data) -> Iterator[tuple[str, str]]:
    """Every name and text of a message, in its order."""
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Data):
                yield from _texts(one)
            else:
                yield name, one


def _code(message: Data) -> str:
    """What the message calls the document it speaks of: its first code or number of one."""
    return next((text for name, text in _texts(message) if name.endswith(("OrderCode", "orderCode"))), "")


def _later(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Only the first message about a document is taken."""
    code = _code(message)
    if code and not is_first(state, f"{state.method} {code}"):
        raise Refused(f"{code} was reported before", "refused")
    return proceed(state, message)


FAMILY.rows(("method-refused", refused))


def _in_error_response(request: Request, root: xml.Element) -> None:
    """A refusal stands in an error_response within the response: no flag says that it is one."""
    if root.tag == "response" and root.findtext("flag") == "failure":
        error = xml.new("error_response")
        error.extend([child for child in root if child.tag != "flag"])
        root[:] = [error]


FAMILY.add(
    "refused-in-error-response", lambda _: {"call": refused, "answer": _in_error_response}, "entryorder.query"
)
FAMILY.rows(
    ("later-report-refused", _later),
    ("later-pages-refused", _refuse(lambda message: message.number("currentPage") > 1)),
    ("second-batch-refused", _refuse(lambda message: _most(message, "batchs", "batch") > 1)),
    methods=_REPORTS,
)
FAMILY.rows(
    ("restore-refused", _refuse(lambda message: message.text("actionType") == "restore")),
    methods="order.pending",
)
FAMILY.rows(
    ("exchange-refused", _refuse(lambda message: message.text("deliveryOrder.orderType") == "HHCK")),
    methods="deliveryorder.create",
)
FAMILY.rows(
    ("third-bar-code-refused", _refuse(lambda message: message.text("item.barCode").count(";") > 1)),
    (
        "supplier-of-item-refused",
        _refuse(lambda message: bool({"supplierCode", "tempRequirement"} & set(message.group("item")))),
    ),
    methods="singleitem.synchronize",
)
FAMILY.rows(
    (
        "full-publish-refused",
        _refuse(lambda message: message.text("batch_stock_publish_dto.update_type") == "1"),
    ),
    methods="alibaba.wdk.stock.publish",
)


def _most(data: Data, group: str, name: str) -> int:
    """The length of the longest list of this name in any group of that name."""
    own = [len(data.rows(f"{group}.{name}"))] if group in data else [0]
    inner = (one for value in data.values() for one in (value if isinstance(value, list) else [value]))
    return max(own + [_most(one, group, name) for one in inner if isinstance(one, Data)])
