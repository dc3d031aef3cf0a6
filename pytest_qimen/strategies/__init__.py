"""A method in, Hypothesis strategies of its messages out: legal requests, legal answers, illegal requests.

Legal means: `schema.problems` and `rules.broken` find nothing, the `may` rules included. Requests also
keep away from what the documents leave open (zero and negative quantities, blank texts) and leave the
fields alone that only the runner or the receiver can fill (`key`, `refers`). Every draw is a tree of its
own.

For single fields: `values_of(field)` (a strategy, one function per type in `values`) and `outside(field)`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.messages.outside import Wrong, outside
from pytest_qimen.spec import Api, load_api
from pytest_qimen.strategies.illegal import Illegal, illegal_messages
from pytest_qimen.strategies.legal import legal_messages
from pytest_qimen.strategies.plan import Plan
from pytest_qimen.strategies.values import values_of
from pytest_qimen.target.profile import Given, limited, resolve

__all__ = [
    "Illegal",
    "Wrong",
    "answers_for",
    "illegal_requests_for",
    "outside",
    "requests_for",
    "values_of",
]

NO_PINS: Given = MappingProxyType({})
NO_LIMITS: Mapping[str, int] = MappingProxyType({})
_T = TypeVar("_T")
_KEPT: dict[object, tuple[Api, SearchStrategy[object]]] = {}  # with the Api, so that its id stays its own


def requests_for(
    method: str | Api,
    *,
    pins: Given = NO_PINS,
    base: xml.Element | None = None,
    limits: Mapping[str, int] = NO_LIMITS,
) -> SearchStrategy[xml.Element]:
    """Return legal requests: an example message, or `base`, with up to five drawn edits.

    `pins` maps a leaf's name, its path, or `method:path` to the values it may have wherever it occurs; a key
    that this method lacks is passed over. `limits`, with the same keys, say how many characters or elements
    there are at most, or the greatest number, where that is less than in the documents. UsageError: an
    unknown method, pins without a legal value, a base that is not legal.
    """
    return _strategy(method, "request", pins, base, legal_messages, limits)


def answers_for(
    method: str | Api, *, pins: Given = NO_PINS, base: xml.Element | None = None
) -> SearchStrategy[xml.Element]:
    """Return legal answers, successes and failures; otherwise as `requests_for`."""
    return _strategy(method, "response", pins, base, legal_messages)


def illegal_requests_for(
    method: str | Api,
    *,
    pins: Given = NO_PINS,
    base: xml.Element | None = None,
    limits: Mapping[str, int] = NO_LIMITS,
) -> SearchStrategy[Illegal]:
    """Requests that break exactly one must or should of the documents; otherwise as `requests_for`.

    What the documents leave open (a field written twice, the root's name) is never the one broken; neither is
    the value of a pinned field or of a key, nor one of `limits`: what is too long is so by the documents.
    """
    return _strategy(method, "request", pins, base, illegal_messages, limits)


def _strategy(
    method: str | Api,
    direction: str,
    pins: Given,
    base: xml.Element | None,
    build: Callable[[Plan], SearchStrategy[_T]],
    limits: Mapping[str, int] = NO_LIMITS,
) -> SearchStrategy[_T]:
    """Return the strategy, built once for an Api, its pins and limits."""
    api = load_api(method) if isinstance(method, str) else method

    def planned() -> SearchStrategy[_T]:
        found = resolve(limited(api, limits), direction, pins)
        return build(Plan(api, direction, found, base, limits))

    if base is not None:
        return planned()
    fixed = tuple((name, tuple(value)) for name, value in pins.items())
    key = (id(api), direction, build, fixed, tuple(limits.items()))
    if key not in _KEPT:
        _KEPT[key] = api, planned()
    return _KEPT[key][1]  # type: ignore[return-value]  # the key names `build`
