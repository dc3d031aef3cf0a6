"""Calls or cases in, how the methods fare out: what came, how it was judged, and what is missing."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_qimen import spec
from pytest_qimen.report.record import Json

MOST = 500  # methods that are counted apart: a caller may invent any number of names


@dataclass(slots=True)
class _Method:
    """How a method with these fields fares; `claimed`: it is expected to come."""

    fields: tuple[str, ...]
    claimed: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    sent: set[str] = field(default_factory=set)


class Coverage:
    """Counts by method; safe for several threads."""

    def __init__(self, claimed: Iterable[spec.Api] = ()) -> None:
        self._lock = threading.Lock()
        names = [(api.role, api.method) for api in claimed]
        self._methods = {name: _Method(_fields(*name), True) for name in names}

    def add(self, role: str, method: str, status: str, sent: frozenset[str] = frozenset()) -> None:
        """Count one call or case; `sent` are the fields that came with a value."""
        name = (role, method)
        with self._lock:
            if name not in self._methods and len(self._methods) >= MOST:
                name = ("", "…")
            found = self._methods.get(name) or self._methods.setdefault(name, _Method(_fields(*name)))
            found.counts[status] += 1
            found.sent |= sent

    def rows(self) -> list[Json]:
        """Return a row a method: how many by status, and how many of its fields came."""
        with self._lock:
            return [
                {
                    "role": role,
                    "method": method,
                    "claimed": one.claimed,
                    "counts": dict(one.counts),
                    "sent": len(one.sent),
                    "fields": len(one.fields),
                }
                for (role, method), one in self._methods.items()
            ]

    def missing(self, name: str) -> Json | None:
        """Return the fields of `role/method` that never came; None for a method that nobody knows."""
        role, _, method = name.partition("/")
        with self._lock:
            found = self._methods.get((role, method))
            return {"missing": [path for path in found.fields if path not in found.sent]} if found else None


def _fields(role: str, method: str) -> tuple[str, ...]:
    """Return the paths of a method's request; none for a method that is not in the documents."""
    name = f"{role}/{method}"
    known = name in spec.methods()
    return tuple(row.path for row in spec.load_api(name).request.fields) if known else ()
