"""An Api, a direction and pins in, what is prepared once for them out: bases, edits and their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from pytest_qimen.messages.lists import can_be_told_apart
from pytest_qimen.phrases import say
from pytest_qimen.rules import broken, find
from pytest_qimen.schema import problems
from pytest_qimen.schema.shape import message_of, root_name
from pytest_qimen.spec import Api, Field, Message, Pins, Rule, rule_paths
from pytest_qimen.strategies import draft as edits
from pytest_qimen.strategies.draft import Draft, DrawnEdit
from pytest_qimen.strategies.mend import mend
from pytest_qimen.strategies.values import names, texts, values_of
from pytest_qimen.target.profile import LONGEST_REMARK, limited

LONGEST = 20  # elements of a drawn list; a higher limit is the boundaries' matter
CEILING = 10**6  # for numbers that depend on each other or that a receiver may add up
UNDECLARED = ("vendorField", "厂商字段", "x-1.2_3")

Site = tuple[DrawnEdit, Any, Any]


@dataclass(frozen=True)
class Plan:
    """Everything about the messages of one Api and direction that does not have to be drawn."""

    api: Api
    direction: str
    pins: Pins
    given: xml.Element | None = None  # a message to edit instead of the examples
    limits: Mapping[str, int] = field(default_factory=dict)  # tighter ones than the documents'

    @cached_property
    def root(self) -> str:
        """Return the name of the messages' root element."""
        return root_name(self.api, self.direction)

    @cached_property
    def message(self) -> Message:
        """Return what the messages consist of, no field larger than the limits say."""
        return message_of(limited(self.api, self.limits), self.direction)

    @cached_property
    def documented(self) -> Message:
        """Return what the messages consist of, as large as the documents let a field be."""
        return message_of(self.api, self.direction)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that the messages keep, the `may` ones included."""
        return tuple(rule for rule in self.api.rules if rule.direction == self.direction)

    @cached_property
    def least(self) -> xml.Element:
        """The smallest message, or the given one; UsageError where that is not legal, maybe for its pins."""
        root = samples.minimal(self.message, self.root) if self.given is None else xml.copy(self.given)
        mended = self.mend(root, set())
        reasons = faults(self.api, self.direction, root)
        if mended and not reasons:
            return root
        pinned = ", ".join(f"{path} = {' | '.join(values)}" for path, values in self.pins.items())
        what = f"pins {pinned}" if pinned else "base"
        raise UsageError(
            say(
                "no-legal",
                what=what,
                direction=self.direction,
                api=self.api.method,
                reasons="; ".join(reasons),
            )
        )

    @cached_property
    def fullest(self) -> xml.Element:
        """Return the message with every field; the smallest or given one where there is no such message."""
        if self.given is not None:
            return self.least
        root = samples.full(self.message, self.root)
        legal = self.mend(root, set()) and not faults(self.api, self.direction, root)
        return root if legal else self.least

    @cached_property
    def extras(self) -> tuple[Field, ...]:
        """Return what the fullest message has and the smallest has not, in the document's order."""
        rows = self.message.fields if self.fullest is not self.least else ()
        return tuple(row for row in rows if not find(self.least, row.path))

    def base(self, start: int, count: int) -> xml.Element:
        """Return a copy of the smallest message with `count` of the extras, those from `start` on."""
        if count >= len(self.extras):
            return xml.copy(self.fullest)
        root = xml.copy(self.least)
        if count > 0:
            draft = self.draft(root, lambda strategy: None)
            for row in self.extras[start : start + count]:
                draft.among(row)
        return root

    @cached_property
    def later(self) -> Mapping[str, frozenset[str]]:
        """For every row the names that the document has after it in its group."""
        rows = self.message.fields
        return {
            row.path: frozenset(other.name for other in rows[number + 1 :] if other.parent == row.parent)
            for number, row in enumerate(rows)
        }

    def draft(self, root: xml.Element, draw: Any) -> Draft:
        """Return `root`, ready to be edited."""
        return Draft(self.message, self.later, root, draw, [*self.pins, *self.api.given])

    def mend(self, root: xml.Element, held: set[xml.Element]) -> bool:
        """Bring pins, keys and rules in order; whether that was possible."""
        return mend(self.message, self.rules, self.pins, root, held)

    @cached_property
    def values(self) -> tuple[Site, ...]:
        """Return a `put` for every field that may be given a value."""
        dependent = {path for rule in self.rules for word, path in rule_paths(rule) if word != "when"}
        found: list[Site] = []
        for row in self.message.leaves:
            if row.path in self.pins:
                values = st.sampled_from(self.pins[row.path])
            elif self.fixed(row):
                values = st.just(row.example)
            else:
                values = values_of(row, CEILING if row.counts or row.path in dependent else None)
            found.append((edits.put, row, values))
        return tuple(found)

    def fixed(self, row: Field) -> bool:
        """Whether a drawn value would make no sense: the runner invents it, or the receiver must know it."""
        return row.key or (row.refers and self.direction == "request")

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every edit at every place where it keeps the message legal; often a list or a choice of pins."""
        found = [*self.values, *self._removals()]
        chosen = [site for site in self.values if len(self.pins.get(site[1].path, ())) > 1]
        lists: list[Site] = [
            (edits.lengthen, row, _counts(min(row.limit or LONGEST, LONGEST)))
            for row in self.message.fields
            if row.repeated and row.limit != 1 and self._lengthens(row)
        ]
        share = len(found) // 10
        for often in (chosen, lists):
            found += often * (1 + share // max(len(often), 1))
        return (*found, *self._open_content())

    def _lengthens(self, row: Field) -> bool:
        """Return True when the list may have several elements of which no two are the same."""
        if row.leaf:
            return not (self.fixed(row) or row.codes or row.format or row.path in self.pins)
        return can_be_told_apart(self.message, row.path, [*self.pins, *self.api.given])

    def _removals(self) -> Iterator[Site]:
        for row in self.message.fields:
            if row.need == "optional" and not row.usual:
                yield edits.drop, row, None
                if row.leaf and self.api.protocol == "qimen":
                    yield edits.empty, row, None

    def _open_content(self) -> Iterator[Site]:
        """Yield what design.md 6.4 and 6.6 allow below every group; the form protocol of TOP does not."""
        if self.api.protocol == "top":
            return
        open_edits: tuple[tuple[DrawnEdit, Sequence[str], Any], ...] = (
            (
                edits.remark,
                self.without("remark"),
                texts(1, min(LONGEST_REMARK, self.limits.get("remark", LONGEST_REMARK))),
            ),
            (edits.extend, self.without("extendProps"), st.tuples(names(), texts())),
            (edits.add_undeclared, self.groups, st.tuples(st.sampled_from(UNDECLARED), texts())),
            (edits.reorder, self.groups, None),
        )
        for edit, paths, values in open_edits:
            yield from [(edit, st.sampled_from(paths), values)] * len(paths)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the paths of the non-leaves, the root's first."""
        return "", *(row.path for row in self.message.fields if row.type == "group")

    def without(self, name: str) -> tuple[str, ...]:
        """Return the groups below which the document prints no leaf of this name."""
        printed = {row.path for row in self.message.leaves}
        return tuple(path for path in self.groups if (f"{path}.{name}" if path else name) not in printed)


def _counts(most: int) -> SearchStrategy[int]:
    """Return how long a list becomes: every fourth one as long as it may."""
    return st.integers(2, most + most // 3).map(lambda count: min(count, most))


def faults(api: Api, direction: str, root: xml.Element) -> list[str]:
    """Return why a message is not legal, in words; empty where it is."""
    return [problem.text for problem in problems(api, direction, root)] + [
        f"{fault.path}: expected {fault.expected}, got {fault.actual}"
        for fault in broken(api, direction, root)
    ]
