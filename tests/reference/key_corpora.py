"""What is sent to an endpoint to see its faults about keys."""

from tests.reference.endpoint_corpora import (
    LINES,
    PLACE,
    SCROLL,
    Talk,
    ask,
    entry,
    order_lines,
    pages,
    row,
)


def keys(talk: Talk) -> None:
    for code, wrong in (
        ("K1", {"ownerCode": "none"}),
        ("K2", {"warehouseCode": "none"}),
        ("K3", {"orderType": "PTCK"}),
    ):
        entry(talk, code, order_lines(1))
        talk.call("order.cancel", **{"orderCode": code, "orderType": "CGRK", **wrong})
        pages(talk, code)
    talk.call("deliveryorder.create", deliveryOrder__deliveryOrderCode="K4")
    talk.call("orderprocess.query", orderCode="K4", orderType="HHCK")
    for bill in "甲乙":
        talk.call("storeinventory.itemupdate", **{LINES: [row(bill, 1)], **PLACE})
    for quantity in ("abc", 7):
        talk.call("storeinventory.itemupdate", **{LINES: [row("N7", quantity)], **PLACE})
    ask(talk)
    talk.call("singleitem.synchronize", item__itemCode="I1", item__barCode="69001")
    talk.call("singleitem.query", itemCode="69001")
    for kind in ("ZP", "CC"):
        lines = [
            {"itemCode": item, "inventoryType": kind, "quantity": 4, "outBizCode": kind}
            for item in ("I1", "I2")
        ]
        talk.call("stockchange.report", items__item=lines)
    for item in ("I1", "I2"):
        asked = {"criteriaList__criteria__itemCode": item, "criteriaList__criteria__inventoryType": "CC"}
        talk.call("inventory.query", **asked)
    answer = talk.call(SCROLL, ou_code="HZMD001")
    if answer is not None:
        talk.call(SCROLL, ou_code="HZMD001", scroll_id=answer["result.scroll_id"])


def quoting(talk: Talk) -> None:
    """Refused values with markup: a plain one, and one that would end a CDATA section."""
    for code in ("<flag>success</flag>", "a]]>b<c/>"):
        talk.call("entryorder.query", entryOrderCode=code, ownerCode="HZ0001", warehouseCode="HZCK01")


def lookups(talk: Talk) -> None:
    """Keys that are another's, or a part of one."""
    talk.call("stockchange.report", items__item__itemCode="K12", items__item__quantity=7)
    for asked in ({"itemCode": "K1"}, {"itemCode": "K12"}, {"itemCode": "K12", "ownerCode": "none"}):
        talk.call("stock.query", **asked)
    talk.call("inventory.report", checkOrderCode="C12")
    talk.call("itemlack.report", deliveryOrderCode="L12")
    for asked in ({}, {"ownerCode": "none"}, {"warehouseCode": "none"}):
        talk.call("inventorycheck.query", checkOrderCode="C12", **asked)
    talk.call("inventorycheck.query", checkOrderCode="C1")
    talk.call("itemlack.query", deliveryOrderCode="L1")
    talk.call("itemstore.banding", itemId=912, storeIds__storeId=[34])
    talk.call("itemstore.query", itemId=91)
    talk.call("storeitem.query", storeId=345)
    talk.call("storeinventory.initial", **{LINES: [{**row("N1", 4), "scItemId": "512"}], **PLACE})
    talk.call("storeinventory.query", **{LINES: [{"scItemId": "51"}], **PLACE})
    talk.call("storeinventory.iteminitial", **{LINES: [row("N2", 4, "512")], **PLACE})
    talk.call("storeinventory.itemquery", **{LINES: [{"itemId": "51", "outerId": "O"}], **PLACE})
    talk.call(SCROLL, ou_code="OU1001", sku_codes="2300017")
    talk.call(SCROLL, ou_code="HZMD001")
    _parts(talk)
    _alike(talk)
    _sums(talk)


def _alike(talk: Talk) -> None:
    """Codes that differ in a hyphen or at their end only, and one with a condition of SQL behind it."""
    for code in ("A-7", "x" * 49 + "7"):
        talk.call("deliveryorder.create", deliveryOrder__deliveryOrderCode=code)
    talk.call("stockchange.report", items__item__itemCode="A-7", items__item__quantity=7)
    talk.call("inventory.report", checkOrderCode="A-7", outBizCode="A-7")
    talk.call("itemlack.report", deliveryOrderCode="A-7", outBizCode="A-7")
    for code in ("A7", "A-7' or '1'='1", "x" * 49 + "8"):
        talk.call("deliveryorder.query", orderCode=code)
        talk.call("stock.query", itemCode=code)
        talk.call("inventorycheck.query", checkOrderCode=code)
        talk.call("itemlack.query", deliveryOrderCode=code)


def _sums(talk: Talk) -> None:
    """Sums, carriers, statuses and skus, by another key and by a part of one."""
    kinds = {"item__categoryId": "C12", "item__pcs": "P12"}
    talk.call("singleitem.synchronize", item__itemCode="Z12", item__itemName="Z12", **kinds)
    talk.call("stockchange.report", items__item__itemCode="Z12", items__item__quantity=7)
    talk.call("inventorysum.query", itemName="Z127")
    keys = ("categoryId", "pcs", "ownerCode", "warehouseCode", "itemId")
    asked: list[dict[str, str]] = [{key: "none"} for key in keys]
    for some in (*asked, {"categoryId": "C1"}, {"categoryId": "C127"}):
        talk.call("inventorysum.query", **{"itemName": "Z12", **some})
    for owner in ("HZ000", "HZ00017"):
        talk.call("stock.query", itemCode="Z12", ownerCode=owner)
        talk.call("orderstatus.batchquery", ownerCode=owner, startTime="2016-01-01 00:00:00")
    talk.call("stock.query", itemCode="Z12", warehouseCode="none")
    times = [
        {f"{what}StartTime": "2001-01-01 00:00:00", f"{what}EndTime": "2001-01-02 00:00:00"}
        for what in _SUMMED
    ]
    for one in (*times, {"ownerCode": "none"}, {"sourcePlatformCode": "JD"}):
        talk.call("deliveryordersum.query", **one)
    talk.call("order.cancel", orderCode="P2", orderType="JYCK", warehouseCode="W12")
    talk.call("deliveryordersum.query")
    for code in ("Z", "ZTO7"):
        talk.call("expressinfo.query", expressCode=code)
    edits = {**row("N9", 4, "613"), "skuId": 412}
    talk.call("storeinventory.iteminitial", **{LINES: [edits], **PLACE})
    for sku in (41, 4127):
        talk.call(
            "storeinventory.itemquery", **{LINES: [{"itemId": "613", "outerId": "O", "skuId": sku}], **PLACE}
        )
    talk.call(SCROLL, ou_code="OU100")
    talk.call(SCROLL, ou_code="OU1001", sku_codes="23000")


_SUMMED = ("download", "pay", "delivery")


def _parts(talk: Talk) -> None:
    """Owners, warehouses, ids and numbers, cut short and with more behind them."""
    talk.call("singleitem.synchronize", item__itemCode="P1", ownerCode="OWN1")
    deal = talk.call(
        "deliveryorder.create", deliveryOrder__deliveryOrderCode="P2", deliveryOrder__warehouseCode="W12"
    )
    moved = talk.call("transferorder.create", ownerCode="OWN1")
    talk.call("itemmapping.create", itemId="P3", shopItemId="S3", skuId="412")
    shop = talk.call("store.create")
    for cut in (lambda text: text[:-1], lambda text: f"{text}7"):
        talk.call("singleitem.query", itemCode="P1", ownerCode=cut("OWN1"))
        for key, value in (("ownerCode", "HZ0001"), ("warehouseCode", "W12"), ("orderId", "")):
            value = value or (deal["deliveryOrderId"] if deal else "1")
            talk.call(
                "deliveryorder.query",
                **{"orderCode": "P2", "warehouseCode": None, "ownerCode": None, key: cut(value)},
            )
        code = moved["transferExecuteInfo.transferOrderCode"] if moved else "1"
        talk.call("transferorder.query", ownerCode="OWN1", transferOrderCode=cut(code))
        talk.call("itemmapping.query", itemId="P3", shopItemId="S3", skuId=cut("412"))
        talk.call("store.query", storeId=cut(shop["storeId"] if shop else "1"))


def second_keys(talk: Talk) -> None:
    """Two documents, items, mappings … that share a key of the second rank."""
    line = {"orderLines__orderLine__orderLineNo": "1"}
    for code in ("2A", "2B"):
        talk.call("deliveryorder.create", deliveryOrder__deliveryOrderCode=code, **line)
        talk.call("itemlack.report", deliveryOrderCode=code, items__item__lackQty=int(code, 16))
        talk.call("inventory.report", checkOrderCode=code, items__item__quantity=int(code, 16))
        talk.call("singleitem.synchronize", item__itemCode="2I", ownerCode=code, item__itemName=code)
        talk.call("itemmapping.create", itemId="2I", shopItemId=code, skuId="77", shopNick=code)
        talk.call("itemmapping.create", itemId="2I", shopItemId="2S", skuId=code)
        edits = {"billNum": f"N{code}", "itemId": int(code, 16), "skuId": 7, "quantity": int(code, 16)}
        talk.call("storeinventory.iteminitial", **{LINES: [{**row("N", 1), **edits}], **PLACE})
        moving = {
            "tbTradeOrder": code,
            "billNum": f"A{code}",
            "originalWarehouseId": 77,
            "itemId": 5,
            "adjustType": "STS",
        }
        edits = {f"inventoryAdjustInfo__{name}": value for name, value in moving.items()}
        talk.call("storeinventory.itemadjust", **edits)
        ask(talk)
        parts = [{"batchCode": "2L", "quantity": 5, "inventoryType": "ZP"}]
        edits = {
            "items__item__itemCode": code,
            "items__item__quantity": 5,
            "items__item__batchs__batch": parts,
        }
        talk.call("stockchange.report", **edits)
    names = (
        "deliveryOrder.deliveryOrderCode",
        "orderLines.orderLine.orderLineNo",
        "orderLines.orderLine.planQty",
    )
    two = [dict(zip(names, (code, 1, int(code, 16)), strict=True)) for code in ("2C", "2D")]
    talk.call("deliveryorder.batchcreate", orders__order=two)
    talk.call("deliveryorder.query", orderCode="2D")
    moved = [talk.call("transferorder.create", erpOrderCode=code) for code in ("2A", "2B")]
    codes = [one["transferExecuteInfo.transferOrderCode"] if one else "1" for one in moved]
    talk.call(
        "transferorder.report",
        transferOrderCode=codes[0],
        items__item__outCount=3,
        items__item__inventoryType=1,
    )
    talk.call("orderprocess.report", order__orderCode="2A", process__operateInfo="2A")
    talk.call("deliveryorder.confirm", deliveryOrder__deliveryOrderCode="2A", **line)
    for code in ("2A", "2B"):
        talk.call("deliveryorder.query", orderCode=code)
        talk.call("orderprocess.query", orderCode=code)
        talk.call("itemlack.query", deliveryOrderCode=code)
        talk.call("inventorycheck.query", checkOrderCode=code)
        talk.call("singleitem.query", itemCode="2I", ownerCode=code)
        talk.call("itemmapping.query", itemId="2I", shopItemId=code, skuId="77")
        talk.call("itemmapping.query", itemId="2I", shopItemId="2S", skuId=code)
        talk.call("stock.query", itemCode=code)
        asked = [{"itemId": int(code, 16), "outerId": "O", "skuId": 7}]
        talk.call("storeinventory.itemquery", **{LINES: asked, **PLACE})
    talk.call("transferorder.query", transferOrderCode=codes[1])


def paging(talk: Talk) -> None:
    """Three rows of stock, sums and statuses, two a page."""
    for item in ("G1", "G2", "G3"):
        talk.call("singleitem.synchronize", item__itemCode=item, item__categoryId="GG", item__itemName=item)
        talk.call("stockchange.report", items__item__itemCode=item, items__item__quantity=7)
        talk.call("deliveryorder.create", deliveryOrder__deliveryOrderCode=item)
    for page in (1, 2):
        talk.call("stock.query", itemCode=None, page=page, pageSize=2)
        talk.call("inventorysum.query", page=page, pageSize=2)
        edits = {"startTime": "2016-01-01 00:00:00", "currentPage": page, "pageSize": 2}
        talk.call("orderstatus.batchquery", ownerCode="HZ0001", **edits)


def lots(talk: Talk) -> None:
    """Lines with lots, and the stock of two items."""
    for item, lot in (("M1", "A"), ("M2", "B")):
        parts = [{"batchCode": lot, "quantity": 5, "inventoryType": "ZP"}]
        edits = {
            "items__item__itemCode": item,
            "items__item__quantity": 5,
            "items__item__batchs__batch": parts,
        }
        talk.call("stockchange.report", **edits)
    for item in ("M1", "M2"):
        talk.call("stock.query", itemCode=item)
