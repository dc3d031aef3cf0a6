"""Legal differences raise nothing: on no variant of the embedded endpoint does a must or should turn red."""

from collections.abc import Iterator

import pytest

from pytest_qimen.cases import Case, bundled_cases, bundled_files
from pytest_qimen.embedded import DATA, embedded_target
from pytest_qimen.findings import Status
from pytest_qimen.reference.serve import serve
from pytest_qimen.reference.variants import KNOWN, SUBSET, VARIANTS
from pytest_qimen.runner import Session
from pytest_qimen.target import Target, with_options
from pytest_qimen.transport import Transport

FILES = frozenset(
    {
        *("smoke", "answer", "encoding", "parameters", "signature"),
        *("inbound", "store", "wdk", "service.heartbeat", "entryorder.query"),
    }
)
BAD = frozenset({Status.FAIL, Status.WARN, Status.ERROR, Status.BLOCKED})
# What a variant needs of the target's profile, as the person who knows the endpoint would write it.
PROFILES: dict[str, dict[str, object]] = {
    "strict-master-data": {"data": DATA | KNOWN},
    "subset-of-methods": {"methods": tuple(SUBSET)},
}
# HTTP 200 is a should (design.md 4): this one is yellow, and rightly so.
YELLOW = {"bad-signature-400"}


def chosen(variant: str) -> Iterator[Case]:
    """Some files for every variant; all the flows where the profile pins what messages speak of."""
    for path in bundled_files():
        if path.stem in FILES or (variant in PROFILES and path.parent.name == "flows"):
            yield from bundled_cases(path)


@pytest.mark.parametrize("variant", sorted(VARIANTS.keys() - YELLOW))
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
