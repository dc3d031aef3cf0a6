"""What a fault or variant may take hold of: ten points on the way from a request to its answer.

Every point is a tuple of functions, empty on the clean endpoint; each is called in the order of the names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pytest_qimen import xml
    from pytest_qimen.reference.data import Data
    from pytest_qimen.reference.database import Once, State
    from pytest_qimen.reference.http import Reply
    from pytest_qimen.reference.request import Request
    from pytest_qimen.schema import Problem

Proceed: TypeAlias = "Callable[[State, Data], Data]"


@dataclass(frozen=True, slots=True)
class Hooks:
    """The functions at each point.

    `overlook` may forgive what the protocol refuses, by the code of the refusal; `verify` sees the verdict on
    the signature and gives its own; `body` sees the bytes before they are parsed; `element` the parsed
    message, which it may change or refuse; `problems` what the schema and the rules say;
    `call` stands around the method; `once` maps a key of idempotency; `data` sees the answer as values,
    `answer` as a tree, `reply` as bytes and headers.
    """

    overlook: "tuple[Callable[[Request, str], bool], ...]" = ()
    verify: "tuple[Callable[[Request, bool], bool], ...]" = ()
    body: "tuple[Callable[[Request, bytes], bytes], ...]" = ()
    element: "tuple[Callable[[Request, xml.Element], None], ...]" = ()
    problems: "tuple[Callable[[Request, list[Problem]], list[Problem]], ...]" = ()
    call: "tuple[Callable[[Request, State, Data, Proceed], Data], ...]" = ()
    once: "tuple[Once, ...]" = ()
    data: "tuple[Callable[[Request, Data], None], ...]" = ()
    answer: "tuple[Callable[[Request, xml.Element], None], ...]" = ()
    reply: "tuple[Callable[[Request, Reply], None], ...]" = ()


POINTS = tuple(field.name for field in fields(Hooks))
NONE = Hooks()


@dataclass(frozen=True, slots=True)
class Plug:
    """A function for one point, and the methods (globs, parted by commas) it concerns."""

    point: str
    act: Callable[..., Any]
    methods: str = "*"


def collect(plugs: Iterable[Plug], method: str) -> Hooks:
    """The hooks of a method."""
    found: dict[str, tuple[Any, ...]] = {}
    for plug in plugs:
        if any(fnmatchcase(method, glob) for glob in plug.methods.split(",")):
            found[plug.point] = (*found.get(plug.point, ()), plug.act)
    return Hooks(**found) if found else NONE
