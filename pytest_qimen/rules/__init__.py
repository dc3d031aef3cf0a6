"""The relations between fields that cases/ declares: one table of kinds, judged on any message."""

from pytest_qimen.rules.judge import Violation, broken, names_in

__all__ = ["Violation", "broken", "names_in"]
