"""Case cases in, `[[known]]` tables for the target file out: a run's failures, forgiven for a while."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pytest_qimen.console import plain
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.globs import glob, shortest
from pytest_qimen.report.record import RunRecord
from pytest_qimen.verdict import Level, Status

DAYS, LONGEST = 90, 200


def baseline(
    head: RunRecord,
    cases: Sequence[CaseRecord],
    *,
    days: int = DAYS,
    globs: bool = False,
    since: date | None = None,
    language: str = "en",
) -> str:
    """Return the tables as TOML, by id, with what each found as its reason. Errors are left out.

    With `globs` an entry speaks of all cases below it where every one of them is red; else that is offered.
    """
    if days < 1:
        raise UsageError(say("baseline-days", days=days))
    since = since or date.today()
    known = {case.id: case for case in sorted(cases, key=lambda case: case.id) if _fails(case, head.level)}
    fewer = shortest(list(known), [case.id for case in cases])
    heads = [
        say("baseline-head", number=len(known), target=_line(head.target)),
        say("baseline-suite", suite=str(head.suite)),
        say("baseline-use"),
    ]
    if len(fewer) < len(known) and not globs:
        heads.append(say("baseline-globs", number=len(fewer)))
    lines = [f"# {one.text(language)}" for one in heads]
    for pattern, covered in (fewer if globs else {glob(one): [one] for one in known}).items():
        why = _why(known[covered[0]], language)
        if len(covered) > 1:
            why = f"{say('baseline-cases', number=len(covered)).text(language)}: {why}"
        lines += ["", *_entry(pattern, _line(why), since, since + timedelta(days))]
    return "\n".join([*lines, ""])


def _fails(case: CaseRecord, level: str) -> bool:
    """Return True when the case itself fails; a stale one only when its old entry has expired."""
    if case.status is Status.STALE:
        return any(found.level is Level.MUST for found in case.findings)
    return case.status.is_red(level)


def _entry(pattern: str, reason: str, since: date, until: date) -> Iterator[str]:
    yield "[[known]]"
    yield f"id = {_toml(pattern)}"
    yield f"reason = {_toml(reason)}"
    yield f"since = {since}"
    yield f"expires = {until}"


def _why(case: CaseRecord, language: str) -> str:
    """Return the worst finding."""
    found = min(case.findings, key=lambda one: one.level.rank, default=None)
    if found is None:
        return case.reason.text(language) if case.reason else case.cause
    place = say("check-at", check=found.check, path=found.path) if found.path else found.check
    told = say("expected-got", expected=found.expected, actual=found.actual)
    return say("told", place=place, why=told).text(language)


def _line(text: str) -> str:
    text = plain(" ".join(text.split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _toml(text: str) -> str:
    """Return a basic string: JSON's is one, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
