"""A recorded run in, JUnit XML out, for runs that pytest does not report itself."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from pytest_qimen.console import plain
from pytest_qimen.phrases import text_of
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.verdict import Status


def save(run: RecordedRun, path: Path) -> None:
    """Write the file."""
    path.write_text("\n".join(_lines(run)) + "\n", "utf-8")


def _lines(run: RecordedRun) -> Iterator[str]:
    level = run.head.level
    words = Counter(_word(case, level) for case in run.cases)
    counts = " ".join(
        f'{name}="{words[word]}"'
        for name, word in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<testsuites><testsuite name="qimen" tests="{len(run.cases)}" {counts}>'
    for case in run.cases:
        name = f'classname={_quoted(case.api)} name={_quoted(case.id)} time="{case.seconds:.3f}"'
        yield f"<testcase {name}>"
        yield "<properties>"
        for key, value in _properties(case):
            yield f"<property name={_quoted(key)} value={_quoted(value)}/>"
        yield "</properties>"
        if word := _word(case, level):
            shown = case.cause or case.status.value
            told = escape(_found(case))
            yield f"<{word} message={_quoted(shown)}>{told}</{word}>"
        yield "</testcase>"
    yield "</testsuite></testsuites>"


def _word(case: CaseRecord, level: str) -> str:
    """Return the element for how the case ended; empty for one that is good."""
    if case.status is Status.ERROR:
        return "error"
    if case.status.is_red(level):
        return "failure"
    return "skipped" if case.status.is_skipped else ""


def _properties(case: CaseRecord) -> Iterator[tuple[str, str]]:
    yield "requirements", ",".join(case.requirements)
    yield "level", case.level.value
    yield "method", case.api
    yield "clause", case.clause
    yield "status", case.status.value
    if case.showing:
        yield "evidence", case.showing.evidence.value
    if case.exchanges:
        yield "request_id", case.exchanges[0].id


def _found(case: CaseRecord) -> str:
    """Return what was found, a line each, without what XML cannot hold."""
    return "\n".join(
        plain(
            f"{found.check} ({found.level}) {found.path}: expected {text_of(found.expected)},"
            f" got {text_of(found.actual)}"
        )
        for found in case.findings
    )


def _quoted(text: str) -> str:
    return quoteattr(plain(text))
