"""Every sentence of the suite: an id, its text in English and in Chinese, and named arguments.

Evidence carries phrases, not texts; whoever writes a file or a screen renders them, in the language that is
wanted. What the other side said is a plain str and is never translated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, TypeAlias

from pytest_qimen.phrases import (
    answers,
    callers,
    certificates,
    commands,
    common,
    counts,
    damaged,
    defects,
    fields,
    files,
    foreign,
    helps,
    history,
    kinds,
    network,
    options,
    parser,
    played,
    reasons,
    refusals,
    results,
    scenarios,
    screen,
    searches,
    signing,
    targets,
    terminal,
    told,
    usage,
)

LANGUAGES = ("en", "zh")
Texts: TypeAlias = Mapping[str, tuple[str, str]]  # id -> English, Chinese
TABLES: tuple[Texts, ...] = (
    *(
        answers.TEXTS,
        callers.TEXTS,
        certificates.TEXTS,
        commands.TEXTS,
        common.TEXTS,
        damaged.TEXTS,
        fields.TEXTS,
        files.TEXTS,
        foreign.TEXTS,
        helps.TEXTS,
        history.TEXTS,
        kinds.TEXTS,
        network.TEXTS,
        options.TEXTS,
        parser.TEXTS,
        played.TEXTS,
        reasons.TEXTS,
        refusals.TEXTS,
        results.TEXTS,
        scenarios.TEXTS,
        screen.TEXTS,
        searches.TEXTS,
        signing.TEXTS,
        targets.TEXTS,
        terminal.TEXTS,
        told.TEXTS,
        counts.TEXTS,
        usage.TEXTS,
        defects.TEXTS,
    ),
)
PHRASES: Texts = {name: texts for table in TABLES for name, texts in table.items()}
_JOINED = {  # how a list is joined, by the format specification of its gap
    "": (", ", "、"),
    "comma": (", ", ", "),  # of names and codes, which no language translates
    "and": (" and ", "，且 "),
    "semicolon": ("; ", "；"),
    "together": ("; and ", "；并且"),
    "or": (", or ", "，或者"),
    "either": (" or ", " 或 "),
}
Argument: TypeAlias = "str | int | Phrase | tuple[Argument, ...]"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence: the id of its text and the arguments by name."""

    id: str
    args: tuple[tuple[str, Argument], ...] = ()

    def text(self, language: str = "en") -> str:
        """Return the sentence in the language."""
        template = PHRASES[self.id][LANGUAGES.index(language)]
        gaps = {name: _Gap(value, language) for name, value in self.args}
        return _FORMATTER.vformat(template, (), gaps) if gaps else template

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text()

    def map(self, change: Callable[[str], str]) -> Phrase:
        """Return the phrase with `change` made to every text of the other side in it."""
        return Phrase(self.id, tuple((name, mapped(value, change)) for name, value in self.args))

    def to_json(self) -> list[Any]:
        """Return `[id, {name: argument}]`; a phrase within an argument is such a list, too."""
        return [self.id, {name: argument_to_json(value) for name, value in self.args}]

    @classmethod
    def from_json(cls, found: Any) -> Phrase:
        """Return the phrase that `to_json` wrote; ValueError for what is none, or has other arguments."""
        if not (isinstance(found, list) and len(found) == 2 and isinstance(found[1], dict)):
            raise ValueError("expected a phrase [id, {arguments}]")
        name, args = found
        if not isinstance(name, str) or name not in PHRASES:
            raise ValueError(f"unknown phrase {name!r}")
        if args.keys() != gaps_of(PHRASES[name][0]):
            raise ValueError(f"phrase {name!r} has other arguments")
        return cls(name, tuple((key, _from_json(value)) for key, value in args.items()))


Said: TypeAlias = Phrase | str


def say(name: str, /, **args: Argument) -> Phrase:
    """Return the phrase of this id; KeyError where there is none."""
    if name not in PHRASES:
        raise KeyError(name)
    return Phrase(name, tuple(args.items()))


def text_of(said: Said, language: str = "en") -> str:
    """Return the words: a phrase in the language, the other side's text as it is."""
    return said.text(language) if isinstance(said, Phrase) else said


def changed(said: Said, change: Callable[[str], str]) -> Said:
    """Return what was said with `change` made to every text of the other side in it."""
    return said.map(change) if isinstance(said, Phrase) else change(said)


def counted(name: str, number: int) -> Phrase:
    """Return `1 case is red`, `2 cases are red`: English has two forms, `name` and `name-many`."""
    return say(name if number == 1 else f"{name}-many", number=number)


def gaps_of(template: str) -> set[str]:
    """Return the names of a text's arguments."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


class _Gap:
    """An argument while a text is filled: `{number:calls}` is `1 call` or `7 calls`."""

    def __init__(self, value: Argument, language: str) -> None:
        self._value, self._language = value, language

    def __format__(self, how: str) -> str:
        if isinstance(self._value, tuple):
            joiner = _JOINED[how][LANGUAGES.index(self._language)]
            return joiner.join(format(_Gap(one, self._language)) for one in self._value)
        if isinstance(self._value, Phrase):
            return self._value.text(self._language)
        if isinstance(self._value, int) and how:
            return f"{self._value} {how.removesuffix('s') if self._value == 1 else how}"
        return str(self._value)

    def __repr__(self) -> str:
        return repr(self._value)


class _Formatter(Formatter):
    """Formats as str.format does, but looks up plain names only."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return kwargs[field_name], field_name


_FORMATTER = _Formatter()
_DEEPEST = 20  # phrases within phrases


def mapped(value: Argument, change: Callable[[str], str]) -> Argument:
    """Return an argument with `change` made to every text of the other side in it."""
    if isinstance(value, tuple):
        return tuple(mapped(one, change) for one in value)
    if isinstance(value, Phrase):
        return value.map(change)
    return change(value) if isinstance(value, str) else value


def argument_to_json(value: Argument) -> Any:
    """Return an argument as `Phrase.to_json` has it."""
    if isinstance(value, Phrase):
        return {"phrase": value.to_json()}
    return [argument_to_json(one) for one in value] if isinstance(value, tuple) else value


def _from_json(value: Any, deep: int = 0) -> Argument:
    if deep > _DEEPEST:
        raise ValueError("phrases nested too deep")
    if isinstance(value, list):
        return tuple(_from_json(one, deep + 1) for one in value)
    if isinstance(value, dict) and value.keys() == {"phrase"}:
        return Phrase.from_json(value["phrase"])
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError("expected a text, a whole number, a list or a phrase as argument")
