"""How long pytest takes to collect the whole suite, and how much longer to start where nobody wants it.

Collecting is `pytest --qimen --collect-only -q` in a process of its own, its output included. Starting is a
project of one test with and without `-p no:qimen`. Medians of nine, the two taking turns.

    .venv/bin/python benchmarks/start.py
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from _common import PYTEST, Figure, main, timed

ROUNDS = 9


def measure() -> Iterator[Figure]:
    """Seconds and memory of collecting, milliseconds of a start."""
    collect = [*PYTEST, "--qimen", "--collect-only"]
    timed(collect)  # writes the bytecode
    runs = [timed(collect) for _ in range(ROUNDS)]
    items = sum("::" in line for line in runs[0].out.splitlines())
    yield Figure(f"collecting {items:,} cases", median(run.seconds for run in runs), "s", 1.5, most=True)
    yield Figure("memory for it", max(run.megabytes for run in runs), "MB", 100, most=True)
    with TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one():\n    pass\n")
        ways = ([*PYTEST], [*PYTEST, "-p", "no:qimen"])
        for way in ways:
            timed(way, folder)
        found = [[timed(way, folder).seconds for way in ways] for _ in range(ROUNDS)]
    yield Figure("start of pytest without the plugin", 1000 * median(plain for _, plain in found), "ms")
    more = median(with_it - plain for with_it, plain in found)
    yield Figure("longer with the plugin installed and not used", 1000 * more, "ms", 50, most=True)


if __name__ == "__main__":
    raise SystemExit(main(measure))
