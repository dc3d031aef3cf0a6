"""Known failures in, the bundled cases of which they speak out."""

from collections.abc import Collection, Iterator

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.target.model import Waiver


def matching_ids(waiver: Waiver) -> Iterator[str]:
    """Yield every bundled case of which a known failure speaks."""
    for path in bundled_files():
        yield from (case.id for case in bundled_cases(path) if waiver.covers(case.id))


def useless(waivers: Collection[Waiver], ran: Collection[str]) -> Iterator[str]:
    """Yield known failures that speak of no case at all, whatever of the suite ran."""
    for waiver in waivers:
        covered = any(map(waiver.covers, ran))
        if not covered and not any(True for _ in matching_ids(waiver)):
            yield waiver.id
