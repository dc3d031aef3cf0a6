"""Two calls in, whether they are about one document out: by their keys, or by all but their keys."""

from collections.abc import Collection, Iterable

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.calls.parts import is_part

Pair = tuple[str, str]


def names(call: Call) -> list[Pair]:
    """Return the keys of a message, each with its name."""
    return [(key.name, key.value) for key in call.keys]


def is_again(first: Call, call: Call) -> bool:
    """Return True where two calls carry one document: the same keys, or the same content under other keys."""
    if first.api is None or call.api is None or first.api.method != call.api.method:
        return False
    shared = not set(names(first)).isdisjoint(names(call))
    return shared or first.fingerprint == call.fingerprint


def speaks_of(call: Call, values: Collection[str]) -> bool:
    """Return True where a text of the message is one of these keys, however the message calls it."""
    return call.root is not None and any(xml.text(leaf).strip() in values for leaf in call.root.iter("*"))


def covers(calls: Iterable[Call], first: Call) -> bool:
    """Return True where these calls together do again what `first` was to do, each document by its keys.

    A batch may come in single messages. Another part of a document does not stand for the first one.
    """
    alike = [call for call in calls if _verb(call) == _verb(first)]
    if is_part(first) or not first.keys:
        return any(call.method == first.method and call.fingerprint == first.fingerprint for call in alike)
    return set(names(first)) <= {pair for call in alike for pair in names(call)}


def _verb(call: Call) -> str:
    return call.method.rpartition(".")[2].removeprefix("batch")
