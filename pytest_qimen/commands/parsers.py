"""The one place where a command's parser is made, so that all say what they do in the same two places."""

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_qimen.console import width_of
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import LANGUAGES, PHRASES, Phrase, Said, say, text_of

if TYPE_CHECKING:
    Subparsers: TypeAlias = "argparse._SubParsersAction[Parser]"
else:
    Subparsers = argparse._SubParsersAction


class Parser(argparse.ArgumentParser):
    """A parser that speaks a language: the help of an option is a phrase."""

    def __init__(self, language: str = "en", **options: Any) -> None:
        self.language = language
        options.setdefault("formatter_class", argparse.HelpFormatter if language == "en" else _Wide)
        super().__init__(**options)

    def add_argument(self, *names: Any, help: Said | None = None, **options: Any) -> argparse.Action:
        """Add an option whose help is said in the language."""
        words = None if help is None else text_of(help, self.language).replace("%", "%%")
        return super().add_argument(*names, help=words, **options)


class _Wide(argparse.HelpFormatter):
    """Breaks lines where a terminal would: a Chinese character takes two columns and may end a line."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        lines = [""]
        for word in TextWrapper()._split(" ".join(text.split())):
            for part in [word] if word.isascii() else word:
                if width_of(lines[-1] + part) > width:
                    lines.append("")
                lines[-1] += part if lines[-1] else part.lstrip()
        return lines

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in self._split_lines(text, width - len(indent)))


def command(
    commands: Subparsers, name: str, run: Callable[[argparse.Namespace], int], words: Phrase
) -> Parser:
    """Return the parser of `qimen NAME`, which `run` carries out; `words` stand in both help pages."""
    language: str = commands.language  # type: ignore[attr-defined]
    said = words.text(language)
    parser = commands.add_parser(name, help=said, description=said, language=language)
    parser.set_defaults(run=run, parser=parser)
    add_language(parser)
    return parser


def add_language(parser: Parser) -> None:
    """Add `--lang`, which `pytest_qimen.console.language_of` has read before."""
    parser.add_argument("--lang", choices=LANGUAGES, help=say("help-lang"))
    parser.add_argument("--qimen-lang", dest="lang", choices=LANGUAGES, help=argparse.SUPPRESS)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let argparse say its own words in the language: it asks gettext, for which nobody ships a catalogue."""
    words = vars(argparse)
    kept = {name: words[name] for name in ("_", "ngettext")}

    def one(text: str) -> str:
        return say(text).text(language) if text in PHRASES else text

    words.update(_=one, ngettext=lambda single, many, number: one(single if number == 1 else many))
    try:
        yield
    finally:
        words.update(kept)


def port(text: str) -> int:
    """Return the TCP port that an option names; 0 lets the system choose."""
    if not text.isdecimal() or int(text) > 65535:
        raise UsageError(say("told", place="--port", why=say("want-port", text=text)))
    return int(text)


def page_port(text: str) -> int | None:
    """Return the port of the live page, 0 for a free one; None for `off`."""
    if text == "off":
        return None
    if not text.isdecimal() or int(text) > 65535:
        raise UsageError(say("told", place="--page-port", why=say("want-page-port", text=text)))
    return int(text)


def duration(text: str) -> float:
    """Return the seconds that an option such as 90s, 30m or 2h names."""
    found = re.fullmatch(r"([1-9]\d{0,6})([smh])", text, re.ASCII)
    if not found:
        raise UsageError(say("told", place="--for", why=say("want-span", text=text)))
    return int(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[found[2]]
