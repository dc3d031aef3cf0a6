"""A mutant: one way in which the embedded endpoint is wrong about one row, and what could see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pytest_qimen.verdict import Level

Acts: TypeAlias = Mapping[
    tuple[str, str], Callable[..., Any]
]  # (method, point) -> hook (reference/request.py)
UNTOLD, NOTHING_THERE = (
    "an id that nobody told",
    "nothing is found by the example",
)  # why a mutant may survive
IGNORED = (
    "need",
    "length",
    "type",
    "digits",
    "format",
    "codes",
    "range",
    "limit",
    "rule",
    "remark",
    "signature",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """`make` returns fresh hooks; `sees` begins the ids of the cases that could see it, the likeliest first.

    `fresh` says that it shows in answers to legal messages, so that what was found out before does not count.
    `level` is that of the row's requirement. `expect` is the verdict that the cases must expect to see it;
    `note` says why it may survive.
    """

    method: str
    kind: str
    path: str
    level: Level
    make: Callable[[], Acts]
    sees: tuple[str, ...]
    fresh: bool = False
    expect: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """Return a name that no other mutant has."""
        return f"{self.kind}@{self.method}:{self.path}"
