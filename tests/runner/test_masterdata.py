"""What of a message only the other side can know, and whether an answer blames it."""

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.messages import samples
from pytest_qimen.runner import masterdata

API = spec.load_api("wms/entryorder.create")
PLACE, OWNER, LINE_OWNER, ITEM = (
    *("entryOrder.warehouseCode", "entryOrder.ownerCode"),
    *("orderLines.orderLine[].ownerCode", "orderLines.orderLine[].itemCode"),
)


def test_every_name_stands_in_some_request() -> None:
    leaves = {row.name for api in spec.load_all() for row in api.request.leaves}
    assert set(masterdata.NAMES) <= leaves


def test_the_examples_are_named_and_what_a_profile_pins_or_an_endpoint_gave_is_not() -> None:
    root = samples.minimal(API.request)
    assert set(masterdata.named(API, root)) == {PLACE, OWNER, LINE_OWNER, ITEM}
    xml.put(root, PLACE, "W7")
    assert PLACE not in set(masterdata.named(API, root))


def test_whatever_is_named_can_be_blamed() -> None:
    for api in spec.load_all():
        root = samples.minimal(api.request)
        words = " ".join(masterdata.NAMES)
        assert set(masterdata.blamed(api, root, f"不存在: {words}")) == set(masterdata.named(api, root))
    banding = spec.load_api("store/itemstore.banding")
    stores = samples.minimal(banding.request)
    assert "storeIds.storeId[]" in set(masterdata.blamed(banding, stores, "门店不存在"))


ANSWERS = {
    "仓库HZCK01不存在": {PLACE},
    "unknown Warehouse": {PLACE},
    "no such code: HZCK01": {PLACE},
    "商品未建档": {ITEM},
    "invalid ownerCode": {OWNER, LINE_OWNER},
    "entryOrder.warehouseCode: expected at most 3 characters": set(),
    "entryOrder.warehouseCode 长度超限": set(),
    "库存系统繁忙": set(),
    "商品数量不正确": set(),
    "商品数量不能为负数": set(),
    "warehouse: quantity must be no less than 0": set(),
    "商品不存在，数量未处理": {ITEM},
    "无效的货主": {OWNER, LINE_OWNER},
    "sign-check-failure": set(),
    "验签失败：未知的货主": set(),
    "invalid signature of the item": set(),
}


@pytest.mark.parametrize(("answer", "paths"), ANSWERS.items())
def test_what_an_answer_blames(answer: str, paths: set[str]) -> None:
    assert set(masterdata.blamed(API, samples.minimal(API.request), answer)) == paths
