"""Outcomes whose events the tests read."""

from typing import Any

from pytest_qimen import spec
from pytest_qimen.cases import Case, Step
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Finding, Level, Status
from tests.support.apis import TITLE

API = spec.load_api("wms/order.cancel")


SENT = SignedRequest(
    "POST",
    "http://127.0.0.1/q?method=order.cancel&session=s3ssion&sign=ABC",
    (("Content-Type", "text/xml;charset=utf-8"), ("Accept", "text/xml")),
    "<request>It's 测</request>".encode(),
    (("method", "order.cancel"), ("session", "s3ssion"), ("sign", "ABC")),
)
BACK = Exchange(SENT, 200, (("content-type", "text/xml"),), b"<response/>", 0.0123456789)
MISSING = Finding(
    "envelope.flag", Level.MUST, "flag", say("success-or-failure"), "no flag", "000 section 2.3", 1
)


CASE = Case(
    id="wms/order.cancel/case/one",
    file="cases/wms/order.cancel.toml",
    role="wms",
    method="order.cancel",
    level=Level.MUST,
    family="case",
    title=TITLE,
    clause="003 order.cancel",
    requirements=("document.cancel", "answer.form"),
    steps=(Step(API),),
)


def outcome(status: Status = Status.FAIL, *findings: Finding, **more: Any) -> Outcome:
    settings: dict[str, Any] = {"exchanges": (BACK,), "seconds": 0.5, "steps": (1,)} | more
    return Outcome(CASE, status, findings, **settings)


def event(status: str, level: str = "must", **more: Any) -> CaseRecord:
    """The record of a case that ended so."""
    settings = {"id": "wms/a/b", "role": "wms", "method": "a", "family": "f", "requirements": []}
    rest = {"status": status, "level": level, "cause": "", "findings": [], "requests": 1, "seconds": 0.1}
    return CaseRecord.from_json(settings | rest | more)
