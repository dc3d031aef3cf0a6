"""The record of a case on its way from the item, maybe in another process, to whoever keeps and shows it."""

import pytest

from pytest_qimen.report.case_record import CaseRecord


def carry(report: pytest.TestReport, case: CaseRecord, to_another_process: bool) -> None:
    """Attach the record to the report of the item's call; xdist carries plain values only."""
    report.qimen = case.to_json() if to_another_process else case  # type: ignore[attr-defined]


def carried(report: pytest.TestReport) -> CaseRecord | None:
    """Return the record that a report carries."""
    found = getattr(report, "qimen", None)
    if isinstance(found, dict):
        found = report.qimen = CaseRecord.from_json(found)  # type: ignore[attr-defined]
    return found if isinstance(found, CaseRecord) else None
