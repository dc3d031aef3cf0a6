"""Typed reading of JSON that comes from outside: every member is checked, every complaint is one sentence."""

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from pytest_qimen.phrases import Said, say, text_of
from pytest_qimen.reasons import Reason, reason_from_json

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
LONGEST = 20_000_000  # characters of one text
LARGEST = 2**53  # beyond it, other readers of JSON lose digits


class Unfit(ValueError):
    """A member that is missing or not of its type; `said` says which and why."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said

    def __str__(self) -> str:
        return text_of(self.said)


class Members:
    """The members of a JSON object; each method returns one, checked, or raises Unfit."""

    def __init__(self, found: Any, name: str = "") -> None:
        """`name` is the object's own place, such as `findings[2]`, empty for the whole."""
        if not isinstance(found, dict):
            raise Unfit(say("member-object", name=name or "it", found=_kind(found)))
        self.found: Mapping[str, Any] = found
        self._name = name

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def place(self, key: str) -> str:
        """Return the name of a member for a complaint."""
        return f"{self._name}.{key}" if self._name else key

    def _take(self, key: str) -> Any:
        if key not in self.found:
            raise Unfit(say("lacks-member", key=self.place(key)))
        return self.found[key]

    def _unfit(self, key: str, wanted: Said) -> Unfit:
        return Unfit(say("member-wanted", key=self.place(key), wanted=wanted, got=_kind(self.found[key])))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text."""
        if default is not None and key not in self.found:
            return default
        return as_text(self._take(key), self.place(key))

    def maybe_text(self, key: str) -> str | None:
        """Return a text, or None for null."""
        return None if self.found.get(key) is None else self.text(key)

    def whole(self, key: str, least: int = 0) -> int:
        """Return a whole number of at least `least`."""
        value = self._take(key)
        if type(value) is not int or not least <= value <= LARGEST:
            raise self._unfit(key, say("whole-at-least", least=least))
        return value

    def maybe_whole(self, key: str) -> int | None:
        """Return a whole number, or None for null."""
        return None if self.found.get(key) is None else self.whole(key)

    def number(self, key: str) -> float:
        """Return a finite number that is not negative."""
        return as_number(self._take(key), self.place(key))

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.found.get(key, default)
        if not isinstance(value, bool):
            raise self._unfit(key, say("true or false"))
        return value

    def one_of(self, key: str, kind: type[E]) -> E:
        """Return one of an enumeration's values."""
        value = self._take(key)
        try:
            return kind(value)
        except ValueError:
            raise self._unfit(key, say("any-of", names=", ".join(kind))) from None

    def time(self, key: str) -> str:
        """Return a time in ISO 8601 with its offset, as text."""
        value = self.text(key)
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            raise self._unfit(key, say("a-date-time")) from None
        if read.tzinfo is None:
            raise Unfit(say("member-offset", key=self.place(key)))
        return value

    def body(self, key: str) -> bytes:
        """Return the bytes that a text in base64 stands for."""
        text = self.text(key)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise self._unfit(key, say("in-base64")) from None

    def reason(self, key: str) -> Reason | None:
        """Return a typed reason, or None for null."""
        if self.found.get(key) is None:
            return None
        try:
            return reason_from_json(self.found[key])
        except (ValueError, RecursionError) as error:
            raise Unfit(say("told", place=self.place(key), why=str(error))) from None

    def list_of(self, key: str, read: Callable[[Any, str], T], optional: bool = False) -> tuple[T, ...]:
        """Return a list, each of whose elements `read` makes from its value and its place."""
        if optional and key not in self.found:
            return ()
        value = self._take(key)
        if not isinstance(value, list):
            raise self._unfit(key, say("a list"))
        return tuple(read(one, f"{self.place(key)}[{place}]") for place, one in enumerate(value, 1))

    def texts(self, key: str, optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        return self.list_of(key, as_text, optional)

    def named(self, key: str, read: Callable[[Any, str], T], optional: bool = False) -> dict[str, T]:
        """Return an object with any names, each of whose values `read` makes."""
        if optional and key not in self.found:
            return {}
        inner = Members(self._take(key), self.place(key))
        return {
            as_text(name, self.place(key)): read(one, inner.place(name)) for name, one in inner.found.items()
        }


def as_text(value: Any, place: str) -> str:
    """Return a text; Unfit for anything else."""
    if not isinstance(value, str) or not is_text(value):
        raise Unfit(say("member-text", place=place, value=_kind(value)))
    return value


def as_whole(value: Any, place: str) -> int:
    """Return a whole number; Unfit for anything else."""
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Unfit(say("member-whole", place=place, value=_kind(value)))
    return value


def as_number(value: Any, place: str) -> float:
    """Return a number of at least 0; Unfit for anything else."""
    if not is_number(value):
        raise Unfit(say("member-number", place=place, value=_kind(value)))
    return float(value)


def as_pair(value: Any, place: str) -> tuple[str, str]:
    """Return two texts; Unfit for anything else."""
    if not isinstance(value, list) or len(value) != 2:
        raise Unfit(say("member-pair", place=place, value=_kind(value)))
    return as_text(value[0], place), as_text(value[1], place)


def is_number(value: Any) -> bool:
    """Return True for a finite number from 0 on."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= LARGEST
        and math.isfinite(value)
        and value >= 0
    )


def is_text(value: str) -> bool:
    """Return True for a text of bounded length that UTF-8 can hold: no half of a surrogate pair."""
    if len(value) > LONGEST:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(value: Any) -> str:
    """Return what a value is, for a complaint."""
    if value is None:
        return "null"
    shown = repr(value) if isinstance(value, bool | int | float | str) else ""
    name = "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else ""
    return name or (shown if len(shown) <= 60 else f"{shown[:60]}…")
