"""The table `[caller]` of a target file in; what the system sends, and how it is made to, out."""

import re
from dataclasses import dataclass
from typing import Any

from pytest_qimen import spec
from pytest_qimen.errors import DataError
from pytest_qimen.phrases import say
from pytest_qimen.toml import Reader

SIDES = ("erp", "wms", "oms")
RECEIVERS = {"erp": ("wms",), "wms": ("erp",), "oms": ("store", "wdk")}  # a side -> the roles that it calls
BY_THE_PLATFORM = ("service.heartbeat", "supplier.synchronize")  # printed as called by Qimen itself
_DURATION = re.compile(r"([1-9][0-9]{0,4})(s|m|h)")
_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class DriverProfile:
    """How the system is made to act: by `command` or `url`; `timeout` in seconds, `parallel` asks at once."""

    command: tuple[str, ...] = ()
    url: str = ""
    timeout: float = 120.0
    parallel: int = 1


@dataclass(frozen=True, slots=True)
class CallerProfile:
    """What a system sends: `sides` are erp, wms and oms, `sends` and `without` globs of methods.

    Windows are in seconds: `ask` for a call after a task, `retry` for a message to come again by itself,
    `quiet` for nothing more to come. With `retries` False it never sends again by itself,
    with `splits` False no document in parts.
    """

    sides: tuple[str, ...] = SIDES
    sends: tuple[str, ...] = ("*",)
    without: tuple[str, ...] = ()
    retries: bool = True
    ask: float = 120.0
    retry: float = 90.0
    quiet: float = 10.0
    most_a_minute: int = 5
    driver: DriverProfile | None = None
    splits: bool = True

    def claims(self, api: spec.Api) -> bool:
        """Return True when the system is said to send this method."""
        roles = {role for side in self.sides for role in RECEIVERS[side]}
        named = spec.matches(api.name, self.sends) and not spec.matches(api.name, self.without)
        return api.role in roles and named and api.method not in BY_THE_PLATFORM


NO_CALLER = CallerProfile()


def read_caller(file: str, table: dict[str, Any]) -> CallerProfile:
    """Return the profile of a caller; DataError for what is illegal."""
    reader = Reader(file, "caller", table)
    sides = _sides(reader)
    sends, without = reader.strings("sends") or ("*",), reader.strings("without")
    for key, globs in (("sends", sends), ("without", without)):
        for glob in globs:
            if not any(spec.matches(api.name, (glob,)) for api in spec.load_all()):
                raise reader.fail(key, say("no-method-matches", glob=glob, near=spec.nearest(glob)))
    retries = bool(reader.take("retries", bool, "true or false", True))
    found = CallerProfile(
        sides=sides,
        sends=sends,
        without=without,
        retries=retries,
        ask=duration(reader, "ask_within", "120s"),
        retry=duration(reader, "retry_within", "90s"),
        quiet=duration(reader, "quiet", "10s"),
        most_a_minute=reader.count("most_a_minute", 1000, 5),
        splits=bool(reader.take("splits", bool, "true or false", True)),
        driver=_driver(file, reader.take("driver", dict, "a table", None)),
    )
    reader.done()
    return found


def _sides(reader: Reader) -> tuple[str, ...]:
    value = reader.take("side", (str, list), "erp, wms, oms or a list of them", list(SIDES))
    sides = tuple([value] if isinstance(value, str) else value)
    for side in sides:
        if side not in SIDES:
            raise reader.fail("side", say("want-side", side=side))
    if not sides:
        raise reader.fail("side", say("is-empty"))
    return sides


def duration(reader: Reader, key: str, default: str) -> float:
    """Return the seconds of `90s`, `5m` or `1h`."""
    text = reader.string(key, default)
    found = _DURATION.fullmatch(text)
    if found is None:
        raise reader.fail(key, say("want-duration", text=text))
    return float(int(found[1]) * _UNITS[found[2]])


def _driver(file: str, table: dict[str, Any] | None) -> DriverProfile | None:
    if table is None:
        return None
    reader = Reader(file, "caller.driver", table)
    command, url = reader.strings("command"), reader.string("url", "")
    if bool(command) == bool(url):
        raise DataError(file, "caller.driver", say("want-command"))
    if url and not re.match(r"https?://[^/?#@\s]+", url):
        raise reader.fail("url", say("want-caller-url", url=url))
    found = DriverProfile(command, url, duration(reader, "timeout", "120s"), reader.count("parallel", 16))
    reader.done()
    return found
