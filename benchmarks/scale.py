"""Whether the engine runs 100,000 requests as fast at the end as at the beginning, and in the same memory.

It takes the cases of engine.py again and again, against an endpoint in a process of its own; once.

    .venv/bin/python benchmarks/scale.py
"""

import resource
import sys
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter

from _common import Figure, endpoint, main, target, timed
from engine import cases

from pytest_qimen.client.transport import Transport
from pytest_qimen.runner import Session

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


def measure() -> Iterator[Figure]:
    """What the second half costs beside the first, and the most memory."""
    rows = [
        [float(word) for word in line.split()]
        for line in timed([sys.executable, __file__, "alone"]).out.splitlines()
    ]
    (half, middle, _), (sent, end, most) = rows[4], rows[-1]
    slower = (end - middle) / (sent - half) / (middle / half)
    yield Figure(
        f"engine: time of the second {half:,.0f} requests / of the first", slower, "x", 1.05, most=True
    )
    yield Figure(
        f"engine: memory after {sent:,.0f} requests",
        most,
        "MB",
        300,
        most=True,
        note=f"{rows[0][2]:.0f} MB after {rows[0][0]:,.0f}; {sent / end:.0f} /s",
    )


if __name__ == "__main__":
    raise SystemExit(main(measure, engine))
