"""Case cases in, a summary for a pull request out: GitHub-flavoured Markdown that no endpoint can bend."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pytest_qimen.console import plain
from pytest_qimen.phrases import text_of
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.causes import Cause, causes, reason
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import verdict
from pytest_qimen.report.titles import defect, title
from pytest_qimen.verdict import Status

SIGNS = {"conformant": "✅", "non-conformant": "❌", "incomplete": "⚠️"}
COLUMNS = ("pass", "fail", "warn", "info", "blocked", "untested", "unsupported", "waived", "stale", "error")
MOST_CAUSES, MOST_CASES, LONGEST = 20, 5, 300  # GitHub takes 65,536 characters a comment


def markdown(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None) -> str:
    """Return the verdict and why, the causes with what to do again, a table by role."""
    return "\n".join(_lines(head, cases, ended)) + "\n"


def _lines(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None) -> Iterator[str]:
    level = head.level
    said = verdict(cases, level, ended is not None, head.shards)
    yield f"### {SIGNS[said]} Qimen: {said}"
    yield ""
    yield f"{reason(cases, level, ended, head.shards).en}."
    yield ""
    requests = sum(case.requests for case in cases)
    yield (
        f"{len(cases):,} cases, {requests:,} requests to {code(head.target)}; "
        f"suite {head.suite.version} ({code(head.suite.digest)}), red from {level}, "
        f"keys begin with {code(head.seed)}"
    )
    found = causes(cases)
    shown = found[:MOST_CAUSES]
    red = [cause for cause in shown if cause.status.fails(level) or cause.status is Status.BLOCKED]
    if red:
        yield "\n#### Causes\n"
        for number, cause in enumerate(red, 1):
            yield from _cause(number, cause)
    if len(red) < len(shown):
        yield "\n<details><summary>Warnings</summary>\n"
        for number, cause in enumerate(shown[len(red) :], 1):
            yield from _cause(number, cause)
        yield "\n</details>"
    if len(found) > len(shown):
        yield f"\n… and {len(found) - len(shown)} more causes: see report.html"
    yield ""
    yield from _table(cases)


def _cause(number: int, cause: Cause) -> Iterator[str]:
    own = Counter(case.status for case in cause.own)
    counts = [f"{own[status]:,} {status.value}" for status in Status if own[status]]
    if also := len(cause.cases) - len(cause.own):
        counts.append(f"{also:,} counted above")
    counts += [f"{len(cause.blocked):,} blocked"] if cause.blocked else []
    about = f" {code(cause.about)}" if cause.about else ""
    what = title(cause).en if defect(cause.check) else code(cause.check)
    yield f"{number}. **{what}** ({code(cause.check)}{about}) — {', '.join(counts)}"
    found = cause.finding()
    if found:
        wanted, got = (code(text_of(said)) for said in (found.expected, found.actual))
        yield f"   expected {wanted}, got {got} ({code(found.clause)})"
    for case in cause.cases[:MOST_CASES]:
        yield f"   - {code('qimen replay ' + case.id)}"
    if len(cause.cases) > MOST_CASES:
        yield f"   - … and {len(cause.cases) - MOST_CASES:,} more"


def _table(cases: Sequence[CaseRecord]) -> Iterator[str]:
    rows = {role: Counter[str]() for role in dict.fromkeys(case.role for case in cases)}
    for case in cases:
        rows[case.role][case.status] += 1
    rows["all"] = sum(rows.values(), Counter[str]())
    columns = [column for column in COLUMNS if rows["all"][column]]
    yield f"| | {' | '.join(columns)} |"
    yield f"|---|{'--:|' * len(columns)}"
    for role, counts in rows.items():
        cells = (f"{counts[column]:,}" if counts[column] else "" for column in columns)
        yield f"| {role} | {' | '.join(cells)} |"


def code(text: str) -> str:
    """Return the text as a code span of one line: nothing in it is read as Markdown, HTML or a mention."""
    text = plain(" ".join(text.split()))
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text.replace('|', '¦')}{pad}{fence}"
