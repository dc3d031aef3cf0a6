"""A request on its way to its answer, and the points of that way at which faults and variants take hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pytest_qimen import xml
from pytest_qimen.reference.data import Data, Shape
from pytest_qimen.reference.database import Once, Refused, State
from pytest_qimen.reference.methods.registry import Handler
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api
from pytest_qimen.wire.http import Incoming, Reply

Proceed: TypeAlias = Callable[[State, Data], Data]


@dataclass(frozen=True)
class Method:
    """A method as the endpoint knows it; `judged` is its Api with only the rules that it refuses for."""

    api: Api
    judged: Api
    shape: Shape
    handler: Handler


@dataclass(frozen=True, slots=True)
class Hooks:
    """The functions of faults and variants at each of ten points; none on the clean endpoint.

    `overlook` may forgive what the protocol refuses, by the code of the refusal. `verify` sees the verdict on
    the signature and returns its own. `body` changes the bytes before they are parsed, `element` the parsed
    message, which it may also refuse, `problems` what the schema and the rules say. `call` stands around the
    method. `once` maps a key of idempotency. `data` changes the answer as values, `answer` as a tree, `reply`
    as bytes and headers. The functions of a point are called in the order in which they were named.
    """

    overlook: tuple[Callable[["Request", str], bool], ...] = ()
    verify: tuple[Callable[["Request", bool], bool], ...] = ()
    body: tuple[Callable[["Request", bytes], bytes], ...] = ()
    element: tuple[Callable[["Request", xml.Element], None], ...] = ()
    problems: tuple[Callable[["Request", list[Problem]], list[Problem]], ...] = ()
    call: tuple[Callable[["Request", State, Data, Proceed], Data], ...] = ()
    once: tuple[Once, ...] = ()
    data: tuple[Callable[["Request", Data], None], ...] = ()
    answer: tuple[Callable[["Request", xml.Element], None], ...] = ()
    reply: tuple[Callable[["Request", Reply], None], ...] = ()


NONE = Hooks()


@dataclass(slots=True)
class Request:
    """One request on its way to its answer; faults and variants keep in `notes` what they must remember."""

    incoming: Incoming
    params: dict[str, str]
    form: dict[str, str] | None
    name: str
    method: Method | None = None
    hooks: Hooks = NONE
    root: xml.Element | None = None
    secret: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    def refuse(self, message: str, code: str, sub_code: str = "", sub_message: str = "") -> None:
        """Raise Refused, unless a fault overlooks this code."""
        if not any(hook(self, code) for hook in self.hooks.overlook):
            raise Refused(message, code, sub_code, sub_message)

    @property
    def top(self) -> bool:
        """True if it is answered as the TOP gateway answers."""
        return self.method.api.protocol == "top" if self.method else self.form is not None

    @property
    def signed_body(self) -> bytes | None:
        """The part of the body that the signature covers: all of it in Qimen, none (None) in TOP."""
        return None if self.top else self.incoming.body

    @property
    def every(self) -> Mapping[str, str]:
        """All parameters; those of TOP may stand in the URL or in the form."""
        return self.params | self.form if self.form else self.params
