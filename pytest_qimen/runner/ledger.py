"""What a run created in; what is taken back in the end, and what is left behind, out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_qimen.runner.model import Broke, Created


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
