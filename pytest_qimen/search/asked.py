"""What `--qimen-fuzz` and the options beside it ask for."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.search.budget import Budget
from pytest_qimen.target.near import is_near


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: its budget, the folder of its corpus, where its examples are kept, and who searches.

    `workers` is how many workers of xdist search; 0 in a run without, and in each of them.
    """

    budget: Budget
    corpus: Path
    database: str
    workers: int


def refuse_public(url: str) -> None:
    """Raise UsageError for the host of a stranger."""
    if not is_near(url):
        raise UsageError(say("fuzz-public", host=str(urlsplit(url).hostname)))
