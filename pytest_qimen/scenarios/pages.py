"""The pages of a list in, one at a time and as a scenario wants them: too few, too many, one that fails."""

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.messages import samples
from pytest_qimen.spec import Api, Field

_SIZES = {  # the word -> pages of lines
    "half": 2.5,
    "whole": 2.0,
    "shrinks": 2.5,
    "endless": 2.5,
    "fails": 2.5,
    "counted": 3.0,
    "moves": 2.5,
}
_MANY = 1000  # lines that an endless list claims to have
_LIST = ("orderLines.orderLine[]",)  # where a document of several lists has the one that is paged
_NUMBERED = ("itemCode", "orderCode", "sku_code", "orderLineNo")


class Pages:
    """One list: what it holds is known when its first page is asked for."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._asked = 0
        self._failed = False

    def answer(self, api: Api, call: Call) -> xml.Element:
        """Return the page that a call asks for."""
        self._asked += 1
        size = _number(call, "pageSize") or 20
        page = self._page(api, call)
        if self._form == "fails" and page == 2 and not self._failed:
            self._failed = True
            root = xml.new(api.root)
            _verdict(api, root, good=False)
            return root
        total = int(_SIZES[self._form] * size)
        lines = range((page - 1) * size, min(page * size, total))
        if self._form == "endless":
            total, lines = _MANY, range(size)
        if self._form == "shrinks" and page > 1:
            total, lines = size + 1, range(0)
        return self._written(api, page, size, total, lines)

    def _page(self, api: Api, call: Call) -> int:
        """Return the number of the page: a cursor holds it."""
        if "scroll_id" in api.request.by_path:
            given = xml.get(call.root, "scroll_id") if call.root is not None else ""
            return self._asked if given else 1
        return _number(call, "page") or _number(call, "currentPage") or 1

    def _written(self, api: Api, page: int, size: int, total: int, lines: range) -> xml.Element:
        root = samples.minimal(api.response, api.root)
        _verdict(api, root, good=True)
        row = _listed(api)
        xml.drop(root, row.path)
        for name in ("totalLines", "totalCount", "total"):
            for leaf in api.response.leaves:
                if leaf.name == name and leaf.path.count(".") <= row.path.count("."):
                    xml.put(root, leaf.path, str(total))
        pages = -(-total // size)
        for leaf in api.response.leaves:
            if leaf.name in ("totalPage", "page_count"):
                xml.put(root, leaf.path, str(pages))
            if leaf.name == "scroll_id":
                xml.put(root, leaf.path, f"cursor-{page if self._form == 'moves' else 1}")
        parent = xml.ensure(root, row.path.rpartition(".")[0])
        for line in lines:
            element = xml.append(parent, row.name)
            samples.fill(element, api.response, row.path)
            for leaf in api.response.children(row.path):
                if leaf.name in _NUMBERED:
                    xml.put(
                        element,
                        leaf.name,
                        f"{line + 1}" if leaf.name == "orderLineNo" else f"QM{line + 1:05}",
                    )
        return root


def _listed(api: Api) -> Field:
    """Return the list of an answer that is paged."""
    rows = [row for row in api.response.fields if row.repeated]
    return next((row for row in rows if row.path in _LIST), rows[0])


def put_verdict(api: Api, root: xml.Element, *, good: bool) -> None:
    """Write whether the answer is a success, in the words of its method."""
    words = ("failure", "success") if api.verdict == "flag" else ("false", "true")
    xml.put(root, api.verdict, words[good])


def _verdict(api: Api, root: xml.Element, *, good: bool) -> None:
    put_verdict(api, root, good=good)
    if api.verdict == "flag":
        xml.put(root, "message", "success" if good else "try again")


def _number(call: Call, name: str) -> int:
    text = (xml.get(call.root, name) or "") if call.root is not None else ""
    return int(text) if text.isdecimal() and len(text) < 7 else 0
