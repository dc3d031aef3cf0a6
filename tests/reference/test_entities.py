"""Each fault of following a message turns the one case red that leads there, and a legal variant none."""

import pytest

from pytest_qimen.cases import bundled_cases
from pytest_qimen.reference.faults import FAMILIES, plugs_of
from pytest_qimen.reference.variants import VARIANTS
from pytest_qimen.spec import data_dir
from pytest_qimen.verdict import Status
from tests.kills.matrix import outcomes

WMS = [
    case
    for case in bundled_cases(data_dir("cases") / "protocol" / "attacks.toml")
    if case.id.startswith("protocol/attacks/wms/")
]
CAUGHT_BY = {
    "entity-fetched": "fetched-entity",
    "parameter-entity-fetched": "fetched-parameter-entity",
    "subset-fetched": "fetched-subset",
    "xinclude-fetched": "fetched-xinclude",
    "schema-fetched": "fetched-schema",
    "entity-file-read": "own-file-entity",
    "xinclude-file-read": "own-file-xinclude",
}


def test_a_fetch_after_the_answer_turns_its_case_red() -> None:
    """Whether it comes after the case is over, which has passed then, or before: on a busy machine it may."""
    found = outcomes(WMS, plugs_of(["entity-fetched-late"]))
    ended = [(one.case.id.rpartition("/")[2], one.status) for one in found]
    assert [one for one in ended if one[1] is not Status.PASS] == [("fetched-entity", Status.FAIL)]


@pytest.mark.parametrize(("fault", "case"), CAUGHT_BY.items())
def test_each_fault_has_its_case(fault: str, case: str) -> None:
    (ended,) = [one for one in outcomes(WMS, plugs_of([fault])) if one.status is not Status.PASS]
    assert (ended.case.id.rpartition("/")[2], ended.status) == (case, Status.FAIL)
    assert {found.check for found in ended.findings} <= {"security.fetched", "security.file"}


def test_every_fault_of_the_family_is_told() -> None:
    assert set(FAMILIES["entities"]) == {*CAUGHT_BY, "entity-fetched-late"}


def test_an_internal_entity_that_is_expanded_is_a_broken_should() -> None:
    ended = {
        one.case.id.rpartition("/")[2]: one.status for one in outcomes(WMS, plugs_of(["entity-resolved"]))
    }
    assert ended["internal-entity-expanded"] is Status.WARN
    assert Status.FAIL not in ended.values()


def test_a_doctype_that_is_overlooked_is_no_fault() -> None:
    found = outcomes(WMS, plugs_of(["doctype-accepted"]))
    assert [one.case.id for one in found if one.status is not Status.PASS] == []


@pytest.mark.parametrize("name", [name for name in ("connection-close", "http-1.0") if name in VARIANTS])
def test_legal_variants(name: str) -> None:
    found = outcomes(WMS, plugs_of([name], VARIANTS, "variant"))
    assert [one.case.id for one in found if one.status is not Status.PASS] == []
