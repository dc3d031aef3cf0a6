"""Findings in, the same defect once and not more of them than anybody reads, out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pytest_qimen import xml
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

MOST = 100  # findings of one answer: more than any message of the documents has fields
MOST_OF_CASE = 500


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each check and schematic path of an answer, MOST of them at most.

    The worst of its kind stands for all, the first where they are equal, and says how many there are.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.check, xml.schematic(one.path)), []).append(one)
    return bounded([_standing_for(group) for group in groups.values()], MOST)


def _standing_for(group: Sequence[Finding]) -> Finding:
    worst = min(group, key=_rank)
    if len(group) == 1:
        return worst
    return replace(worst, actual=say("and-alike", actual=worst.actual, number=len(group) - 1))


def bounded(findings: list[Finding], most: int = MOST_OF_CASE) -> list[Finding]:
    """Return at most `most` findings, the worst of them; one more tells how many are left out."""
    if len(findings) <= most:
        return findings
    wanted, left_out = say("so-many-findings", most=most), say("more-findings", number=len(findings) - most)
    last = findings[-1]
    told = Finding("answer.more", Level.MAY, "", wanted, left_out, last.clause, last.step)
    return [*sorted(findings, key=_rank)[:most], told]


def _rank(finding: Finding) -> int:
    return finding.level.rank
