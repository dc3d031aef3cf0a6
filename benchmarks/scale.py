"""Whether 100,000 requests cost ten times what 10,000 do, in time, and hardly more in memory.

The engine runs its cases again and again; a search for failures (`--qimen-fuzz`) is a pytest run. Each once.

    .venv/bin/python benchmarks/scale.py
"""

import resource
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from _common import PYTEST, Figure, endpoint, main, target, timed
from engine import cases

from pytest_qimen.runner import Session
from pytest_qimen.transport import Transport

LITTLE, MUCH = 10_000, 100_000


def memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def engine() -> None:
    """Print seconds and memory after each tenth of the requests: for a process of its own."""
    with endpoint() as url:
        session, sent, start = Session(target(url), Transport()), 0, perf_counter()
        for case in cycle(cases()):
            if sent >= MUCH:
                break
            before, sent = sent, sent + session.outcome(case).requests
            if before // LITTLE < sent // LITTLE:
                print(f"{sent} {perf_counter() - start} {memory()}", flush=True)


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
    """What the second 50,000 requests cost beside the first, and what it all takes."""
    rows = [
        [float(word) for word in line.split()]
        for line in timed([sys.executable, __file__, "engine"]).out.splitlines()
    ]
    (half, middle, _), (sent, end, most) = rows[4], rows[-1]
    slower = (end - middle) / (sent - half) / (middle / half)
    yield Figure(
        f"engine: time of the second {half:,.0f} requests / of the first", slower, "x", 1.1, most=True
    )
    yield Figure(
        f"engine: memory after {sent:,.0f} requests",
        most,
        "MB",
        300,
        most=True,
        note=f"{rows[0][2]:.0f} MB after {rows[0][0]:,.0f}; {sent / end:.0f} /s",
    )
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
    if sys.argv[1:] == ["engine"]:
        engine()
    else:
        raise SystemExit(main(measure))
