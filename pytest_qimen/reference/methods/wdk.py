"""The WDK gateway: stock published in full or by signed increments, items read page by page with a cursor."""

import json
import re
from decimal import Decimal

from pytest_qimen.reference.data import Data, dump, load, project
from pytest_qimen.reference.database import Refused, State, Store
from pytest_qimen.reference.methods.registry import handles
from pytest_qimen.spec import load_api

PAGE = 20
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?", re.ASCII)
SEEDED = {"OU1001": 45, "HZMD001": 25}


def seed(store: Store) -> None:
    """Items that exist from the start, so that there is something to scroll through."""
    with store.transaction():
        for ou, count in SEEDED.items():
            goods = [_sku(ou, number) for number in range(count)]
            rows = [(ou, one["sku_code"], one["merchant_cat_code"], dump(one)) for one in goods]
            store.db.executemany("insert or ignore into skus values (?, ?, ?, ?)", rows)


def _sku(ou: str, number: int) -> Data:
    return Data(
        sku_code=f"{230000 + number}",
        sku_name=f"可乐{number}号",
        life_status="A",
        barcodes=f"69{number:011d}",
        sale_price="10.00",
        sale_unit="瓶",
        weight_flag="0",
        merchant_cat_code="LB0102" if number % 8 == 7 else "LB0101",
        ou_code=ou,
        online_sale_flag="1",
    )


@handles("alibaba.wdk.stock.publish")
def publish(state: State, request: Data) -> Data:
    """Stock of a channel shop: type 1 sets, type 2 adds; bill_no and every order_no count once."""
    batch = request.group("batch_stock_publish_dto")
    done = Data(is_success="true", msg_code="SUCCESS", message="success")
    lines = batch.rows("stock_publish_dtos")
    if not all(_NUMBER.fullmatch(line.text("quantity")) for line in lines):
        raise Refused("a quantity is no number", "invalid-quantity")
    if len({line.text("order_no") for line in lines}) < len(lines):
        raise Refused("an order_no stands twice", "duplicate")
    if not state.once("bill_no", "", batch.text("bill_no")):
        return done
    place = (batch.text("warehouse_code"), batch.text("shop_code"), batch.text("channel_source_id"))
    for line in lines:
        if state.once("order_no", "", line.text("order_no")):
            _book(state, place, line, adds=batch.text("update_type") == "2")
    return done


def _book(state: State, place: tuple[str, str, str], line: Data, adds: bool) -> None:
    sku, quantity = line.text("sku_code"), line.decimal("quantity")
    sql = "select quantity from published where warehouse = ? and shop = ? and channel = ? and sku = ?"
    if adds and (row := state.one(sql, *place, sku)):
        quantity += Decimal(row[0])
    state.run("insert or replace into published values (?, ?, ?, ?, ?)", *place, sku, f"{quantity:f}")
    data = Data(sku_code=sku, life_status="A", ou_code=place[1], shop_id=place[2], online_sale_flag="1")
    state.run("insert or ignore into skus values (?, ?, '', ?)", place[1], sku, dump(data))


@handles("alibaba.wdk.sku.scroll.query")
def scroll(state: State, request: Data) -> Data:
    """Twenty items of a store and the cursor to the next; with sku_codes these items and no cursor."""
    ou, cursor = request.text("ou_code"), request.text("scroll_id")
    if not state.one("select 1 from skus where ou = ? limit 1", ou):
        return _refused("门店不存在")
    where, values = "ou = ? and ? in ('', category)", [ou, request.text("merchant_cat_code")]
    if codes := [code for code in request.text("sku_codes").split(",") if code]:
        where += " and sku in (select value from json_each(?))"
        values.append(json.dumps(codes))
    total = state.one(f"select count(*) from skus where {where}", *values)[0]
    if cursor and not codes:
        start = _after(cursor, ou)
        if start is None:
            return _refused("游标无效")
        where, values = f"{where} and sku > ?", [*values, start]
    rows = state.all(f"select sku, data from skus where {where} order by sku limit {PAGE + 1}", *values)
    more = rows[PAGE - 1][0] if len(rows) > PAGE and not codes else ""
    return _page(total, [load(row[1]) for row in rows[:PAGE]], f"{ou}\n{more}".encode().hex() if more else "")


def _after(cursor: str, ou: str) -> str | None:
    """The item after which the cursor of this store goes on; None for another's or a broken one."""
    try:
        store, _, sku = bytes.fromhex(cursor).decode().partition("\n")
    except ValueError:
        return None
    return sku if store == ou else None


def _page(total: int, models: list[Data], cursor: str) -> Data:
    message = load_api("alibaba.wdk.sku.scroll.query").response
    found = Data(
        page_count=str(-(-total // PAGE)),
        total=str(total),
        success="true",
        page_size=str(PAGE),
    )
    if models:
        path = "result.model_list.model_list[]"
        found["model_list"] = Data(model_list=[project(message, path, model) for model in models])
    if cursor:
        found["scroll_id"] = cursor
    return Data(result=found)


def _refused(reason: str) -> Data:
    return Data(result=Data(success="false", err_code="ILLEGAL_PARAMETERS", err_msg=reason))
