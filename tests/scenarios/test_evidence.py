"""What the verdict of a scenario rests on: calls before a driver's report before a person's word."""

import pytest

from pytest_qimen.calls.call import Caller
from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.reference.serve import APP_KEY, SECRET
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import case_record
from pytest_qimen.report.explain import explain
from pytest_qimen.report.junit import properties
from pytest_qimen.runner import Outcome
from pytest_qimen.scenarios.outcomes import outcome_of
from pytest_qimen.scenarios.played import Played
from pytest_qimen.verdict import Attested, Evidence, Finding, Level, Showing, Status
from tests.scenarios.theatre import played


def outcome(name: str, *faults: str, retries: int = 1) -> Outcome:
    identity = f"callers/{name}"
    found = played(identity, faults, retries)
    return outcome_of(bundled_scenarios()[identity], found, Caller(APP_KEY, SECRET), "http://x")


@pytest.mark.parametrize(
    ("name", "fault", "status", "evidence"),
    [
        ("answers/success", "", Status.PASS, Evidence.WIRE),
        ("answers/success", "sends-twice", Status.FAIL, Evidence.WIRE),
        ("text/chinese", "", Status.PASS, Evidence.WIRE),
        ("reads/text", "", Status.PASS, Evidence.DRIVER),
        ("answers/odd-failure", "failure-is-success", Status.FAIL, Evidence.DRIVER),
        ("answers/success", "never-sends", Status.UNTESTED, None),
    ],
)
def test_each_verdict_names_its_evidence(
    name: str, fault: str, status: Status, evidence: Evidence | None
) -> None:
    found = outcome(name, *filter(None, [fault]))
    assert (found.status, found.showing and found.showing.evidence) == (status, evidence)
    assert CaseRecord.from_json(case_record(found).to_json()).showing == found.showing
    assert dict(properties(found)).get("evidence") == evidence
    assert ("evidence: " in "\n".join(explain(found))) is (evidence is not None)


def test_a_word_counts_for_less_than_a_report_and_a_call() -> None:
    from pytest_qimen.cases.scenario_read import load_scenarios

    found = Played(load_scenarios()["callers/attest/failure-shown"])
    found.show("a", Evidence.ATTESTED)
    assert found.evidence == {"a": Evidence.ATTESTED}
    found.show("a", Evidence.WIRE)
    found.show("a", Evidence.DRIVER)
    assert found.evidence == {"a": Evidence.WIRE}
    found.blame(Finding("a", Level.MUST, "", "x", "y", ""), Evidence.DRIVER)
    found.show("a", Evidence.WIRE)
    assert found.evidence == {"a": Evidence.DRIVER}


def test_who_attested_what_is_kept() -> None:
    word = Attested("caller.use.failure-shown", "王小明", "系统显示该单据失败。")
    case = bundled_scenarios()["callers/attest/failure-shown"]
    showing = Showing(Evidence.ATTESTED, (word.requirement,), (word,))
    record = case_record(Outcome(case, Status.PASS, showing=showing))
    assert CaseRecord.from_json(record.to_json()).showing == showing
    assert record.to_result()["attested"] == [
        {"requirement": word.requirement, "name": "王小明", "sentence": "系统显示该单据失败。"}
    ]
