"""A Step and what the run knows in, the message to send out: keys, pins, earlier values, changes."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count
from secrets import randbelow
from typing import Any

from pytest_qimen import xml
from pytest_qimen.cases import Check, Step
from pytest_qimen.client.clock import china_now
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from pytest_qimen.messages.edits import Edit, apply
from pytest_qimen.messages.lists import tell_apart
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Reason
from pytest_qimen.rules import Held, repair
from pytest_qimen.rules.reach import Reach, groups_of, reach
from pytest_qimen.runner.canary import Lead
from pytest_qimen.spec import Api, Field, Message, Pins, Rule
from pytest_qimen.target.kinds import NAMES
from pytest_qimen.target.model import Target

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EXAMPLE_YEAR = 2016
OWN_STORE = "@own-store"  # of `let`: the number of a store made for the case
ZEROS = "00"  # `@00+name`: in front of the value
CUT = "-1"  # `@-1+name`: the value without its last character, a single one twice
_NEW = re.compile(r"@(new|number)(?::([0-9]+)([^0-9].*)?|(\W.*)?)")


def base36(number: int) -> str:
    """Return `number` in digits and capital letters."""
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


class Keys:
    """Business keys that nobody used before: the run's prefix, then a counter; safe for several threads.

    `number` is the run's, the same in all its workers; without one it is drawn.
    """

    def __init__(self, worker: int = 0, number: int | None = None) -> None:
        self.number = randbelow(36**5) if number is None else number
        self.prefix = f"Q{base36(self.number):0>5}{base36(worker)}"
        self._worker = worker
        self._counter = count(1)
        self._lock = threading.Lock()

    def _next(self) -> int:
        with self._lock:
            return next(self._counter)

    def text(self, length: int | None = None, longest: int | None = None) -> str:
        """Return letters and digits, `length` of them where it is given, never more than `longest`."""
        key = f"{self.prefix}{base36(self._next()):0>4}"
        if length is not None:
            return key.ljust(length, "0") if length >= len(key) else key[len(key) - length :]
        return key if longest is None else key[-longest:]

    def digits(self, longest: int = 15) -> str:
        """Return a positive whole number of so many digits that no other key of the run has."""
        least = 10 ** (longest - 1)
        start = self.number * 1_234_567_891 + self._worker * 10**6
        return str(least + (start + self._next()) % (9 * least))

    def for_field(self, row: Field) -> str:
        """Return a key that is legal for this field."""
        if row.type in ("long", "number"):
            return self.digits()
        if row.type == "int":
            return self.digits(9)
        return self.text(row.min, row.max)


class Unsaved(UsageError):
    """A step needs a value that no earlier step saved: the answer did not hold it, or the case is wrong."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass
class Context:
    """What is known while a case runs: the target, the key maker, and the values by name.

    `rename` writes into a message the names of what was made before, so that it may speak of it.
    """

    target: Target
    keys: Keys
    names: dict[str, Any] = field(default_factory=dict)
    lead: Lead = field(default_factory=Lead)
    rename: Callable[[Api, xml.Element], None] = lambda api, root: None

    def value(self, text: str, row: Field | None = None) -> Any:
        """Return the value of a text: `@new:50`, `@now`, `@name`, `@name+b`, `@00+name`, `@-1+name` …"""
        if not text.startswith("@"):
            return text
        if text.startswith("@@"):
            return text[1:]
        if made := _NEW.fullmatch(text):
            return self._new(made[1], made[2], row) + (made[3] or made[4] or "")
        if text == OWN_STORE:
            return self.keys.digits()
        if text in ("@now", "@today"):
            return china_now()[: 19 if text == "@now" else 10]
        name, _, rest = text[1:].partition("+")
        front, name, rest = (name, rest, "") if name in (ZEROS, CUT) else ("", name, rest)
        if name not in self.names:
            known = ", ".join(self.names) or say("nothing-known")
            raise Unsaved(Because(say("not-saved", name=name, known=known)))
        if rest.startswith(",@"):
            rest = f",{self.value(rest[1:])}"
        if front == CUT:
            return str(self.names[name])[:-1] or str(self.names[name]) * 2
        return f"{front}{self.names[name]}{rest}" if front or rest else self.names[name]

    def gives(self, given: str) -> bool:
        """Return True where the `given` of a check holds: a name has a value, that of `=`, not of `!=`."""
        name, _, value = given.partition("=")
        if name.endswith("!"):
            return self.names.get(name[:-1]) not in (None, "", value)
        return not given or (self.names.get(name) == value if value else bool(self.names.get(name)))

    def _new(self, kind: str, length: str | None, row: Field | None) -> str:
        if kind == "number":
            return self.keys.digits(int(length or 15))
        if length:
            return self.keys.text(int(length))
        return self.keys.for_field(row) if row else self.keys.text()


def compose(step: Step, context: Context, given: Mapping[str, str]) -> xml.Element:
    """Return the message of a step: base, fresh keys, pins, setup, the step's changes, repairs."""
    api = context.target.sent(step.api)
    if step.message:
        return _filled(step, context, given)
    root = _base(api, step.base)
    pins = context.target.pins(step.api)
    for path in set(api.foreign).intersection(pins) if step.base == "minimal" else ():
        apply(api.request, root, Edit("put", path, pins[path][0]))  # also where it need not be there
    added = context.target.added(context.target.profile(step.api)) if step.base != "none" else frozenset()
    _add(api, root, added, pins)
    _refresh(api, root, context, pins)
    if step.base == "bare":
        given = {path: value for path, value in given.items() if api.request.by_path[path].need == "must"}
    for path, value in given.items():
        apply(api.request, root, Edit("put", path, value))
    for number, change in enumerate(step.changes):
        _change(api, root, change, context, pins)
        if change.op == "mend":
            _mend(api, root, pins, [*given, *_written(step.changes[:number])])
    context.rename(api, root)
    if not any(change.op == "as-is" for change in step.changes):
        changed = [*given, *pins, *added, *(change.path for change in step.changes)]
        if _may_break(api, step.base, changed):
            _mend(api, root, pins, [*given, *_written(step.changes)])
    return root


def _written(changes: Sequence[Edit]) -> list[str]:
    """Return the paths at which the changes say what stands there."""
    return [change.path for change in changes if change.op in ("put", "empty")]


def _mend(api: Api, root: xml.Element, pins: Pins, paths: Sequence[str]) -> None:
    """Bring what depends on other fields back into line; what stands at these paths stays."""
    kept: Held = {element for path in paths for element in xml.find(root, path)}
    repair(api.request, _rules(api), pins, root, kept)


def _add(api: Api, root: xml.Element, paths: frozenset[str], pins: Pins) -> None:
    """Write what pins add to every message, where the base has it not."""
    for path in sorted(paths):  # groups before what they hold
        row = api.request.by_path[path]
        if xml.find(root, path) or not (row.parent in paths or xml.find(root, row.parent)):
            continue
        value = pins.get(path, (row.example,))[0]
        apply(api.request, root, Edit("put", path, value) if row.leaf else Edit("ensure", f"{path}.x"))


def _may_break(api: Api, base: str, changed: Sequence[str]) -> bool:
    """Return False when no rule speaks of what changed, and the base and its keys keep every rule."""
    found, groups, keeps = _ground(api, base)
    return not keeps or any(found.touches(path, groups) for path in changed)


@lru_cache(512)
def _ground(api: Api, base: str) -> tuple[Reach, frozenset[str], bool]:
    """Return what the rules reach, the groups of the base, and whether it keeps the rules with any keys."""
    found, root = reach(_rules(api)), _base(api, base)
    before = xml.write(root)
    repair(api.request, _rules(api), {}, root)
    groups = groups_of(map(xml.place, root.iterdescendants("*")))
    keeps = xml.write(root) == before and not any(found.touches(row.path, groups) for row in _keys(api))
    return found, groups, keeps


@lru_cache(512)
def _rules(api: Api) -> tuple[Rule, ...]:
    """Return what a legal request keeps, the rules of level may among it (design.md 4)."""
    return tuple(rule for rule in api.rules if rule.direction == "request")


def _filled(step: Step, context: Context, given: Mapping[str, str]) -> xml.Element:
    """Return a message that the case writes out, with the values that its texts stand for."""
    root = xml.parse(step.message.encode())
    for row in marked(step.api.request, root):
        for element in xml.find(root, row.path):
            text = xml.text(element)
            if text == "@given":
                element.text = given.get(row.path, row.example)
            elif text.startswith("@"):
                element.text = str(context.value(text, row))
    return root


def marked(message: Message, root: xml.Element) -> list[Field]:
    """Return the leaves named like an element whose text begins with @: looking up all is slow."""
    names = {xml.name(element) for element in root.iter("*") if xml.text(element).startswith("@")}
    return [row for row in message.leaves if row.name in names]


def _base(api: Api, base: str) -> xml.Element:
    """Return the message that a step starts from."""
    return xml.new("request") if base == "none" else xml.copy(_example(api, base, int(china_now()[:4])))


@lru_cache(512)  # building one costs as much as everything else of a request
def _example(api: Api, base: str, year: int) -> xml.Element:
    """Return the example message with the dates of this year; to be copied."""
    made = {"minimal": samples.minimal, "bare": samples.bare}
    root = made[base](api.request) if base in made else _typical(api)
    _bring_up_to_date(api, root, year)
    return root


def _typical(api: Api) -> xml.Element:
    """Return every field but those that hang on a condition or speak of what the receiver need not have."""
    root = samples.full(api.request)
    for row in api.request.leaves:
        if row.need == "conditional" or (row.refers and row.need != "must" and not row.usual):
            xml.drop(root, row.path)
    return root


def _bring_up_to_date(api: Api, root: xml.Element, year: int) -> None:
    """Move the dates of the examples by whole years, so that nothing in them expired long ago."""
    years = year - EXAMPLE_YEAR
    for row in api.request.leaves:
        if row.format in ("date", "datetime"):
            for element in xml.find(root, row.path):
                text = xml.text(element)
                element.text = f"{int(text[:4]) + years}{text[4:]}"


def _refresh(
    api: Api, root: xml.Element, context: Context, pins: Pins, below: str = "", skip: int = 0
) -> None:
    """Give keys new values and pinned fields pinned ones, from the `skip`th element of a list on."""
    for row in [row for row in api.request.leaves if row.path in pins or row.key] if pins else _keys(api):
        if below and not (row.path == below or row.path.startswith(f"{below}.")):
            continue
        for place, element in enumerate(xml.find(root, row.path)):
            if row.path in pins:
                element.text = pins[row.path][place % len(pins[row.path])]
            elif place >= skip:
                element.text = context.keys.for_field(row)


@lru_cache(512)
def _keys(api: Api) -> tuple[Field, ...]:
    return tuple(row for row in api.request.leaves if row.key)


def _change(api: Api, root: xml.Element, change: Edit, context: Context, pins: Pins) -> None:
    row = api.request.by_path.get(xml.schematic(change.path))
    value = context.value(change.value, row) if change.op == "put" else change.value
    if row and row.name in NAMES and value == row.example and row.path in pins:
        value = pins[row.path][0]
    if isinstance(value, list):
        apply(api.request, root, Edit("repeat", change.path, str(len(value))))
        for element, one in zip(xml.find(root, change.path), value, strict=True):
            element.text = one
        return
    if change.op == "put" and value == "" and change.value.startswith("@"):
        change = Edit("drop", change.path)  # a name that may stay empty: an id that was not given
    apply(api.request, root, Edit(change.op, change.path, str(value)))
    if change.op == "repeat":
        path = xml.schematic(change.path)
        tell_apart(api.request, root, path, [*pins, *api.given])
        _refresh(api, root, context, pins, below=path, skip=1)


def resolve(check: Check, context: Context) -> Check:
    """Return the check with the values that its texts stand for."""

    def known(value: Any) -> Any:
        if isinstance(value, list):
            return [known(one) for one in value]
        return context.value(value) if isinstance(value, str) else value

    return replace(
        check, value=known(check.value), where={path: known(text) for path, text in check.where.items()}
    )
