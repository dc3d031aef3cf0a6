"""What faults and variants plug in, and the Hooks that this gives a method."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pytest_qimen.reference.request import NONE, Hooks


@dataclass(frozen=True, slots=True)
class Plug:
    """A function for one point, and the methods that it concerns: globs with commas between."""

    point: str
    act: Callable[..., Any]
    methods: str = "*"


def collect(plugs: Iterable[Plug], method: str) -> Hooks:
    """Return the hooks of a method."""
    found: dict[str, tuple[Any, ...]] = {}
    for plug in plugs:
        if any(fnmatchcase(method, glob) for glob in plug.methods.split(",")):
            found[plug.point] = (*found.get(plug.point, ()), plug.act)
    return Hooks(**found) if found else NONE
