"""Whether the engine runs 100,000 requests as fast at the end as at the beginning, and in the same memory.

It takes the cases of engine.py again and again, against an endpoint in a process of its own; once. That
endpoint keeps every document, and its lists and sums grow with them: the engine's own time is told apart.

    .venv/bin/python benchmarks/scale.py
"""

import resource
import sys
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter, process_time

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
        session, sent = Session(target(url), Transport()), 0
        start, busy = perf_counter(), process_time()
        for case in cycle(cases()):
            if sent >= MUCH:
                break
            before, sent = sent, sent + session.outcome(case).requests
            if before // LITTLE < sent // LITTLE:
                print(sent, perf_counter() - start, process_time() - busy, memory(), flush=True)


def measure() -> Iterator[Figure]:
    """What the second half costs beside the first, and the most memory."""
    rows = [
        [float(word) for word in line.split()]
        for line in timed([sys.executable, __file__, "alone"]).out.splitlines()
    ]
    half, sent = rows[4][0], rows[-1][0]
    whole, own = (
        (rows[-1][column] - rows[4][column]) / (sent - half) / (rows[4][column] / half) for column in (1, 2)
    )
    most = rows[-1][3]
    what = f"of the second {half:,.0f} requests / of the first"
    yield Figure(f"time {what}", whole, "x", note="the endpoint's lists and sums grow")
    yield Figure(f"engine: its own processor time {what}", own, "x", 1.05, most=True)
    yield Figure(
        f"engine: memory after {sent:,.0f} requests",
        most,
        "MB",
        300,
        most=True,
        note=f"{rows[0][3]:.0f} MB after {rows[0][0]:,.0f}; {sent / rows[-1][1]:.0f} /s",
    )


if __name__ == "__main__":
    raise SystemExit(main(measure, engine))
