"""A message with drawn edits in, the same message keeping pins, distinct keys and every rule of its Api out.

What was not edited gives way: an element that is `held` (edited, or changed here already) is the last to be
changed, a pinned one never is. A message that cannot be mended is told by False.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from pytest_qimen import xml
from pytest_qimen.messages import samples
from pytest_qimen.spec import Field, Message, Pins, Rule
from pytest_qimen.strategies.values import decimal_text

Held = set[xml.Element]
_ROUNDS = 8


@cache
def steps(path: str) -> str:
    """A schematic path as lxml's `find` wants it."""
    return path.replace("[]", "").replace(".", "/")


def find(root: xml.Element, path: str) -> list[xml.Element]:
    """Every element at a schematic path, the root for an empty one: a fast `xml.find` without namespaces."""
    return root.findall(steps(path)) if path else [root]


def repair(message: Message, rules: Sequence[Rule], pins: Pins, root: xml.Element, held: Held) -> bool:
    """Mend `root` in place; whether that succeeded."""
    for _ in range(_ROUNDS):
        _pin(root, pins)
        part_keys(message, pins, root)
        outcomes = [
            _KINDS[rule.kind](_Scope(message, pins, held, rule, scope))
            for rule in rules
            for scope in find(root, rule.terms.get("scope", ""))
        ]
        if all(outcome is None for outcome in outcomes):
            return True
        if False in outcomes:
            return False
    return False


def _pin(root: xml.Element, pins: Pins) -> None:
    for path, values in pins.items():
        for element in find(root, path):
            if element.text not in values:
                element.text = values[0]


def part_keys(message: Message, pins: Pins, root: xml.Element) -> None:
    """Give the copies of a key their own values: the first one with a number at its end."""
    for row in message.leaves:
        if row.key and row.path not in pins:
            seen: set[str | None] = set()
            for element in find(root, row.path):
                base, number = element.text or "", 1
                while element.text in seen:
                    number += 1
                    element.text = numbered(row, base, number)
                seen.add(element.text)


def numbered(row: Field, text: str, number: int) -> str:
    """`text` made different by `number`, still a legal value of the key field."""
    if row.type != "string":
        return str(int(text) + number)
    mark = str(number) if row.format else f"-{number}"
    return text[: (row.max or 50) - len(mark)] + mark


class _Scope:
    """A rule at one place of the message; a kind answers None (it holds), True (mended), False (hopeless)."""

    def __init__(self, message: Message, pins: Pins, held: Held, rule: Rule, root: xml.Element) -> None:
        self.message, self.pins, self.held, self.root = message, pins, held, root
        self.rule, self.terms = rule, rule.terms

    def row(self, path: str) -> Field:
        return self.message.by_path[f"{self.rule.prefix}{path}"]

    def found(self, path: str) -> list[tuple[Field, xml.Element]]:
        """The elements at `path` that have a value."""
        row = self.row(path)
        return [(row, element) for element in find(self.root, path) if element.text]

    def free(self, pairs: list[tuple[Field, xml.Element]]) -> list[tuple[Field, xml.Element]]:
        """The pairs that may change, those that were not edited first."""
        loose = [pair for pair in pairs if pair[0].path not in self.pins]
        return sorted(loose, key=lambda pair: pair[1] in self.held)

    def write(self, element: xml.Element, text: str) -> bool:
        element.text = text
        self.held.add(element)
        return True


def _balance(
    scope: _Scope, total: str, plus: Sequence[str], minus: Sequence[str], every: bool
) -> bool | None:
    """total = the plus less the minus; with `every` only where none of them is absent."""
    sides = [(1, scope.found(path)) for path in plus] + [(-1, scope.found(path)) for path in minus]
    totals = scope.found(total)[:1]
    if not totals or not any(pairs for _, pairs in sides) or (every and not all(pairs for _, pairs in sides)):
        return None
    signs = {element: sign for sign, pairs in sides for _, element in pairs} | {totals[0][1]: -1}
    off = sum((sign * Decimal(element.text or 0) for element, sign in signs.items()), Decimal())
    if not off:
        return None
    pairs = [*totals, *(pair for _, pairs in sides for pair in pairs)]
    for row, element in scope.free(pairs):
        text = number_text(row, Decimal(element.text or 0) - signs[element] * off)
        if text is not None:
            return scope.write(element, text)
    return False


def number_text(row: Field, value: Decimal) -> str | None:
    """`value` as the field writes it; None where the field cannot hold it (0 only where it is a decimal)."""
    places = row.digits[1] if row.digits else 0 if row.type in ("int", "long") else 2
    number = int(value.scaleb(places))
    least = 1 if row.least is None and row.type in ("int", "long") else row.least or 0
    within = (row.signed or value >= least) and (row.most is None or value <= row.most)
    if not within or Decimal(number).scaleb(-places) != value:
        return None
    return decimal_text(number, places)


def _equation(scope: _Scope) -> bool | None:
    return _balance(scope, scope.terms["total"], scope.terms["plus"], scope.terms["minus"], True)


def _sum(scope: _Scope) -> bool | None:
    return _balance(scope, scope.terms["total"], [scope.terms["parts"]], [], False)


def _ordered(scope: _Scope, key: Callable[[str], str | Decimal]) -> bool | None:
    """The first is not after or above the second; the one that gives way takes the other's value."""
    pairs = [*scope.found(scope.terms["first"])[:1], *scope.found(scope.terms["second"])[:1]]
    if len(pairs) < 2:
        return None
    first, second = (pair[1] for pair in pairs)
    low, high = first.text or "", second.text or ""
    if key(low) <= key(high):  # type: ignore[operator]
        return None
    free = scope.free(pairs[::-1])
    if not free:
        return False
    return scope.write(free[0][1], low if free[0][1] is second else high)


def _order(scope: _Scope) -> bool | None:
    return _ordered(scope, str)


def _not_above(scope: _Scope) -> bool | None:
    return _ordered(scope, Decimal)


def _required_if(scope: _Scope) -> bool | None:
    for path, values in scope.rule.when.items():
        if not any(element.text in values for element in find(scope.root, path)):
            return None
    field = scope.terms["field"]
    return True if any(list(_supplied(scope, scope.root, field.split("."), scope.rule.prefix))) else None


def _supplied(scope: _Scope, parent: xml.Element, names: list[str], prefix: str) -> Iterator[bool]:
    """Whether something had to be added, for every element that leads to the field."""
    path, tag = f"{prefix}{names[0]}", names[0].removesuffix("[]")
    row = scope.message.by_path[path]
    found = parent.findall(tag) or [xml.append(parent, tag)]
    for element in found if row.repeated else found[:1]:
        empty = not any(each.text for each in element.iter() if not len(each))
        yield empty
        if empty and row.leaf:
            element.text = scope.pins.get(path, [row.example])[0]
        elif empty:
            xml.clear(element)
            samples.fill(element, scope.message, path)
        if not row.leaf:
            yield from _supplied(scope, element, names[1:], f"{path}.")


_KINDS: Mapping[str, Callable[[_Scope], bool | None]] = {
    "required-if": _required_if,
    "sum": _sum,
    "equation": _equation,
    "order": _order,
    "not-above": _not_above,
    "failed-are-sent": lambda scope: None,
}
