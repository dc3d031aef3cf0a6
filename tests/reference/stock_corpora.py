"""What is sent to an endpoint to see its faults about stock of stores and scrolls of items."""

from tests.reference.endpoint_corpora import LINES, PLACE, SCROLL, Talk, row


def scrolls(talk: Talk) -> None:
    """Pages to the end, of a store and of a category; items by their codes; two scrolls in turns."""
    for asked in ({"ou_code": "OU1001"}, {"ou_code": "HZMD001", "merchant_cat_code": "LB0101"}):
        answer = talk.call(SCROLL, **asked)
        while answer is not None and (cursor := answer["result.scroll_id"]) and len(talk.heard) < 50:
            answer = talk.call(SCROLL, **asked, scroll_id=cursor)
    talk.call(SCROLL, ou_code="OU1001", sku_codes="230001,230002")
    talk.call(SCROLL, ou_code="none", sku_codes="230001")
    first, second = (talk.call(SCROLL, ou_code="OU1001") for _ in range(2))
    for answer in (second, first):
        talk.call(SCROLL, ou_code="OU1001", scroll_id=answer["result.scroll_id"] if answer else "1")


def stocks(talk: Talk) -> None:
    """Stock that is set to 0, changed with a final quantity, and numbers beyond 53 bits."""
    numbers = iter(range(100))

    def write(method: str, item: str, quantity: object, **more: object) -> None:
        line = {**row(f"S{next(numbers)}", quantity), "scItemId": item, **more}
        talk.call(f"storeinventory.{method}", **{LINES: [line], **PLACE})

    for item, quantity in (("1", 4), ("1", 0), ("2", 4), ("3", 2**53 + 1), (f"{10**17 + 1}", 5)):
        write("initial", item, quantity)
    write("update", "2", 3, finalQuantity=7)
    for item in ("1", "2", "3", f"{10**17}"):
        talk.call("storeinventory.query", **{LINES: [{"scItemId": item, "outerId": "O"}], **PLACE})
