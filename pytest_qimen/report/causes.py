"""Case events in, why the run ended as it did out: causes with their dependants, most consequential first."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_qimen.report.results import RED, verdict
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level, Status

Event = Mapping[str, Any]
# from worst to best: what a group of cases amounts to is its worst
SEVERITY = ("fail", "stale", "error", "blocked", "warn", "waived", "pass", "info", "unsupported")
KEPT = frozenset({Status.PASS.value, Status.INFO.value, Status.WARN.value})
VERDICTS = frozenset({"contract.accepts", "contract.refuses", "contract.observed"})
JUDGED = frozenset({Level.MUST.value, Level.SHOULD.value})
_STEP = re.compile(r"^step \d+ \([^)]*\): ")
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(slots=True)
class Cause:
    """One defect: the `check` that found it and what it is `about` (a requirement, a path, or a reason).

    `cases` show it themselves, `blocked` could not be tested because one of these failed; both are events.
    """

    check: str
    about: str
    status: str
    cases: list[Event] = field(default_factory=list)
    blocked: list[Event] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """Sorts the most consequential first."""
        worst = {"fail": 0, "stale": 0, "error": 1, "blocked": 1}.get(self.status, 2)
        return worst, -len(self.cases) - len(self.blocked), self.check, self.about

    def finding(self) -> Event | None:
        """The finding of its first case that belongs to it."""
        for event in self.cases:
            for found in event["findings"]:
                if _key(event, found) == (self.check, self.about):
                    return dict(found)
        return None


def causes(events: Sequence[Event]) -> list[Cause]:
    """Every defect of a run once; a case may show several, a blocked one belongs to its blocker's first."""
    groups: dict[tuple[str, str], Cause] = {}
    by_case: dict[str, Cause] = {}
    for event in events:
        for key, status in dict(_keys(event)).items():
            cause = groups.setdefault(key, Cause(*key, status))
            cause.cases.append(event)
            cause.status = min(cause.status, status, key=SEVERITY.index)
            by_case.setdefault(event["id"], cause)
    for event in events:
        if event["status"] == Status.BLOCKED:
            blame = event["cause"]
            cause = by_case.get(blame) or groups.setdefault(
                ("blocked", blame), Cause("blocked", blame, "blocked")
            )
            cause.blocked.append(event)
    return sorted(groups.values(), key=lambda cause: cause.rank)


def _keys(event: Event) -> Iterator[tuple[tuple[str, str], str]]:
    """The defects that a case shows, with the status that each of them alone would have."""
    status = event["status"]
    if status == Status.ERROR:
        yield ("error", _STEP.sub("", event["cause"]).partition(":")[0]), status
    elif status == Status.STALE:
        yield ("stale", event["cause"]), status
    elif status in (Status.FAIL, Status.WARN):
        for found in sorted(event["findings"], key=lambda found: found["level"] == Level.MUST):
            if found["level"] in JUDGED:
                yield _key(event, found), "fail" if found["level"] == Level.MUST else "warn"


def _key(event: Event, found: Event) -> tuple[str, str]:
    """A verdict, or what an answer says, is about a requirement; the form of an answer about a place."""
    if found["check"].startswith("contract."):
        check = found["check"] if found["check"] in VERDICTS else "contract"
        return check, next(iter(event["requirements"]), "")
    return found["check"], re.sub(r"\[\d*\]", "", found["path"])


def worst(statuses: Sequence[str]) -> str:
    """What cases with these statuses amount to; empty for none."""
    return min(statuses, key=SEVERITY.index, default="")


def is_red(status: str, level: str) -> bool:
    """Whether a case with this status fails a run that judges from `level` on."""
    return status in RED[level] or status == Status.ERROR


def reason(events: Sequence[Event], level: str, ended: str | None) -> Text:
    """Why the verdict is what it is, in one sentence."""
    counts = Counter(event["status"] for event in events)
    judged = verdict(events, level, ended is not None)
    untested = counts["blocked"] + counts["error"]
    parts = []
    if judged == "non-conformant":
        red = sum(counts[status] for status in RED[level])
        found = sum(cause.status in RED[level] for cause in causes(events))
        parts.append(
            Text(
                f"{red:,} 个用例不合格，归为 {found} 个原因",
                f"{_many(red, 'case is', 'cases are')} red, from {_many(found, 'cause', 'causes')}",
            )
        )
    elif judged == "conformant":
        good = sum(event["level"] == Level.MUST and event["status"] in KEPT for event in events)
        parts.append(
            Text(
                f"测试过的必须项全部满足（{good:,} 个用例）",
                f"every must that was tested holds ({_many(good, 'case', 'cases')})",
            )
        )
    if untested:
        parts.append(Text(f"{untested:,} 个用例未能测试", f"{untested:,} could not be tested"))
    if counts["unsupported"]:
        parts.append(Text(f"{counts['unsupported']:,} 个不支持", f"{counts['unsupported']:,} unsupported"))
    if counts["waived"]:
        parts.append(Text(f"{counts['waived']:,} 个已豁免", f"{counts['waived']:,} waived"))
    if ended is None:
        parts.append(Text("运行中断，结果不完整", "the run broke off"))
    elif not parts:
        parts.append(Text("没有运行任何用例", "no case was run"))
    en = "; ".join(part.en for part in parts)
    return Text("；".join(part.zh for part in parts), en[:1].upper() + en[1:])


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def plain(text: str) -> str:
    """The text with control characters and marks that hide or turn text written out, as `<U+202E>`."""
    return _INVISIBLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
