"""The second reading of the official documents: SPECDIR/*.txt in, one fact per printed element out.

It shares nothing with the first reading, on purpose. An XML template is never parsed: every opening tag of a
message is put in an index with the stretch of text that belongs to it, and an element's ancestors are the
stretches that contain its place. Types, lengths, code lists and need markers are regular expressions over the
printed words; nothing is inferred from what a field is called.

    python -m tests.audit.read_documents SPECDIR        prints tests/audit/facts.json
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

CJK = r"[\u4e00-\u9fff]"
EDGE = r"(?<![A-Za-z0-9_])"  # a token starts here; \b will not do, 汉字 are word characters to Python
END = r"(?![A-Za-z0-9_])"

# A repeated element is the named child of a list wrapper …
REPEATED = {
    ("orderLines", "orderLine"), ("items", "item"), ("materialitems", "item"), ("productitems", "item"),
    ("batchs", "batch"), ("packages", "package"), ("packageMaterialList", "packageMaterial"),
    ("invoices", "invoice"), ("relatedOrders", "relatedOrder"), ("processes", "process"),
    ("orders", "order"), ("deliveryOrders", "deliveryOrder"), ("criteriaList", "criteria"),
    ("itemMappings", "itemMapping"), ("transferItems", "transferItem"), ("expressInfos", "expressInfo"),
    ("warehouseInfos", "warehouseInfo"), ("warehouseInfos", "WarehouseInfos"), ("snList", "sn"),
    ("orderSourceCodes", "orderSourceCode"), ("orderCodes", "orderCode"), ("storeIds", "storeId"),
    ("itemIds", "itemId"), ("stores", "store"), ("storeInventories", "storeInventory"),
    ("quantityDetails", "quantityDetail"), ("errorDescriptions", "error"),
}  # fmt: skip
# … or one of the two groups of inventoryrule.create that are plural without a wrapper.
REPEATED_ALONE = {"inventoryRules", "channelRatioRules"}

MISPRINTED_TAGS = {"skuld": "skuId"}
MISPRINTED_WORDS = {"TAobao_": "TAOBAO_"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one printed element says: `max` characters, `digits` (precision, scale), `limit` elements."""

    doc: str
    method: str
    direction: str
    path: str
    leaf: bool
    need: str = "optional"
    type: str | None = None
    max: int | None = None
    digits: tuple[int, int] | None = None
    format: str | None = None
    codes: tuple[str, ...] = ()
    repeated: bool = False
    limit: int | None = None


# ---------------------------------------------------------------- the printed words of one element


def plain(text: str) -> str:
    """One line, ASCII punctuation, the known misprints mended."""
    text = text.translate(str.maketrans("（）：，；＝\xa0", "():,;= "))
    for printed, meant in MISPRINTED_WORDS.items():
        text = text.replace(printed, meant)
    return " ".join(text.split())


def need_of(text: str) -> str:
    """条件必填 and 条件为… before 必填, for the one contains the other; 不必填 is not 必填."""
    if re.search(r"条件必填|\(条件为", text):
        return "conditional"
    if "不必填" in text:
        return "optional"
    return "must" if re.search(r"必填|必须|必传", text) else "optional"


def type_of(text: str) -> tuple[str | None, int | None, tuple[int, int] | None]:
    """The first type word with its bracket: `string (50)`, `double (18, 2)`, `int`."""
    size = r"(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?"
    found = re.search(rf"{EDGE}(string|int|long|double){END}\s*{size}", text, re.IGNORECASE)
    if not found:
        return None, None, None
    word, length, scale = found[1].lower(), found[2], found[3]
    if word == "double":
        return "decimal", None, (int(length), int(scale)) if scale else None
    return word, int(length) if length else None, None


def format_of(text: str) -> str | None:
    """YYYY-MM-DD, HH:MM:SS or both, in any case."""
    date, time = r"YYYY-MM-DD", r"HH:MM:SS"
    for pattern, name in ((rf"{date}\s*{time}", "datetime"), (date, "date"), (time, "time")):
        if re.search(pattern, text, re.IGNORECASE):
            return name
    return None


# Each way a code list is printed, and how many codes it takes to be a list and not a remark.
CODE_LISTS = (
    (rf"{EDGE}([A-Za-z0-9_]+)\s*=\s*(?={CJK})", 1),  # SF=顺丰  PRINT = 打印  pending=挂起  0=自配|1=菜鸟
    (rf"{EDGE}([A-Z0-9_]+)\s*=\s*(?=[A-Za-z0-9])", 1),  # B2BRK=B2B入库  YHD=1号店, not orderType=CGRK
    (rf"{CJK}\s*=\s*([A-Z][A-Z0-9_]*){END}", 1),  # 线下店铺=OFFLINE
    (rf"{EDGE}([A-Za-z0-9_]+)\s*-\s*(?={CJK})", 1),  # NEW-未开始处理  1- 汇总库存
    (rf"{EDGE}(-?\d+)\s*:\s*(?={CJK})", 1),  # 0:已下单  -100:已取消
    (rf"{EDGE}(\d+)\s*表示", 2),  # 0 表示…; 1 表示…;
    (rf"{EDGE}([A-Z][A-Z0-9]+)\({CJK}+\)", 2),  # PTPS(普通配送),LLPS(冷链配送)
    (rf"{EDGE}([A-Za-z]+)\|[A-Za-z]+{END}", 1),  # add of add|update
    (rf"{EDGE}[A-Za-z]+\|([A-Za-z]+){END}", 1),  # update of add|update
    (rf"{EDGE}(Y)\s*/\s*N{END}", 1),
    (rf"{EDGE}Y\s*/\s*(N){END}", 1),
)


def codes_of(text: str) -> tuple[str, ...]:
    """Every code of the printed lists, in the order of the text, each once."""
    found: list[tuple[int, str]] = []
    for pattern, least in CODE_LISTS:
        hits = [(hit.start(1), hit[1]) for hit in re.finditer(pattern, text)]
        found += hits if len(hits) >= least else []
    for listed in re.finditer(r"枚举值:\s*([A-Z、, ]+)", text):
        found += [(listed.start() + hit.start(), hit[0]) for hit in re.finditer(r"[A-Z]+", listed[0])]
    return tuple(dict.fromkeys(code for _, code in sorted(found)))


# ---------------------------------------------------------------- messages printed as XML: 000 and 003


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    closing: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """The text that belongs to one opening tag: from `start` (`<`) over `inner` (behind `>`) to `end`."""

    name: str
    start: int
    inner: int
    end: int


def tags_of(message: str) -> list[Tag]:
    """All tags, blanks inside them forgiven. Whatever else opens with `<` must be a comment."""
    bare = re.sub(r"<!.*?>", lambda comment: " " * len(comment[0]), message, flags=re.DOTALL)
    tags = [
        Tag(MISPRINTED_TAGS.get(hit[2], hit[2]), bool(hit[1]), hit.start(), hit.end())
        for hit in re.finditer(r"<\s*(/?)\s*([A-Za-z_]\w*)\s*>", bare)
    ]
    if len(tags) != bare.count("<"):
        raise ValueError(f"a '<' that is neither tag nor comment in: {message[:200]!r}")
    return tags


def stretch_of(index: int, tags: list[Tag]) -> tuple[Stretch, int | None]:
    """The stretch of opening tag number `index`; the number of a second opening tag printed for its end.

    Of several closing tags the last counts: a page break in storeinventory.itemquery closed all too early.
    """
    tag, later = tags[index], range(index + 1, len(tags))
    namesakes = [at for at in later if tags[at].name == tag.name]
    again = next((at for at in namesakes if not tags[at].closing), None)
    closes = [at for at in namesakes if tags[at].closing and (again is None or at < again)]
    if closes:
        return Stretch(tag.name, tag.start, tag.end, tags[closes[-1]].start), None
    after = tags[index + 1].start  # an unclosed element ends at the next tag
    return Stretch(tag.name, tag.start, tag.end, after), again if again == index + 1 else None


def stretches_of(tags: list[Tag]) -> list[Stretch]:
    """One stretch per element, in document order; they nest or lie apart, else the text is not understood."""
    found: list[Stretch] = []
    spent: set[int] = set()
    for index, tag in enumerate(tags):
        if tag.closing or index in spent:
            continue
        stretch, stands_for_end = stretch_of(index, tags)
        found.append(stretch)
        spent |= {stands_for_end} if stands_for_end else set()
    for one in found:
        for other in found:
            if one.start < other.start < one.end < other.end:
                raise ValueError(f"<{one.name}> and <{other.name}> overlap")
    return found


def segment(name: str, parent: str) -> tuple[str, bool]:
    repeated = (parent, name) in REPEATED or name in REPEATED_ALONE
    return name + "[]" * repeated, repeated


def path_of(stretch: Stretch, ancestors: list[Stretch]) -> tuple[str, bool]:
    """The dotted path and whether its last element repeats."""
    names = [""] + [ancestor.name for ancestor in ancestors] + [stretch.name]
    steps = [segment(name, parent) for parent, name in itertools.pairwise(names)]
    return ".".join(step for step, _ in steps), steps[-1][1]


def said(base: Fact, text: str) -> Fact:
    """`base` with all that the printed words decide."""
    type_, max_, digits = type_of(text)
    fact = replace(base, need=need_of(text), format=format_of(text), codes=codes_of(text))
    return replace(fact, type=type_, max=max_, digits=digits)


def element_fact(base: Fact, message: str, stretch: Stretch, all_: list[Stretch]) -> Fact:
    ancestors = [other for other in all_ if other.start < stretch.start < other.end]
    inside = [other for other in all_ if stretch.start < other.start < stretch.end]
    path, repeated = path_of(stretch, ancestors)
    base = replace(base, path=path, repeated=repeated)
    if stretch.name == "extendProps":
        return replace(base, leaf=True, type="map")
    text = message[stretch.inner : inside[0].start if inside else stretch.end]
    text = plain(re.sub(r"<!.*?>", " ", text, flags=re.DOTALL))
    fact = replace(base, leaf=False, need=need_of(text)) if inside else said(base, text)
    if stretch.name == "flag" and not fact.codes:  # <flag>success</flag>
        fact = replace(fact, codes=tuple(re.findall(r"^success(?=,|$)", text)))
    parent_text = message[ancestors[-1].inner : stretch.start] if ancestors and repeated else ""
    limit = re.search(r"一次最多允许(\d+)条", parent_text)
    return replace(fact, limit=int(limit[1])) if limit else fact


def message_facts(base: Fact, message: str) -> list[Fact]:
    """The facts of the text between <request> and </request>; key1, key2 only illustrate extendProps."""
    stretches = stretches_of(tags_of(message))
    facts: dict[str, Fact] = {}
    for stretch in stretches:
        if not re.fullmatch(r"key\d+", stretch.name):
            fact = element_fact(base, message, stretch, stretches)
            facts.setdefault(fact.path, fact)
    return list(facts.values())


@dataclass(frozen=True, slots=True)
class Block:
    """One method: the prose before its request, its two messages, the prose behind its response."""

    method: str
    before: str
    request: str
    response: str
    behind: str


def blocks_of(text: str) -> Iterator[Block]:
    headings = list(re.finditer(r"API\s*名称[:：]\s*taobao\.qimen\.([A-Za-z.]*[A-Za-z])", text))
    bounds = [heading.start() for heading in headings] + [len(text)]
    before = text[: bounds[0]]
    for heading, end in zip(headings, bounds[1:], strict=True):
        block = text[heading.start() : end]
        # Greedy: a page break left a </request> in the middle of storeinventory.initial and .iteminitial.
        message = r"(.*?)<request>(.*)</request>.*?<response>(.*)</response>(.*)"
        found = re.fullmatch(message, block, re.DOTALL)
        if not found or block.count("<request>") != 1 or block.count("<response>") != 1:
            raise ValueError(f"{heading[1]}: not one request and one response")
        yield Block(heading[1], before + found[1], found[2], found[3], found[4])
        before = found[4]


def block_facts(doc: str, block: Block) -> Iterator[Fact]:
    for direction, message in (("request", block.request), ("response", block.response)):
        base = Fact(doc, block.method, direction, "", leaf=True)
        for fact in message_facts(base, message):
            limit = re.search(r"上限\s*(\d+)", block.before)
            if limit and direction == "request" and fact.repeated:
                yield replace(fact, limit=int(limit[1]))
            elif block.method == "orderStatus.sync" and fact.path == "status":  # 状态说明 behind
                yield replace(fact, codes=tuple(dict.fromkeys(re.findall(r"X_[A-Z_]+", block.behind))))
            else:
                yield fact


def xml_document(doc: str, text: str) -> list[Fact]:
    return [fact for block in blocks_of(text) for fact in block_facts(doc, block)]
