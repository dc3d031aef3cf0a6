"""Messages to the warehouse."""

from tests.reference.endpoint_client import Answer, Client

CURIOUS = "  中文 😀 & <b> \"'\\%+ \u00e9  x"


def lines(count: int, start: int = 1) -> list[dict[str, object]]:
    return [
        {"orderLineNo": number, "itemCode": f"I{number}", "planQty": number}
        for number in range(start, start + count)
    ]


def entry(client: Client, code: str, rows: list[dict[str, object]], **edits: object) -> Answer:
    return client.call(
        "entryorder.create", entryOrder__entryOrderCode=code, orderLines__orderLine=rows, **edits
    )


def entry_page(client: Client, code: str, page: int = 1, size: int = 100) -> Answer:
    return client.call("entryorder.query", entryOrderCode=code, page=page, pageSize=size)


def confirm(
    client: Client, code: str, key: str, quantities: list[int], kind: int = 0, **edits: object
) -> Answer:
    rows = [
        {"itemCode": f"I{number}", "orderLineNo": number, "actualQty": quantity}
        for number, quantity in enumerate(quantities, 1)
    ]
    values = {
        "entryOrder__entryOrderCode": code,
        "entryOrder__outBizCode": key,
        "entryOrder__confirmType": kind,
        "entryOrder__status": "FULFILLED" if kind == 0 else "PARTFULFILLED",
        "entryOrder__ownerCode": "HZ0001",
        **edits,
    }
    return client.call("entryorder.confirm", orderLines__orderLine=rows, **values)
