"""Every scenario against the simulated ERP: silent for a good one, at its requirement for one that is not."""

import pytest

from pytest_qimen.cases.scenario import Attest, Send
from pytest_qimen.cases.scenario_read import load_scenarios
from pytest_qimen.verdict import Level
from tests.scenarios.letters import LETTERS
from tests.scenarios.theatre import played

BY_A_PERSON = {
    one.id for one in load_scenarios().values() if any(isinstance(beat, Attest) for beat in one.beats)
}
GOOD = [
    one.id
    for one in load_scenarios().values()
    if one.side in ("any", "erp", "oms")
    and one.id not in BY_A_PERSON
    and not any(isinstance(beat, Send) for beat in one.beats)
    and one.id != "callers/load/parallel"
]


def judged(found: list[str]) -> list[str]:
    return sorted(set(found))


@pytest.mark.parametrize("retries", [0, 1])
@pytest.mark.parametrize("identity", GOOD)
def test_a_good_system_raises_nothing(identity: str, retries: int) -> None:
    if identity.startswith("callers/send/") and identity.rpartition("/")[2] not in LETTERS:
        found = played(identity, retries=retries)
        assert {str(why) for why in found.untested.values()} <= {"the driver cannot: send"}
        return
    found = played(identity, retries=retries)
    assert [one for one in found.findings if one.level.is_judged] == []
    assert not found.errors
    assert not found.untested
    assert found.shown == set(load_scenarios()[identity].requirements)


FAULTS = [  # what it does wrong, whether it sends again by itself, scenario, requirement, level
    ("failure-is-success", 1, "answers/odd-failure", "read.failure", "must"),
    ("failure-is-success", 1, "answers/failure-is-failure", "read.failure", "must"),
    ("failure-is-success", 1, "answers/cancel-refused", "sequence.cancel-answer", "must"),
    ("code-is-the-flag", 1, "answers/odd-success", "read.flag-over-code", "must"),
    ("code-is-the-flag", 1, "answers/odd-failure", "read.failure", "must"),
    ("reads-no-cdata", 1, "answers/form/cdata", "read.forms", "must"),
    ("wants-first-flag", 1, "answers/other-order", "read.order", "must"),
    ("knows-no-more", 1, "answers/unknown-elements", "read.unknown", "should"),
    ("silent-failures", 1, "answers/failure-is-failure", "read.failure-visible", "should"),
    ("storms", 1, "answers/failure-is-failure", "read.failure-no-storm", "should"),
    ("cannot-resend", 0, "answers/failure-then-resend", "read.failure-not-final", "should"),
    ("key-new-on-push", 0, "answers/failure-then-resend", "key.stable-after-failure", "should"),
    ("sends-twice", 1, "answers/success", "read.success", "must"),
    ("sends-twice", 1, "faults/lost-increment/storeinventory.update", "read.success", "must"),
    ("cannot-resend", 1, "batches/partial-items", "read.partial-failed-again", "should"),
    ("cannot-resend", 1, "batches/partial-bills", "read.failed-list-commas", "should"),
    *(
        ("status-is-success", 1, f"faults/{name}", "fault.unclear-is-not-success", "must")
        for name in ("html-200", "no-flag", "json-200", "empty-200", "not-xml")
    ),
    ("words-are-success", 1, "faults/not-xml", "fault.unclear-is-not-success", "must"),
    ("words-are-success", 1, "faults/json-200", "fault.unclear-is-not-success", "must"),
    ("dies-of-broken-answers", 1, "faults/html-200", "fault.no-crash", "should"),
    ("key-new-on-retry", 1, "faults/lost-answer", "key.stable", "must"),
    ("key-new-on-retry", 1, "faults/lost-increment/storeinventory.update", "key.stable", "must"),
    ("key-new-on-retry", 1, "faults/lost-increment/storeinventory.itemupdate", "key.stable", "must"),
    ("key-new-on-retry", 1, "faults/lost-publish", "key.stable", "must"),
    ("other-content-on-retry", 1, "faults/lost-answer", "key.stable-content", "should"),
    ("cannot-resend", 0, "faults/lost-answer", "fault.can-resend", "should"),
    ("cannot-resend", 0, "faults/lost-increment/storeinventory.update", "fault.resend-increment", "should"),
    ("cannot-resend", 0, "faults/lost-publish", "fault.resend-publish", "should"),
    ("never-asks-again", 0, "faults/lost-cancel", "fault.cancel-unclear", "must"),
    ("drops-ampersands", 1, "text/xml-characters", "message.text-survives", "must"),
    ("drops-chinese", 1, "text/chinese", "message.chinese-survives", "must"),
    ("drops-emoji", 1, "text/emoji", "message.emoji-survives", "should"),
    ("forgets-ids", 1, "answers/ids-kept/entryorder.create", "read.ids-kept", "should"),
    ("quantities-wrong", 1, "reads/quantities/inventory.query", "use.quantities", "must"),
    ("claims-success", 1, "reads/not-found", "use.nothing-found", "should"),
    ("returns-without-order", 1, "sequence/return", "sequence.return-names-order", "should"),
]


@pytest.mark.parametrize(("fault", "retries", "identity", "requirement", "level"), FAULTS)
def test_a_fault_is_found_at_its_requirement(
    fault: str, retries: int, identity: str, requirement: str, level: str
) -> None:
    found = played(f"callers/{identity}", [fault], retries)
    assert f"caller.{requirement}" in {one.check for one in found.findings if one.level == Level(level)}


def test_without_a_driver_nothing_is_green() -> None:
    from pytest_qimen.scenarios.engine import Engine
    from pytest_qimen.scenarios.play import Play
    from pytest_qimen.target.caller import CallerProfile

    found = Engine(Play(load_scenarios()["callers/answers/success"]), CallerProfile(), "http://x").run()
    assert found.shown == set()
    assert (
        str(found.untested["caller.read.success"]) == "nobody makes the system send: no driver and no person"
    )


def test_a_resend_that_never_comes_leaves_its_must_untested() -> None:
    found = played("callers/faults/lost-increment/storeinventory.update", ["cannot-resend"], 0)
    assert set(found.untested) == {"caller.key.stable", "caller.key.stable-content"}


def test_a_driver_that_speaks_of_a_success_without_a_call_is_found_out() -> None:
    found = played("callers/answers/success", ["claims-success", "never-sends"])
    assert [(one.check, one.level) for one in found.findings] == [("driver.claims", Level.SHOULD)]
    assert found.shown == set()
    assert set(found.untested) == {"caller.read.success"}
