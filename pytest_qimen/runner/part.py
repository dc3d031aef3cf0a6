"""What a worker of xdist is told when it starts: where the endpoint is, and its part of the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A process's part of a run.

    `worker` is counted from 1, 0 is the process that keeps the record; `workers` is how many share the rate.
    `number` begins the keys of all of them. `canary` is the port at which the controller listens for the
    canaries of all workers, or 0. `errand` is what it wants of them in a search, which ask it over `found`.
    """

    worker: int = 0
    workers: int = 1
    number: int | None = None
    url: str = ""
    canary: int = 0
    errand: Mapping[str, Any] | None = None
    found: Any = None

    @classmethod
    def of(cls, config: Any) -> "Part":
        """Return that of pytest's process: a worker's where xdist says so."""
        told = getattr(config, "workerinput", None)
        if told is None:
            return cls()
        worker = int(told["workerid"].removeprefix("gw")) + 1
        return cls(worker, told["workercount"], **told["qimen"])
