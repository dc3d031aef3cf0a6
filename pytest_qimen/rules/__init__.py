"""The relations between fields that cases/ declares: one table of kinds that judge, repair and break."""

from pytest_qimen.rules.failed import names_in
from pytest_qimen.rules.kinds import KINDS, Kind, broken, is_tried, just_breaks, repair, repair_once
from pytest_qimen.rules.model import Break, Held, Violation, decimal_text, find

__all__ = [
    "KINDS",
    "Break",
    "Held",
    "Kind",
    "Violation",
    "broken",
    "decimal_text",
    "find",
    "is_tried",
    "just_breaks",
    "names_in",
    "repair",
    "repair_once",
]
