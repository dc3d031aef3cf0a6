"""What a run created in; what is taken back in the end, and what is left behind, out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pytest_qimen import xml
from pytest_qimen.checks.answer import Answer
from pytest_qimen.runner.model import Broke, Created
from pytest_qimen.spec import Api


@dataclass
class Ledger:
    """Every accepted message that can be undone and was not, by what undoes it and its first field."""

    open: dict[tuple[str, str], Created] = field(default_factory=dict)

    def enter(self, entry: Created) -> None:
        """Remember what can be undone; forget what this very message took back."""
        if entry.undo:
            self.open[entry.undo, next(iter(entry.undo_set.values()), "")] = entry
        for value in entry.keys.values():
            self.open.pop((entry.method, value), None)

    def settle(self, undo: Callable[[Created], bool]) -> list[Created]:
        """Undo everything, the latest first; what is left behind. A dead endpoint ends it at once."""
        left: list[Created] = []
        entries = list(reversed(self.open.values()))
        self.open.clear()
        for place, entry in enumerate(entries):
            try:
                if not undo(entry):
                    left.append(entry)
            except Broke:
                return [*left, *entries[place:]]
        return left


def pick(place: str, request: xml.Element, answer: Answer | None) -> str | None:
    """Return the value at `request:path` or `response:path`; None where there is none."""
    side, _, path = place.partition(":")
    tree = request if side == "request" else answer.root if answer else None
    return xml.get(tree, path) if tree is not None else None


def keys_of(api: Api, root: xml.Element) -> Mapping[str, str]:
    """Return what a message calls things by, by path; of a list the first."""
    return {
        row.path: value
        for row in api.request.leaves
        if row.key or row.refers
        for value in xml.values(root, row.path)[:1]
    }


def entry(case: str, api: Api, root: xml.Element, answer: Answer) -> Created:
    """Return the ledger's entry for an accepted message, with what it takes to undo it."""
    keys = keys_of(api, root)
    if api.undo is None:
        return Created(case, api.method, keys)
    found = {
        path: value
        for path, place in api.undo["set"].items()
        if (value := pick(place, root, answer) if ":" in place else place)
    }
    return Created(case, api.method, keys, api.undo["method"], found)
