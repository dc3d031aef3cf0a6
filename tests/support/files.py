"""A small method, target and flow as text, and the same with one line changed."""

from pathlib import Path

METHOD = """\
[api]
method = "thing.create"
role = "wms"
title = { zh = "新建", en = "Create a thing" }
source = "003 thing.create"

[request]
fields = [
  { path = "thing", need = "must" },
  { path = "thing.thingCode", need = "must", type = "string", max = 20, key = true, example = "T1" },
  { path = "thing.kind", type = "string", max = 10, codes = "yes-no", example = "Y" },
  { path = "thing.quantity", type = "int", example = "2" },
  { path = "thing.price", type = "decimal", digits = [18, 2], example = "1.50" },
  { path = "lines" },
  { path = "lines.line[]", limit = 3 },
  { path = "lines.line[].item", need = "must", type = "string", example = "A1" },
  { path = "lines.line[].quantity", need = "must", type = "int", example = "2" },
]

[response]
fields = [
  { path = "flag", need = "must", type = "string", max = 50, codes = "response-flag", example = "success" },
  { path = "code", need = "must", type = "string", max = 50, example = "0" },
  { path = "message", need = "must", type = "string", max = 200, example = "ok" },
  { path = "thingId", type = "string", max = 50, example = "W1" },
]

[[rule]]
id = "price-needs-kind"
kind = "required-if"
level = "must"
text = { zh = "有", en = "A kind has a price" }
scope = "thing"
field = "price"
when = { kind = "Y" }
"""

SUM = """
[[rule]]
id = "lines-add-up"
kind = "sum"
level = "should"
text = { zh = "和", en = "The lines add up" }
total = "thing.quantity"
parts = "lines.line[].quantity"
"""

CASE = """
[[case]]
id = "two-lines"
level = "must"
expect = "success"
title = { zh = "两行", en = "Two lines" }
set = { "thing.kind" = "N" }
"""

TARGET = """\
url = "http://127.0.0.1:1/qimen"
name = "mine"
roles = ["wms"]
methods = ["deliveryorder.*", "wms/entryorder.*"]
without = ["deliveryorder.query"]
prefixed = ["wms"]
version = "3.0"
rate = 20
connect_timeout = 1.5
read_timeout = 2
readonly = true

[data]
warehouseCode = "CK1"
"deliveryOrder.logisticsCode" = ["SF", "EMS"]
"entryorder.create:orderLines.orderLine[].planQty" = 5

[[known]]
id = "wms/deliveryorder.create/*"
reason = "ticket 1"
since = 2026-01-01
expires = 2026-06-30
"""

FLOW = """\
[[flow]]
id = "create-and-cancel"
level = "must"
title = { zh = "创建后取消", en = "Create, then cancel" }
requirements = ["state.cancelled"]
clause = "003 order.cancel"

[[flow.step]]
method = "entryorder.create"
expect = "success"
save = { code = "request:entryOrder.entryOrderCode" }

[[flow.step]]
method = "order.cancel"
expect = "success"
set = { "orderCode" = "@code", "orderType" = "CGRK" }
check = [{ path = "flag", is = "success" }]

[[flow.cleanup]]
method = "order.cancel"
expect = "any"
set = { "orderCode" = "@code", "orderType" = "CGRK" }
"""


def write(folder: Path, name: str, text: str, old: str = "", new: str = "") -> Path:
    """The text as a file below `folder`, its one `old` replaced by `new`."""
    if old:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
