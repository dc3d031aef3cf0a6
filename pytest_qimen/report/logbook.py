"""What a run writes down as it goes, and what becomes of it when nothing can be written any more."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from pytest_qimen.client import clock
from pytest_qimen.errors import of_system, unwritable
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.events import Line, Log
from pytest_qimen.report.record import AnsweredRecord, CreatedRecord, EndRecord, RunRecord
from pytest_qimen.runner import Created, Left


class Logbook:
    """The record of a run in a folder, if there is one; `aside` is where that of an earlier run was put."""

    def __init__(
        self,
        folder: Path | None,
        worker: int,
        option: str,
        *,
        mask: Callable[[Created], Created],
        stop: Callable[[Phrase], NoReturn],
    ) -> None:
        """`option` named the folder; `mask` takes secrets out of an entry of the ledger.

        Raises UsageError for a folder that cannot be had. A run that cannot keep its record later ends:
        `stop` is told why.
        """
        try:
            self._log = Log(folder, worker, option) if folder else None
        except OSError as error:
            raise unwritable(option, error) from None
        self.aside = self._log.aside if self._log else None
        self._option, self._mask, self._stop = option, mask, stop

    def begin(self, head: RunRecord) -> None:
        """Write the first line; OSError where that cannot be done."""
        if self._log:
            self._log.write(head)

    def entered(self, entry: Created, word: str) -> None:
        """Write down what the ledger knows of a message."""
        if self._log:
            whole = word in ("intent", "created")
            self.add(CreatedRecord(self._mask(entry), word) if whole else AnsweredRecord(entry.id, word))

    def add(self, line: Line) -> None:
        """Write a line down."""
        if not self._log:
            return
        try:
            self._log.write(line)
        except OSError as error:
            self.close()
            self._stop(say("told", place=self._option, why=of_system(error)))

    def conclude(self, left: Iterable[Left]) -> None:
        """Write down what is left behind and that the run came to its end."""
        if self._log:
            self._log.join()
            for one in left:
                self._log.write(CreatedRecord.of(one))
            self._log.write(EndRecord(clock.stamp()))

    def close(self) -> bool:
        """Let others have the folder; return True when there was a record to be closed."""
        log, self._log = self._log, None
        if log:
            log.close()
        return log is not None
