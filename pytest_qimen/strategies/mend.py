"""Drawn messages are mended: pins and distinct keys are restored, and every rule of the method is kept.

What was not edited gives way: a `held` element (edited, or changed here already) is the last to be changed, a
pinned one never is.
"""

from collections.abc import Sequence

from pytest_qimen import xml
from pytest_qimen.messages.lists import number_lines, numbered
from pytest_qimen.rules import Held, find, repair_once
from pytest_qimen.spec import Message, Pins, Rule

_ROUNDS = 8


def mend(message: Message, rules: Sequence[Rule], pins: Pins, root: xml.Element, held: Held) -> bool:
    """Mend `root` in place; return whether that succeeded."""
    for _ in range(_ROUNDS):
        _pin(root, pins)
        part_keys(message, pins, root)
        number_lines(message, root, pins)
        outcome = repair_once(message, rules, pins, root, held)
        if outcome is not True:
            return outcome is None
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
