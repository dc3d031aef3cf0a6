"""Which fields the rules of a message speak of: a change elsewhere leaves them kept."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pytest_qimen.spec import Rule, rule_paths


@dataclass(frozen=True, slots=True)
class Reach:
    """The fields and groups that rules name, and all groups above one; paths without []."""

    named: frozenset[str]
    above: frozenset[str]

    def touches(self, path: str, groups: Collection[str]) -> bool:
        """Return False when a change at `path` of a message with these `groups` leaves every rule kept."""
        path = _plain(path)
        holders = list(_above(path))
        if path in self.named or path in self.above or not self.named.isdisjoint(holders):
            return True
        return bool(holders) and holders[0] not in groups


def reach(rules: Sequence[Rule]) -> Reach:
    """Return what the rules reach."""
    paths = [(word, _plain(path)) for rule in rules for word, path in rule_paths(rule)]
    named = frozenset(path for word, path in paths if word != "scope")
    scopes = frozenset(path for word, path in paths if word == "scope")
    return Reach(named, scopes.union(*(_above(path) for _, path in paths)))


def groups_of(paths: Iterable[str]) -> frozenset[str]:
    """Return every group above one of the paths, without []."""
    return frozenset(group for path in paths for group in _above(_plain(path)))


def _above(path: str) -> Iterator[str]:
    """Yield the groups that hold the field, the innermost first."""
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _plain(path: str) -> str:
    """Return the path without the places of list elements."""
    return ".".join(step.partition("[")[0] for step in path.split("."))
