"""A query in, what it shows of the messages that other methods keep out: the tables `[[shows]]`, read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_qimen import spec
from pytest_qimen.messages.edits import Edit
from pytest_qimen.messages.lists import LINE_NUMBER
from pytest_qimen.spec import Field

UNNAMED = "OTHER"  # as a warehouse: none in particular, fits every one (DECISIONS)
# Master data is sent as the target has it.
_KNOWN = frozenset(("warehouseCode", "ownerCode", "itemCode", "scItemCode", "shopId", "mainCategory"))


@dataclass(frozen=True, slots=True)
class Pair:
    """A leaf of the answer (`shown`) that holds what a leaf of the earlier request (`sent`) held."""

    shown: Field
    sent: Field
    recorded: bool
    mark: tuple[str, str] | None  # the list in the request in which it stands, and what tells its lines apart

    @property
    def is_found(self) -> bool:
        """Return True for a value that is not ours to choose: it is looked for as it was sent."""
        return self.sent.key or self.sent.refers or self.sent.name in _KNOWN

    @property
    def is_mark(self) -> bool:
        """Return True when it is what tells the lines of its list apart."""
        return self.mark is not None and self.below == self.mark[1]

    @property
    def is_numbered(self) -> bool:
        """Return True when the lines are those of one document, told apart by number."""
        return self.mark is not None and self.mark[1] == LINE_NUMBER

    @property
    def below(self) -> str:
        """Return the path of the request's leaf below its list, or the whole of it."""
        return self.sent.path.removeprefix(f"{self.mark[0]}.") if self.mark else self.sent.path


@dataclass(frozen=True, slots=True)
class Shown:
    """One table `[[shows]]` of a query: which method's messages it shows, and how they are asked for."""

    query: spec.Api
    maker: spec.Api
    give: Mapping[str, str]
    pairs: tuple[Pair, ...]
    update: spec.Api | None = None
    update_set: Mapping[str, str] = field(default_factory=dict)

    @property
    def saved(self) -> Mapping[str, str]:
        """Return the places of everything that later steps need, each under a name of its own."""
        wanted = (*self.give.values(), *self.update_set.values())
        places = dict.fromkeys(place for place in wanted if ":" in place)
        return {f"key{number}": place for number, place in enumerate(places, 1)}

    @property
    def told(self) -> tuple[str, ...]:
        """Return the names of `saved` that only an answer gives, or does not give."""
        return tuple(name for name, place in self.saved.items() if place.startswith("response:"))

    @property
    def asked_keys(self) -> Iterator[Edit]:
        """Yield the edits that write the keys of the query into the maker's message, which may lack them."""
        for place in self.give.values():
            side, _, path = place.partition(":")
            row = self.maker.request.by_path.get(path) if side == "request" else None
            if row and row.need != "must" and not row.usual:
                yield Edit("put", row.path, row.example)


def shown_by(query: spec.Api) -> Iterator[Shown]:
    """Yield what the query shows, one maker after the other."""
    for table in query.shows:
        maker = spec.load_api(table["method"])
        update = table.get("update", {})
        yield Shown(
            query,
            maker,
            table.get("give") or _given(query, table["method"]),
            tuple(_pairs(query, maker, table)),
            spec.load_api(update["method"]) if update else None,
            update.get("set", {}),
        )


def _given(query: spec.Api, method: str) -> Mapping[str, str]:
    """Return what the query's own setup gives it of that method."""
    return next((setup["give"] for setup in query.setup if setup["method"] == method), {})


def _pairs(query: spec.Api, maker: spec.Api, table: Mapping[str, Any]) -> Iterator[Pair]:
    """Yield a pair for every leaf that both messages have below the groups of the table."""
    own, recorded, marks = (table.get(key, ()) for key in ("own", "recorded", "marks"))
    seen: set[str] = set()
    for path, source in sorted(table["pairs"].items(), key=lambda pair: -len(pair[0])):
        for shown in query.response.leaves:
            sent = maker.request.by_path.get(_beside(shown.path, path, source))
            if sent is None or shown.path in seen or not _is_under(shown.path, path):
                continue
            seen.add(shown.path)
            if not any(_is_under(shown.path, one) for one in own) and sent.need != "conditional":
                mark = (source, marks[path]) if path in marks else _mark(shown, marks, table["pairs"])
                yield Pair(shown, sent, shown.path in recorded or bool(shown.doubt or sent.doubt), mark)


def _mark(shown: Field, marks: Mapping[str, str], pairs: Mapping[str, str]) -> tuple[str, str] | None:
    return next(((pairs[path], marks[path]) for path in marks if _is_under(shown.path, path)), None)


def _is_under(path: str, group: str) -> bool:
    return not group or path == group or path.startswith(f"{group}.")


def _beside(path: str, group: str, source: str) -> str:
    """Return the path of the request that stands where `path` stands in the answer."""
    rest = path.removeprefix(group).removeprefix(".")
    return ".".join(part for part in (source, rest) if part)
