"""Drawn messages and their answers in, what of the documents they have touched out."""

from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.checks.answer import read
from pytest_qimen.client.transport import Exchange
from pytest_qimen.runner import Outcome
from pytest_qimen.spec import Api, Field

EDGES = ("empty", "one", "short", "long", "longest")


class Coverage:
    """What has been seen, by arm; a mark is a short text."""

    def __init__(self, seen: dict[str, list[str]] | None = None) -> None:
        self.seen: dict[str, set[str]] = {arm: set(marks) for arm, marks in (seen or {}).items()}

    def add(self, arm: str, marks: Iterator[str]) -> int:
        """Enter the marks; how many of them are new."""
        known = self.seen.setdefault(arm, set())
        before = len(known)
        known.update(marks)
        return len(known) - before

    def count(self, arm: str, prefix: str) -> int:
        """Return how many marks of this kind the arm has."""
        return sum(mark.startswith(prefix) for mark in self.seen.get(arm, ()))

    def total(self) -> int:
        """Return how many marks there are in all."""
        return sum(map(len, self.seen.values()))


def inside(api: Api, message: xml.Element, base: xml.Element) -> Iterator[str]:
    """Marks of the values in which a legal message differs from the base: field and place in its range."""
    for row in api.request.leaves:
        usual = set(xml.values(base, row.path))
        for value in xml.values(message, row.path):
            if value not in usual and not value.startswith("@"):
                yield f"in {row.path}"
                yield f"range {row.path} {_edge(row, value)} {_script(value)}"


def _edge(row: Field, value: str) -> str:
    size = len(value)
    if size < 2:
        return EDGES[size]
    if row.max is None:
        return EDGES[2 if size < 20 else 3]
    return EDGES[4 if size == row.max else 3 if size > row.max // 2 else 2]


def _script(value: str) -> str:
    """Return the characters that cost a receiver most."""
    highest = max(map(ord, value), default=0)
    return "astral" if highest > 0xFFFF else "wide" if highest > 0xFF else "plain"


def outside(rule: str, path: str) -> Iterator[str]:
    """Yield the mark of a constraint that an illegal message breaks."""
    yield f"out {rule} {xml.schematic(path)}"


def answered(outcome: Outcome) -> Iterator[str]:
    """Yield marks of the answers: verdict, code and shape."""
    step = outcome.case.steps[0] if outcome.case.steps else None
    for exchange in outcome.exchanges if step else ():
        assert step
        yield from _answer(exchange, step.api)


def _answer(exchange: Exchange, api: Api) -> Iterator[str]:
    answer = read(exchange, api)
    code = xml.get(answer.root, "code") if answer.root is not None else None
    yield f"answer {exchange.status} {answer.verdict} {(code or '')[:20]}"
    if answer.root is not None:
        yield f"shape {' '.join(sorted({xml.name(element) for element in answer.root.iter()}))[:200]}"
