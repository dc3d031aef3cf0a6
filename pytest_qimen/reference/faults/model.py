"""What a fault is, and the table that collects those of a module; their sentences are in texts.toml."""

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
    """One way to be wrong, or for a variant one legal way to differ.

    `make` returns its hooks, by point, for the path of a field. `requirement` is the id of a requirement that
    it breaks. `methods` are the globs of the methods it concerns unless its name says others
    (`name@method:path`). `takes_path` tells that a path narrows it. A `hidden` fault shows in no answer, only
    in what the endpoint keeps.
    """

    name: str
    en: str
    zh: str
    requirement: str
    make: Make
    methods: str = "*"
    takes_path: bool = False
    hidden: bool = False


class Family:
    """Collects the faults of one module, most of which take hold at the same point.

    The family's name is the module's, see FAMILIES in the package.
    """

    def __init__(self, point: str) -> None:
        self.point = point
        self.faults: dict[str, Fault] = {}

    def add(self, name: str, make: Make, methods: str = "*", takes_path: bool = False) -> None:
        """Enter a fault that needs its path or several points."""
        assert name not in self.faults, name
        text = TEXTS[name]
        self.faults[name] = Fault(
            name,
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
