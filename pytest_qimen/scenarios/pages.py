"""The pages of a list in, one at a time and as a scenario wants them: too few, too many, one that fails."""

from uuid import uuid4

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.messages import samples
from pytest_qimen.scenarios.about import asked, put_asked
from pytest_qimen.spec import Api, Field

_SIZES = {  # the word -> pages of lines
    "half": 2.5,
    "whole": 2.0,
    "shrinks": 2.5,
    "endless": 2.5,
    "fails": 2.5,
    "counted": 3.0,
    "moves": 3.5,
}
WORDS = {  # the verdict's path -> where code and message stand
    "flag": ("code", "message"),
    "is_success": ("msg_code", "message"),
    "result.success": ("result.err_code", "result.err_msg"),
}
_MANY = 1000  # lines that an endless list claims to have
_LIST = ("orderLines.orderLine[]",)  # where a document of several lists has the one that is paged
_NUMBERED = ("itemCode", "orderCode", "orderId", "sku_code", "orderLineNo")
_BATCHES = ("batchCode", "produceCode")  # by which lines of one item differ


class Pages:
    """One list: what it holds is known when its first page is asked for."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._given = 0
        self._cursor = uuid4().hex[:8]  # two lists that are read at once are told apart by it
        self._failed = False

    def answer(self, api: Api, call: Call, known: xml.Element) -> xml.Element:
        """Return the page that a call asks for; `known` is the success that a correct counterpart answers."""
        size = _number(call, "pageSize") or 20
        page = self._page(api, call)
        if self._form == "fails" and page == 2 and not self._failed:
            self._failed = True
            root = xml.new(api.root)
            put_verdict(api, root, good=False)
            put_words(api, root, "pytest-qimen", "try again")
            return root
        self._given = page
        total = int(_SIZES[self._form] * size)
        lines = range((page - 1) * size, min(page * size, total))
        if self._form == "endless":
            total, lines = _MANY, range(size)
        if self._form == "shrinks" and page > 1:
            total, lines = size + 1, range(0)
        root = self._head(api, call, known)
        self._count(api, root, page, size, total)
        _put_lines(api, call, root, lines)
        return root

    def _page(self, api: Api, call: Call) -> int:
        """Return the number of the page: a cursor holds it."""
        if "scroll_id" in api.request.by_path:
            given = xml.get(call.root, "scroll_id") if call.root is not None else ""
            return self._given + 1 if given else 1
        return _number(call, "page") or _number(call, "currentPage") or 1

    def _head(self, api: Api, call: Call, known: xml.Element) -> xml.Element:
        """Return what stands on every page: the document that is known, or the one that was asked for."""
        row = _listed(api)
        root = xml.copy(known)
        if not any(xml.find(known, one.path) for one in api.response.children("") if not one.leaf):
            root = samples.minimal(api.response, api.root)
            put_asked(api, call, root)
        put_verdict(api, root, good=True)
        put_words(api, root, "0", "success")
        xml.drop(root, row.path)
        return root

    def _count(self, api: Api, root: xml.Element, page: int, size: int, total: int) -> None:
        """Write how much there is in all, and the cursor of this page."""
        depth = _listed(api).path.count(".")
        for leaf in api.response.leaves:
            if leaf.name in ("totalLines", "totalCount", "total") and leaf.path.count(".") <= depth:
                xml.put(root, leaf.path, str(total))
            elif leaf.name in ("totalPage", "page_count"):
                xml.put(root, leaf.path, str(-(-total // size)))
            elif leaf.name == "scroll_id":
                xml.put(root, leaf.path, f"{self._cursor}-{page if self._form == 'moves' else 1}")


def _put_lines(api: Api, call: Call, root: xml.Element, lines: range) -> None:
    """Write the lines of a page: of what was asked for, and each another one."""
    row = _listed(api)
    known = {path.rpartition(".")[2]: text for path, text in asked(api, call).items() if row.path in path}
    numbered = _NUMBERED if known.keys().isdisjoint(_NUMBERED) else (*_NUMBERED, *_BATCHES)
    leaves = [leaf.name for leaf in api.response.children(row.path) if leaf.leaf]
    parent = xml.ensure(root, row.path.rpartition(".")[0])
    for line in lines:
        element = xml.append(parent, row.name)
        samples.fill(element, api.response, row.path)
        for name in leaves:
            if name in known:
                xml.put(element, name, known[name])
            elif name in numbered:
                xml.put(element, name, str(line + 1) if name == "orderLineNo" else f"QM{line + 1:05}")


def _listed(api: Api) -> Field:
    """Return the list of an answer that is paged."""
    rows = [row for row in api.response.fields if row.repeated]
    return next((row for row in rows if row.path in _LIST), rows[0])


def put_verdict(api: Api, root: xml.Element, *, good: bool) -> None:
    """Write whether the answer is a success, in the words of its method."""
    words = ("failure", "success") if api.verdict == "flag" else ("false", "true")
    xml.put(root, api.verdict, words[good])


def put_words(api: Api, root: xml.Element, code: str, message: str) -> None:
    """Write the code and the message beside the verdict."""
    code_path, message_path = WORDS[api.verdict]
    xml.put(root, "qimen_code" if "qimen_code" in api.response.by_path else code_path, code)
    xml.put(root, message_path, message)


def _number(call: Call, name: str) -> int:
    text = (xml.get(call.root, name) or "") if call.root is not None else ""
    return int(text) if text.isdecimal() and len(text) < 7 else 0
