"""Case records in, why the run ended as it did out: causes with what hangs on them, the worst first."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pytest_qimen.checks import contract
from pytest_qimen.phrases import PHRASES, Said, text_of
from pytest_qimen.reasons import Because, BlockedBy, Network, Reason, innermost
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.results import gaps, verdict
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Finding, Level, Status

Key = tuple[str, str]


@dataclass(slots=True)
class Cause:
    """One defect: the `check` that found it and what it is `about`: a requirement, a path, or a reason.

    `cases` show it themselves, `own` are those of them that no worse cause has counted, so that the own
    cases of all causes add up; `blocked` could not be tested because one of these failed. `said` is the
    reason of a cause that no finding shows.
    """

    check: str
    about: str
    status: Status
    said: Said = ""
    cases: list[CaseRecord] = field(default_factory=list)
    own: list[CaseRecord] = field(default_factory=list)
    blocked: list[CaseRecord] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """Return what sorts the most consequential first."""
        worst = {Status.FAIL: 0, Status.STALE: 0, Status.ERROR: 1, Status.BLOCKED: 1, Status.UNTESTED: 1}.get(
            self.status, 2
        )
        return worst, -len(self.cases) - len(self.blocked), self.check, self.about

    def finding(self) -> Finding | None:
        """Return the finding of its first case that belongs to it."""
        key = self.check, self.about
        return next((one for case in self.cases for one in case.findings if _key(case, one) == key), None)


def causes(cases: Sequence[CaseRecord]) -> list[Cause]:
    """Return every defect of a run once; a blocked case belongs to the first defect of its blocker."""
    groups: dict[Key, Cause] = {}
    by_case: dict[str, Cause] = {}
    for case in cases:
        for key, (status, said) in dict(_keys(case)).items():
            cause = groups.setdefault(key, Cause(*key, status, said))
            cause.cases.append(case)
            cause.status = min(cause.status, status, key=lambda one: one.rank)
            by_case.setdefault(case.id, cause)
    for case in cases:
        if case.status is Status.BLOCKED:
            blamed = _blamed(case, by_case)
            if blamed is None:
                said = case.reason.said() if case.reason else ""
                key = "blocked", text_of(said)
                blamed = groups.setdefault(key, Cause(*key, Status.BLOCKED, said))
            blamed.blocked.append(case)
    found = sorted(groups.values(), key=lambda cause: cause.rank)
    told = set[str]()
    for cause in found:
        cause.own = [case for case in cause.cases if case.id not in told]
        told |= {case.id for case in cause.own}
    return found


def _blamed(case: CaseRecord, by_case: dict[str, Cause]) -> Cause | None:
    """Return the cause of the case that blocks this one; older files name that case by their text."""
    blamed = case.reason.case if isinstance(case.reason, BlockedBy) else case.cause
    return by_case.get(blamed)


def _keys(case: CaseRecord) -> Iterator[tuple[Key, tuple[Status, Said]]]:
    """Yield the defects that a case shows, each with the status that it alone would give."""
    if case.status is Status.ERROR:
        inner = innermost(case.reason)
        word = inner.word if isinstance(inner, Network) else _words(inner)
        yield ("error", word), (case.status, inner.said() if inner else "")
    elif case.status is Status.STALE:
        yield ("stale", case.cause), (case.status, case.reason.said() if case.reason else "")
    elif case.status.is_broken:
        for found in sorted(case.findings, key=lambda found: found.level is Level.MUST):
            if found.level.is_judged:
                status = Status.FAIL if found.level is Level.MUST else Status.WARN
                yield _key(case, found), (status, "")


def _words(reason: Reason | None) -> str:
    """Return what tells this reason from others: its sentence, or the kind of what broke in a scenario."""
    if isinstance(reason, Because) and f"defect-error-{reason.phrase.id}" in PHRASES:
        return reason.phrase.id
    return str(reason) if reason else ""


def _key(case: CaseRecord, found: Finding) -> Key:
    """Return what the finding is about: a requirement for what an answer says, a place for its form."""
    if found.check.startswith("contract."):
        check = found.check if found.check in contract.VERDICTS else "contract"
        return check, next(iter(case.requirements), "")
    return found.check, re.sub(r"\[\d*\]", "", found.path)


def worst(statuses: Sequence[Status]) -> Status | None:
    """Return what cases with these statuses amount to; None for none."""
    return min(statuses, key=lambda status: status.rank, default=None)


def reason(cases: Sequence[CaseRecord], level: str, ended: str | None, shards: Sequence[str] = ()) -> Text:
    """Return why the verdict is what it is, in one sentence."""
    counts = Counter(case.status for case in cases)
    judged = verdict(cases, level, ended is not None, shards)
    untested = sum(case.status.is_untested for case in cases)
    parts = []
    if judged == "non-conformant":
        red = sum(case.status.is_red(level) for case in cases)
        found = sum(cause.status.is_red(level) for cause in causes(cases))
        parts.append(
            Text(
                f"{red:,} 个用例不合格，归为 {found} 个原因",
                f"{_many(red, 'case is', 'cases are')} red, from {_many(found, 'cause', 'causes')}",
            )
        )
    elif judged == "conformant":
        good = sum(case.level is Level.MUST and case.status.is_good for case in cases)
        parts.append(
            Text(
                f"测试过的必须项全部满足（{good:,} 个用例）",
                f"every must that was tested holds ({_many(good, 'case', 'cases')})",
            )
        )
    if untested:
        parts.append(Text(f"{untested:,} 个用例未能测试", f"{untested:,} could not be tested"))
    if counts[Status.UNSUPPORTED]:
        parts.append(
            Text(f"{counts[Status.UNSUPPORTED]:,} 个不支持", f"{counts[Status.UNSUPPORTED]:,} unsupported")
        )
    if counts[Status.WAIVED]:
        parts.append(Text(f"{counts[Status.WAIVED]:,} 个已豁免", f"{counts[Status.WAIVED]:,} waived"))
    parts += [Text(gap.text("zh"), gap.text("en")) for gap in gaps(cases, shards)]
    if ended is None:
        parts.append(Text("运行中断，结果不完整", "the run broke off"))
    elif not parts:
        parts.append(Text("没有运行任何用例", "no case was run"))
    en = "; ".join(part.en for part in parts)
    return Text("；".join(part.zh for part in parts), en[:1].upper() + en[1:])


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
