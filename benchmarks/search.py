"""Whether a search of 100,000 requests costs ten times what one of 10,000 does, and hardly more memory.

`pytest --qimen-fuzz` against an endpoint in a process of its own, from start to exit status; each once.

    .venv/bin/python benchmarks/search.py
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from _common import PYTEST, Figure, endpoint, main, timed

LITTLE, MUCH = 10_000, 100_000


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
    """Seconds a request and the most memory of both."""
    (short, little), (long, much) = fuzz(LITTLE), fuzz(MUCH)
    rate = f"{short:.0f} s and {long:.0f} s, {MUCH / long:.0f} /s"
    yield Figure(
        f"--qimen-fuzz: time of {MUCH:,} requests / of {LITTLE:,}, a request",
        long / MUCH / (short / LITTLE),
        "x",
        1.1,
        most=True,
        note=rate,
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
