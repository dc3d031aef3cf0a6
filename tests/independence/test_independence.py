"""A sample of what `make independence` proves: a case ends alike alone, in any order, and in a second run."""

import pytest

from pytest_qimen.cases import bundled_cases
from pytest_qimen.spec import data_dir
from tests.independence.matrix import VARIANTS, differences

FILES = (
    *("protocol/smoke", "wms/inventory.query", "wms/stock.query", "wms/singleitem.query", "wms/order.cancel"),
    *("store/storeinventory.itemquery", "store/storeinventory.iteminitial", "flows/stock"),
    "store/itemstore.banding",
)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_case_ends_alike_whatever_ran_before_it(variant: str) -> None:
    parts = [bundled_cases(data_dir("cases") / f"{name}.toml") for name in FILES]
    assert list(differences(variant, parts, seeds=[1])) == []
