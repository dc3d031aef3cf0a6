"""One run at a time writes into a folder: a lock that ends with the process that holds it.

A process that is forked from it holds nothing: it may go on for long after the run.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say

NAME = ".running"
_HELD: set[int] = set()  # the open files of the locks of this process


def _let_go() -> None:
    """Close, in a forked process, what its parent holds."""
    while _HELD:
        os.close(_HELD.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


class FolderLock:
    """Holds a folder from construction until `release`; UsageError where another run holds it."""

    def __init__(self, folder: Path, option: str = "--qimen-report") -> None:
        """`option` is what named the folder."""
        self._path = folder / NAME
        while True:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _lock(self._file)
            except OSError:
                os.close(self._file)
                raise UsageError(say("report-locked", option=option, folder=str(folder))) from None
            if self._is_current():
                _HELD.add(self._file)
                return
            os.close(self._file)

    def _is_current(self) -> bool:
        """Return False when whoever held the lock before has just removed the file."""
        with suppress(OSError):
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        return False

    def release(self) -> None:
        """Let others have the folder; nothing in a process that was forked from the one that holds it."""
        if self._file not in _HELD:
            return
        _HELD.remove(self._file)
        with suppress(OSError):
            self._path.unlink()
        os.close(self._file)


def _lock(file: int) -> None:
    """Lock an open file for this process; OSError where another one has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
