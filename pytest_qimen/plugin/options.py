"""pytest's parser and configuration in; the options, their ini twins and their values out.

Imported by every pytest run, so it imports nothing of the suite but the table of its options.
"""

import sys
from collections.abc import Sequence
from typing import Any

import pytest

from pytest_qimen.target.options import GROUP, OPTIONS


def add_options(parser: pytest.Parser) -> None:
    """Every option and its ini twin (`qimen-url` and `qimen_url`)."""
    group = parser.getgroup("qimen", _spoken(GROUP))
    for name, kind, english in OPTIONS:
        words = _spoken(english)
        ini = name.replace("-", "_")
        dest = f"opt_{ini}"
        if kind == "flag":
            group.addoption(f"--{name}", dest=dest, action="store_true", default=None, help=words)
            parser.addini(ini, words, type="bool", default=False)
        elif kind == "several":
            group.addoption(
                f"--{name}", dest=dest, action="append", default=None, metavar="NAMES", help=words
            )
            parser.addini(ini, words, type="args", default=[])
        else:
            more: dict[str, Any] = {"nargs": "?", "const": "0"} if kind == "port" else {}
            group.addoption(f"--{name}", **more, dest=dest, default=None, metavar="VALUE", help=words)
            parser.addini(ini, words, default="")


def get(config: pytest.Config, name: str) -> Any:
    """Return an option's value: command line first, then the ini file; empty when neither gives it."""
    ini = name.replace("-", "_")
    value = config.getoption(f"opt_{ini}", None)
    return config.getini(ini) if value is None else value


def _spoken(words: str) -> str:
    """Return the words in the language of the command line, if anybody will read them."""
    if not {"-h", "--help"} & set(sys.argv):
        return words
    from pytest_qimen.console import language_of
    from pytest_qimen.phrases import say

    return say(words).text(language_of(sys.argv))


def language_of_run(config: pytest.Config) -> str:
    """Return the language of the run: the option's, that of the ini file, else what QIMEN_LANG says."""
    from pytest_qimen.console import language_of

    return language_of([f"--lang={found}"] if (found := get(config, "qimen-lang")) else [])


def is_active(config: pytest.Config) -> bool:
    """Return True when this run is one of the suite's."""
    return any(get(config, name) for name in ("qimen", "qimen-url", "qimen-target", "qimen-listen"))


def refuse_misspelt(args: Sequence[str]) -> None:
    """Raise UsageError, with the nearest ones, for an option of ours that does not exist."""
    known = {f"--{name}" for name, _, _ in OPTIONS}
    given = [arg.partition("=")[0] for arg in args if arg.startswith("--qimen")]
    if unknown := next((name for name in given if name not in known), None):
        from pytest_qimen.target.arguments import no_option

        raise pytest.UsageError(no_option(unknown, known, args))


def refuse_alone(config: pytest.Config) -> None:
    """Raise UsageError for one of our options without anything to test."""
    args = map(str, config.invocation_params.args)
    given = [arg.partition("=")[0] for arg in args if arg.startswith("--qimen-")]
    if given and not config.getoption("help", False) and not hasattr(config, "workerinput"):
        from pytest_qimen.phrases import say

        raise pytest.UsageError(say("option-alone", given=given[0]).text(language_of_run(config)))
