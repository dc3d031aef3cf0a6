"""How long a full certification takes: every method, every boundary, every flow, ten examples a property.

Against an endpoint in a process of its own, each way once (a run is long): one connection, three (as
`make certify` does), eight, and two workers of xdist; then one and sixteen connections where each answer
takes 30 ms.

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
FAR = {"1 connection": [], "--qimen-connections 16": ["--qimen-connections", "16"]}


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
    far = [
        certified(f"30 ms, {name}", options, 0.03, 90 if options else None) for name, options in FAR.items()
    ]
    yield from far
    yield Figure("30 ms, 16 connections / 1 connection", far[0].value / far[1].value, "x", 7)


if __name__ == "__main__":
    raise SystemExit(main(measure))
