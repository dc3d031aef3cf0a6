"""The second reading of messages that are printed as tables: documents 001, 002 and 004."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tests.audit.index_by_tag import CJK, Fact, codes_of, format_of, plain


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; `marked` when a └ stands before the name; `text` is the last cell, the description."""

    name: str
    type: str
    need: str
    text: str
    marked: bool


# Rows that stand under └ behind a nested group but belong one level higher (the indent got lost in print).
# itemupdate: the Java example sets them on Store (obj3). scroll.query: one cursor per page of data.
# synchronize: the group has its own extendProps in the row before.
CLOSES_GROUP = {
    ("taobao.qimen.storeinventory.itemupdate", "request", "warehouse_type", "库存来源的类型"),
    ("alibaba.wdk.sku.scroll.query", "response", "scroll_id", "游标:作为下一次请求数据的参数"),
    ("singleitem.synchronize", "request", "extendProps", "扩展属性"),
}
# What a list row of an answer wraps: by the XML example of 001, by the habit of TOP in 004.
LIST_CHILD = {"error_descriptions": "error", "model_list": "model_list"}

LEAF_TYPE = r"String|Number|Boolean|Map"
NEED = r"必须|可选|否"


def page_rows(section: str) -> list[Row]:
    """Rows of a TOP page: a line of its own for the outermost, bullets (one per cell) for the others."""
    name = r"(?P<mark>└[ \t]*)?(?P<name>[A-Za-z_]\w*)"
    type_ = rf"(?P<type>(?:{LEAF_TYPE})(?!\w)|[A-Z]\w+(?:[ ]\[\])?)"
    start = re.compile(
        rf"^[ ]*(?:•[ ])?{name}(?:[ ]|\s*\n\s*•[ ]){type_}(?=[ \n])(?:[\s•]*(?P<need>{NEED}))?", re.MULTILINE
    )
    rows = list(start.finditer(section))
    ends = [row.start() for row in rows[1:]] + [len(section)]
    found = []
    for row, end in zip(rows, ends, strict=True):
        cells = [plain(cell) for cell in section[row.end() : end].split("•")]
        limit = re.search(r"最大列表长度:\d+", plain(section[row.end() : end]))
        text = cells[-1] + (f" {limit[0]}" if limit else "")
        found.append(Row(row["name"], row["type"], row["need"] or "", text, bool(row["mark"])))
    return found


def cell_rows(section: str) -> list[Row]:
    """Rows of 004: five cells, each ended by a bar."""
    pattern = rf"(└\s*)?([A-Za-z_]\w*)\s*\|\s*([A-Z]\w*(?:\[\])?)\s*\|\s*({NEED})\s*\|[^|]*\|([^|]*)\|"
    return [Row(hit[2], hit[3], hit[4], plain(hit[5]), bool(hit[1])) for hit in re.finditer(pattern, section)]


def bare_digits(text: str) -> tuple[str, ...]:
    """Codes glued to their labels, as only 004 prints them: `:1称重品0非称重品`, `,全量1,增量2`, `:4淘宝`."""
    glued = re.search(rf":((?:\d+{CJK}+)+)$", text) or re.search(rf",((?:{CJK}+\d+,?){{2,}})$", text)
    return tuple(re.findall(r"\d+", glued[1])) if glued else ()


def row_fact(base: Fact, row: Row, path: str) -> Fact:
    leaf = re.fullmatch(LEAF_TYPE, row.type) is not None
    repeated, limit = path.endswith("[]"), re.search(r"最大列表长度:(\d+)|\((\d+)条", row.text)
    need = "must" if row.need == "必须" else "optional"
    fact = replace(base, path=path, leaf=leaf, need=need, repeated=repeated)
    if repeated and limit:
        fact = replace(fact, limit=int(limit[1] or limit[2]))
    if not leaf or row.type == "Map":
        return replace(fact, type="map" if leaf else None)
    codes = codes_of(row.text) or (bare_digits(row.text) if base.doc == "004" else ())
    return replace(fact, type=row.type.lower(), format=format_of(row.text), codes=codes)


def row_paths(base: Fact, row: Row, parent: str) -> list[str]:
    """The path of a row; for a list in an answer that of its wrapper, too."""
    here = f"{parent}.{row.name}" if parent else row.name
    if not row.type.endswith("[]"):
        return [here]
    return [f"{here}[]"] if base.direction == "request" else [here, f"{here}.{LIST_CHILD[row.name]}[]"]


def table_facts(base: Fact, rows: list[Row]) -> list[Fact]:
    """Rows follow their group; a row without └ at the left edge, or one of CLOSES_GROUP, goes back up."""
    facts: list[Fact] = []
    groups: list[str] = []
    for row in rows:
        if (base.method, base.direction, row.name, row.text) in CLOSES_GROUP:
            groups.pop()
        if row.name == base.direction:  # the row `request` or `response` itself
            continue
        paths = row_paths(base, row, groups[-1] if groups else "")
        facts += [row_fact(base, row, path) for path in paths]
        if not facts[-1].leaf:
            groups.append(paths[-1])
    return facts


def page_document(doc: str, method: str, text: str) -> list[Fact]:
    """A TOP page: 请求参数 … 响应参数 … 请求示例."""
    _, request, response = re.split(r"\n *(?:请求参数|响应参数)\n", re.split(r"\n *请求示例\n", text)[0])
    return [
        fact
        for direction, section in (("request", request), ("response", response))
        for fact in table_facts(Fact(doc, method, direction, "", leaf=True), page_rows(section))
    ]


def noted_lengths(prose: str) -> dict[str, int]:
    """The note above stock.publish: `注:billNo 、 orderNo … 至少18位以上50位以内` gives both a length."""
    note = re.search(r"注:(\w+)\s*、\s*(\w+)[^\n]*以上(\d+)位以内", prose)
    names = [re.sub(r"([A-Z])", r"_\1", name).lower() for name in note.group(1, 2)] if note else []
    return {name: int(note[3]) for name in names} if note else {}


def cell_document(doc: str, text: str) -> list[Fact]:
    """004: two methods, each with API入参 and API出参; the last method named before a table owns it."""
    facts: list[Fact] = []
    parts = re.split(r"(API[入出]参)", text)
    method = ""
    for before, title, section in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        method = (re.findall(r"alibaba\.wdk\.[a-z.]*[a-z]", before) or [method])[-1]
        direction, lengths = ("request" if title == "API入参" else "response"), noted_lengths(before)
        rows = table_facts(Fact(doc, method, direction, "", leaf=True), cell_rows(section))
        facts += [replace(fact, max=lengths.get(fact.path.rpartition(".")[2])) for fact in rows]
    return facts
