"""The pages that a caller asks for: begun at 1, none left out, to the end and no further."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, whole_number
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.phrases import Said, say
from pytest_qimen.verdict import Finding, Level

JUDGED = tuple(
    f"page.{name}"
    for name in (
        *("first", "step", "same-query", "all", "stops", "empty", "endless", "failed-page", "total-page"),
    )
)
PAGES = ("page", "currentPage")
TOTALS = ("totalLines", "totalCount")
YOUNG = 600  # seconds from the first call on in which earlier pages may have been asked for before it
MOST = 1000  # pages of one round that are remembered
SHORT, ALONE = 2, 3  # rounds in a row that end too early, and that end after the first page
_CLAUSE = "003 page, pageSize, totalLines"


@dataclass
class Turning:
    """One query that is read page by page. The lists hold page numbers of the present round."""

    method: str = ""
    place: str = ""
    got: list[int] = field(default_factory=list)  # answered with success
    failed: list[int] = field(default_factory=list)
    last: int = 0  # the number of the last page as the answers tell it, 0 where they do not
    empty: int = 0  # the first page that came back with nothing on it
    by_total: bool = False  # the answers name the last page, not the number of lines
    short: int = 0  # rounds in a row that ended before the last page

    @property
    def asked(self) -> set[int]:
        """Return the pages of this round that were asked for."""
        return {*self.got, *self.failed}


@dataclass
class Latest:
    """The conditions under which a document or a list was last read, and the page that comes next."""

    query: str = ""
    following: int = 0
    place: str = ""


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with the page that this call asks for."""
    name = next((name for name in PAGES if call.said(name)), "")
    if not name or call.api is None or not call.api.readonly:
        return
    number = whole_number(call.said(name))
    if not number:
        return  # message.py names it
    query, about = _queries(call)
    turning = journal.recall(Turning, query)
    latest = journal.recall(Latest, about)
    if not turning.asked and number > 1:
        yield from _begun(call, journal, name, number, latest)
    elif number == 1 and turning.asked - {1}:
        yield from (_fault(*row, name) for row in _ended(turning))
        turning = Turning(short=turning.short + 1 if _is_short(turning) else 0)
    elif number == 1 and turning.got:
        turning.short += _is_short(turning)
        if turning.short == ALONE:
            yield _fault("all", Level.SHOULD, say("call-pages", last=turning.last), "1", name)
    yield from _beyond(turning, number, name)
    _answered(call, turning, number)
    journal.keep(query, turning)
    journal.keep(about, Latest(query, number + 1, call.heard.place))


def _fault(what: str, level: Level, expected: Said, actual: Said, path: str = "page") -> Finding:
    return Finding(f"caller.page.{what}", level, path, expected, actual, _CLAUSE)


def _queries(call: Call) -> tuple[str, str]:
    """Return the names of the query, whose conditions must not change, and of what it is about."""
    assert call.api is not None
    assert call.root is not None
    rows = [row for row in call.api.request.leaves if row.name not in PAGES]
    every = [(row.path, [text.strip() for text in xml.values(call.root, row.path)]) for row in rows]
    keys = [pair for row, pair in zip(rows, every, strict=True) if row.key]
    head = f"{call.method} {call.sender}"
    return f"{head} {_digest(every)}", f"{head} {_digest(keys)}"


def _digest(values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def _begun(call: Call, journal: Journal, name: str, number: int, latest: Latest) -> Iterator[Finding]:
    """Yield a query that begins behind page 1, or that goes on under other conditions.

    At the beginning of a journal the pages before may have been asked for before it.
    """
    if latest.following == number:
        expected = say("call-same-query", place=latest.place)
        yield _fault("same-query", Level.SHOULD, expected, say("call-other-query", page=number), name)
        return
    moment = call.heard.at.timestamp() if call.heard.at else None
    is_young = moment is None or journal.began is None or moment - journal.began < YOUNG
    level = Level.MAY if is_young else Level.MUST
    yield _fault("first", level, say("call-page-first"), str(number), name)


def _is_short(turning: Turning) -> bool:
    lost = {*turning.failed} - {*turning.got}
    return bool(turning.got and not lost and not turning.empty and max(turning.got) < turning.last)


def _ended(turning: Turning) -> Iterator[tuple[str, Level, Said, Said]]:
    """Yield what is wrong with a round that is over; one that once stops too early may have been cut."""
    asked = turning.asked
    highest = max(asked)
    missing = next((page for page in range(1, min(highest, MOST)) if page not in asked), 0)
    if missing and min(asked) == 1:
        yield "step", Level.MUST, say("call-page-next", page=missing), say("call-page-skipped", page=highest)
    lost = next((page for page in turning.failed if page not in turning.got and page < highest), 0)
    if lost:
        expected = say("call-page-again", page=lost)
        yield "failed-page", Level.SHOULD, expected, say("call-page-skipped", page=highest)
    if _is_short(turning):
        level = Level.MUST if highest > 1 and turning.short + 1 >= SHORT else Level.MAY
        yield "all", level, say("call-pages", last=turning.last), str(highest)


def _beyond(turning: Turning, number: int, name: str) -> Iterator[Finding]:
    """Yield a page that is asked for although the answers said that there is none."""
    if turning.empty and number > turning.empty:
        yield _fault("empty", Level.SHOULD, say("call-page-empty", page=turning.empty), str(number), name)
    elif turning.last and number > turning.last:
        what = "total-page" if turning.by_total else "stops"
        yield _fault(what, Level.SHOULD, say("call-pages", last=turning.last), str(number), name)
    if turning.last and number > 3 * turning.last:
        yield _fault("endless", Level.SHOULD, say("call-pages", last=turning.last), str(number), name)


def _answered(call: Call, turning: Turning, number: int) -> None:
    """Remember what the answer said."""
    turning.method, turning.place = call.method, call.heard.place
    pages = turning.failed if call.outcome in ("failure", "unclear") else turning.got
    if number not in pages and len(pages) < MOST:
        pages.append(number)
    if call.outcome != "success" or call.api is None or call.answer is None:
        return
    if call.told("totalPage"):
        turning.last, turning.by_total = max(1, whole_number(call.told("totalPage"))), True
    else:
        size = whole_number(call.said("pageSize"))
        total = next((call.told(total) for total in TOTALS if call.told(total)), "")
        if size and total:
            turning.last = max(1, -(-whole_number(total) // size))
    lists = [row for row in call.api.response.fields if row.repeated and "[]" not in row.parent]
    holds = any(xml.find(call.answer, row.path) for row in lists)
    if lists and not holds and number > 1 and not turning.empty:
        turning.empty = number


def conclude(journal: Journal) -> Iterator[Late]:
    """Yield what is wrong with the rounds that were open when the last call came."""
    for turning in journal.threads(Turning):
        if turning.asked:
            for row in (*_ended(turning), *_given_up(turning)):
                yield Late(turning.place, turning.method, _fault(*row))


def _given_up(turning: Turning) -> Iterator[tuple[str, Level, Said, Said]]:
    """Yield the last page, where it failed and was not asked for again so far."""
    last = max(turning.asked)
    if last in turning.failed and last not in turning.got:
        yield "failed-page", Level.MAY, say("call-page-again", page=last), say("nothing")
