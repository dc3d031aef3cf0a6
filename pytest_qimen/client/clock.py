"""The time in China, by the clock of this machine, and by one that nobody can set while a run lasts."""

import time
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

CHINA: Final = timezone(timedelta(hours=8))
_WALL, _STEADY = datetime.now(CHINA), time.monotonic()  # where `steady` begins


def wall() -> datetime:
    """Return the time as the machine's clock tells it now."""
    return datetime.now(CHINA)


def steady() -> datetime:
    """Return the time that the clock told when the program began, and what has passed since: no jumps."""
    return _WALL + timedelta(seconds=time.monotonic() - _STEADY)


def stamp() -> str:
    """Return the steady time with its offset, as ISO 8601: no run ends before it begins."""
    return steady().isoformat(timespec="milliseconds")


def china_now() -> str:
    """Return the time in China as the documents write it."""
    return _china(int(time.time()))


@lru_cache(2)
def _china(second: int) -> str:
    return datetime.fromtimestamp(second, CHINA).isoformat(" ")[:19]
