"""Faults of the scroll of items: pages, cursors, categories and codes."""

from typing import Any

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import after, changed
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.methods.wdk import PAGE
from pytest_qimen.reference.request import Proceed, Request

FAMILY = Family("call")


def _models(answer: Data) -> list[Any]:
    found = answer.group("result.model_list").get("model_list", [])
    return found if isinstance(found, list) else []


def _without_category(message: Data) -> None:
    """Only the first page is one of the category."""
    if message.text("scroll_id"):
        message.pop("merchant_cat_code", "")


def _first_code(message: Data) -> None:
    """Of several codes only the first is looked for."""
    if codes := message.text("sku_codes"):
        message["sku_codes"] = codes.partition(",")[0]


def _has_cursor(state: State, message: Data, answer: Data) -> None:
    if message.text("sku_codes"):
        answer.group("result")["scroll_id"] = "00"


def _one_cursor(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Whoever goes on goes on where the last one stopped."""
    last = state.get("fault", "", "cursor")
    if message.text("scroll_id") and last:
        message["scroll_id"] = last.text("cursor")
    answer = proceed(state, message)
    state.put("fault", "", "cursor", Data(cursor=answer.text("result.scroll_id")))
    return answer


def _anywhere(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Items are found by their codes in whatever store."""
    first = state.one("select ou from skus where sku = ?", message.text("sku_codes").partition(",")[0])
    if first:
        message["ou_code"] = first[0]
    return proceed(state, message)


def _restarted(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """A cursor that was never given begins at the first page."""
    answer = proceed(state, message)
    if message.pop("scroll_id", "") and answer.text("result.success") == "false":
        return proceed(state, message)
    return answer


def _whole_pages(state: State, message: Data, answer: Data) -> None:
    """A last page that is not full does not count."""
    if total := answer.text("result.total"):
        answer.group("result")["page_count"] = str(int(total) // PAGE)


FAMILY.rows(
    ("scroll-restarts", _restarted),
    ("scroll-counts-whole-pages", after(_whole_pages)),
    (
        "scroll-skips-one",
        after(lambda state, message, answer: _models(answer)[19:] and _models(answer).pop()),
    ),
    (
        "scroll-pages-of-19",
        after(lambda state, message, answer: _models(answer)[19:] and _models(answer).pop(0)),
    ),
    (
        "scroll-never-ends",
        after(
            lambda state, message, answer: answer.group("result").setdefault(
                "scroll_id", message.text("scroll_id", "0")
            )
        ),
    ),
    ("scroll-ignores-cursor", changed(lambda message: message.pop("scroll_id", ""))),
    (
        "scroll-total-of-page",
        after(lambda state, message, answer: answer.group("result").update(total=str(len(_models(answer))))),
    ),
    ("scroll-ignores-codes", changed(lambda message: message.pop("sku_codes", ""))),
    ("scroll-forgets-its-category", changed(_without_category)),
    ("scroll-of-first-code", changed(_first_code)),
    ("scroll-with-codes-has-a-cursor", after(_has_cursor)),
    ("scroll-shares-its-cursor", _one_cursor),
    ("scroll-of-any-store-by-code", _anywhere),
    methods="alibaba.wdk.sku.scroll.query",
)
