"""Case events in, the recorded exchanges as HAR 1.2 out, for browsers' and proxies' tools."""

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_qimen.client.request import MASK, mask_query
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord, RequestRecord
from pytest_qimen.report.record import Pairs, RunRecord

SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})


def har(head: RunRecord, cases: Iterable[CaseRecord]) -> dict[str, Any]:
    """Return the HAR log: an entry an exchange, a page a case; signature, session and cookies are masked.

    A run records no time of day for an exchange: entries count on from the start of the run.
    """
    pages, entries = [], []
    clock = datetime.fromisoformat(head.started)
    for case in cases:
        exchanges = case.exchanges
        if exchanges:
            pages.append(
                {
                    "startedDateTime": clock.isoformat(timespec="milliseconds"),
                    "id": case.id,
                    "title": f"{case.status} {case.id}",
                    "pageTimings": {},
                }
            )
        for exchange in exchanges:
            entries.append(_entry(case, exchange, clock))
            clock += timedelta(seconds=exchange.seconds)
    creator = {"name": "pytest-qimen", "version": head.suite.version}
    return {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}}


def _entry(case: CaseRecord, exchange: ExchangeRecord, clock: datetime) -> dict[str, Any]:
    milliseconds = round(exchange.seconds * 1000, 3)
    return {
        "pageref": case.id,
        "startedDateTime": clock.isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{case.status} {case.id}",
    }


def _request(request: RequestRecord) -> dict[str, Any]:
    body = request.body
    url = mask_query(request.url)
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True, errors="replace")
    found: dict[str, Any] = {
        "method": request.http_method,
        "url": url,
        "httpVersion": "HTTP/1.0" if request.delivery == "http-1.0" else "HTTP/1.1",
        "cookies": [],
        "headers": list(_headers(request.headers)),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": len(body),
    }
    if body:
        text, coded = _text(body)
        found["postData"] = {"mimeType": _kind(request.headers), "params": [], "text": text}
        if coded:  # HAR 1.2 knows an encoding only for answers
            found["postData"]["comment"] = "base64: the body is not UTF-8"
    return found


def _response(exchange: ExchangeRecord) -> dict[str, Any]:
    body = exchange.body
    text, coded = _text(body)
    content = {"size": len(body), "mimeType": _kind(exchange.headers), "text": text}
    return {
        "status": exchange.status or 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": list(_headers(exchange.headers)),
        "content": content | ({"encoding": "base64"} if coded else {}),
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(body),
        "comment": exchange.error or "",
    }


def _text(body: bytes) -> tuple[str, bool]:
    """Return the body as text, or as base64 where it is no UTF-8."""
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True


def _headers(pairs: Pairs) -> Iterator[dict[str, str]]:
    for name, value in pairs:
        yield {"name": name, "value": MASK if name.lower() in SECRET_HEADERS else value}


def _kind(pairs: Pairs) -> str:
    return next((value for name, value in pairs if name.lower() == "content-type"), "")
