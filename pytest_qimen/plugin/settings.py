"""Command line, ini file, target file and environment in; the Target and the settings of a run out."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.console import shown
from pytest_qimen.errors import QimenError, UsageError
from pytest_qimen.phrases import LANGUAGES, say
from pytest_qimen.plugin.options import get, language_of_run
from pytest_qimen.report.gate import Gate, gate
from pytest_qimen.runner.ahead import share_of
from pytest_qimen.search.asked import Asked, refuse_public
from pytest_qimen.search.budget import parse as parse_budget
from pytest_qimen.target.arguments import canary, chosen, live, one_of, port, rate, shard, whole, writable
from pytest_qimen.target.model import Target, checked, load_target, with_options
from pytest_qimen.target.near import is_near

GENTLE = 20.0  # requests a second at which another machine is fuzzed unless a rate is given
TOGETHER = 3  # cases at a time of a whole run here, beside the endpoint's process: docs/speed.md
LEVELS = ("must", "should", "may")
UNKNOWN = "http://127.0.0.1/"  # where the embedded endpoint is before it has started: on this machine


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for, read and checked."""

    embedded: bool
    apart: bool  # the embedded endpoint in a process of its own: the run is a long one
    target: Target
    roles: tuple[str, ...]
    methods: tuple[str, ...]
    level: str
    report: Path | None
    examples: int
    seed: int
    connections: int
    fuzz: Asked | None
    shard: tuple[int, int]
    har: Path | None
    postman: Path | None
    gate: Gate | None
    mask_personal: bool
    language: str
    file: str  # the target file; empty without one
    listen: int | None  # the port at which callers are judged; None: they are not
    endpoint: bool  # the cases of endpoints are run
    live: int | None  # the port of the page that follows the run; None: there is none
    attended: bool  # a person is asked there

    def at(self, url: str) -> "Settings":
        """Return the same with another URL."""
        return replace(self, target=with_options(self.target, url=url))

    @property
    def record(self) -> Path | None:
        """Return the folder of the run's record; a search of an endpoint that stays always has one."""
        kept = self.fuzz.corpus if self.fuzz and not self.embedded else None
        return self.report or kept

    def has(self, case_id: str) -> bool:
        """Return True when the case is in this run's shard."""
        number, count = self.shard
        return share_of(case_id, count) == number - 1

    def wants(self, api: spec.Api) -> bool:
        """Return True when the options let this method through."""
        return api.role in self.roles and spec.matches(api.name, self.methods)


def read_settings(config: pytest.Config, embedded_url: str) -> Settings:
    """Return the run's settings; pytest.UsageError, in one line, for anything that cannot be meant."""
    try:
        return _read(config, embedded_url)
    except QimenError as error:
        raise pytest.UsageError(shown(error.text(language_of_run(config)))) from None


def _read(config: pytest.Config, embedded_url: str) -> Settings:
    file = get(config, "qimen-target")
    target = load_target(file)
    target = with_options(
        target,
        url=get(config, "qimen-url") or None,
        readonly=get(config, "qimen-readonly") or None,
        rate=rate(get(config, "qimen-rate")),
        canary=canary(get(config, "qimen-canary")),
    )
    listen, attended = _port(config), bool(get(config, "qimen-attended"))
    endpoint = listen is None or bool(get(config, "qimen-url") or get(config, "qimen"))
    named = bool(file) or config.getoption("opt_qimen_url", None) is not None  # an endpoint, if only by ""
    embedded = endpoint and not (target.url or named)
    if embedded:
        from pytest_qimen.runner.embedded import embedded_target  # no other run needs the endpoint's modules

        target = embedded_target(target, embedded_url or UNKNOWN)
    elif endpoint:
        checked(target, "--qimen-url")
    roles, methods = chosen(get(config, "qimen-role"), get(config, "qimen-method"))
    fuzz = _fuzz(config, target)
    if fuzz and not target.rate and not is_near(target.url, loopback=True):
        target = with_options(target, rate=GENTLE)
    level = one_of(get(config, "qimen-level"), "qimen-level", LEVELS)
    report = get(config, "qimen-report")
    junit = config.getoption("xmlpath", None)
    writable(os.path.expanduser(os.path.expandvars(junit or "")), "--junitxml")  # as pytest reads it
    whole_run = not config.option.keyword and config.args_source is not pytest.Config.ArgsSource.ARGS
    apart = embedded and not embedded_url and whole_run
    return Settings(
        embedded,
        apart,
        target,
        roles,
        methods,
        level,
        Path(report) if report else None,
        whole(get(config, "qimen-examples"), "qimen-examples", 10, least=1),
        whole(get(config, "qimen-seed"), "qimen-seed", 0, least=0),
        _connections(config, TOGETHER if apart and not fuzz and not config.getoption("tx", None) else 1),
        fuzz,
        shard(get(config, "qimen-shard")),
        writable(get(config, "qimen-har"), "--qimen-har"),
        writable(get(config, "qimen-postman"), "--qimen-postman"),
        gate(get(config, "qimen-new-only"), level),
        bool(get(config, "qimen-mask-personal")),
        one_of(get(config, "qimen-lang"), "qimen-lang", LANGUAGES)
        if get(config, "qimen-lang")
        else language_of_run(config),
        file,
        listen,
        endpoint,
        live(get(config, "qimen-live"), attended=attended, listens=listen is not None),
        attended,
    )


def _port(config: pytest.Config) -> int | None:
    """Return the port at which callers are judged; None where they are not."""
    found = port(str(get(config, "qimen-listen")), "--qimen-listen")
    if found is not None and (config.getoption("numprocesses", None) or get(config, "qimen-shard")):
        raise UsageError(say("listen-alone"))
    return found


def _connections(config: pytest.Config, default: int) -> int:
    count = whole(get(config, "qimen-connections"), "qimen-connections", default, least=1)
    if config.getoption("forked", False):
        raise UsageError(say("forked"))
    return count


def _fuzz(config: pytest.Config, target: Target) -> Asked | None:
    """Return what is searched; UsageError where a stranger's host would be."""
    budget = parse_budget(get(config, "qimen-fuzz"))
    if budget is None:
        return None
    from pytest_qimen.runner.spread import here

    if get(config, "qimen-url") and not get(config, "qimen-yes"):
        refuse_public(target.url)
    corpus = Path(get(config, "qimen-corpus") or ".qimen-fuzz")
    return Asked(budget, corpus, get(config, "qimen-database"), here(config))
