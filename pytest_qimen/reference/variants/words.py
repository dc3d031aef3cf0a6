"""Legal variants of what an answer says."""

from collections.abc import Callable

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request

FAMILY = Family("data")


def _said(request: Request, answer: Data) -> bool:
    """Whether code and message are the vendor's to choose: a heartbeat's are prescribed."""
    return "code" in answer and not (
        request.method
        and request.method.api.method == "service.heartbeat"
        and answer.text("flag") == "success"
    )


def _code(code: str) -> Hook:
    def data(request: Request, answer: Data) -> None:
        if _said(request, answer) and answer.text("flag") == "success":
            answer["code"] = code

    return data


def _message(change: Callable[[str, bool], str]) -> Hook:
    def data(request: Request, answer: Data) -> None:
        if _said(request, answer):
            answer["message"] = change(answer.text("message"), answer.text("flag") == "success")

    return data


_INFORMATIVE = frozenset(
    [
        "createTime",
        "operateTime",
        "operatorCode",
        "operatorName",
        "itemName",
        "logisticsCode",
        "logisticsName",
        "expressCode",
        "remark",
        "orderConfirmTime",
        "operateInfo",
        "batchCode",
        "productDate",
        "expireDate",
        "produceCode",
        "extendProps",
        "sub_message",
    ]
)


def _leave_out(request: Request, answer: Data) -> None:
    """Optional fields that only inform are left out."""
    needed = (
        {row.name for row in request.method.api.response.fields if row.need == "must"}
        if request.method
        else set()
    )

    def strip(group: Data) -> None:
        for name, value in list(group.items()):
            if name in _INFORMATIVE - needed:
                del group[name]
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, Data):
                    strip(one)

    strip(answer)


FAMILY.rows(
    ("code-1", _code("1")),
    ("code-200", _code("200")),
    ("code-0000", _code("0000")),
    ("code-word", _code("SUCCESS")),
    ("code-longest", _code("9" * 50)),
    ("chinese-messages", _message(lambda text, good: "操作成功" if good else f"操作失败:{text}"[:100])),
    ("sample-message", _message(lambda text, good: "invalid appkey" if good else text)),
    ("message-longest", _message(lambda text, good: (text + "。" * 100)[:100])),
    ("optional-left-out", _leave_out),
    (
        "failure-with-sub-code",
        lambda request, answer: (
            answer.text("flag") == "failure" and answer.setdefault("sub_code", "isv.invalid-parameter")
        ),
    ),
)
