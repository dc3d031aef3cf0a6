"""What a case may ask for at most, and the names it may use: no case file holds up or fills the machine."""

import re

from pytest_qimen.cases.model import Case
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.toml import Reader

PARALLEL, TIMES, REPEAT, SECONDS = 100, 10_000, 10_000, 60
INDEX = 10_000  # the place of an element in its list
BITS = 1024  # of a whole number
LENGTH = 100_000  # characters of a key
_INDEX = re.compile(r"\[([0-9]+)\]")
_LENGTH = re.compile(r"@(?:new|number):([0-9]+)")
_MADE = ("new", "number", "now", "today", "own-store")


def excess(change: Edit) -> Phrase | None:
    """Return why a change asks for too much; None where it does not."""
    for place in _INDEX.findall(change.path):
        if _above(place, INDEX):
            return say("index-high", most=INDEX, place=place[:20])
    for length in _LENGTH.findall(change.value):
        if _above(length, LENGTH):
            return say("key-long", most=LENGTH, length=length[:20])
    if change.op == "repeat" and (not change.value.isdecimal() or _above(change.value, REPEAT)):
        return say("repeat-many", most=REPEAT, value=change.value[:20])
    return None


def _above(digits: str, most: int) -> bool:
    return len(digits) > 9 or int(digits) > most


def check_names(reader: Reader, case: Case) -> None:
    """Refuse what could never be given: a name of `let` before its time, a check that no step saves for."""
    known: set[str] = set()
    for name, text in case.let.items():
        if not isinstance(text, str):
            raise reader.fail(f"let.{name}", say("want-text"))
        if why := excess(Edit("put", "", text)):
            raise reader.fail(f"let.{name}", why)
        used = re.match(r"@([\w-]+)", text)
        if used and used[1] not in known and not used[1].startswith(_MADE):
            raise reader.fail(f"let.{name}", say("name-late", used=used[1]))
        known.add(name)
    for number, step in enumerate(case.steps, 1):
        known.update(step.save)
        for check in step.checks:
            if check.given and check.given.partition("=")[0].rstrip("!") not in known:
                raise reader.fail(f"step[{number}].check", say("save-late", given=check.given))
