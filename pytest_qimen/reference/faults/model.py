"""Rows in, named Faults out: the words of the families' tables; the sentences are in texts.toml."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Hook: TypeAlias = Callable[..., Any]
Make: TypeAlias = Callable[[str], Mapping[str, Hook]]

TEXTS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_name("texts.toml").read_text("utf-8")
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to be wrong, or for a variant to be different: `make` gives hooks by point for a field's path.

    `requirement` is the id of one that it breaks; `methods` are the globs of those it concerns where the name
    says nothing else (`name@method:path`); `takes_path` says that the path narrows it; a `hidden` one shows
    in no answer, only in the state.
    """

    name: str
    family: str
    en: str
    zh: str
    requirement: str
    make: Make
    methods: str = "*"
    takes_path: bool = False
    hidden: bool = False


class Family:
    """Collects the faults of one family, most of which take hold at one point."""

    def __init__(self, name: str, point: str) -> None:
        self.name, self.point = name, point
        self.faults: dict[str, Fault] = {}

    def add(self, name: str, make: Make, methods: str = "*", takes_path: bool = False) -> None:
        """Enter a fault that needs its path or several points."""
        assert name not in self.faults, name
        text = TEXTS[name]
        self.faults[name] = Fault(
            name,
            self.name,
            text["en"],
            text["zh"],
            text.get("requirement", ""),
            make,
            methods,
            takes_path,
            "hidden" in text,
        )

    def rows(self, *rows: tuple[str, Hook], point: str = "", methods: str = "*") -> None:
        """Enter a table of names and functions for one point."""

        def make(act: Hook) -> Make:
            return lambda _: {point or self.point: act}

        for name, act in rows:
            self.add(name, make(act), methods)
