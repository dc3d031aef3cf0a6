"""The shards of a run, written `3/10`, in; which are missing or stand twice out."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pytest_qimen.phrases import Phrase, say

SHOWN = 20  # shards that a sentence names


def parts(shard: str) -> tuple[int, int]:
    """Return the number of a shard and how many there are; ValueError for a text that names none."""
    number, _, count = shard.partition("/")
    return int(number), int(count)


def in_order(shards: Sequence[str]) -> tuple[str, ...]:
    """Return the shards by their numbers."""
    return tuple(sorted(shards, key=parts))


def flaws(shards: Sequence[str]) -> Iterator[Phrase]:
    """Yield why these are no whole run; nothing for a run of an earlier version, which named none."""
    if not shards:
        return
    known, (_, count) = Counter(shards), parts(shards[0])
    missing = [name for name in (f"{number}/{count}" for number in range(1, count + 1)) if name not in known]
    for word, names in (
        ("shards-missing", missing),
        ("shards-twice", [name for name in known if known[name] > 1]),
    ):
        if names:
            more = f", … ({len(names)})" if len(names) > SHOWN else ""
            yield say(word, shards=", ".join(names[:SHOWN]) + more)
