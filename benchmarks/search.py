"""How fast a search is on one worker and on two, and whether a long one costs more a request.

`pytest --qimen-fuzz` against an endpoint in a process of its own. Requests a second are those of searches of
15 seconds, the start of Python left out; all ways take turns, medians of three. 100,000 requests should cost
ten times what 10,000 do, and hardly more memory: from start to exit status, each once.

    .venv/bin/python benchmarks/search.py
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from _common import PYTEST, Figure, endpoint, main, medians, timed

LITTLE, MUCH = 10_000, 100_000
SECONDS, ROUNDS = 15, 3
WAYS = {
    "1 connection": [],
    "-n 2": ["-n", "2"],
    "8 connections": ["--qimen-connections", "8"],
    "-n 2, 8 connections each": ["-n", "2", "--qimen-connections", "8"],
}


def rate(url: str, options: Sequence[str]) -> float:
    """Requests a second of a search."""
    with TemporaryDirectory() as folder:
        search = ["--qimen-url", url, "--qimen-fuzz", f"{SECONDS}s", "--qimen-corpus", folder]
        done = timed([*PYTEST, *search, *options], codes=(0, 1))
    found = re.search(r"^fuzz: (\d+) requests", done.out, re.MULTILINE)
    assert found, done.out
    return int(found[1]) / SECONDS


def ways(delay: float) -> Iterator[Figure]:
    """Each way beside one connection, at a latency in seconds."""
    with endpoint(delay) as url:
        found = medians({name: partial(rate, url, options) for name, options in WAYS.items()}, ROUNDS)
    for name, figure in found.items():
        beside = f"{figure / found['1 connection']:.2f} of 1 connection"
        yield Figure(f"{1000 * delay:.0f} ms: --qimen-fuzz, {name}", figure, "/s", note=beside)


def fuzz(requests: int) -> tuple[float, float]:
    """Seconds and memory of a search with so many requests."""
    with endpoint() as url, TemporaryDirectory() as folder:
        options = [
            "--qimen-url",
            url,
            "--qimen-fuzz",
            str(requests),
            "--qimen-corpus",
            str(Path(folder, "corpus")),
        ]
        done = timed([*PYTEST, *options], codes=(0, 1))
    return done.seconds, done.megabytes


def measure() -> Iterator[Figure]:
    """Requests a second of each way; seconds a request and memory of a short search and a long one."""
    for delay in (0.0, 0.03):
        yield from ways(delay)
    (short, little), (long, much) = fuzz(LITTLE), fuzz(MUCH)
    seconds = f"{short:.0f} s and {long:.0f} s, {MUCH / long:.0f} /s"
    yield Figure(
        f"--qimen-fuzz: time of {MUCH:,} requests / of {LITTLE:,}, a request",
        long / MUCH / (short / LITTLE),
        "x",
        1.1,
        most=True,
        note=seconds,
    )
    yield Figure(
        f"--qimen-fuzz: memory of {MUCH:,} requests",
        much,
        "MB",
        300,
        most=True,
        note=f"{little:.0f} MB for {LITTLE:,}",
    )


if __name__ == "__main__":
    raise SystemExit(main(measure))
