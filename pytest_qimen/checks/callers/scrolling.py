"""The cursors that a caller scrolls with: none at first, then the one that the answer before gave."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, whole_number
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.checks.callers.paging import ALONE, SHORT, YOUNG
from pytest_qimen.phrases import Said, say
from pytest_qimen.verdict import Finding, Level

JUDGED = tuple(f"scroll.{name}" for name in ("first", "next", "all", "changing", "failed", "codes"))
MOST = 1000  # cursors of one query that are remembered
_CLAUSE = "004 alibaba.wdk.sku.scroll.query request.scroll_id"


@dataclass
class Scroll:
    """One query that is read cursor by cursor."""

    method: str = ""
    place: str = ""
    began: bool = False
    given: list[str] = field(default_factory=list)  # by answers, oldest first
    cursor: str = ""  # of the last call
    again: int = 0  # times that the cursor of the call before came again although its answer gave another
    failed: bool = False  # the last answer was no success
    seen: int = 0  # items that came
    total: int = 0
    page: str = ""  # a digest of the last answer
    broken_off: int = 0  # times in a row that it began anew before all had come
    others: list[str] = field(default_factory=list)  # with which another reader of the query may go on
    alone: int = 0  # times in a row that nothing but the first items was asked for


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with the cursor of this call."""
    if call.api is None or "scroll_id" not in call.api.request.by_path or call.root is None:
        return
    cursor = call.said("scroll_id")
    if call.said("sku_codes"):
        if cursor:
            yield _fault("codes", Level.SHOULD, say("call-no-cursor"), cursor)
        return
    name = f"{call.method} {call.sender} {call.said('ou_code')} {call.said('merchant_cat_code')}"
    scroll = journal.recall(Scroll, name)
    if not cursor:
        alone = scroll.alone + 1 if not scroll.cursor else 0
        left = list(_unread(scroll, Level.SHOULD)) if scroll.began and not scroll.failed else []
        broken_off = scroll.broken_off + 1 if left and scroll.cursor else 0
        if alone == ALONE or broken_off == SHORT:
            yield from (_fault(*row) for row in left)
        others = [*scroll.others, *scroll.given[-1:]][-MOST:]
        scroll = Scroll(alone=alone, broken_off=broken_off, others=others)
    elif cursor in scroll.others and cursor not in scroll.given:
        scroll.broken_off = 0
        scroll.others = [*scroll.others, call.told("result.scroll_id")][-MOST:]
        journal.keep(name, scroll)
        return
    else:
        yield from _followed(call, journal, scroll, cursor)
    _answered(call, scroll, cursor)
    journal.keep(name, scroll)


def _fault(what: str, level: Level, expected: Said, actual: Said) -> Finding:
    return Finding(f"caller.scroll.{what}", level, "scroll_id", expected, actual, _CLAUSE)


def _followed(call: Call, journal: Journal, scroll: Scroll, cursor: str) -> Iterator[Finding]:
    """Yield a cursor that is not the one of the answer before; to send the last one once more is a retry."""
    last = scroll.given[-1] if scroll.given else ""
    if not scroll.began:
        moment = call.heard.at.timestamp() if call.heard.at else None
        is_young = moment is None or journal.began is None or moment - journal.began < YOUNG
        yield _fault("first", Level.MAY if is_young else Level.MUST, say("call-no-cursor"), cursor)
    elif scroll.failed:
        if cursor != scroll.cursor:
            expected = scroll.cursor or say("nothing")
            yield _fault("failed", Level.SHOULD, expected, cursor)
    elif cursor == scroll.cursor != last and last:
        scroll.again += 1
        if scroll.again == 2:
            yield _fault("changing", Level.MUST, last, cursor)
            yield _fault("next", Level.MUST, last, cursor)
    elif cursor != last:
        what = "changing" if cursor in scroll.given else "next"
        yield _fault(what, Level.MUST, last or say("call-no-cursor"), cursor)
        if what == "changing":
            yield _fault("next", Level.MUST, last, cursor)


def _answered(call: Call, scroll: Scroll, cursor: str) -> None:
    """Remember what the answer said."""
    is_new = cursor != scroll.cursor or not scroll.began or scroll.failed
    scroll.method, scroll.place, scroll.began = call.method, call.heard.place, True
    scroll.failed = call.outcome in ("failure", "unclear")
    if cursor != scroll.cursor:
        scroll.again = 0
    scroll.cursor = cursor
    if call.outcome != "success" or call.answer is None:
        return
    given = call.told("result.scroll_id")
    if given and given not in scroll.given[-1:]:
        scroll.given = [*scroll.given, given][-MOST:]
    scroll.total = whole_number(call.told("result.total")) or scroll.total
    page = hashlib.sha256(call.heard.answer or b"").hexdigest()[:16]
    is_new, scroll.page = is_new or page != scroll.page, page  # one cursor may lead through all pages
    scroll.seen += len(xml.find(call.answer, "result.model_list.model_list[]")) * is_new


def _unread(scroll: Scroll, level: Level) -> Iterator[tuple[str, Level, Said, Said]]:
    if 0 < scroll.seen < scroll.total:
        yield "all", level, say("call-items", number=scroll.total), str(scroll.seen)


def conclude(journal: Journal) -> Iterator[Late]:
    """Yield the queries of which items were left when the last call came: what came after it nobody knows."""
    for scroll in journal.threads(Scroll):
        for row in _unread(scroll, Level.MAY):
            yield Late(scroll.place, scroll.method, _fault(*row))
