"""What is known of a document, call by call: Document; and what is wrong with how it is created."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_qimen.calls.call import Call
from pytest_qimen.calls.journal import Journal
from pytest_qimen.calls.papers import FAMILIES, Paper
from pytest_qimen.calls.parts import is_part
from pytest_qimen.phrases import Said, say
from pytest_qimen.verdict import Finding, Level

JUDGED = (
    "key.document-once",
    "key.stable-content",
    "key.stable-after-failure",
    "sequence.return-names-order",
)
GRACE = 5.0  # seconds in which an answer may still be on its way
MOST = 1000  # items of a document that are remembered
_RANK = ("", "failure", "unclear", "unknown", "success")


@dataclass
class Document:
    """A document as the calls so far show it; the times are seconds, None where they are not known."""

    outcome: str = ""  # the best of what its creation was answered; unknown where no answer was recorded
    place: str = ""  # of the call that created it
    content: str = ""
    owner: str = ""
    kind: str = ""  # orderType
    id: str = ""  # that the warehouse gave it
    planned: dict[str, str] = field(default_factory=dict)
    whole: bool = True  # it came in one piece
    shared: bool = False  # two owners use its code: nothing more is said of it
    faulty: bool = False  # its creation was refused and broke a must
    late: bool = False  # the asynchronous answer refused it
    cancelled: str = ""  # the place of the call that cancelled it
    cancelled_at: float | None = None
    confirms: list[list[str]] = field(default_factory=list)  # code, content and type of each
    received: dict[str, str] = field(default_factory=dict)
    final: str = ""  # the place of its final confirmation


@dataclass
class Family:
    """Whether documents of a kind were created in this journal at all."""

    count: int = 0


def fault(
    call: Call, what: str, level: Level, path: str, expected: Said, actual: Said, name: str = ""
) -> Finding:
    """Return the finding about a requirement of callers at a field of the message."""
    source = call.api.source if call.api else ""
    return Finding(f"caller.{what}", level, path, expected, actual, f"{source} {name}".strip())


def thread(call: Call, family: str, code: str) -> str:
    """Return the name of a document's thread: both sides send about it, for one customer."""
    return f"{call.get('customerId')} {family} {code}"


def known(call: Call, code: str, journal: Journal) -> dict[str, Document]:
    """Return the documents of every kind that have this code."""
    found = {family: journal.recall(Document, thread(call, family, code)) for family in FAMILIES}
    return {family: document for family, document in found.items() if document.outcome}


def create(call: Call, paper: Paper, journal: Journal, *, is_faulty: bool) -> Iterator[Finding]:
    """Yield what the calls before show about a document that is created, and remember it."""
    name = thread(call, paper.family, paper.code)
    document = journal.recall(Document, name)
    owner = paper.get("ownerCode")
    document.shared |= bool(document.owner and owner and document.owner != owner)
    if document.outcome and not document.shared and not document.cancelled:
        yield from _again(call, paper, document)
    elif not document.outcome:
        journal.keep(paper.family, Family(journal.recall(Family, paper.family).count + 1))
    if paper.family == "return":
        yield from _returned(call, paper, journal)
    _remember(call, paper, document, owner, is_faulty=is_faulty)
    journal.keep(name, document)


def _again(call: Call, paper: Paper, document: Document) -> Iterator[Finding]:
    """Yield a code that had other content. A refused document may be mended; a part is one of several."""
    if document.content == paper.content or is_part(call) or not document.whole:
        return
    if document.outcome == "success":
        used = say("call-key-used", method=call.method, place=document.place)
        yield fault(call, "key.document-once", Level.SHOULD, paper.path, say("call-key-once"), used)
    elif document.outcome == "unclear":
        expected = say("call-same-content", place=document.place)
        yield fault(call, "key.stable-content", Level.SHOULD, paper.path, expected, say("call-other-content"))


def _returned(call: Call, paper: Paper, journal: Journal) -> Iterator[Finding]:
    """Yield a return of goods that no delivery order sent; an order may be older than the journal."""
    code = paper.get("preDeliveryOrderCode")
    there = known(call, code, journal) if code else {}
    if not code or there.keys() & {"delivery", "stockout"}:
        return
    level = Level.SHOULD if there else Level.MAY
    if there or journal.recall(Family, "delivery").count:
        path = paper.path.replace("returnOrderCode", "preDeliveryOrderCode")
        yield fault(call, "sequence.return-names-order", level, path, say("call-a-delivery"), code)


def _remember(call: Call, paper: Paper, document: Document, owner: str, *, is_faulty: bool) -> None:
    outcome = call.outcome or "unknown"
    if outcome == "failure" and not call.refused(paper.code):
        outcome = "success"
    if _RANK.index(outcome) < _RANK.index(document.outcome):
        return
    document.faulty = outcome == "failure" and is_faulty
    document.outcome, document.place, document.content = outcome, call.heard.place, paper.content
    document.owner, document.kind = owner, paper.get("orderType")
    document.cancelled, document.late = "", False
    ids = ("entryOrderId", "deliveryOrderId", "returnOrderId", "processOrderId")
    document.id = next((call.told(name) for name in ids if call.told(name)), document.id)
    document.whole &= not is_part(call)
    planned = paper.quantities("planQty")
    document.planned = dict(list(planned.items())[:MOST])
    document.whole &= len(planned) <= MOST


def answered(call: Call, paper: Paper, journal: Journal) -> None:
    """Remember what the asynchronous answer to a batch says of an order."""
    name = thread(call, paper.family, paper.code)
    document = journal.recall(Document, name)
    if paper.get("flag") in ("success", "failure"):
        document.outcome, document.late = paper.get("flag"), paper.get("flag") == "failure"
        document.id = paper.get("orderInfo.deliveryOrderId") or document.id
        journal.keep(name, document)
