"""What is done to documents: only what was created is held, cancelled, returned or confirmed."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pytest_qimen.calls.call import Call
from pytest_qimen.calls.journal import Journal
from pytest_qimen.calls.papers import Paper, papers
from pytest_qimen.calls.parts import is_part
from pytest_qimen.checks.callers import documents
from pytest_qimen.checks.callers.documents import GRACE, Document, Family, fault, known, thread
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

JUDGED = (
    *documents.JUDGED,
    *(
        f"sequence.{name}"
        for name in (
            *("cancel-created", "pending-created", "order-ids", "failed-not-used", "after-cancel"),
            *("confirm-created", "confirm-lines", "confirm-codes", "final-last", "increments"),
        )
    ),
    *("key.process-once", "read.async-batch"),
)
CONFIRMS = 100  # confirmations of a document that are remembered
_IDS = ("orderId", "entryOrderId", "deliveryOrderId", "returnOrderId")


def check(call: Call, journal: Journal, found: Sequence[Finding] = ()) -> Iterator[Finding]:
    """Yield what the calls before show about its documents; `found` is wrong with the call itself."""
    for paper in papers(call):
        if paper.deed == "create":
            is_faulty = any(one.level is Level.MUST for one in found)
            yield from _built_upon(call, paper, journal)
            yield from documents.create(call, paper, journal, is_faulty=is_faulty)
        elif paper.deed == "answer":
            documents.answered(call, paper, journal)
        elif paper.deed == "confirm":
            yield from _confirm(call, paper, journal)
        else:
            yield from _stop(call, paper, journal)


def _built_upon(call: Call, paper: Paper, journal: Journal) -> Iterator[Finding]:
    """Yield a return that names a delivery order which was refused."""
    code = paper.get("preDeliveryOrderCode") if paper.family == "return" else ""
    there = known(call, code, journal) if code else {}
    if there and all(one.outcome == "failure" for one in there.values()):
        path = paper.path.replace("returnOrderCode", "preDeliveryOrderCode")
        yield from _refused(call, path, code, next(iter(there.values())))


def _refused(call: Call, path: str, code: str, document: Document) -> Iterator[Finding]:
    """Yield what takes a refused document for one that is there.

    It may be there from before the journal, as it is where the call succeeds; it is not where the message
    that was refused was wrong itself. To cancel what may be there does no harm.
    """
    what = "read.async-batch" if document.late else "sequence.failed-not-used"
    is_sure = document.faulty and call.method != "order.cancel" and not document.late
    level = Level.MAY if call.outcome == "success" else Level.MUST if is_sure else Level.SHOULD
    expected, actual = say("call-created"), say("call-refused", key=code, place=document.place)
    yield fault(call, what, level, path, expected, actual)


def _stop(call: Call, paper: Paper, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with a document that is cancelled, held, resumed or asked for."""
    there = known(call, paper.code, journal)
    if paper.deed == "query":
        there = {family: one for family, one in there.items() if family == paper.family}
    there = {family: one for family, one in there.items() if not one.shared}
    yield from _id(call, paper, there)
    if paper.deed == "query":
        return
    what = "sequence.cancel-created" if call.method == "order.cancel" else "sequence.pending-created"
    kinds = {one.kind for one in there.values()}
    kind = paper.get("orderType")
    if not there:
        yield fault(call, what, Level.MAY, paper.path, say("call-created"), say("call-never-seen"))
    elif all(one.outcome == "failure" for one in there.values()):
        yield from _refused(call, paper.path, paper.code, next(iter(there.values())))
    elif kind and kind not in kinds and "" not in kinds:
        expected = say("call-own-type", kinds=tuple(sorted(kinds)))
        yield fault(call, what, Level.SHOULD, "orderType", expected, kind)
    if call.method == "order.cancel" and call.outcome == "success":
        for family, document in there.items():
            if kind in ("", document.kind) or not document.kind:
                document.cancelled = call.heard.place
                document.cancelled_at = call.heard.at.timestamp() if call.heard.at else None
                journal.keep(thread(call, family, paper.code), document)


def _id(call: Call, paper: Paper, there: dict[str, Document]) -> Iterator[Finding]:
    """Note a document without the id that the warehouse gave it."""
    ids = {one.id for one in there.values() if one.id}
    name = next((name for name in _IDS if call.api and name in call.api.request.by_path), "")
    if ids and name and paper.get(name) not in ids:
        actual = paper.get(name) or say("nothing")
        yield fault(
            call, "sequence.order-ids", Level.MAY, name, say("call-given-id", ids=tuple(sorted(ids))), actual
        )


def _confirm(call: Call, paper: Paper, journal: Journal) -> Iterator[Finding]:
    name = thread(call, paper.family, paper.code)
    document = journal.recall(Document, name)
    if not document.shared:
        yield from _confirmed(call, paper, document, journal)
        yield from _once_more(call, paper, document)
    journal.keep(name, document)


def _confirmed(call: Call, paper: Paper, document: Document, journal: Journal) -> Iterator[Finding]:
    """Yield the confirmation of what was never created, was refused or cancelled, or has other items."""
    what, expected = "sequence.confirm-created", say("call-created")
    if not document.outcome and journal.recall(Family, paper.family).count:
        yield fault(call, what, Level.MAY, paper.path, expected, say("call-never-seen"))
    elif document.outcome == "failure":
        actual = say("call-refused", key=paper.code, place=document.place)
        yield fault(call, what, Level.SHOULD, paper.path, expected, actual)
    now = call.heard.at.timestamp() if call.heard.at else None
    is_near = now is not None and document.cancelled_at is not None and now - document.cancelled_at < GRACE
    if document.cancelled and not is_near:
        actual = say("call-cancelled", place=document.cancelled)
        yield fault(call, "sequence.after-cancel", Level.SHOULD, paper.path, expected, actual)
    if document.outcome == "success" and document.whole and document.planned:
        alien = next((item for item in paper.quantities("actualQty") if item not in document.planned), "")
        if alien:
            expected = say("call-items-of", place=document.place)
            yield fault(call, "sequence.confirm-lines", Level.SHOULD, paper.path, expected, alien)


def _once_more(call: Call, paper: Paper, document: Document) -> Iterator[Finding]:
    """Yield what is wrong with a confirmation because of those before it, and remember it."""
    code, kind = paper.get("outBizCode"), paper.get("confirmType")
    if [code, paper.content] in [one[:2] for one in document.confirms] or is_part(call):
        return  # the same once more, or a part of one
    if document.confirms:
        yield from _codes(call, paper, document, code)
        if document.final and (kind == "0" or (kind == "1" and paper.family != "entry")):
            expected = say("call-after-final", place=document.final)
            yield fault(
                call, "sequence.final-last", Level.SHOULD, paper.path, expected, f"confirmType {kind}"
            )
        if kind == "0" and not document.final:
            yield from _totals(call, paper, document)
    if call.outcome == "failure":
        return
    if len(document.confirms) < CONFIRMS:
        document.confirms.append([code, paper.content, kind])
    document.final = document.final or (call.heard.place if kind == "0" else "")
    for item, number in list(paper.quantities("actualQty").items())[: documents.MOST]:
        document.received[item] = str(Decimal(document.received.get(item, "0")) + Decimal(number))


def _codes(call: Call, paper: Paper, document: Document, code: str) -> Iterator[Finding]:
    rows = call.api.request.leaves if call.api else ()
    row = next((row for row in rows if row.name == "outBizCode" and "orderLine" not in row.path), None)
    if not code and row and row.need != "optional":
        expected = say("call-a-code")
        yield fault(call, "sequence.confirm-codes", Level.MUST, row.path, expected, say("nothing"))
    if code and paper.family == "process" and code in [one[0] for one in document.confirms]:
        yield fault(call, "key.process-once", Level.MUST, "outBizCode", say("call-key-once"), code)


def _totals(call: Call, paper: Paper, document: Document) -> Iterator[Finding]:
    """Yield a final confirmation that holds the whole plan although parts of it were confirmed before."""
    before = {item: Decimal(number) for item, number in document.received.items() if Decimal(number) > 0}
    now = paper.quantities("actualQty")
    if not before or not document.whole or document.outcome != "success":
        return
    if all(now.get(item) and Decimal(now[item]) == _plan(document, item) for item in before):
        expected = say("call-increments")
        actual = ", ".join(f"{item} {now[item]}" for item in list(before)[:5])
        yield fault(call, "sequence.increments", Level.SHOULD, paper.path, expected, actual)


def _plan(document: Document, item: str) -> Decimal:
    return Decimal(document.planned.get(item, "-1"))
