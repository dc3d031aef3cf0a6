"""A recorded run in, the files that people read out."""

from pathlib import Path

from pytest_qimen.errors import QimenError, of_system
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.merge import read, save, write
from pytest_qimen.report.personal import masked


def publish(
    folder: Path, report: Path | None, har: Path | None, mask_personal: bool, *, clean: bool
) -> Phrase | None:
    """Write report and HAR of the run that `folder` holds; return what went wrong, None for nothing.

    A record of which no report was asked for is a ledger: it goes when nothing of it is open (`clean`).
    """
    why = _written(folder, report, har, mask_personal) if report or har else None
    if clean and not report:
        (folder / "events.jsonl").unlink(missing_ok=True)
    return why


def _written(folder: Path, report: Path | None, har: Path | None, mask_personal: bool) -> Phrase | None:
    run = masked(read(folder)) if mask_personal else read(folder)
    try:
        if report:
            write(run, report, ("json", "html"))
        if har:
            save(run, "har", har)
    except (OSError, QimenError) as error:
        why = error.said if isinstance(error, QimenError) else of_system(error)
        return say("report-not-whole", reason=why)
    return None
