"""Runs to replay."""

import io
import json
from pathlib import Path
from typing import Any

from pytest_qimen.cases import Case, find_case
from pytest_qimen.commands.replay import Request as Asked
from pytest_qimen.commands.replay import replay
from pytest_qimen.report.events import case_record
from pytest_qimen.report.results import suite
from pytest_qimen.runner import run_case
from pytest_qimen.target.model import load_target, with_options

CASE = "wms/shop.synchronize/request/shop.shopName/too-long"


def run(identity: str = CASE, **settings: Any) -> tuple[int, list[str]]:
    out = io.StringIO()
    return replay(identity, Asked(**settings), out), out.getvalue().splitlines()


HEAD = {
    **{
        "type": "run",
        "format": 1,
        "suite": suite().to_json(),
        "target": "mine",
        "url": "http://127.0.0.1:1/qimen",
    },
    **{"level": "must", "seed": "Q000000", "started": "2026-05-01T10:00:00+08:00"},
}


def saved(folder: Path, *events: dict[str, Any], **head: Any) -> Path:
    """The folder of a run with these cases."""
    text = "".join(json.dumps(event) + "\n" for event in (HEAD | head, *events))
    (folder / "events.jsonl").write_text(text, "utf-8")
    return folder


def recorded(folder: Path, status: str, identity: str = CASE) -> Path:
    usual = {"type": "case", "method": "m", "role": "wms", "level": "must", "family": "f", "cause": ""}
    usual |= {"findings": [], "requirements": [], "requests": 0, "seconds": 0.0}
    return saved(
        folder, usual | {"id": "other", "status": "fail"}, usual | {"id": identity, "status": status}
    )


def run_of(folder: Path, identity: str, url: str, case: Case | None = None, **head: Any) -> Path:
    """The folder of a run of one case against `url`."""
    outcome = run_case(case or find_case(identity), with_options(load_target(None), url=url))
    return saved(folder, case_record(outcome).to_json(), **{"url": url} | head)
