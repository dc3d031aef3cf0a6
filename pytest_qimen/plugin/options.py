"""Command line, ini file, target file and environment in; the Target and the settings of a run out."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import spec
from pytest_qimen.embedded import embedded_target
from pytest_qimen.errors import QimenError, UsageError
from pytest_qimen.target import Target, load_target, with_options

# name, kind, help; kind is flag, text or several (a comma-separated list that may be given more than once)
OPTIONS = (
    (
        "qimen",
        "flag",
        "run the bundled conformance suite, against the embedded endpoint unless a URL is given",
    ),
    ("qimen-url", "text", "the endpoint to test"),
    (
        "qimen-target",
        "text",
        "a TOML file that describes the endpoint (URL, roles, master data, known failures)",
    ),
    ("qimen-role", "several", f"only these roles: {', '.join(spec.ROLES)}"),
    ("qimen-method", "several", "only methods that match one of these globs, such as 'deliveryorder.*'"),
    ("qimen-level", "text", "from which level on a broken requirement is red: must (default), should, may"),
    ("qimen-rate", "text", "at most so many requests a second over all workers: 50/s"),
    ("qimen-readonly", "flag", "call only methods that change nothing"),
    ("qimen-report", "text", "write events.jsonl and results.json into this folder"),
)
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

    def wants(self, api: spec.Api) -> bool:
        """Whether the options let this method through."""
        return api.role in self.roles and any(
            fnmatchcase(api.method, glob) or fnmatchcase(api.name, glob) for glob in self.methods
        )


def add_options(parser: pytest.Parser) -> None:
    """Every option and its ini twin (`qimen-url` and `qimen_url`)."""
    group = parser.getgroup("qimen", "conformance of Qimen and TOP endpoints")
    for name, kind, words in OPTIONS:
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
    """An option's value: command line first, then the ini file; empty when neither gives it."""
    ini = name.replace("-", "_")
    value = config.getoption(f"opt_{ini}", None)
    return config.getini(ini) if value is None else value


def is_active(config: pytest.Config) -> bool:
    """Whether this run is one of the suite's."""
    return any(get(config, name) for name in ("qimen", "qimen-url", "qimen-target"))


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
        _check_url(target.url)
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
    )
    if not any(settings.wants(spec.load_api(name)) for name in spec.methods()):
        raise UsageError(
            f"--qimen-method: no method of {', '.join(settings.roles)} matches "
            f"{', '.join(settings.methods)}; `qimen list` shows them"
        )
    return settings


def _several(config: pytest.Config, name: str) -> tuple[str, ...]:
    return tuple(word.strip() for value in get(config, name) for word in value.split(",") if word.strip())


def _check_url(url: str) -> None:
    if not url.startswith(("http://", "https://")) or len(url.split("/", 3)) < 3 or not url.split("/")[2]:
        raise UsageError(f"--qimen-url: expected http://host/path or https://host/path, got {url!r}")


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
