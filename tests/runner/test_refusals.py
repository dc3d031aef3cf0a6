"""Refusals in broken or foreign forms: what is said of them, and of calls whose protocol nobody can know."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Finding, Level, Status

MINIMAL = "wms/entryorder.query/request/minimal"
UNKNOWN = "protocol/parameters/wms/unknown-method"
TOP_WRONG = "protocol/signature/store-top/wrong"
UNSEEN_APP = "protocol/parameters/erp/unknown-app-key"


def outcomes(*ids: str, faults: tuple[str, ...] = (), variants: tuple[str, ...] = ()) -> Iterator[Outcome]:
    with serve(faults=faults, variants=variants) as url:
        transport = Transport()
        session = Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
        found = [session.outcome(find_case(identity)) for identity in ids]
        transport.close()
    yield from found


def test_a_legal_message_refused_in_a_broken_answer_says_so() -> None:
    (outcome,) = outcomes(MINIMAL, faults=("refused-in-error-response",))
    found = {finding.check: finding for finding in outcome.findings}
    assert outcome.status is Status.FAIL
    assert str(found["contract.accepts"].actual) == "code=refused message=not possible"
    assert "envelope.flag" in found


def test_an_illegal_message_refused_in_a_broken_answer_is_refused() -> None:
    """What is wrong is the form alone."""
    (outcome,) = outcomes(
        "wms/entryorder.query/request/entryOrderCode/absent", faults=("refused-in-error-response",)
    )
    assert "contract.refuses" not in {finding.check for finding in outcome.findings}


@pytest.mark.parametrize(
    ("identity", "variant"),
    [
        (UNKNOWN, "unknown-method-refused-plainly"),
        ("protocol/signature/wms/tampered-method", "unknown-method-refused-plainly"),
        (TOP_WRONG, "top-refused-as-qimen"),
        (UNSEEN_APP, "any-app-key-accepted"),
        ("flows/stock/sum-of-warehouse", "warehouse-other-told"),
    ],
)
def test_legal_differences_raise_nothing(identity: str, variant: str) -> None:
    (outcome,) = outcomes(identity, variants=(variant,))
    assert outcome.status in (Status.PASS, Status.INFO), list(explain(outcome))


@pytest.mark.parametrize(
    ("identity", "fault", "check"),
    [
        (UNKNOWN, "unknown-method-accepted", "contract.refuses"),
        ("protocol/signature/wms/tampered-method", "signature-refused-as-success", "contract.refuses"),
        (TOP_WRONG, "signature-unchecked", "contract.refuses"),
    ],
)
def test_what_is_no_refusal_is_red(identity: str, fault: str, check: str) -> None:
    (outcome,) = outcomes(identity, faults=(fault,))
    assert outcome.status is Status.FAIL
    assert check in {finding.check for finding in outcome.findings}


def test_a_red_case_that_only_records_tells_the_level_of_what_broke() -> None:
    (recorded,) = outcomes("protocol/signature/wms/twice")
    told = Finding("security.secret", Level.MUST, "", "no secret", "the secret", "000")
    head, title, *_ = explain(replace(recorded, status=Status.FAIL, findings=(told,)))
    assert recorded.status is Status.INFO
    assert head == "FAIL  protocol/signature/wms/twice  (must)"
    assert title.startswith("what broke is no part of what the case records: Records the answer to two signs")
