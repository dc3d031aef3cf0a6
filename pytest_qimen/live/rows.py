"""A judged call or the record of a case in; its row on the live page, and what is behind it, out."""

from dataclasses import replace
from typing import Any

from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.cases import Case
from pytest_qimen.listening.answers import exchange_of
from pytest_qimen.listening.model import Judged, told
from pytest_qimen.phrases import Said, text_of
from pytest_qimen.report.case_record import CaseRecord, finding_to_result
from pytest_qimen.report.events import case_record, exchanges_of
from pytest_qimen.report.payload import EXCHANGE, MESSAGE, defects, exchange_row, order_of_fields, sentences
from pytest_qimen.report.personal import masked_outcome
from pytest_qimen.report.record import Json
from pytest_qimen.runner.masking import Masking
from pytest_qimen.runner.model import Outcome
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Finding, Level, Status

_CALL = Text("一次调用", "One call")


def both(said: Said) -> list[str]:
    """Return a sentence in Chinese and in English."""
    return [text_of(said, "zh"), text_of(said, "en")]


def call_row(judged: Judged) -> Json:
    """Return the row of a call: time, method, key, verdict, and the worst that is wrong with it."""
    return {
        "time": f"{judged.at:%H:%M:%S}" if judged.at else "",
        "role": judged.api.role if judged.api else "",
        "method": judged.method,
        "key": judged.key,
        "status": judged.status.value,
        **_worst((*judged.findings, *judged.answer), judged.trouble),
    }


def case_row(record: CaseRecord, time: str) -> Json:
    """Return the row of a case that ended."""
    return {
        "time": time,
        "role": record.role,
        "method": record.method,
        "key": record.id,
        "status": record.status.value,
        **_worst(record.findings, record.reason.said() if record.reason else None),
    }


def _worst(findings: tuple[Finding, ...], why: Said | None) -> Json:
    """Return the worst finding, or why there is none; nothing where all is well."""
    found = min(findings, key=lambda one: one.level.rank, default=None)
    if why:
        return {"note": both(why)}
    if found is None:
        return {}
    return {"note": [told(found, way).text(way) for way in ("zh", "en")], "level": found.level.value}


def call_size(judged: Judged) -> int:
    """Return about how many bytes it takes to keep a call."""
    heard = judged.arrival.heard
    return len(heard.body) + len(heard.answer or b"") + len(heard.target) + 2_000


def case_size(record: CaseRecord) -> int:
    """Return about how many bytes it takes to keep the record of a case."""
    return 2_000 + sum(len(one.body) + len(one.request.body) for one in record.exchanges)


def light(judged: Judged) -> Judged:
    """Return the call without what was read of it, which takes many times its size."""
    return replace(judged, call=Call(judged.call.heard, judged.number))


def call_detail(judged: Judged, caller: Caller, origin: str, *, mask_personal: bool = False) -> Json:
    """Return request, answer and findings of a call, without the caller's secrets."""
    api, found = judged.api, (*judged.findings, *judged.answer)
    role, method = (api.role, api.method) if api else ("wms", judged.method)
    case = Case(f"#{judged.number} {method}", "", role, method, Level.MUST, "call", _CALL, "", (), ())
    exchange = exchange_of(judged.call, caller, origin, judged.arrival.seconds)
    outcome = Outcome(case, Status.FAIL, found, exchanges=(exchange,), steps=(1,))
    outcome = Masking((caller.secret, caller.session))(outcome)
    outcome = masked_outcome(outcome) if mask_personal else outcome
    detail = case_detail(replace(case_record(outcome), exchanges=exchanges_of(outcome)))
    why = both(judged.trouble) if judged.trouble else None
    return detail | {"status": judged.status.value, "why": why, "title": None}


def case_detail(record: CaseRecord) -> Json:
    """Return everything about a case, in the form that the assets of the report show."""
    return {
        "id": record.id,
        "role": record.role,
        "method": record.method,
        "status": record.status.value,
        "level": record.level.value,
        "clause": record.clause,
        "why": both(record.reason.said()) if record.reason else None,
        "title": [record.title.zh, record.title.en] if record.title else None,
        "requests": record.requests,
        "milliseconds": round(record.seconds * 1000, 1),
        "findings": [
            finding_to_result(one) for one in sorted(record.findings, key=lambda one: one.level.rank)
        ],
        "exchanges": [_exchange(exchange_row(one)) for one in record.exchanges],
        "said": sentences([record]),
        "checks": defects([record]),
        "order": order_of_fields([record]),
    }


def _exchange(row: list[Any]) -> Json:
    made = dict(zip(EXCHANGE, row, strict=True))
    return made | {name: dict(zip(MESSAGE, made[name], strict=True)) for name in ("request", "answer")}
