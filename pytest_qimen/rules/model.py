"""What the kinds of rules share: a violation, a rule at one place of a message, numbers and moments."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache

from pytest_qimen import xml
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import Said
from pytest_qimen.spec import Field, Message, Pins, Rule

Fault = tuple[str, Said, Said]  # path, expected, actual
Held = set[xml.Element]
Choose = Callable[[str, Sequence[str]], str]  # (path of the field, its fitting values) -> one of these values
_NUMBER = re.compile(r"[ \t\r\n]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
_MOST = {"int": 2**31 - 1, "long": 2**63 - 1}
_LONGEST = 60  # characters of a number; a longer one is no amount
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile("[0-9]{2}:[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a message breaks: where (concrete path), what the rule wants there, what stands there."""

    rule: Rule
    path: str
    expected: Said
    actual: Said


@dataclass(frozen=True, slots=True)
class Break:
    """How a message comes to break one rule: `kept` makes the rule speak and hold, `broken` then breaks it.

    The paths of the edits are relative to the scope of the rule. Between the two the message is repaired.
    """

    kept: tuple[Edit, ...]
    broken: Edit


Pair = tuple[Field, xml.Element]


@dataclass(frozen=True, slots=True)
class Scope:
    """A rule at one place of a message that is repaired.

    Elements in `held` are changed last (the repair adds what it changed), those in `kept` and pinned ones
    never.
    """

    message: Message
    pins: Pins
    held: Held
    kept: AbstractSet[xml.Element]
    rule: Rule
    root: xml.Element

    def found(self, path: str) -> list[Pair]:
        """Return the elements at `path`, relative to the scope, that have a value."""
        row = self.message.by_path[f"{self.rule.prefix}{path}"]
        return [(row, element) for element in find(self.root, path) if element.text]

    def free(self, pairs: list[Pair]) -> list[Pair]:
        """Return the pairs that may change, those that were not edited first."""
        loose = [pair for pair in pairs if pair[0].path not in self.pins and pair[1] not in self.kept]
        return sorted(loose, key=lambda pair: pair[1] in self.held)

    def write(self, element: xml.Element, text: str) -> bool:
        """Give the element a text and hold it from now on."""
        element.text = text
        self.held.add(element)
        return True


@cache
def _steps(path: str) -> str:
    """Return a schematic path as lxml's `find` wants it."""
    return path.replace("[]", "").replace(".", "/")


def find(root: xml.Element, path: str) -> list[xml.Element]:
    """Return every element at a schematic path, the root for an empty one: `xml.find` without namespaces."""
    return root.findall(_steps(path)) if path else [root]


def number(text: str | None) -> Decimal | None:
    """Return the number that the text writes, exactly; None for anything that xs:decimal would refuse."""
    if text is None or len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.strip())


def number_text(row: Field, value: Decimal, strict: bool = True) -> str | None:
    """Return `value` as the field writes it; None where the field cannot hold it.

    Unless `strict`, that is where its type cannot write it; else also where it is negative in a field that is
    not signed, zero in one that counts, or beyond another bound.
    """
    places = row.digits[1] if row.digits else 0 if row.type in ("int", "long") else 2
    digits = int(value.scaleb(places))
    if Decimal(digits).scaleb(-places) != value or (strict and not _within(row, value, digits)):
        return None
    return decimal_text(digits, places)


def _within(row: Field, value: Decimal, digits: int) -> bool:
    least = 1 if row.least is None and row.type in ("int", "long") else row.least or 0
    most = _MOST.get(row.type, value) if row.most is None else row.most
    fits = row.digits is None or abs(digits) < 10 ** row.digits[0]
    return fits and value <= most and (row.signed or value >= least)


def decimal_text(digits: int, places: int) -> str:
    """Return `digits` / 10 ** `places`, written without an exponent and without a fraction of zeros."""
    whole, fraction = divmod(abs(digits), 10**places)
    return f"{'-' * (digits < 0)}{whole}" + (f".{fraction:0{places}}" if fraction else "")


def moment(text: str | None) -> tuple[str, str] | None:
    """Return the kind of moment (date, time, datetime) and the text that writes it; None for no moment."""
    day, blank, clock = (text or "").partition(" ")
    try:
        if _DAY.fullmatch(day):
            date.fromisoformat(day)
            if not blank:
                return "date", day
            if _CLOCK.fullmatch(clock):
                time.fromisoformat(clock)
                return "datetime", f"{day} {clock}"
        elif _CLOCK.fullmatch(day) and not blank:
            time.fromisoformat(day)
            return "time", day
    except ValueError:
        pass
    return None


def place(scope: xml.Element, path: str) -> str:
    """Return the concrete path of the first element at `path` that has a value."""
    return next(xml.place(element) for element in xml.find(scope, path) if xml.text(element))
