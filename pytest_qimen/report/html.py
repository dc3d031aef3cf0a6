"""Case events in, report.html out: one offline file whose page (assets/) reads the run from compressed JSON.

The page shows whatever came from an endpoint as text only; a Content-Security-Policy with the hashes of its
own script and style lets nothing else run or load.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from pytest_qimen.console import plain
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.causes import reason
from pytest_qimen.report.payload import pack, payload
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import verdict

SCRIPTS = ("words", "text", "model", "parts", "overview", "tables", "cases", "detail", "main")
VERDICTS = {
    "conformant": ("✓", "符合规范", "Conformant"),
    "non-conformant": ("✗", "不符合规范", "Non-conformant"),
    "incomplete": ("?", "未完成", "Incomplete"),
}


def render(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None) -> str:
    """Return the whole page; `head` is the run's start event, `ended` None for a run that broke off.

    Evidence is kept in the order of consequence as far as it fits, so that the file stays below 5 MB.
    """
    said = verdict(cases, head.level, ended is not None, head.shards)
    sign, zh, en = VERDICTS[said]
    why = reason(cases, head.level, ended, head.shards)
    style, script = asset("page.css"), "".join(asset(f"{name}.js") for name in SCRIPTS)
    data, chunks = payload(head, cases, ended)
    policy = (
        f"default-src 'none'; script-src {source_of(script)}; style-src {source_of(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "policy": policy,
        "style": style,
        "script": script,
        "verdict": said,
        "sign": sign,
        "verdict_zh": zh,
        "verdict_en": en,
        "reason_zh": escape(plain(why.zh)),
        "reason_en": escape(plain(why.en)),
        "target": escape(plain(head.target)),
        "data": pack(json.dumps(data | {"verdict": said}, ensure_ascii=False, separators=(",", ":"))),
        "chunks": "\n".join(f'<script type="text/plain" class="chunk">{chunk}</script>' for chunk in chunks),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], asset("page.html"))


def asset(name: str) -> str:
    """Return a part of the page."""
    return (files("pytest_qimen.report") / "assets" / name).read_text("utf-8")


def source_of(text: str) -> str:
    """Return the source expression that lets exactly this script or style through."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
