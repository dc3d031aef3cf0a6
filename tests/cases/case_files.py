"""Case files that the tests write."""

from pathlib import Path

from pytest_qimen.cases import Case, load_cases
from tests.support.files import CASE, FLOW, METHOD, SUM, write

PROTOCOL = """\
[probe.wms]
method = "order.cancel"
text = "cancelReason"

[probe.wdk]
method = "alibaba.wdk.stock.publish"

[[case]]
id = "emoji"
level = "must"
expect = "success"
title = { zh = "表情", en = "Accepts emoji" }
requirements = ["encoding.text"]
clause = "000 section 2.1"
protocols = ["qimen"]
judges = "safety"
set = { "@text" = "😀" }

[[case]]
id = "plain"
level = "may"
expect = "any"
title = { zh = "普通", en = "Plain" }
requirements = ["encoding.text"]
clause = "000 section 2.1"
"""


FILES = {
    "case": ("cases/wms/thing.create.toml", METHOD + SUM + CASE),
    "flow": ("cases/flows/mine.toml", FLOW),
    "protocol": ("cases/protocol/mine.toml", PROTOCOL),
}


def loaded(folder: Path, kind: str, old: str = "", new: str = "") -> list[Case]:
    name, text = FILES[kind]
    return load_cases(write(folder, name, text, old, new))
