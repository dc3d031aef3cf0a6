"""`qimen listen --scenarios`: the options of the command in, those of pytest's run of the scenarios out."""

import argparse
from collections.abc import Iterator
from fnmatch import fnmatchcase

from pytest_qimen.errors import UsageError, closest
from pytest_qimen.phrases import say

ALONE = ("forward", "state", "tls", "time", "keep_host")  # of the options of listening alone
HERE = "127.0.0.1"


def arguments(options: argparse.Namespace) -> list[str]:
    """Return the words of pytest that play the chosen scenarios; UsageError for what does not go with them.

    With a driver in the target file it makes the system send, else a person does, on the live page.
    """
    from pytest_qimen.target.model import load_target

    _fitting(options)
    target = load_target(options.target)
    driver, page = target.caller.driver, options.page_port
    if driver is None and page is None:
        raise UsageError(say("listen-scenarios-nobody"))
    words = ["-v", "-p", "no:cacheprovider", f"--qimen-listen={options.port}"]
    words += [] if driver else ["--qimen-attended"]
    words += [] if page is None else [f"--qimen-live={page}"]
    for name in ("target", "report", "level", "lang"):
        if (value := getattr(options, name)) is not None:
            words.append(f"--qimen-{name}={value}")
    words += ["--qimen-mask-personal"] if options.mask_personal else []
    return [*words, *_chosen(options.scenarios)]


def _fitting(options: argparse.Namespace) -> None:
    """Refuse what belongs to listening alone, and a port that other machines reach."""
    for name in ALONE:
        if getattr(options, name):
            option = "--for" if name == "time" else f"--{name.replace('_', '-')}"
            raise UsageError(say("listen-scenarios-alone", option=option))
    if options.host != HERE:
        raise UsageError(say("listen-scenarios-host", host=options.host))


def _chosen(glob: str) -> Iterator[str]:
    """Yield the ids of the scenarios that fit, none where all do."""
    from pytest_qimen.cases.scenario_read import load_scenarios

    if glob == "*":
        return
    known = load_scenarios()
    found = [one for one in known if fnmatchcase(one, glob) or fnmatchcase(one, f"callers/{glob}")]
    if not found:
        raise UsageError(say("no-scenario", identity=glob, near=closest(glob, [*known])))
    yield from found
