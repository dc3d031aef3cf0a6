"""Records of a run, made of a few words, and the folder that holds them."""

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.record import RunRecord

Event = dict[str, Any]
HEAD_LINE: Event = {
    "type": "run",
    "format": 1,
    "suite": {"version": "0.1.0", "digest": "0123456789abcdef"},
    "target": "demo",
    "url": "http://wms.example/qimen",
    "level": "must",
    "roles": ["wms", "erp"],
    "methods": ["*"],
    "seed": "QABCDE0",
    "started": "2026-11-22T10:00:00+08:00",
}
HEAD = RunRecord.from_json(HEAD_LINE)
ENDED = "2026-11-22T10:01:30+08:00"
REFUSES = {"check": "contract.refuses", "expected": "the request is refused", "actual": "flag=success code=0"}
FLAG = {"check": "envelope.flag", "path": "flag", "expected": "success or failure", "actual": "'SUCCESS'"}


def finding(found: Event, level: str = "must") -> Event:
    """A finding with what it does not say."""
    return {"level": level, "path": "", "clause": "000 section 2.3", "step": 1, **found}


def exchange(answer: bytes, request: bytes = b"<request><a>1</a></request>", **more: Any) -> Event:
    """A request and its answer as events.jsonl keeps them."""
    return {
        "request": {
            "http_method": "POST",
            "url": "http://wms.example/qimen?method=stock.query&sign=***",
            "headers": [["Content-Type", "text/xml;charset=utf-8"]],
            "params": [["method", "stock.query"], ["sign", "***"]],
            "body": base64.b64encode(request).decode(),
        },
        "status": 200,
        "headers": [["content-type", "text/xml"]],
        "body": base64.b64encode(answer).decode(),
        "seconds": 0.25,
        "error": None,
        **more,
    }


def case(identity: str, status: str = "pass", *found: Event, **more: Any) -> CaseRecord:
    """A case's record; role and method come from the id."""
    return CaseRecord.from_json(case_line(identity, status, *found, **more))


def case_line(identity: str, status: str = "pass", *found: Event, **more: Any) -> Event:
    """A case's line of events.jsonl."""
    role, method = identity.split("/")[:2]
    return {
        "type": "case",
        "id": identity,
        "file": f"cases/{role}/{method}.toml",
        "method": method,
        "role": role,
        "family": "accept",
        "level": "must",
        "requirements": ["request.accept"],
        "clause": f"003 taobao.qimen.{method}",
        "status": status,
        "cause": "",
        "findings": [finding(one) if "step" not in one else one for one in found],
        "requests": 1,
        "seconds": 0.5,
        "times": [0.25],
        **more,
    }


def broken_run() -> list[CaseRecord]:
    """Two causes that are red, what the first of them blocked, a warning, and what passed."""
    minimal = "wms/stock.query/request/minimal"
    blocked = {"cause": minimal, "requests": 0, "times": []}
    too_long = {"family": "length", "level": "should", "requirements": ["request.length"]}
    return [
        case(minimal, "fail", FLAG, exchanges=[exchange(b"<response><flag>SUCCESS</flag></response>")]),
        *(case(f"wms/stock.query/request/{name}", "blocked", **blocked) for name in "abc"),
        case("wms/items.synchronize/signature/tampered-body", "fail", REFUSES, family="signature",
             requirements=["signature.verified"], exchanges=[exchange(b"\xff\xfe\x00")]),
        case("wms/items.synchronize/request/ownerCode/too-long", "warn", finding(REFUSES, "should"),
             **too_long),
        case("erp/inventory.report/request/minimal"),
        case("erp/inventory.report/request/typical", "info", level="may"),
    ]  # fmt: skip


def write_events(
    folder: Path, events: Iterable[CaseRecord | Event], *, ended: str | None = ENDED, **head: Any
) -> Path:
    """The folder with its events.jsonl; `head` changes the first line."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = [one.to_json() if isinstance(one, CaseRecord) else one for one in events]
    lines = [{**HEAD_LINE, **head}, *cases, *([{"type": "end", "ended": ended}] if ended else [])]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "events.jsonl").write_text(text, "utf-8")
    return folder
