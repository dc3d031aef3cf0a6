"""The core on which the threads of a process work.

Threads of one interpreter take turns. A turn that goes to a thread on another core waits until that wakes up:
three threads on two cores take a third longer than on one (docs/speed.md).
"""

import os
from contextlib import suppress


def settle_on(number: int) -> None:
    """Keep this thread, and those that it starts, on one of the cores that it may use.

    Numbers that follow each other mean two cores where there are two. Only Linux lets a thread choose, and
    not everywhere: else nothing happens.
    """
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {cores[number % len(cores)]})


def beside_others() -> None:
    """Keep this thread with those of its process that work beside it; each worker of xdist has a core."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    settle_on(os.getppid() + int(worker) if worker.isdecimal() else os.getpid())
