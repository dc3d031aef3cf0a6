"""A message in, which of its fields name what only the other side keeps: warehouses, owners, goods, shops."""

import re
from collections.abc import Iterator, Mapping

from pytest_qimen import xml
from pytest_qimen.spec import Api

KINDS: Mapping[str, str] = {  # how answers speak of a kind of thing -> the leaves that name one
    "warehouse|仓": (
        "warehouseCode warehouseId originalWarehouseId targetWarehouseId warehouse_code warehouse_id"
    ),
    "owner|货主": "ownerCode",
    "item|sku|goods|product|商品|货品|物料": (
        "itemCode itemId scItemId scItemCode outerId sku_code item_id outer_id"
    ),
    "shop|store|店": (
        "shopCode shopNick shopId storeCode fromStoreCode toStoreCode storeId ou_code shop_code "
        "channel_source_id"
    ),
    "supplier|供应商": "supplierCode",
    "seller|user|卖家|商家|用户": "sellerCode userId",
    "categor|类目": "mainCategory",
}
_UNKNOWN = re.compile(  # how answers say that there is no such thing, and not that it is written wrongly
    r"不存在|不正确|没有|无此|未找到|找不到|查不到|未知|未建|未维护|未配置|未授权|未绑定|无权|无效|"
    r"\b(?:no|unknown|unauthori[sz]ed|invalid|missing)\b|not? (?:exist|found|known|configured|authori[sz]ed)",
    re.IGNORECASE,
)
NAMES: Mapping[str, str] = {name: kind for kind, names in KINDS.items() for name in names.split()}


def named(api: Api, root: xml.Element) -> Iterator[str]:
    """The fields in which the message names master data as the documents' examples do."""
    for row in api.request.leaves:
        if row.name in NAMES and not row.key and row.example in xml.values(root, row.path):
            yield row.path


def blamed(api: Api, root: xml.Element, answer: str) -> Iterator[str]:
    """Those of them that the answer does not know: it names the field, its value, or the kind of thing."""
    for path in named(api, root) if _UNKNOWN.search(answer) else ():
        name = path.rpartition(".")[2]
        values = map(re.escape, xml.values(root, path))
        if re.search("|".join((name, NAMES[name], *values)), answer, re.IGNORECASE):
            yield path
