"""How long a full certification takes: every method, every boundary, every flow, ten examples a property.

Against an endpoint in a process of its own, each way once (a run is long): one connection, three (as
`make certify` does), eight, and two workers of xdist.

    .venv/bin/python benchmarks/certification.py
"""

from collections.abc import Iterator

import _peers
from _common import PYTEST, Figure, endpoint, main, timed


def measure() -> Iterator[Figure]:
    """Seconds from start to exit status, and memory."""
    ways = {
        "1 connection": [],
        "--qimen-connections 3": ["--qimen-connections", "3"],
        "--qimen-connections 8": ["--qimen-connections", "8"],
        "-n 2": ["-n", "2"],
    }
    for name, options in ways.items():
        with endpoint() as url:
            done = timed([*PYTEST, "--qimen-url", url, *options], codes=(0, 1))
        sent = _peers.counted(r"([\d,]+) requests", done.out)
        note = f"{sent:,} requests, {sent / done.seconds:.0f} /s, {done.megabytes:.0f} MB"
        yield Figure(f"full certification, {name}", done.seconds, "s", 60, most=True, note=note)


if __name__ == "__main__":
    raise SystemExit(main(measure))
