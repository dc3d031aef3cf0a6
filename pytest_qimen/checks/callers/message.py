"""The message of a call against its method: fields, values, lists, and the rules between them."""

from collections.abc import Iterator
from difflib import get_close_matches

from pytest_qimen import rules, schema, xml
from pytest_qimen.calls.call import Call, Caller
from pytest_qimen.phrases import Said, say
from pytest_qimen.schema.tree import placed
from pytest_qimen.spec import Api, Field, later_element, milder_later
from pytest_qimen.verdict import Finding, Level

JUDGED = (
    *("message.xml", "message.utf-8", "message.need", "message.length", "message.type", "message.digits"),
    *("message.format", "message.codes", "message.codes-open", "message.duplicate"),
    *("message.empty-lists", "message.null-text", "message.unknown", "message.rule", "message.sums"),
    *(
        "message.batches-add-up",
        "message.other-warehouse",
        "split.serials",
        "split.stores",
        "split.top-stores",
    ),
    *("split.publish", "split.codes", "split.total-true", "key.publish-form", "key.line-codes-differ"),
    *("page.size", "top.form", "top.names"),
)
MOST = 20  # undeclared elements that are named in one call
_NULLS = frozenset(("null", "NULL", "Null", "undefined", "NaN", "None"))
_WHAT = {"range": "limit", "root": "xml"}  # a rule of the schema -> the requirement, where the names differ


def check(call: Call, caller: Caller) -> Iterator[Finding]:
    """Yield what is wrong with the message; nothing more where it cannot be read or its method is unknown."""
    root, api = call.root, call.api
    if "message" in call.heard.lost:
        return
    if root is None:
        if call.is_top:
            yield Finding("caller.top.form", Level.MUST, "", say("call-json"), call.trouble, "001")
        elif call.heard.verb == "POST":
            yield _finding(
                "xml", Level.MUST, "", say("call-xml"), call.trouble or say("nothing"), "000 section 2.1"
            )
        return
    if xml.name(root) != "request":
        yield _finding("xml", Level.MUST, "", say("call-root"), xml.name(root), "000 section 2.1")
        return
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    if not call.is_top and encoding.upper() not in ("UTF-8", "ASCII", "US-ASCII"):
        yield _finding("utf-8", Level.SHOULD, "", "UTF-8", encoding, "000 section 2.1")
    if api is not None:
        root = xml.bare(root)
        yield from _fields(api, root)
        yield from _rules(api, root)
        yield from _texts(api, root)
        yield from _lines(api, root)
        yield from _unknown(api, root)


def _finding(what: str, level: Level, path: str, expected: Said, actual: Said, clause: str) -> Finding:
    return Finding(f"caller.message.{what}", level, path, expected, actual, clause)


def _fields(api: Api, root: xml.Element) -> Iterator[Finding]:
    for problem in schema.problems(api, "request", root):
        row = api.request.by_path.get(problem.field, Field(problem.field))
        name, level = requirement(api, row, problem)
        note = milder_later(api, problem.field, problem.rule)
        yield Finding(
            f"caller.{name}",
            level,
            problem.path,
            say("with-note", wanted=problem.expected, note=note) if note else problem.expected,
            problem.actual,
            f"{row.source or api.source} request.{problem.field}",
        )


def requirement(api: Api, row: Field, problem: schema.Problem) -> tuple[str, Level]:
    """Return the requirement that a problem of the schema breaks, and its level."""
    name, level = _requirement(api, row, problem.rule, problem.actual)
    if problem.rule == "need" and level is Level.MUST:
        level = Level(api.request.demand(row)) if problem.field in api.request.by_path else Level.MUST
    return name, Level.MAY if row.doubt else level


def _requirement(api: Api, row: Field, rule: str, actual: Said) -> tuple[str, Level]:
    """Return the requirement that a problem of the schema breaks, and its level."""
    if rule == "limit" and row.separator:
        return "split.codes", Level.MUST
    if rule == "limit" and row.name in _LIMITS:
        return _LIMITS[row.name], Level.MUST
    if rule == "range" and row.name in ("page", "currentPage"):
        return "page.first" if api.readonly else "split.pages", Level.MUST
    if rule == "range" and row.name == "pageSize":
        return "page.size", Level.MUST
    if rule in ("length", "format") and row.name in ("bill_no", "order_no"):
        return "key.publish-form", Level.MUST
    if rule == "need" and row.name == "warehouseCode":
        return "message.other-warehouse", Level.MUST
    if rule == "codes" and (row.doubt or (row.name in _GROWING and not _is_spelled_wrong(row, actual))):
        return "message.codes-open", Level.MAY
    if api.protocol == "top" and rule == "need":
        return "top.names", Level.MUST
    return f"message.{_WHAT.get(rule, rule)}", Level.SHOULD if rule == "duplicate" else Level.MUST


def _is_spelled_wrong(row: Field, actual: Said) -> bool:
    """Return True for a printed code in other letters: no list grows by that."""
    codes = row.codes.codes if row.codes else ()
    return isinstance(actual, str) and actual.strip("' ").upper() in codes


_LIMITS = {
    "item": "split.serials",
    "storeId": "split.stores",
    "stores": "split.top-stores",
    "stock_publish_dtos": "split.publish",
}


_GROWING = ("logisticsCode", "sourcePlatformCode")  # lists that are longer than any print of them


def _rules(api: Api, root: xml.Element) -> Iterator[Finding]:
    for broken in rules.broken(api, "request", root):
        level = Level(broken.rule.level)
        what = "rule" if level.is_judged else "sums"
        if broken.rule.kind == "sum":
            what, level = "batches-add-up", Level.MUST
        clause = f"{api.source}, rule {broken.rule.id}"
        yield _finding(what, level, broken.path, broken.expected, broken.actual, clause)


def _texts(api: Api, root: xml.Element) -> Iterator[Finding]:
    """Yield values that are the word for nothing, and groups and lists that hold nothing.

    What extendProps holds is the two sides' own affair.
    """
    rows, full = api.request.by_path, _full(root)
    for place, element in placed(one for one in root.iterdescendants("*") if _says_nothing(one, full)):
        text = xml.text(element).strip()
        if text:
            yield _finding("null-text", Level.MUST, place, say("call-no-null"), text, api.source)
        else:
            path = xml.schematic(place)
            row = rows.get(path) or rows.get(f"{path}[]")
            parent = element.getparent()
            is_inner = parent is not None and parent is not root and parent not in full
            if row is not None and row.type == "group" and not is_inner:
                expected = say("call-filled-list")
                yield _finding("empty-lists", Level.SHOULD, place, expected, say("nothing"), api.source)


def _says_nothing(element: xml.Element, full: set[xml.Element]) -> bool:
    text = xml.text(element).strip()
    is_odd = text in _NULLS and not len(element) if text else element not in full
    return is_odd and not any(xml.name(one) == "extendProps" for one in element.iterancestors())


def _full(root: xml.Element) -> set[xml.Element]:
    """Return the elements below which there is a text."""
    found: set[xml.Element] = set()
    for element in root.iterdescendants("*"):
        if xml.text(element).strip():
            for one in element.iterancestors():
                if one in found:
                    break
                found.add(one)
    return found


def _lines(api: Api, root: xml.Element) -> Iterator[Finding]:
    """Yield a total below the lines that stand here, and codes of lines that stand twice."""
    lists = {row.path for row in api.request.fields if row.repeated and row.name == "orderLine"}
    for path in lists:
        owner = path.rpartition(".orderLines.")[0] if ".orderLines." in path else ""
        for holder in xml.find(root, owner):
            lines = xml.find(holder, "orderLines.orderLine[]")
            yield from _total(api, holder, len(lines))
            codes = (element for line in lines for element in xml.find(line, "outBizCode"))
            seen: set[str] = set()
            for place, element in placed(codes):
                code = xml.text(element)
                if code and code in seen:
                    check, expected = "caller.key.line-codes-differ", say("call-differs")
                    yield Finding(check, Level.SHOULD, place, expected, code, api.source)
                seen.add(code)


def _total(api: Api, order: xml.Element, lines: int) -> Iterator[Finding]:
    """Yield a total of `order` that is below the number of lines in it."""
    for place, element in placed(order.iter("{*}totalOrderLines")):
        text = xml.text(element).strip()
        if text.isascii() and text.isdecimal() and len(text) < 12 and int(text) < lines:
            expected = say("call-total", number=lines)
            yield Finding("caller.split.total-true", Level.MUST, place, expected, text, api.source)


def _unknown(api: Api, root: xml.Element) -> Iterator[Finding]:
    names = sorted({row.name for row in api.request.fields})
    for path in schema.undeclared(api, "request", root)[:MOST]:
        own = xml.schematic(path).rpartition(".")[2].removesuffix("[]")
        near = get_close_matches(own, names, 1, 0.6)
        expected = say("call-nearest", name=near[0]) if near else say("declared")
        later = later_element(api, path)
        wanted, told = (say("declared"), later.said()) if later else (expected, own)
        yield _finding("unknown", Level.MAY, path, wanted, told, api.source)
