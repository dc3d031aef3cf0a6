"""What is sent to an endpoint to see what it does not keep apart or does not add up."""

from tests.reference.endpoint_corpora import Talk


def mixed(talk: Talk) -> None:
    _stock(talk)
    _transfer(talk)
    _parts(talk)
    _amounts(talk)


def _stock(talk: Talk) -> None:
    """Stock of two owners, of two warehouses, in two lots, of two kinds, of many pieces, and a count."""
    for owner in ("M1", "M2"):
        talk.call("singleitem.synchronize", ownerCode=owner, item__itemCode="MI")
    for number, (owner, house, quantity) in enumerate((("M1", "A", 7), ("M2", "A", 20), ("M1", "B", 300))):
        place = {"ownerCode": owner, "warehouseCode": house, "orderCode": f"M{number}"}
        edits = {f"items__item__{name}": value for name, value in place.items()}
        talk.call("stockchange.report", items__item__itemCode="MI", items__item__quantity=quantity, **edits)
        asked = {"itemCode": "MI", "ownerCode": owner, "warehouseCode": house}
        talk.call("stock.query", **asked)
    names = ("itemCode", "orderCode", "inventoryType", "batchCode", "quantity")
    changes = [("ML", "C1", "ZP", "1", 3), ("ML", "C2", "ZP", "2", 4), ("ML", "C3", "CC", "3", 1_000_000_007)]
    talk.call("stockchange.report", items__item=[dict(zip(names, one, strict=True)) for one in changes])
    talk.call("stock.query", itemCode="ML", batchCode="1")
    talk.call("singleitem.synchronize", item__itemCode="ML", item__itemName="ML")
    talk.call("inventorysum.query", itemName="ML")
    edits = {"items__item__itemCode": "ML", "items__item__quantity": 1, "items__item__totalQty": 8}
    talk.call("inventory.report", **edits)
    talk.call("stock.query", itemCode="ML")


def _transfer(talk: Talk) -> None:
    names = ("scItemCode", "count", "inventoryType")
    goods = [dict(zip(names, one, strict=True)) for one in (("T1", 14, 1), ("T2", 25, 1))]
    made = talk.call("transferorder.create", transferItems__transferItem=goods)
    code = made["transferExecuteInfo.transferOrderCode"] if made else "1"
    moved = [{"scItemCode": one, "inventoryType": 1, "outCount": out} for one, out in (("T1", 9), ("T2", 8))]
    talk.call("transferorder.report", transferOrderCode=code, items__item=moved)
    talk.call("transferorder.query", transferOrderCode=code)


def _parts(talk: Talk) -> None:
    """Warehouses in two messages, an order and its confirmation in two parts, statuses of a time to come."""
    for house in ("H1", "H2"):
        edits = {"warehouseInfos__warehouseInfo__warehouseCode": house}
        talk.call("warehouseinfo.synchronize", ownerCode="MO", **edits)
    talk.call("warehouseinfo.query", ownerCode="MO")
    order = {"entryOrder__entryOrderCode": "MP", "entryOrder__totalOrderLines": 2}
    for number in (1, 2):
        line = {"orderLines__orderLine__orderLineNo": number, "orderLines__orderLine__outBizCode": number}
        talk.call("entryorder.create", **order, **line)
    for number in (1, 2):
        line = {"orderLines__orderLine__orderLineNo": number, "orderLines__orderLine__outBizCode": number}
        talk.call("entryorder.confirm", **order, **line, orderLines__orderLine__actualQty=number)
    talk.call("entryorder.query", entryOrderCode="MP")
    times = {"startTime": "2098-01-01 00:00:00", "endTime": "2098-12-31 00:00:00"}
    talk.call("orderstatus.batchquery", ownerCode="HZ0001", **times)


def _amounts(talk: Talk) -> None:
    amounts = {"totalAmount": "0.30", "arAmount": "0.10", "gotAmount": "0.20", "deliveryOrderCode": "MD"}
    edits = {f"deliveryOrder__{name}": value for name, value in amounts.items()}
    talk.call("deliveryorder.create", **edits, orderLines__orderLine__sourceOrderCode="T1")
    talk.call("deliveryorder.query", orderCode="MD", orderSourceCode="T2")
    line = {"orderLines__orderLine__itemCode": "ML", "orderLines__orderLine__actualQty": 2}
    talk.call("deliveryorder.confirm", deliveryOrder__deliveryOrderCode="MD", **line)
    talk.call("stock.query", itemCode="ML")
