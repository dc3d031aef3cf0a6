"""The calls of a scenario in, whether what a requirement is about was seen in them out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, whole_number
from pytest_qimen.cases.scenario import Ask, Scenario

MOST = 100_000  # items of a session that are remembered
_SYNCS = ("singleitem.synchronize", "items.synchronize")


@dataclass
class Past:
    """What a session has seen so far: the call that synchronised an item, and the methods that came."""

    items: dict[str, int] = field(default_factory=dict)  # code -> number of the call
    methods: set[str] = field(default_factory=set)

    def add(self, call: Call) -> None:
        """Remember a call that was not refused."""
        if call.outcome == "failure" or not call.method:
            return
        self.methods.add(call.method)
        if call.method in _SYNCS and call.root is not None and len(self.items) < MOST:
            for leaf in call.root.iter("{*}itemCode"):
                self.items.setdefault(xml.text(leaf).strip(), call.number)


@dataclass(frozen=True, slots=True)
class Seen:
    """The calls of one scenario, in their order, beside what the session has seen before and until now."""

    scenario: Scenario
    calls: Sequence[Call]
    past: Past
    known: frozenset[str]  # codes of items that were synchronised before the scenario began

    @property
    def several(self) -> bool:
        """Return True where two messages of one method differ."""
        messages = {(one.method, one.whole) for one in self.calls}
        return max(Counter(method for method, _ in messages).values(), default=0) > 1


def ordered(call: Call) -> list[str]:
    """Return the codes of the goods that a document orders."""
    leaves = xml.values(call.root, "orderLines.orderLine[].itemCode") if call.root is not None else []
    return [text.strip() for text in leaves if text.strip()]


def too_early(seen: Seen) -> tuple[Call, str] | None:
    """Return the document, and the code in it, that orders a new item before that was synchronised."""
    for call in seen.calls:
        for code in ordered(call):
            if code not in seen.known and seen.past.items.get(code, call.number) >= call.number:
                return call, code
    return None


def _pages(seen: Seen) -> list[tuple[int, Call]]:
    return [(whole_number(one.said("page") or one.said("currentPage")), one) for one in seen.calls]


def _turned(seen: Seen) -> bool:
    return any(page > 1 for page, _ in _pages(seen))


def _read_last(seen: Seen) -> bool:
    """Return True where the last page that an answer told of was read."""
    for page, call in _pages(seen):
        size, pages = whole_number(call.said("pageSize")), whole_number(call.told("totalPage"))
        total = whole_number(call.told("totalLines") or call.told("totalCount"))
        last = pages or (-(-total // size) if size else 0)
        if last and page >= last and call.outcome == "success":
            return True
    return False


def _was_mended(seen: Seen) -> bool:
    """Return True where a page, or a cursor, that failed was read in the end."""
    done: set[str] = set()
    failed: set[str] = set()
    for call in seen.calls:
        name = call.said("scroll_id") or call.said("page") or call.said("currentPage")
        (done if call.outcome == "success" else failed).add(name)
    return bool(failed) and failed <= done


def _many(seen: Seen) -> bool:
    """Return True where as many documents came as were asked for."""
    asked = [one.want.get("documents", 1) for one in seen.scenario.beats if isinstance(one, Ask)]
    keys = {(key.name, key.value) for call in seen.calls for key in call.keys}
    return max(len(seen.calls), len(keys)) >= max(asked, default=1)


def _new_item(seen: Seen) -> bool:
    return any(code not in seen.known for call in seen.calls for code in ordered(call))


def _ids(seen: Seen) -> Iterator[xml.Element]:
    """Yield the ids of items that calls after the first one name."""
    for call in seen.calls[1:]:
        if call.root is not None:
            yield from call.root.iter("{*}itemId")


def _categories(seen: Seen) -> bool:
    return "storecategory.get" in seen.past.methods


_HAPPENED: Mapping[str, Callable[[Seen], bool]] = {
    **dict.fromkeys(("page.step", "page.same-query", "page.empty", "page.endless"), _turned),
    **dict.fromkeys(("page.all", "page.stops", "page.total-page"), _read_last),
    **dict.fromkeys(("page.failed-page", "scroll.failed"), _was_mended),
    **dict.fromkeys(("scroll.next", "scroll.changing", "scroll.all"), lambda seen: seen.several),
    "scroll.codes": lambda seen: any(one.said("sku_codes") for one in seen.calls),
    **dict.fromkeys(("read.partial-only-failed", "read.partial-same-keys"), lambda seen: len(seen.calls) > 1),
    **dict.fromkeys(("load.keys", "load.signature"), _many),
    "sequence.item-first": _new_item,
    "sequence.item-id-equal": lambda seen: any(xml.text(one) for one in _ids(seen)),
    "sequence.combine-parts": lambda seen: bool(seen.past.items.keys() - seen.known),
    **dict.fromkeys(("sequence.category", "sequence.category-fresh"), _categories),
}


def happened(name: str, seen: Seen) -> bool:
    """Return True where the calls put a requirement to the test; of parts there are at least two."""
    short = name.removeprefix("caller.")
    if short.startswith("split."):
        return seen.several
    return short not in _HAPPENED or _HAPPENED[short](seen)
