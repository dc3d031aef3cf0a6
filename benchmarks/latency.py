"""What several connections and several workers gain where every answer takes its time.

100 ms: some 190 cases that do not depend on one another over 1 and 16 connections, of two methods of which
nothing is taken back in the end and whose cases have up to three steps. 20 ms: some 700 with `-n 0` and
`-n 2`, everything taken back. The seconds are those that pytest tells: all but the start of Python. Verdicts
and ids must be the same. Medians of five. Then some 400 cases and flows at several latencies, each way once.

    .venv/bin/python benchmarks/latency.py
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from _common import PYTEST, ROUNDS, Figure, endpoint, main, timed

FREE = ("supplier.synchronize", "warehouseinfo.synchronize")
MIXED = ["--qimen-method", "stockout.create,stockout.query,order.cancel", "--qimen-level", "must"]
LATENCIES = (0.0, 0.01, 0.03, 0.1)  # seconds before each answer
WAYS = {
    "8 connections": ["--qimen-connections", "8"],
    "16 connections": ["--qimen-connections", "16"],
    "-n 2": ["-n", "2"],
    "-n 2, 8 connections each": ["-n", "2", "--qimen-connections", "8"],
}


def run(url: str, options: Sequence[str]) -> tuple[float, dict[str, str]]:
    """The seconds of a run and the status of every case."""
    with TemporaryDirectory() as folder:
        done = timed([*PYTEST, "--qimen-url", url, "--qimen-report", folder, *options], codes=(0, 1))
        results = json.loads(Path(folder, "results.json").read_text())
    found = re.search(r" in ([\d.]+)s", done.out)
    assert found, done.out
    return float(found[1]), {case["id"]: case["status"] for case in results["cases"]}


def compare(
    delay: float, chosen: Sequence[str], slow: Sequence[str], fast: Sequence[str], wanted: float
) -> Figure:
    """How many times as fast the second way is."""
    pairs = []
    with endpoint(delay) as url:
        for _ in range(ROUNDS):
            (long, one), (short, other) = run(url, [*chosen, *slow]), run(url, [*chosen, *fast])
            assert one == other, sorted(set(one.items()) ^ set(other.items()))[:10]
            pairs.append((long, short))
    ratio = median(long / short for long, short in pairs)
    what = f"{1000 * delay:.0f} ms, {len(one)} cases: {' '.join(fast)} / {' '.join(slow)}"
    long, short = (median(times) for times in zip(*pairs, strict=True))
    return Figure(what, ratio, "x", wanted, note=f"{long:.1f} s and {short:.1f} s; same ids and verdicts")


def grid() -> Iterator[Figure]:
    """How many times as fast as one connection each way is, at each latency."""
    for delay in LATENCIES:
        with endpoint(delay) as url:
            alone, statuses = run(url, MIXED)
            for name, options in WAYS.items():
                seconds, found = run(url, [*MIXED, *options])
                assert found == statuses, sorted(set(found.items()) ^ set(statuses.items()))[:10]
                what = f"{1000 * delay:.0f} ms, {len(found)} cases: {name} / 1 connection"
                yield Figure(what, alone / seconds, "x", note=f"{alone:.1f} s and {seconds:.1f} s")


def measure() -> Iterator[Figure]:
    """Both gains."""
    one, many = (["--qimen-connections", count] for count in ("1", "16"))
    yield compare(0.1, ["--qimen-method", ",".join(FREE), "-k", "request"], one, many, 10)
    yield compare(
        0.02,
        ["--qimen-method", "entryorder.create,returnorder.create", "-k", "request"],
        ["-n", "0"],
        ["-n", "2"],
        1.5,
    )
    yield from grid()


if __name__ == "__main__":
    raise SystemExit(main(measure))
