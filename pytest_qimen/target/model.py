"""A target file, options and the environment in; Target out: where to send, as whom, and what it supports."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_qimen import spec
from pytest_qimen.errors import DataError, UsageError, closest
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.target.belonging import added, read_pins, with_added
from pytest_qimen.target.caller import NO_CALLER, CallerProfile, read_caller
from pytest_qimen.target.keys import SECRETS, missing, secrets
from pytest_qimen.target.profile import assignable, assigned, canary_of, limited, measure, names, pins_of
from pytest_qimen.toml import Reader, read_toml

GATEWAY_ROLES = ("store", "wdk")
LISTS = ("roles", "methods", "without", "prefixed", "assigns")


MOST = 1_000_000  # requests a second, and seconds


@dataclass(frozen=True, slots=True)
class Waiver:
    """A known failure: which cases (a glob of ids), why, since when and until when it is forgiven."""

    id: str
    reason: str
    since: date
    expires: date

    @property
    def exact(self) -> bool:
        """Whether it speaks of one case only: it has no wildcard but those that stand for themselves."""
        return not re.search(r"[*?\[]", re.sub(r"\[[*?\[]\]", "", self.id))

    def covers(self, case_id: str) -> bool:
        """Return True when the waiver speaks of this case."""
        return fnmatchcase(case_id, self.id)


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificates as paths of PEM files: an authority to trust, and the client's own with its key."""

    authority: str = ""
    certificate: str = ""
    key: str = ""


NO_TLS = Tls()


@dataclass(frozen=True)
class Target:
    """An endpoint and its profile.

    `url` takes every request; `roles` and `methods` say what it answers, `without` which of these it does
    not; `prefixed` which roles want `taobao.qimen.` before the method; `data` pins fields to values that it
    knows (by leaf name, path, or `method:path`); `limits`, with the same keys, says where it takes less than
    the documents allow (characters, elements, the greatest number), `assigns` which ids it gives out itself
    and wants to be told from then on; `rate` is the most requests a second over all workers, 0 for
    no limit; times are seconds; `canary` is the address under which it reaches this machine, `off` for none;
    `caller` says what the same system sends.
    """

    url: str
    app_key: str
    secret: str = field(repr=False)
    customer_id: str = ""
    session: str = field(default="", repr=False)
    name: str = ""
    roles: tuple[str, ...] = spec.ROLES
    methods: tuple[str, ...] = ("*",)
    without: tuple[str, ...] = ()
    prefixed: tuple[str, ...] = GATEWAY_ROLES
    version: str = "2.0"
    data: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rate: float = 0.0
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    readonly: bool = False
    canary: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    assigns: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    tls: Tls = NO_TLS
    caller: CallerProfile = NO_CALLER

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no output may show."""
        return self.secret, self.session

    def supports(self, api: spec.Api) -> bool:
        """Return True when the profile claims the method."""
        if api not in self._supported:
            claimed = spec.matches(api.name, self.methods) and not spec.matches(api.name, self.without)
            self._supported[api] = api.role in self.roles and claimed
        return self._supported[api]

    @cached_property
    def _supported(self) -> dict[spec.Api, bool]:
        return {}

    def wire_method(self, api: spec.Api) -> str:
        """Return the `method` parameter: bare for a WMS or ERP, prefixed for the gateway (design.md 6.2)."""
        if api.protocol == "top" or api.role not in self.prefixed:
            return api.method
        return f"taobao.qimen.{api.method}"

    def profile(self, api: spec.Api) -> spec.Api:
        """Return the method as this endpoint takes it: within its limits, with the ids that it assigned."""
        return limited(assigned(api, self.assigns), self.limits)

    def pins(self, api: spec.Api) -> spec.Pins:
        """Return the legal ones of the pinned values that concern this method, by schematic path."""
        if api not in self._pins:
            found = pins_of(self.profile(api), "request", self.data)
            self._pins[api] = {pin.row.path: pin.values for pin in found if pin.values}
        return self._pins[api]

    @cached_property
    def _pins(self) -> dict[spec.Api, spec.Pins]:
        return {}

    def sent(self, api: spec.Api) -> spec.Api:
        """Return the method as its messages are made: as `profile`, and what is pinned is in all of them."""
        found = self.profile(api)
        return with_added(found, self.added(found))

    def added(self, api: spec.Api) -> frozenset[str]:
        """Return the paths of what pins add to every message of the method."""
        if api not in self._added:
            self._added[api] = added(api, self.data, self.pins(api)) if self.data else frozenset()
        return self._added[api]

    @cached_property
    def _added(self) -> dict[spec.Api, frozenset[str]]:
        return {}

    def waiver(self, case_id: str) -> Waiver | None:
        """Return the known failure that covers the case."""
        return next((waiver for waiver in self.waivers if waiver.covers(case_id)), None)


def load_target(file: Path | str | None) -> Target:
    """The Target of a file, or of the environment alone; its `url` is empty where neither gives one."""
    if file:
        target = Target(**_read_target(file))
        check_profile(target, str(file))
        return target
    found: dict[str, Any] = {key: os.environ.get(variable, "") for key, variable in SECRETS.items()}
    return Target(url="", **found)


def _read_target(path: Path | str) -> dict[str, Any]:
    file = str(path)
    top = Reader(file, "", read_toml(Path(path)))
    plain = {
        key: top.table.pop(key) for key in list(top.table) if not isinstance(top.table[key], dict | list)
    }
    lists = {key: top.table.pop(key) for key in LISTS if key in top.table}
    head = Reader(file, "target", {**plain, **lists, **top.take("target", dict, "a table", {})})
    found: dict[str, Any] = {"url": head.string("url", ""), "name": head.string("name", Path(path).stem)}
    found |= secrets(head)
    for key in LISTS:
        if key in head.table:
            found[key] = head.strings(key)
    for key in ("rate", "connect_timeout", "read_timeout"):
        if key in head.table:
            found[key] = _number(head, key)
    found["readonly"] = head.flag("readonly")
    found["canary"] = canary_of(head)
    if "version" in head.table:
        found["version"] = head.string("version")
    found["tls"] = _tls(head, Path(path).parent)
    head.done()
    _check_names(found, head)
    found["data"] = read_pins(file, top.take("data", dict, "a table", {}))
    found["caller"] = read_caller(file, top.take("caller", dict, "a table", {}))
    found["limits"] = top.take("limits", dict, "a table", {})
    found["waivers"] = tuple(_waiver(file, number, row) for number, row in enumerate(top.tables("known"), 1))
    top.done()
    return found


def _tls(head: Reader, folder: Path) -> Tls:
    """Return the files that `ca`, `client_cert` and `client_key` name, relative to the target file."""
    found = {}
    for key in ("ca", "client_cert", "client_key"):
        name = head.string(key, "")
        if name and not (folder / name).is_file():
            raise head.fail(key, say("no-file-there", path=folder / name))
        found[key] = str(folder / name) if name else ""
    if found["client_key"] and not found["client_cert"]:
        raise head.fail("client_key", say("want-client-cert"))
    return Tls(found["ca"], found["client_cert"], found["client_key"])


def _number(head: Reader, key: str) -> float:
    """Return a rate, which may be 0, or a time, which may not."""
    value = head.table.pop(key)
    words = say("a-rate") if key == "rate" else say("a-span")
    legal = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST
    if not legal or (value == 0 and key != "rate"):
        raise head.fail(key, say("want-got-number", words=words, value=value))
    return float(value)


def _check_names(found: Mapping[str, Any], head: Reader) -> None:
    """Refuse a role that does not exist and a glob that matches no method."""
    for key in ("roles", "prefixed"):
        for role in found.get(key, ()):
            if role not in spec.ROLES:
                raise head.fail(key, say("unknown-role", role=role, roles=", ".join(spec.ROLES)))
    for key in ("methods", "without"):
        for glob in found.get(key, ()):
            if not any(spec.matches(name, [glob]) for name in spec.methods()):
                raise head.fail(key, say("no-method-matches", glob=glob, near=spec.nearest(glob)))


def check_profile(target: Target, file: str) -> None:
    """Refuse limits and assigned ids that cannot be meant, and pins that no legal value meets; DataError."""
    for key, limit in target.limits.items():
        if reason := _no_limit(key, limit):
            raise DataError(file, f"limits.{key}", reason)
    for name in target.assigns:
        known = {each for api in spec.load_all() for row in assignable(api) for each in names(api, row)}
        if name not in known:
            few = ", ".join(sorted(key for key in known if "." not in key and ":" not in key))
            raise DataError(file, "assigns", say("want-assigned", few=few, name=name))
    claimed = (
        [api for api in spec.load_all() if target.supports(api)] if target.data or target.assigns else []
    )
    found = [(api, pin) for api in claimed for pin in pins_of(target.profile(api), "request", target.data)]
    used = {pin.key for _, pin in found if pin.values}
    for api, pin in found:  # fields of one name may be of several kinds
        other_kind = pin.key in used and (pin.row.codes or pin.row.type != "string")
        if not pin.values and not other_kind:
            raise DataError(file, f"data.{pin.key}", say("no-legal-value", api=api.method, why=pin.why))
    for api in claimed if target.assigns else ():
        _check_told(target, api, file)


def _no_limit(key: str, limit: Any) -> Phrase | None:
    """Return why this cannot be a limit of the field; None where it can."""
    if type(limit) is not int or limit < 1:
        return say("limit-whole", limit=limit)
    rows = [row for api in spec.load_all() for row in api.request.fields if key in names(api, row)]
    if not rows:
        known = (name for api in spec.load_all() for row in api.request.fields for name in names(api, row))
        return say("no-such-field", near=closest(key, known))
    rows = [row for row in rows if measure(row)]
    if not rows:
        return say("limit-none")
    stated = [getattr(row, measure(row)) for row in rows]
    if all(one is not None and one < limit for one in stated):
        return say("limit-high", most=max(stated), limit=limit)
    least = max((row.min if measure(row) == "max" else row.least) or 0 for row in rows)
    return say("limit-low", least=least, limit=limit) if limit < least else None


def _check_told(target: Target, api: spec.Api, file: str) -> None:
    """Refuse an assigned id of which neither a pin nor a setup knows one."""
    setups = [setup for setup in api.setup if target.supports(spec.load_api(setup["method"]))]
    told = {*target.pins(api), *(path for setup in setups if not target.readonly for path in setup["give"])}
    for row in target.profile(api).request.leaves:
        if row.need != api.request.by_path[row.path].need and row.path not in told:
            raise DataError(file, "assigns", say("pin-needed", api=api.method, path=row.path))


def _waiver(file: str, number: int, table: Any) -> Waiver:
    reader = Reader(file, f"known[{number}]", table)
    waiver = Waiver(
        id=reader.string("id"),
        reason=reader.string("reason"),
        since=_date(reader, "since"),
        expires=_date(reader, "expires"),
    )
    reader.done()
    return waiver


def _date(reader: Reader, key: str) -> date:
    value: date = reader.take(key, date, "a date")
    if isinstance(value, datetime):
        raise reader.fail(key, say("want-day", value=str(value)))
    return value


def with_options(target: Target, **options: Any) -> Target:
    """`target` with the options that were given (those that are not None)."""
    given = {key: value for key, value in options.items() if value is not None}
    for role in given.get("roles", ()):
        if role not in spec.ROLES:
            raise UsageError(say("unknown-role", role=role, roles=", ".join(spec.ROLES)))
    return replace(target, **given)


def checked(target: Target, option: str) -> Target:
    """`target` if something can be sent to it: it has keys and an address (by `option`); else UsageError."""
    scheme, _, rest = target.url.partition("://")
    if scheme not in ("http", "https") or not rest.partition("/")[0]:
        raise UsageError(say("want-url", option=option, url=target.url))
    if target.app_key and target.secret:
        return target
    names = [SECRETS[key] for key in ("app_key", "secret", "customer_id") if not getattr(target, key)]
    raise UsageError(missing(names))
