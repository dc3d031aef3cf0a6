"""Case cases in, a summary for a pull request out: GitHub-flavoured Markdown that no endpoint can bend."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pytest_qimen.console import plain
from pytest_qimen.phrases import say, text_of
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.causes import Cause, causes, reason
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import verdict
from pytest_qimen.report.summary import COLUMNS as WORDS
from pytest_qimen.report.titles import defect, title
from pytest_qimen.verdict import Status

SIGNS = {"conformant": "✅", "non-conformant": "❌", "incomplete": "⚠️"}
COLUMNS = ("pass", "fail", "warn", "info", "blocked", "untested", "unsupported", "waived", "stale", "error")
MOST_CAUSES, MOST_CASES, LONGEST = 20, 5, 300  # GitHub takes 65,536 characters a comment


def markdown(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None, language: str = "en") -> str:
    """Return the verdict and why, the causes with what to do again, a table by role."""
    return "\n".join(_lines(head, cases, ended, language)) + "\n"


def _lines(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None, language: str) -> Iterator[str]:
    level = head.level
    said = verdict(cases, level, ended is not None, head.shards)
    yield f"### {SIGNS[said]} Qimen: {say(said).text(language)}"
    yield ""
    why = reason(cases, level, ended, head.shards)
    yield f"{why.zh}。" if language == "zh" else f"{why.en}."
    yield ""
    requests = sum(case.requests for case in cases)
    yield say(
        "markdown-head",
        cases=f"{len(cases):,}",
        requests=f"{requests:,}",
        target=code(head.target),
        suite=f"{head.suite.version} ({code(head.suite.digest)})",
        level=say(level),
        seed=code(head.seed),
    ).text(language)
    again = "" if head.side == "caller" else "qimen replay "
    found = causes(cases)
    shown = found[:MOST_CAUSES]
    red = [cause for cause in shown if cause.status.fails(level) or cause.status is Status.BLOCKED]
    if red:
        yield f"\n#### {say('markdown-causes').text(language)}\n"
        for number, cause in enumerate(red, 1):
            yield from _cause(number, cause, again, language)
    if len(red) < len(shown):
        yield f"\n<details><summary>{say('markdown-warnings').text(language)}</summary>\n"
        for number, cause in enumerate(shown[len(red) :], 1):
            yield from _cause(number, cause, again, language)
        yield "\n</details>"
    if len(found) > len(shown):
        yield f"\n{say('more-causes-page', number=len(found) - len(shown)).text(language)}"
    yield ""
    yield from _table(cases, language)


def _cause(number: int, cause: Cause, again: str, language: str) -> Iterator[str]:
    """Yield a cause and its first cases; `again` stands before an id that can be sent again."""
    own = Counter(case.status for case in cause.own)
    counts = [f"{own[status]:,} {status.value}" for status in Status if own[status]]
    if also := len(cause.cases) - len(cause.own):
        counts.append(say("counted-above", number=f"{also:,}").text(language))
    counts += [f"{len(cause.blocked):,} blocked"] if cause.blocked else []
    about = f" {code(cause.about)}" if cause.about else ""
    words = title(cause)
    told = words.zh if language == "zh" else words.en
    what = told if defect(cause.check) else code(cause.check)
    yield f"{number}. **{what}** ({code(cause.check)}{about}) — {', '.join(counts)}"
    found = cause.finding()
    if found:
        wanted, got = (code(text_of(said, language)) for said in (found.expected, found.actual))
        yield f"   {say('markdown-found', wanted=wanted, got=got, clause=code(found.clause)).text(language)}"
    for case in cause.cases[:MOST_CASES]:
        yield f"   - {code(again + case.id)}"
    if len(cause.cases) > MOST_CASES:
        yield f"   - {say('and-more', number=len(cause.cases) - MOST_CASES).text(language)}"


def _table(cases: Sequence[CaseRecord], language: str) -> Iterator[str]:
    rows = {role: Counter[str]() for role in dict.fromkeys(case.role for case in cases)}
    for case in cases:
        rows[case.role][case.status] += 1
    rows["all"] = sum(rows.values(), Counter[str]())
    columns = [column for column in COLUMNS if rows["all"][column]]
    heads = [WORDS[column][1] if language == "zh" else column for column in columns]
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'--:|' * len(columns)}"
    for role, counts in rows.items():
        cells = (f"{counts[column]:,}" if counts[column] else "" for column in columns)
        yield f"| {say('all').text(language) if role == 'all' else role} | {' | '.join(cells)} |"


def code(text: str) -> str:
    """Return the text as a code span of one line: nothing in it is read as Markdown, HTML or a mention."""
    text = plain(" ".join(text.split()))
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text.replace('|', '¦')}{pad}{fence}"
