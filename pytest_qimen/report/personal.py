"""An event, an outcome or a text in, the same without names, phones, addresses, identity numbers out.

For whatever is shared; events.jsonl keeps them, so that a case can be replayed. Free texts (remarks) are
masked only where they repeat such a value; extendProps, whose keys are anybody's, are left alone.
"""

import re
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qsl

from pytest_qimen.client.request import MASK, encode_pairs
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import Said, changed
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord
from pytest_qimen.report.lookup import Lookup
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.runner import Outcome
from pytest_qimen.spec import load_all
from pytest_qimen.verdict import Finding

# the leaf names of all messages that speak of a person, and two that vendors add
NAMES = (
    *("name", "buyerNick", "signUserName", "operator", "operatorName", "createEmp", "header"),
    *("mobile", "tel", "fax", "phone", "email"),
    *("detailAddress", "town", "area", "zipCode", "address"),
    *("id", "idNumber", "carNo", "userId"),
)
_NUMBERS = re.compile(  # of a mobile phone, of an identity card, and an e-mail address
    r"(?<!\w)(?:1[3-9]\d{9}|[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx])(?!\w)"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{1,190}(?!\w)"
)
SHOWN = 20_000  # bytes of an answer in the terminal, which cuts it sooner
SHORTEST = 2  # characters; a shorter value stands in harmless words, too
_NAMES = "|".join(NAMES)
_TEXT = r"(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|[^<])+"
_XML = re.compile(rf"(<(?:[\w.-]+:)?(?:{_NAMES})(?:\s[^<>]*)?>)({_TEXT})", re.DOTALL)
_JSON = re.compile(rf'("(?:{_NAMES})"\s*:\s*)("(?:\\.|[^"\\])*(?:"|\Z)|-?\d[\d.]*)')
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OPEN = re.compile(r"(<extendProps\b.*?(?:</extendProps\s*>|\Z))", re.DOTALL)


class Mask:
    """Blacks out the values of personal fields, and what it found in a message where a text quotes it."""

    def __init__(self) -> None:
        self.known = set(_examples())
        self._lookup, self._looked_up = Lookup(()), 0

    def body(self, body: bytes) -> bytes:
        """Return a message, XML, a form or JSON, whole or cut, in UTF-8, UTF-16 or anything like ASCII."""
        code, odd = ("utf-16", "replace") if body[:2] in _UTF16 else ("utf-8", "surrogateescape")
        text = body.decode(code, odd)
        masked = self.message(text)
        return body if masked == text else masked.encode(code, odd)

    def message(self, text: str) -> str:
        """Return the text of a message, or any that quotes one."""
        if "<" not in text and "=" in text and not text.lstrip().startswith(("{", "[")):
            return self._form(text)
        parts = _OPEN.split(text)
        return "".join(part if number % 2 else self.text(part) for number, part in enumerate(parts))

    def _part(self, text: str) -> str:
        return _JSON.sub(self._json, _XML.sub(self._xml, text))

    def _form(self, text: str) -> str:
        pairs = parse_qsl(text, keep_blank_values=True)
        masked = [(name, self._value(value) if name in NAMES else self.text(value)) for name, value in pairs]
        return text if masked == pairs else encode_pairs(masked)

    def _xml(self, found: re.Match[str]) -> str:
        text = re.sub(r"<!\[CDATA\[|\]\]>", "", found[2])
        return f"{found[1]}{self._value(text)}" if text.strip() else found[0]

    def _json(self, found: re.Match[str]) -> str:
        return f'{found[1]}"{self._value(found[2].strip(chr(34)))}"'

    def _value(self, text: str) -> str:
        if len(text.strip()) >= SHORTEST and text != MASK:
            self.known.add(text.strip())
        return MASK if text else ""

    def text(self, text: str) -> str:
        """Return a sentence, in which any value that was met is blacked out."""
        text = _NUMBERS.sub(MASK, self._part(text))
        if len(self.known) != self._looked_up:
            self._lookup, self._looked_up = Lookup(self.known), len(self.known)
        parts: list[str] = []
        begun = 0
        for start, end in self._lookup.spans(text):
            parts += text[begun:start], MASK
            begun = end
        return "".join((*parts, text[begun:]))

    def said(self, said: Said) -> Said:
        """Return what was said without any value that was met."""
        return changed(said, self.text)

    def actual(self, path: str, said: Said) -> Said:
        """Return what was found at a path: only stars where the field speaks of a person."""
        return MASK if isinstance(said, str) and _is_personal(path) else self.said(said)

    def finding(self, found: Finding) -> Finding:
        """Return the finding without what speaks of people."""
        actual = self.actual(found.path, found.actual)
        return replace(found, expected=self.said(found.expected), actual=actual)


def _is_personal(path: str) -> bool:
    return re.sub(r"\[\d*\]", "", path).rpartition(".")[2] in NAMES


@cache
def _examples() -> frozenset[str]:
    """Return what the suite itself calls people, unless the same text stands for something else, too."""
    rows = [row for api in load_all() for message in (api.request, api.response) for row in message.leaves]
    ours = {row.example for row in rows if row.name in NAMES and len(row.example) >= SHORTEST}
    return frozenset(ours - {row.example for row in rows if row.name not in NAMES})


def masked_outcome(outcome: Outcome) -> Outcome:
    """Return what the terminal shows of an outcome."""
    mask = Mask()
    for one in outcome.exchanges:  # so that what any message holds is known everywhere
        _exchange(mask, one)
    exchanges = tuple(_exchange(mask, one) for one in outcome.exchanges)
    findings = tuple(map(mask.finding, outcome.findings))
    reason = outcome.reason and outcome.reason.map(mask.text)
    return replace(outcome, exchanges=exchanges, findings=findings, reason=reason)


def _exchange(mask: Mask, exchange: Exchange) -> Exchange:
    request = replace(exchange.request, body=mask.body(exchange.request.body))
    return replace(exchange, request=request, body=mask.body(exchange.body[:SHOWN]))


def masked_case(case: CaseRecord) -> CaseRecord:
    """Return the record of which every shared form is made."""
    mask = Mask()
    for one in case.exchanges:  # so that what any message holds is known everywhere
        _recorded(mask, one)
    return replace(
        case,
        exchanges=tuple(_recorded(mask, one) for one in case.exchanges),
        drawn="",
        reason=case.reason and case.reason.map(mask.text),
        findings=tuple(map(mask.finding, case.findings)),
    )


def _recorded(mask: Mask, exchange: ExchangeRecord) -> ExchangeRecord:
    request = replace(exchange.request, body=mask.body(exchange.request.body))
    return replace(exchange, request=request, body=mask.body(exchange.body))


def masked(run: RecordedRun) -> RecordedRun:
    """Return the run without what speaks of people."""
    return replace(run, cases=tuple(map(masked_case, run.cases)))
