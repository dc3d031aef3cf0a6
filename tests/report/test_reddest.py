"""However much is red: the whole screen of a run of everything has fewer than 400 lines."""

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.phrases import say
from pytest_qimen.report.events import case_record
from pytest_qimen.report.screen import DETAIL_LONGEST, chosen, details, lines, red_causes
from pytest_qimen.report.summary import lines as summary
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Finding, Level, Status

MOST = 400
AROUND = 25  # lines of pytest's head and foot, headings, what came back, the report


def test_a_run_in_which_every_case_fails_is_short() -> None:
    files = [bundled_cases(path) for path in bundled_files()]
    records = [
        case_record(Outcome(case, Status.FAIL, (_finding(case.id, number),)))
        for number, case in enumerate(case for cases in files for case in cases)
    ]
    for language in ("en", "zh"):
        found = red_causes(records, records)
        long = dict.fromkeys((case.id for case in records), "\n".join(["a line"] * DETAIL_LONGEST * 2))
        shown = [
            *details(chosen(found), long, whole=False, language=language),
            *lines(found, language),
            *summary(records, "must", True, language),
            *("one line of letters" for cases in files if cases),
        ]
        assert len(shown) + AROUND < MOST


def _finding(identity: str, number: int) -> Finding:
    """A finding of a kind of its own, so that there is no end of causes."""
    said = say("field-is", field=identity, value=str(number))
    return Finding(f"check.{number}", Level.MUST, f"a.{number}", said, said, "000", 1)
