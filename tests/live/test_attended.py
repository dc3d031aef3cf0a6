"""A person is led through scenarios by the live page; what they say is evidence of its own kind."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pytest_qimen.report.events import case_record
from pytest_qimen.verdict import Attested, Evidence, Status
from tests.live.attending import Scene, attended
from tests.live.http_page import polled, post

SENTENCE = "The system shows the document as created. 系统显示该单据已创建成功。"


@pytest.fixture
def scene() -> Iterator[Scene]:
    with attended() as made:
        yield made


def habit(scene: Scene, **others: Mapping[str, Any]) -> Any:
    """A person who does what is asked, and presses `others` for questions of another kind."""
    return lambda task: scene.works(task) if task["kind"] == "do" else others.get(task["kind"])


def test_a_person_makes_a_system_send(scene: Scene) -> None:
    found = scene.outcome("callers/answers/success", habit(scene, see={"pressed": "success"}))
    assert found.status is Status.PASS
    do, see = scene.asked
    assert (do["kind"], do["do"], do["key"]) == ("do", "send", "")
    assert do["scenario"] == "callers/answers/success"
    zh, en = do["words"]
    assert zh != en
    assert 0 < do["seconds"] <= 20
    assert see["kind"] == "see"
    assert see["key"].startswith("ERP")
    assert found.showing is not None
    assert found.showing.evidence is Evidence.WIRE  # that nothing came again shows the same


def test_what_only_a_person_sees_is_attested(scene: Scene) -> None:
    found = scene.outcome("callers/faults/lost-answer", habit(scene, see={"pressed": "success"}))
    assert found.status in (Status.PASS, Status.INFO)
    assert found.showing is not None
    assert found.showing.evidence is Evidence.ATTESTED


def test_a_resend_is_asked_with_the_key() -> None:
    with attended(retries=0) as scene:
        found = scene.outcome("callers/faults/lost-increment/storeinventory.update", habit(scene))
        first, again = scene.asked
    assert found.status is Status.PASS, found.reason
    assert (first["do"], again["do"]) == ("send", "resend")
    assert again["key"]
    assert all(again["key"] in words for words in again["words"])


def test_a_list_is_asked_for_in_the_words_of_the_scenario(scene: Scene) -> None:
    """There is no document yet whose key could be named."""
    scene.outcome("callers/paging/pages", habit(scene))
    (read,) = scene.asked
    assert (read["do"], read["key"]) == ("read", "")
    assert read["words"][1].startswith("Look up a list of which there is more than one page.")
    assert "-" not in "".join(read["words"])


def test_after_a_lost_cancellation_it_is_said_what_is_unclear(scene: Scene) -> None:
    scene.outcome("callers/faults/lost-cancel", lambda task: scene.works(task))
    cancel, again = scene.asked[1:]
    assert (cancel["do"], again["do"]) == ("cancel", "cancel")
    assert cancel["key"] == again["key"] != ""
    assert "was lost" in again["words"][1]
    assert "丢失" in again["words"][0]
    assert cancel["words"] != again["words"]


@pytest.mark.parametrize("name", ["status-500", "no-flag"])
def test_the_success_of_another_document_is_not_that_of_the_broken_one(name: str) -> None:
    with attended(("orders-anew",), retries=0) as scene:
        found = scene.outcome(f"callers/faults/{name}", habit(scene, see={"pressed": "success"}))
    assert {one.check for one in found.findings} == {"caller.fault.unclear-is-not-success"}


def test_a_system_that_takes_a_refusal_for_a_success_is_red(scene: Scene) -> None:
    found = scene.outcome("callers/answers/failure-is-failure", habit(scene, see={"pressed": "success"}))
    assert found.status is Status.FAIL
    assert "caller.read.failure" in {one.check for one in found.findings}


@pytest.mark.parametrize(
    ("pressed", "why"),
    [
        (
            {"pressed": "cannot", "note": "no screen"},
            "a person says that the system cannot: no screen",
        ),
        ({"pressed": "skip"}, "a person skipped it for now"),
    ],
)
def test_what_nobody_did_stays_untested(scene: Scene, pressed: Mapping[str, Any], why: str) -> None:
    found = scene.outcome("callers/answers/success", lambda task: pressed)
    assert (found.status, found.cause) == (Status.UNTESTED, why)


def test_a_failure_without_a_call_is_untested() -> None:
    with attended(ask=1.0) as scene:
        found = scene.outcome("callers/answers/success", lambda task: {"pressed": "failed"})
        assert (found.status, found.findings) == (Status.UNTESTED, ())


def test_a_silent_person_leaves_it_untested() -> None:
    with attended(ask=0.5) as scene:
        found = scene.outcome("callers/answers/success", lambda task: None)
        assert (found.status, found.findings) == (Status.UNTESTED, ())
        assert polled(scene.page.url)["state"]["task"] is None


def test_an_attestation_keeps_name_and_sentence(scene: Scene) -> None:
    yes = {"pressed": "yes", "name": " Li Lei "}
    found = scene.outcome("callers/attest/shown", habit(scene, attest=yes))
    assert found.showing is not None
    assert found.showing.evidence is Evidence.ATTESTED
    assert found.showing.attested == (Attested("caller.use.ok-is-kept", "Li Lei", SENTENCE),)
    line = case_record(found).to_json()
    assert line["evidence"] == "attested"
    assert line["attested"][0]["name"] == "Li Lei"


def test_a_denied_sentence_is_a_finding(scene: Scene) -> None:
    no = {"pressed": "no", "name": "Li Lei"}
    found = scene.outcome("callers/attest/failure-shown", habit(scene, attest=no))
    (one,) = found.findings
    assert (one.check, found.status) == ("caller.use.failure-shown", Status.WARN)
    assert "Li Lei" in str(one.actual)


def test_nobody_attests_without_a_name(scene: Scene) -> None:
    answers: list[str] = []

    def careless(task: Mapping[str, Any]) -> Mapping[str, Any]:
        if task["kind"] == "do":
            return scene.works(task)
        for pressed in ({"pressed": "yes"}, {"pressed": "yes", "name": " "}, {"pressed": "did"}, {}):
            answers.append(post(scene.page.url, "press", {"number": task["number"], **pressed}).text)
        answers.append(post(scene.page.url, "press", {"number": 99, "pressed": "yes", "name": "x"}).text)
        return {"pressed": "skip"}

    found = scene.outcome("callers/attest/shown", careless)
    assert answers == ['{"taken":false,"why":"incomplete"}'] * 4 + ['{"taken":false,"why":"over"}']
    assert found.showing is None or found.showing.attested == ()


def test_the_page_lists_the_scenarios(scene: Scene) -> None:
    state = polled(scene.page.url)["state"]
    (one,) = state["scenarios"]
    assert (one["id"], one["level"]) == ("callers/answers/success", "must")
    assert "status" not in one
    found = scene.outcome("callers/answers/success", lambda task: {"pressed": "skip"})
    scene.page.case(case_record(found))
    state = polled(scene.page.url)["state"]
    assert state["scenarios"][0]["status"] == "untested"
    assert state["attended"]
