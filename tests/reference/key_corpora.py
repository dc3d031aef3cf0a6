"""What is sent to an endpoint to see its faults about keys."""

from tests.reference.endpoint_corpora import LINES, PLACE, Talk, ask, entry, order_lines, pages, row


def keys(talk: Talk) -> None:
    for code, wrong in (
        ("K1", {"ownerCode": "none"}),
        ("K2", {"warehouseCode": "none"}),
        ("K3", {"orderType": "PTCK"}),
    ):
        entry(talk, code, order_lines(1))
        talk.call("order.cancel", **{"orderCode": code, "orderType": "CGRK", **wrong})
        pages(talk, code)
    for quantity in ("abc", 7):
        talk.call("storeinventory.itemupdate", **{LINES: [row("N7", quantity)], **PLACE})
    ask(talk)
