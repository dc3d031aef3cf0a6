"""A sample of what `make independence` proves: a case ends alike alone, in any order, and in a second run."""

import pytest

from pytest_qimen.cases import bundled_cases
from pytest_qimen.spec import data_dir
from tests.independence.matrix import VARIANTS, differences

FEW = ("protocol/smoke", "wms/inventory.query", "wms/order.cancel", "flows/stock", "store/itemstore.banding")
FILES = (
    *(*FEW, "wms/stock.query", "wms/singleitem.query"),
    *("store/storeinventory.itemquery", "store/storeinventory.iteminitial"),
)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_case_ends_alike_whatever_ran_before_it(variant: str) -> None:
    names = FEW if variant else FILES
    parts = [bundled_cases(data_dir("cases") / f"{name}.toml") for name in names]
    assert list(differences(variant, parts, seeds=[1])) == []
