"""An endpoint that refuses what later metadata knows: recorded, red at no level that is judged."""

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.reference.faults import plugs_of
from pytest_qimen.verdict import Status
from tests.kills.matrix import outcomes

CASES = (
    "wms/deliveryorder.create",
    "wms/entryorder.create",
    "erp/returnpackage.report",
    "erp/returnapply.report",
)


@pytest.mark.parametrize("name", CASES)
def test_the_case_records_what_the_endpoint_does(name: str) -> None:
    case = find_case(f"{name}/request/later-edition")
    assert [one.status for one in outcomes([case], ())] == [Status.PASS]
    (found,) = outcomes([case], plugs_of(["later-edition-refused"]))
    assert found.status is Status.INFO
    assert [str(one.expected) for one in found.findings] == ["the request is accepted"]
