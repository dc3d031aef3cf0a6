"""Every message that may create something, from before it is sent until it is taken back.

A message is noted as `intent` before it goes; then as `created`, `refused` or, where no clear answer came, as
`unsure`. What is created or unsure is taken back in the end.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import count

from pytest_qimen import xml
from pytest_qimen.checks.answer import Answer
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Reason
from pytest_qimen.runner.model import Broke, Created, Left
from pytest_qimen.spec import Api, Field
from pytest_qimen.wire.cores import beside_others

MOST = 20_000  # unsure entries that are kept: an endpoint that never answers clearly gives no end of them
ENDED = {"FULFILLED", "DELIVERED", "CANCELED", "CLOSED", "REJECT"}  # statuses after which nothing is open
Note = Callable[[Created, str], None]
Undo = Callable[[Created], Reason | None]  # why it could not be taken back; raises Broke without an answer


class Ledger:
    """What a run may have created; `note` writes down each entry and what is known of it. For all threads."""

    def __init__(self, note: Note = lambda entry, word: None, worker: int = 0) -> None:
        self.open: dict[tuple[str, str], Created] = {}
        self.unsure: dict[str, Created] = {}
        self._ending: dict[tuple[str, str], tuple[str, str]] = {}
        self._note = note
        self._worker = worker
        self._numbers = count(1)

    def sending(self, case: str, api: Api, root: xml.Element) -> Created | None:
        """Note a message that is about to be sent; None for one that only asks."""
        if api.readonly:
            return None
        intent = entry(case, api, root, None, f"{self._worker}-{next(self._numbers)}")
        if len(self.unsure) < MOST:
            self.unsure[intent.id] = intent
        self._note(intent, "intent")
        return intent

    def answered(
        self, intent: Created | None, api: Api, root: xml.Element, answer: Answer | None, status: int | None
    ) -> None:
        """Note what the answer says of the message; None for none that could be read."""
        if intent is None:
            return
        verdict = answer.verdict if answer else None
        if verdict == "success":
            made = entry(intent.case, api, root, answer, intent.id) if _asks_answer(api) else intent
            self.enter(made)
            self._note(made, "created")
        elif verdict == "failure" or (status is not None and 400 <= status < 500):
            self.refused(intent.id)
            self._note(intent, "refused")
        else:
            self._note(intent, "unsure")

    def refused(self, identity: str) -> None:
        """Forget a message that created nothing."""
        self.unsure.pop(identity, None)

    def enter(self, entry: Created) -> None:
        """Remember what can be undone; forget what this very message took back or brought to its end."""
        self.unsure.pop(entry.id, None)
        if entry.undo:
            self.open[entry.undo, entry.name or entry.id] = entry
            self._ending[entry.until, entry.name] = entry.undo, entry.name
        for value in entry.keys.values():
            self._close((entry.method, value))
            if entry.final:
                self._close(self._ending.get((entry.method, value), ("", "")))

    def _close(self, handle: tuple[str, str]) -> None:
        if closed := self.open.pop(handle, None):
            self._ending.pop((closed.until, closed.name), None)

    def settle(self, undo: Undo, connections: int = 1) -> list[Left]:
        """Undo everything, the latest first; what is left behind. A dead endpoint ends it at once."""
        doubted = [one for one in self.unsure.values() if one.undo and (one.undo, one.name) not in self.open]
        entries = [*((one, True) for one in self.open.values()), *((one, False) for one in doubted)]
        for known in (self.open, self._ending, self.unsure):
            known.clear()
        taking = _TakingBack(undo)
        with ThreadPoolExecutor(connections, initializer=beside_others) as pool:
            return [left for left in pool.map(taking.take, reversed(entries)) if left]


class _TakingBack:
    """Takes entries back, until the endpoint does not answer any more."""

    def __init__(self, undo: Undo) -> None:
        self._undo = undo
        self._gone: Reason | None = None
        self._lock = threading.Lock()

    def take(self, found: tuple[Created, bool]) -> Left | None:
        """Take one entry back; return it where that cannot be done."""
        one, sure = found
        if not one.name:
            return Left(one, Because(say("nothing-names-it")), sure)
        reason = self._gone
        if reason is None:
            try:
                reason = self._undo(one)
            except Broke as broke:
                with self._lock:
                    reason = self._gone = self._gone or broke.reason
        return Left(one, reason, sure) if reason else None


def pick(place: str, request: xml.Element, answer: Answer | None) -> str | None:
    """Return the value at `request:path` or `response:path`; None where there is none."""
    side, _, path = place.partition(":")
    tree = request if side == "request" else answer.root if answer else None
    return xml.get(tree, path) if tree is not None else None


def keys_of(api: Api, root: xml.Element) -> Mapping[str, str]:
    """Return what a message calls things by, by path; of a list the first."""
    return {row.path: value for row in _naming(api) for value in xml.values(root, row.path)[:1]}


@lru_cache(512)
def _naming(api: Api) -> tuple[Field, ...]:
    return tuple(row for row in api.request.leaves if row.key or row.refers)


@lru_cache(512)
def _ending(api: Api) -> tuple[Field, ...]:
    return tuple(row for row in api.request.leaves if row.name in ("confirmType", "status"))


def _asks_answer(api: Api) -> bool:
    """Return True when the answer tells what the message made is called."""
    return any(place.startswith("response:") for place in (api.undo or {"set": {}})["set"].values())


def entry(case: str, api: Api, root: xml.Element, answer: Answer | None, identity: str) -> Created:
    """Return the ledger's entry for a message, with what it takes to undo it."""
    keys, final = keys_of(api, root), _is_final(api, root)
    if api.undo is None:
        return Created(case, api.method, keys, final=final, id=identity)
    places = api.undo["set"]
    found = {
        path: value
        for path, place in places.items()
        if (value := _value(place, root, answer, keys)) and value.strip()
    }
    named = found if next(iter(places)) in found else {}
    until = api.undo.get("until", "")
    return Created(case, api.method, keys, api.undo["method"], named, until, final, identity)


def _value(place: str, root: xml.Element, answer: Answer | None, keys: Mapping[str, str]) -> str | None:
    if ":" not in place:
        return place
    return keys.get(place.removeprefix("request:")) or pick(place, root, answer)


def _is_final(api: Api, root: xml.Element) -> bool:
    """Return False for a confirmation that says that others follow (confirmType 1, 多次) and ends nothing."""
    if not _ending(api):
        return True
    said = {row.name: value for row in _ending(api) for value in xml.values(root, row.path)[:1]}
    return said.get("confirmType") != "1" or said.get("status") in ENDED
