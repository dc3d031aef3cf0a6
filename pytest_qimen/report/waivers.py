"""Known failures in, the cases of which they speak, and that nothing fails any more, out."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.target.model import Waiver
from pytest_qimen.verdict import Status


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


def passing(waivers: Collection[Waiver], cases: Collection[CaseRecord]) -> Iterator[CaseRecord]:
    """Yield, stale, one case of each glob of known failures whose cases all ran without a failure."""
    for waiver in waivers:
        covered = [case for case in cases if waiver.covers(case.id)]
        if waiver.exact or not covered or not all(case.status.is_good for case in covered):
            continue
        if set(matching_ids(waiver)) <= {case.id for case in covered}:
            passes = Because(say("glob-passes", glob=waiver.id, reason=waiver.reason))
            yield replace(covered[0], status=Status.STALE, reason=passes)
