"""Ids of failures and of all cases in, the fewest patterns that cover the failures and nothing else out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

FEWEST = 3  # cases that are worth a pattern


def glob(identity: str) -> str:
    """Return a pattern of fnmatch that matches this id and no other."""
    return re.sub(r"[*?\[]", r"[\g<0>]", identity)


def shortest(red: Sequence[str], every: Sequence[str]) -> Mapping[str, list[str]]:
    """Return patterns with the ids that each covers; an id that none covers has one of its own.

    A pattern is taken where at least three cases match it and all of them are red; the widest goes first.
    """
    left = dict.fromkeys(red)
    well = [identity for identity in every if identity not in left]
    counts = Counter(pattern for identity in red for pattern in _wider(identity))
    spoilt = {pattern for identity in well for pattern in _wider(identity)}
    found: dict[str, list[str]] = {}
    for pattern, number in counts.most_common():
        if number < FEWEST or pattern in spoilt or any(fnmatchcase(one, pattern) for one in well):
            continue
        covered = [identity for identity in left if fnmatchcase(identity, pattern)]
        if len(covered) >= FEWEST:
            found[pattern] = covered
            left = {identity: None for identity in left if not fnmatchcase(identity, pattern)}
    return dict(sorted({**found, **{glob(identity): [identity] for identity in left}}.items()))


def _wider(identity: str) -> Iterator[str]:
    """Yield patterns that cover an id: all below one of its parts, and methods that begin with one word."""
    parts = [glob(part) for part in identity.split("/")]
    for place in range(1, len(parts)):
        yield "/".join([*parts[:place], "*"])
    if len(parts) > 3:
        yield f"{parts[0]}/{parts[1].partition('.')[0]}.*/{parts[2]}/*"
