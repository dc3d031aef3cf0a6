"""How long a full certification takes: every method, every boundary, every flow, ten examples a property.

Against an endpoint in a process of its own, each way once (a run is long): one connection, three (as
`make certify` does), eight, and two workers of xdist; then sixteen connections where each answer takes 30 ms,
and a quarter of the cases there, for one connection takes twenty minutes for all.

    .venv/bin/python benchmarks/certification.py
"""

from collections.abc import Iterator, Sequence

import _peers
from _common import PYTEST, Figure, endpoint, main, timed

WAYS = {
    "1 connection": [],
    "--qimen-connections 3": ["--qimen-connections", "3"],
    "--qimen-connections 8": ["--qimen-connections", "8"],
    "-n 2": ["-n", "2"],
}
FAR, MANY, QUARTER = 0.03, ["--qimen-connections", "16"], ["--qimen-shard", "1/4"]


def certified(name: str, options: Sequence[str], delay: float, most: float | None) -> Figure:
    """The seconds of a full certification from start to exit status, at most so many, and its memory."""
    with endpoint(delay) as url:
        done = timed([*PYTEST, "--qimen-url", url, *options], codes=(0, 1))
    sent = _peers.counted(r"([\d,]+) requests", done.out)
    note = f"{sent:,} requests, {sent / done.seconds:.0f} /s, {done.megabytes:.0f} MB"
    return Figure(name, done.seconds, "s", most, most=True, note=note)


def measure() -> Iterator[Figure]:
    """Every way on loopback, then where answers take their time."""
    for name, options in WAYS.items():
        yield certified(f"full certification, {name}", options, 0, 60)
    yield certified("full certification at 30 ms, --qimen-connections 16", MANY, FAR, 90)
    one = certified("a quarter of it at 30 ms, 1 connection", QUARTER, FAR, None)
    many = certified("a quarter of it at 30 ms, --qimen-connections 16", [*QUARTER, *MANY], FAR, None)
    yield from (one, many)
    yield Figure("a quarter of it at 30 ms, 16 connections / 1 connection", one.value / many.value, "x", 7)


if __name__ == "__main__":
    raise SystemExit(main(measure))
