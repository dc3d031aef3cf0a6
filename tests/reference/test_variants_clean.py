"""Legal differences raise nothing: on no variant of the embedded endpoint does a must or should turn red."""

from collections.abc import Iterator, Mapping

import pytest

from pytest_qimen.cases import Case, bundled_cases, bundled_files
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.reference.variants import KNOWN, SUBSET, VARIANTS
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import DATA, embedded_target
from pytest_qimen.search.property import drawer
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.verdict import Status
from tests.target.test_belonging import PINS as DEMANDED_PINS

FILES = frozenset(
    {
        *("smoke", "answer", "encoding", "parameters", "signature"),
        *("inbound", "store", "wdk", "failures", "service.heartbeat", "entryorder.query"),
    }
)
BAD = frozenset({Status.FAIL, Status.WARN, Status.ERROR, Status.BLOCKED})
# What a variant needs of the target's profile, as the person who knows the endpoint would write it.
PROFILES: dict[str, dict[str, object]] = {
    "strict-master-data": {"data": DATA | KNOWN},
    "more-demanded": {"data": DATA | DEMANDED_PINS},
    "subset-of-methods": {"methods": tuple(SUBSET)},
}
OWN_PINS = {"warehouseCode": ("7007",), "warehouseId": ("7007",)}
OWN = {"own-warehouse"}  # flows that need two warehouses are blocked on it: tested apart
# HTTP 200 is a should (design.md 4): this one is yellow, and rightly so.
YELLOW = {"bad-signature-400"}
BESIDE = {  # files that show a variant at its work
    "no-warehouses-beforehand": {"masterdata", "warehouseinfo.query"},
    "pages-behind-the-end-refused": {"paging"},
}


def chosen(variant: str) -> Iterator[Case]:
    """Some files for every variant; all the flows where the profile pins what messages speak of.

    Hundreds of stores are made where a profile matters only: they take longer than all the rest.
    """
    for path in bundled_files():
        if variant in PROFILES and path.parent.name == "flows":
            yield from bundled_cases(path)
        elif path.stem in FILES | BESIDE.get(variant, set()):
            yield from (
                case for case in bundled_cases(path) if not (path.stem == "store" and case.family == "limit")
            )


@pytest.mark.parametrize("pins", [{}, OWN_PINS], ids=["without a profile", "pinned"])
def test_what_nobody_told_the_suite_of_is_never_red(pins: Mapping[str, tuple[str, ...]]) -> None:
    """A warehouse that refuses all others: blocked with a hint while it is not pinned, and red nowhere."""
    with serve(variants=["own-warehouse"]) as url:
        transport = Transport()
        target = with_options(embedded_target(Target(url="", app_key="", secret=""), url), data=DATA | pins)
        session = Session(target, transport, draw=drawer(3, 0))
        cases = [case for path in bundled_files() for case in bundled_cases(path) if case.role != "wdk"]
        found = [session.outcome(case) for case in cases]
        transport.close()
    assert [one.case.id for one in found if one.status in BAD - {Status.BLOCKED}] == []
    blocked = [one for one in found if one.status is Status.BLOCKED]
    assert any("warehouseCode" in one.cause and "[data]" in one.cause for one in blocked) is not bool(pins)
    assert (len(blocked) < 0.02 * len(found)) is bool(pins)


@pytest.mark.parametrize("variant", sorted(VARIANTS.keys() - YELLOW - OWN))
def test_nothing_turns_red(variant: str) -> None:
    with serve(variants=[variant]) as url:
        transport = Transport()
        target = with_options(
            embedded_target(Target(url="", app_key="", secret=""), url), **PROFILES.get(variant, {})
        )
        session = Session(target, transport)
        found = [session.outcome(case) for case in chosen(variant)]
        transport.close()
    assert [
        (outcome.case.id, outcome.cause, outcome.findings[:1]) for outcome in found if outcome.status in BAD
    ] == []
