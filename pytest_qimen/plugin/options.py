"""pytest's parser and configuration in; the options, their ini twins and their values out.

Imported by every pytest run, so it imports nothing of the suite.
"""

import sys
from collections.abc import Sequence
from typing import Any

import pytest

# name, kind, help; kind is flag, text or several (a comma-separated list that may be given more than once)
GROUP = "conformance of Qimen and TOP endpoints"
OPTIONS = (
    (
        "qimen",
        "flag",
        "run the bundled conformance suite, against the embedded endpoint unless a URL is given",
    ),
    ("qimen-url", "text", "the endpoint to test"),
    ("qimen-target", "text", "a TOML file about the endpoint (URL, roles, master data, known failures)"),
    (
        "qimen-listen",
        "text",
        "certify what a system sends: play the scenarios of callers at this port (0: any)",
    ),
    ("qimen-role", "several", "only these roles: wms, erp, store, wdk"),
    ("qimen-method", "several", "only methods that match one of these globs, such as 'deliveryorder.*'"),
    ("qimen-level", "text", "from which level on a broken requirement is red: must (default), should, may"),
    ("qimen-examples", "text", "so many drawn messages for each property (10)"),
    ("qimen-seed", "text", "the seed of drawn messages (0)"),
    ("qimen-rate", "text", "at most so many requests a second over all workers: 50/s"),
    ("qimen-connections", "text", "so many cases at a time, in each worker of -n (1)"),
    ("qimen-shard", "text", "only the third of ten parts of the cases: 3/10"),
    ("qimen-fuzz", "text", "search for new failures for a time such as 30m, or with so many requests: 50000"),
    ("qimen-corpus", "text", "the folder that keeps what fuzzing draws, covers and finds (.qimen-fuzz)"),
    ("qimen-database", "text", "the folder, or redis://host:6379/0, that several fuzzers share examples in"),
    ("qimen-yes", "flag", "yes, fuzz this public host, which no target file names"),
    ("qimen-readonly", "flag", "call only methods that change nothing"),
    (
        "qimen-canary",
        "text",
        "the HOST:PORT under which the endpoint reaches this machine, where attacks must lead nobody; or off",
    ),
    ("qimen-report", "text", "write events.jsonl, results.json and report.html into this folder"),
    (
        "qimen-har",
        "text",
        "write the recorded exchanges, those of cases that are not simply good, into this file",
    ),
    (
        "qimen-postman",
        "text",
        "write a Postman collection of each method's smallest message, which signs, into this file",
    ),
    (
        "qimen-new-only",
        "text",
        "exit red only for what this earlier run (its folder or results.json) does not show as red already",
    ),
    (
        "qimen-mask-personal",
        "flag",
        "no names, phones, addresses or identity numbers in anything but events.jsonl, which stays private",
    ),
    ("qimen-lang", "text", "the language of findings and of the terminal: en (default) or zh"),
)


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
            group.addoption(f"--{name}", dest=dest, default=None, metavar="VALUE", help=words)
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
