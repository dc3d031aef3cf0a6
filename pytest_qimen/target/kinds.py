"""Which fields name what a receiver keeps: warehouses, owners, goods, shops …"""

from collections.abc import Mapping

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
NAMES: Mapping[str, str] = {name: kind for kind, names in KINDS.items() for name in names.split()}
