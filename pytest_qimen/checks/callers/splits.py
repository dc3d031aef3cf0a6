"""Documents that come in parts and reports that come in pages: all of them, each once, under one head."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, whole_number
from pytest_qimen.calls.journal import Journal
from pytest_qimen.calls.parts import Part, parts
from pytest_qimen.checks.callers.documents import fault
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.phrases import Said, say
from pytest_qimen.verdict import Finding, Level

JUDGED = tuple(
    f"split.{name}" for name in ("total", "adds-up", "total-constant", "same-head", "line-keys", "pages")
)
MOST = 20_000  # lines of a document that are remembered
_HEAD = ("ownerCode", "warehouseCode", "orderType")


@dataclass
class Split:
    """The parts of one document that were not refused."""

    method: str = ""
    place: str = ""  # of the first part
    source: str = ""
    lines: list[str] = field(default_factory=list)  # the code of each line, or a digest of it
    total: int = 0
    head: list[str] = field(default_factory=list)


@dataclass
class Report:
    """The pages of one report: for each number a digest of what was on it."""

    method: str = ""
    place: str = ""
    source: str = ""
    total: int = 0
    pages: dict[str, str] = field(default_factory=dict)


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with the part or page that this call brings, and remember it."""
    for part in parts(call):
        yield from _part(call, part, journal)
    if call.api and "totalPage" in call.api.request.by_path and call.root is not None:
        yield from _page(call, journal)


def _part(call: Call, part: Part, journal: Journal) -> Iterator[Finding]:
    code = (xml.get(part.head, "outBizCode") or "").strip() if call.method.endswith(".confirm") else ""
    name = f"{call.sender} {call.method} {part.code} {code}"
    split = journal.recall(Split, name)
    lines = [_line(line) for line in part.lines]
    head = [(xml.get(part.head, one) or "").strip() for one in _HEAD]
    is_further = bool(split.lines) and not {*lines} & {*split.lines}
    in_parts = part.total > len(lines) or (is_further and split.total > len(split.lines))
    if is_further and in_parts:
        yield from _against(call, part, split, head)
    elif is_further and not part.total and not split.total:
        yield _uncounted(call, part, split)
    if in_parts and set(lines) - set(split.lines):
        yield from _line_keys(call, part)
    if call.outcome == "failure" or len(split.lines) + len(lines) > MOST:
        return
    if is_further and in_parts:
        split.lines += lines
        split.total = split.total or part.total
    elif not split.lines:
        source = call.api.source if call.api else ""
        split = Split(call.method, call.heard.place, source, lines, part.total, head)
    journal.keep(name, split)


def _uncounted(call: Call, part: Part, split: Split) -> Finding:
    """Return that more lines came under one code, and no message counts them: it may be another version."""
    path = f"{xml.place(part.head)}.totalOrderLines"
    actual = say("call-total-missing", place=split.place)
    return fault(call, "split.total", Level.MAY, path, say("call-part-total"), actual)


def _line(line: xml.Element) -> str:
    code = (xml.get(line, "outBizCode") or "").strip()
    return code or hashlib.sha256(xml.write(line, declaration=False).strip()).hexdigest()[:16]


def _against(call: Call, part: Part, split: Split, head: list[str]) -> Iterator[Finding]:
    """Yield what is wrong with a part beside those that came before it."""
    path = xml.place(part.head)
    total = f"{path}.totalOrderLines"
    if not part.total or not split.total:
        actual = say("nothing") if not part.total else say("call-total-missing", place=split.place)
        yield fault(call, "split.total", Level.MUST, total, say("call-part-total"), actual)
    elif part.total != split.total:
        expected = say("call-same-total", total=split.total, place=split.place)
        yield fault(call, "split.total-constant", Level.SHOULD, total, expected, str(part.total))
    most = max(part.total, split.total)
    together = len(split.lines) + len(part.lines)
    if together > most:
        actual = say("call-lines", number=together)
        yield fault(call, "split.adds-up", Level.MUST, total, say("call-lines", number=most), actual)
    for name, old, new in zip(_HEAD, split.head, head, strict=True):
        if old != new:
            expected = say("call-same-head", value=old or say("nothing"), place=split.place)
            yield fault(
                call, "split.same-head", Level.SHOULD, f"{path}.{name}", expected, new or say("nothing")
            )


def _line_keys(call: Call, part: Part) -> Iterator[Finding]:
    bare = next((line for line in part.lines if not (xml.get(line, "outBizCode") or "").strip()), None)
    if bare is not None:
        path = f"{xml.place(bare)}.outBizCode"
        yield fault(call, "split.line-keys", Level.SHOULD, path, say("call-line-key"), say("nothing"))


def _page(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield a page beyond the last, one with more on it than a page holds, and one that comes twice."""
    assert call.api is not None
    assert call.root is not None
    total, number = whole_number(call.said("totalPage")), whole_number(call.said("currentPage"))
    if not total or not number:
        return  # message.py names it
    code = next((key.value for key in call.keys if not key.is_message), "")
    name = f"{call.sender} {call.method} {code}"
    report = journal.recall(Report, name)
    is_new = number == 1 and report.pages.get("1") != call.fingerprint
    if is_new or len(report.pages) >= report.total:
        report = Report(call.method, call.heard.place, call.api.source, total)
    if number > total:
        yield _paged(call, "currentPage", str(total), str(number))
    if total != report.total:
        yield _paged(call, "totalPage", str(report.total), str(total))
    size, held = whole_number(call.said("pageSize")), len(xml.find(call.root, "items.item[]"))
    if size and held > size:
        yield _paged(call, "pageSize", str(size), say("call-lines", number=held))
    if report.pages.get(str(number), call.fingerprint) != call.fingerprint:
        yield _paged(call, "currentPage", say("call-page-once"), str(number))
    if call.outcome != "failure" and len(report.pages) < MOST:
        report.pages[str(number)] = call.fingerprint
    journal.keep(name, report)


def _paged(call: Call, path: str, expected: Said, actual: Said) -> Finding:
    return fault(call, "split.pages", Level.MUST, path, expected, actual, "totalPage, currentPage, pageSize")


def conclude(journal: Journal) -> Iterator[Late]:
    """Note the documents and reports of which parts had not come when the last call came."""
    for split in journal.threads(Split):
        if len(split.lines) < split.total:
            expected, actual = (say("call-lines", number=one) for one in (split.total, len(split.lines)))
            found = Finding("caller.split.adds-up", Level.MAY, "", expected, actual, split.source)
            yield Late(split.place, split.method, found)
    for report in journal.threads(Report):
        missing = [one for one in range(1, min(report.total, MOST) + 1) if str(one) not in report.pages]
        if missing:
            expected, actual = say("call-pages", last=report.total), say("call-page-missing", page=missing[0])
            found = Finding("caller.split.pages", Level.MAY, "", expected, actual, report.source)
            yield Late(report.place, report.method, found)
