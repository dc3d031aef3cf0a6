"""Case events in, what report.html knows out: tables, causes, requirements, latencies, and the evidence."""

import base64
import json
import math
import re
import zlib
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from fnmatch import filter as matching
from itertools import zip_longest
from typing import Any

from pytest_qimen import spec
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.phrases import Phrase, text_of
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord
from pytest_qimen.report.causes import Cause, causes
from pytest_qimen.report.curl import OPTIONS
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import suite
from pytest_qimen.report.titles import defect, title
from pytest_qimen.verdict import Finding, Status

HEAD = ("side", "target", "url", "suite", "level", "roles", "methods", "seed", "started", "embedded")
SEVERITY = tuple(Status)
CASE = (
    *("id", "method", "family", "level", "status", "names", "clause", "cause", "findings", "requests"),
    *("milliseconds", "title", "chunk", "showing"),
)
FINDING = ("check", "level", "path", "expected", "actual", "clause", "step")
CAUSE = ("check", "about", "status", "cases", "own", "blocked", "finding", "title")
WANTED = ("id", "level", "text", "document", "section", "untested")
EXCHANGE = ("request", "answer", "milliseconds", "error", "step")
MESSAGE = (
    "method",
    "url",
    "status",
    "headers",
    "body",
    "binary",
    "size",
    "options",
)  # of a request, and of an answer
LATENCY = ("name", "count", "median", "centile", "longest", "bins")
BINS = 48
CHUNK = 400_000  # characters of JSON that are unpacked together
BUDGET = 3_500_000  # characters of packed evidence
LONGEST = 20_000  # bytes of a body


COLUMNS = {
    "case": CASE,
    "finding": FINDING,
    "cause": CAUSE,
    "requirement": WANTED,
    "exchange": EXCHANGE,
    "message": MESSAGE,
    "latency": LATENCY,
}


class Tables:
    """Values that repeat, each kept once; a row names them by number."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[Hashable, int]] = defaultdict(dict)

    def number(self, table: str, value: Hashable) -> int:
        """Return the value's place in its table, at the end where it is new."""
        rows = self._tables[table]
        return rows.setdefault(value, len(rows))

    def all(self) -> dict[str, list[Hashable]]:
        """Return every table with its values."""
        return {name: list(rows) for name, rows in self._tables.items()}


def payload(
    head: RunRecord, cases: Sequence[CaseRecord], ended: str | None
) -> tuple[dict[str, Any], list[str]]:
    """Return what the page needs at once, and the packed chunks of evidence that it opens when asked for."""
    cases = sorted(cases, key=_order)
    found = causes(cases)
    chunks, chunk_of = _evidence(cases, found)
    tables, named = Tables(), _named(cases)
    rows = [_row(tables, event, named[event.id], chunk_of.get(event.id, -1)) for event in cases]
    place = {event.id: index for index, event in enumerate(cases)}
    return {
        "head": {key: value for key, value in head.to_json().items() if key in HEAD},
        "ended": ended,
        "severity": SEVERITY,
        "red": [status for status in SEVERITY if status.fails(head.level)],
        "columns": COLUMNS,
        "cases": rows,
        "causes": [_cause(tables, cause, place) for cause in found],
        "requirements": [
            [
                wanted.id,
                wanted.level,
                [wanted.text.zh, wanted.text.en],
                wanted.document,
                wanted.section,
                [wanted.untested.zh, wanted.untested.en] if wanted.untested else None,
            ]
            for wanted in (
                *(load_requirements().values() if head.side != "caller" else ()),
                *(load_caller_requirements().values() if head.side != "endpoint" else ()),
            )
        ],
        "latency": latency(cases),
        "left": _left(head, cases),
        "said": sentences(cases),
        "checks": defects(cases),
        "order": order_of_fields(cases),
        **tables.all(),
    }, chunks


def _order(event: CaseRecord) -> tuple[int, str, str]:
    """Return what holds for all methods first, then the methods, then the flows; inside them as they ran."""
    part = {"protocol": 0, "flows": 2}.get(event.id.partition("/")[0], 1)
    return part, "" if part == 0 else event.role, "" if part == 2 else event.id.rsplit("/", 2)[0]


def _row(tables: Tables, event: CaseRecord, named: Sequence[str], chunk: int) -> list[Any]:
    return [
        event.id,
        tables.number("methods", (event.role, event.method)),
        tables.number("families", event.family),
        event.level,
        SEVERITY.index(event.status),
        [tables.number("names", name) for name in named],
        tables.number("texts", event.clause),
        tables.number("texts", event.cause),
        [_finding(tables, found) for found in event.findings],
        event.requests,
        round(event.seconds * 1000, 1),
        tables.number("titles", _title(event)),
        chunk,
        _showing(event),
    ]


def _showing(event: CaseRecord) -> list[Any] | None:
    """Return what a scenario rests on, and who attested what; None for other cases."""
    found = event.showing
    if found is None:
        return None
    return [found.evidence.value, [[one.requirement, one.name, one.sentence] for one in found.attested]]


def _title(event: CaseRecord) -> tuple[str, str] | None:
    """In Chinese and in English, where the run recorded it."""
    return (event.title.zh, event.title.en) if event.title else None


def _finding(tables: Tables, found: Finding) -> int:
    said = text_of(found.expected), text_of(found.actual)
    return tables.number("findings", (found.check, found.level, found.path, *said, found.clause, found.step))


def _cause(tables: Tables, cause: Cause, place: Mapping[str, int]) -> list[Any]:
    found = cause.finding()
    return [
        cause.check,
        cause.about,
        cause.status,
        [place[event.id] for event in cause.cases],
        [place[event.id] for event in cause.own],
        [place[event.id] for event in cause.blocked],
        _finding(tables, found) if found else -1,
        [title(cause).zh, title(cause).en],
    ]


def _named(cases: Sequence[CaseRecord]) -> Mapping[str, list[str]]:
    """Return the requirements that each case tests: those it names and those whose patterns match its id."""
    found = {event.id: list(event.requirements) for event in cases}
    for wanted in load_requirements().values():
        for pattern in wanted.cases:
            start = re.split(r"[*?\[]", pattern)[0]
            for identity in matching([name for name in found if name.startswith(start)], pattern):
                if wanted.id not in found[identity]:
                    found[identity].append(wanted.id)
    return found


def sentences(cases: Sequence[CaseRecord]) -> dict[str, str]:
    """Return the Chinese of every sentence of the suite in findings and reasons, by its English.

    A text of the other side that reads like one of them stays as it is: it is no phrase.
    """
    said = [one for case in cases for found in case.findings for one in (found.expected, found.actual)]
    said += [case.reason.said() for case in cases if case.reason]
    phrases = {one for one in said if isinstance(one, Phrase)}
    data = {one for one in said if isinstance(one, str)}
    twins = {phrase.text(): phrase.text("zh") for phrase in phrases}
    return {text: words for text, words in sorted(twins.items()) if words != text and text not in data}


def defects(cases: Sequence[CaseRecord]) -> dict[str, list[str]]:
    """Return the defect that each check of the run finds, in Chinese and in English."""
    names = {found.check for case in cases for found in case.findings}
    told = {name: defect(name) for name in sorted(names)}
    return {name: [words.text("zh"), words.text()] for name, words in told.items() if words}


def order_of_fields(cases: Sequence[CaseRecord]) -> dict[str, list[list[str]]]:
    """Return by method the paths of request and answer in the order of the document, if messages are kept."""
    names = {case.method for case in cases if case.exchanges}
    return {
        api.method: [
            [row.path.replace("[]", "") for row in one.fields] for one in (api.request, api.response)
        ]
        for api in spec.load_all()
        if api.method in names
    }


def _left(head: RunRecord, cases: Sequence[CaseRecord]) -> list[str]:
    """Return the methods of the suite that the run did not touch; nothing can be said of another suite's."""
    seen = {event.api for event in cases}
    return [name for name in spec.methods() if name not in seen] if head.suite == suite() else []


def latency(cases: Sequence[CaseRecord]) -> dict[str, Any]:
    """Return milliseconds by method: count, median, 95th centile, longest, counts in BINS log steps."""
    times: dict[str, list[float]] = defaultdict(list)
    for event in cases:
        times[event.api] += [1000 * max(one, 1e-5) for one in event.times]
    every = [one for some in times.values() for one in some]
    if not every:
        return {"low": 1, "high": 10, "rows": []}
    low, high = (
        10 ** way(math.log10(edge)) for way, edge in ((math.floor, min(every)), (math.ceil, max(every)))
    )
    high = max(high, low * 10)
    rows = []
    for name, some in times.items():
        some.sort()
        bins = [0] * BINS
        for one in some:
            bins[min(BINS - 1, int(BINS * math.log(one / low) / math.log(high / low)))] += 1
        if some:
            centile = (some[int(part * (len(some) - 1))] for part in (0.5, 0.95, 1.0))
            rows.append([name, len(some), *(round(one, 2) for one in centile), bins])
    return {"low": low, "high": high, "rows": rows}


def _evidence(cases: Sequence[CaseRecord], found: Sequence[Cause]) -> tuple[list[str], dict[str, int]]:
    """Return packed chunks, and which one holds a case; each cause comes once before any comes twice."""
    first = zip_longest(*(cause.cases for cause in found))
    ordered = [event for layer in first for event in layer if event is not None] + list(cases)
    wanted = {event.id: event.exchanges for event in ordered if event.exchanges}
    chunks: list[str] = []
    chunk_of: dict[str, int] = {}
    parts: list[str] = []
    for number, (identity, exchanges) in enumerate(wanted.items(), 1):
        text = json.dumps([exchange_row(one) for one in exchanges], ensure_ascii=False, separators=(",", ":"))
        parts.append(f"{json.dumps(identity)}:{text}")
        chunk_of[identity] = len(chunks)
        if sum(map(len, parts)) > CHUNK or number == len(wanted):
            chunks.append(pack(f"{{{','.join(parts)}}}"))
            parts = []
            if sum(map(len, chunks)) > BUDGET:
                break
    return chunks, chunk_of


def exchange_row(exchange: ExchangeRecord) -> list[Any]:
    """Return the columns of an exchange (EXCHANGE), its messages in those of a message (MESSAGE)."""
    request = exchange.request
    options = OPTIONS.get(request.delivery, ())
    return [
        [request.http_method, request.url, None, request.headers, *_body(request.body), options],
        ["", "", exchange.status, exchange.headers, *_body(exchange.body), ()],
        round(exchange.seconds * 1000, 2),
        exchange.error,
        exchange.step,
    ]


def _body(body: bytes) -> tuple[str, bool, int]:
    """Return a body's beginning as text, else base64; whether it is base64; its whole length."""
    try:
        return body.decode()[:LONGEST], False, len(body)
    except UnicodeDecodeError:
        return base64.b64encode(body[:LONGEST]).decode(), True, len(body)


def pack(text: str) -> str:
    """Return compressed and in letters: what the browser's DecompressionStream reads."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode()
