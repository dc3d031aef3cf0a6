"""Command line, ini file, target file and environment in; the Target and the settings of a run out."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.embedded import embedded_target
from pytest_qimen.errors import QimenError, UsageError
from pytest_qimen.plugin.options import get
from pytest_qimen.target import Target, checked, load_target, with_options

LEVELS = ("must", "should", "may")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for, read and checked."""

    embedded: bool
    target: Target
    roles: tuple[str, ...]
    methods: tuple[str, ...]
    level: str
    report: Path | None
    examples: int
    seed: int

    def wants(self, api: spec.Api) -> bool:
        """Whether the options let this method through."""
        return api.role in self.roles and any(
            fnmatchcase(api.method, glob) or fnmatchcase(api.name, glob) for glob in self.methods
        )


def read_settings(config: pytest.Config, embedded_url: str | None = None) -> Settings:
    """The run's settings; pytest.UsageError, in one line, for anything that cannot be meant."""
    try:
        return _read(config, embedded_url)
    except QimenError as error:
        raise pytest.UsageError(str(error)) from None


def _read(config: pytest.Config, embedded_url: str | None) -> Settings:
    file = get(config, "qimen-target")
    target = load_target(file)
    target = with_options(
        target,
        url=get(config, "qimen-url") or None,
        readonly=get(config, "qimen-readonly") or None,
        rate=_rate(get(config, "qimen-rate")),
    )
    embedded = not target.url
    if embedded:
        target = embedded_target(target, embedded_url or "")
    else:
        checked(target, "--qimen-url")
    roles = _several(config, "qimen-role")
    for role in roles:
        if role not in spec.ROLES:
            raise UsageError(f"--qimen-role: unknown role {role!r}; expected some of {', '.join(spec.ROLES)}")
    level = get(config, "qimen-level") or "must"
    if level not in LEVELS:
        raise UsageError(f"--qimen-level: expected one of {', '.join(LEVELS)}, got {level!r}")
    report = get(config, "qimen-report")
    settings = Settings(
        embedded,
        target,
        roles or spec.ROLES,
        _several(config, "qimen-method") or ("*",),
        level,
        Path(report) if report else None,
        _whole(config, "qimen-examples", 10, least=1),
        _whole(config, "qimen-seed", 0, least=0),
    )
    for glob in settings.methods:
        if not any(replace(settings, methods=(glob,)).wants(spec.load_api(name)) for name in spec.methods()):
            among = ", ".join(settings.roles)
            raise UsageError(
                f"--qimen-method: no method of {among} matches {glob!r}; `qimen list` shows them"
            )
    return settings


def _whole(config: pytest.Config, name: str, default: int, least: int) -> int:
    text = get(config, name)
    if text == "":
        return default
    if not str(text).isdecimal() or int(text) < least:
        raise UsageError(f"--{name}: expected a whole number of at least {least}, got {text!r}")
    return int(text)


def _several(config: pytest.Config, name: str) -> tuple[str, ...]:
    return tuple(word.strip() for value in get(config, name) for word in value.split(",") if word.strip())


def _rate(text: str) -> float | None:
    if not text:
        return None
    try:
        rate = float(text.removesuffix("/s"))
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise UsageError(f"--qimen-rate: expected a number of requests a second such as 50/s, got {text!r}")
    return rate
