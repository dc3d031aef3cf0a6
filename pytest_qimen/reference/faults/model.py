"""Rows in, named Faults out: the words in which every family writes its table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Hook: TypeAlias = Callable[..., Any]
Make: TypeAlias = Callable[[str], Mapping[str, Hook]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to be wrong, or for a variant to be different: `make` gives hooks by point for a field's path.

    `requirement` hints at the requirement that it breaks; `methods` is the glob of those it concerns where
    the name says nothing else (`name@method:path`); `takes_path` says that the path narrows it.
    """

    name: str
    family: str
    en: str
    zh: str
    requirement: str
    make: Make
    methods: str = "*"
    takes_path: bool = False


class Family:
    """Collects the faults of one family."""

    def __init__(self, name: str, requirement: str, point: str) -> None:
        self.name, self.requirement, self.point = name, requirement, point
        self.faults: dict[str, Fault] = {}

    def add(
        self, name: str, en: str, zh: str, make: Make, *, methods: str = "*", takes_path: bool = False,
        requirement: str = "",
    ) -> None:  # fmt: skip
        """Enter a fault."""
        assert name not in self.faults, name
        self.faults[name] = Fault(
            name, self.name, en, zh, requirement or self.requirement, make, methods, takes_path
        )

    def hook(
        self, name: str, en: str, zh: str, *, point: str = "", methods: str = "*", requirement: str = ""
    ) -> Callable[[Hook], Hook]:
        """Enter the function as a fault of its own, at one point."""

        def enter(act: Hook) -> Hook:
            self.add(
                name,
                en,
                zh,
                lambda _: {point or self.point: act},
                methods=methods,
                requirement=requirement,
            )
            return act

        return enter

    def rows(self, *rows: tuple[str, str, str, Hook], point: str = "", methods: str = "*") -> None:
        """Enter a table: name, English, Chinese, function."""
        for name, en, zh, act in rows:
            self.hook(name, en, zh, point=point, methods=methods)(act)
